//! Importing devices with their keys: choose a file, look at what would happen, then do it.
use super::import_operations::{
    ImportKeysInput, KeyImport, KeyImportPreview, KeyImportRow, import_keys, key_imports, preview,
};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, Loading, load},
    locale, refusal,
    ui::{Badge, Button, Empty, Field, FieldError, Notice, PageHead, PasswordField, Toasts, Tone, describe, live},
    upload::{MAX_FILE, upload},
};
use leptos::{ev::SubmitEvent, html, prelude::*};
use shared::{device::RowVerdict, error::Reason, id::FileId};

/// The page "Importe".
#[component]
pub fn ImportsPage() -> AnyView {
    let i18n = use_i18n();
    let done = load(key_imports);
    view! {
        <div class="page">
            <PageHead title=t!(i18n, nav.imports) help="/imports" lead=t!(i18n, key_import.lead) />
            <ImportForm done />
            <section class="start-part" aria-labelledby="done">
                <div class="block-head"><h2 id="done">{t!(i18n, key_import.former)}</h2></div>
                <Loaded resource=done rows=3 let:imports><Former imports /></Loaded>
            </section>
        </div>
    }
    .into_any()
}

/// A file that was read, with the password that opened it.
#[derive(Clone)]
struct Opened {
    input: ImportKeysInput,
    preview: KeyImportPreview,
}

#[component]
fn ImportForm(done: Loading<Vec<KeyImport>>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let file = NodeRef::<html::Input>::new();
    let password = RwSignal::new(String::new());
    let was_tried = RwSignal::new(false);
    let has_file = RwSignal::new(false);
    // The upload is done once a file, not once a password.
    let uploaded = RwSignal::new(None::<FileId>);
    let part = RwSignal::new(None::<f64>);
    let opened = RwSignal::new(None::<Opened>);

    let open = Action::new_local(move |password: &String| {
        let password = password.clone();
        async move {
            let file_id = match uploaded.get_untracked() {
                Some(id) => id,
                None => {
                    let chosen = file
                        .get_untracked()
                        .and_then(|input| input.files())
                        .and_then(|files| files.get(0));
                    let Some(chosen) = chosen else { return Ok(()) };
                    let sent = upload(&chosen, move |done| {
                        let _gone = part.try_set(Some(done));
                    })
                    .await;
                    let _gone = part.try_set(None);
                    let id = sent?;
                    let _gone = uploaded.try_set(Some(id));
                    id
                }
            };
            let input = ImportKeysInput { file_id, password };
            let preview = preview(input.clone()).await?;
            drop(opened.try_set(Some(Opened { input, preview })));
            Ok::<_, ApiError>(())
        }
    });
    let run = Action::new_local(move |input: &ImportKeysInput| {
        let input = input.clone();
        async move {
            let import = import_keys(input).await?;
            let words = match import.new_count {
                1 => t_string!(i18n, key_import.added_one).to_owned(),
                count => t_string!(i18n, key_import.added_many, count = locale::count(i18n, count)),
            };
            toasts.say(words);
            drop(opened.try_set(None));
            let _gone = uploaded.try_set(None);
            drop(password.try_set(String::new()));
            let _gone = was_tried.try_set(false);
            let _gone = has_file.try_set(false);
            if let Some(input) = file.get_untracked() {
                input.set_value("");
            }
            done.refetch();
            Ok::<_, ApiError>(())
        }
    });

    let refused = move || {
        open.value()
            .get()
            .and_then(Result::err)
            .filter(|_| !open.pending().get())
    };
    let of_password = |error: &ApiError| error.reason() == Some(Reason::WrongFilePassword);
    let file_error: FieldError = Signal::derive(move || {
        if was_tried.get() && !has_file.get() {
            return Some(t_string!(i18n, key_import.missing_file).to_owned());
        }
        refused()
            .filter(|error| !of_password(error))
            .map(|error| refusal::words(i18n, &error))
    });
    let password_error: FieldError = Signal::derive(move || {
        if was_tried.get() && password.read().is_empty() {
            return Some(t_string!(i18n, key_import.missing_password).to_owned());
        }
        refused().filter(of_password).map(|error| refusal::words(i18n, &error))
    });
    let choose = move |_| {
        let chosen = file
            .get_untracked()
            .and_then(|input| input.files())
            .and_then(|files| files.get(0));
        has_file.set(chosen.is_some());
        uploaded.set(None);
        opened.set(None);
        open.value().set(None);
        if chosen.is_some_and(|chosen| chosen.size() > MAX_FILE) {
            open.value()
                .set(Some(Err(ApiError::refused(shared::error::ErrorCode::TooLarge))));
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        was_tried.set(true);
        let typed = password.get_untracked();
        if has_file.get_untracked() && !typed.is_empty() && !open.pending().get_untracked() {
            open.dispatch(typed);
        }
    };

    view! {
        <form class="form" novalidate on:submit=submit>
            <Field id="key-file" label=t!(i18n, key_import.file) hint=t!(i18n, key_import.file_hint) error=file_error>
                <div class="drop">
                    <input
                        id="key-file"
                        type="file"
                        accept=".kem,.kem2,.zip"
                        node_ref=file
                        aria-invalid=move || file_error.read().is_some().then_some("true")
                        aria-describedby=describe("key-file", true, file_error)
                        on:change=choose
                    />
                </div>
            </Field>
            {live(move || part.get().map(|part| view! {
                <progress aria-label=t_string!(i18n, key_import.uploading) max="1" value=part.to_string()></progress>
            }).into_any())}
            <PasswordField
                id="key-file-password"
                label=t!(i18n, key_import.password)
                value=password
                autocomplete="off"
                hint=t!(i18n, key_import.password_hint)
                error=password_error
            />
            <Button submit=true busy=open.pending()>{t!(i18n, key_import.check)}</Button>
        </form>
        {live(move || opened.get().map(|opened| {
            let refused = move || {
                let error = run.value().get()?.err()?;
                (!run.pending().get()).then(|| view! {
                    <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice>
                })
            };
            let input = opened.input.clone();
            let count = opened.preview.new_count;
            let words = text(move || match count {
                1 => t_string!(i18n, key_import.import_one).to_owned(),
                count => t_string!(i18n, key_import.import_many, count = locale::count(i18n, count)),
            });
            view! {
                <Preview preview=opened.preview />
                {refused}
                <div class="actions">
                    <Button
                        look="primary"
                        icon="upload"
                        busy=run.pending()
                        disabled=Signal::derive(move || count == 0)
                        on_press=move |()| { run.dispatch(input.clone()); }
                    >
                        {words}
                    </Button>
                </div>
            }
        }).into_any())}
    }
    .into_any()
}

#[component]
fn Preview(preview: KeyImportPreview) -> AnyView {
    let i18n = use_i18n();
    let KeyImportPreview {
        file_name,
        format,
        new_count,
        order_number,
        rows,
        same_count,
        skipped_count,
        total_count,
    } = preview;
    let shown = rows.len();
    let sums = text(move || {
        t_string!(
            i18n,
            key_import.sums,
            new = locale::count(i18n, new_count),
            same = locale::count(i18n, same_count),
            skipped = locale::count(i18n, skipped_count)
        )
    });
    let order =
        order_number.map(|order| view! { ", " {t!(i18n, key_import.order)} " " <span class="id">{order}</span> });
    let more = (total_count > 0 && usize::try_from(total_count).is_ok_and(|total| total > shown)).then(|| {
        let words = text(move || {
            t_string!(
                i18n,
                key_import.first_rows,
                count = shown,
                total = locale::count(i18n, total_count)
            )
        });
        view! { <p class="block-foot faint">{words}</p> }
    });
    view! {
        <section class="start-part" aria-labelledby="preview" aria-live="polite">
            <div class="block-head"><h2 id="preview">{t!(i18n, key_import.preview)}</h2></div>
            <p><span class="id">{file_name}</span> ", " {format} {order}</p>
            <p>{sums}</p>
            <table role="table" class="cards">
                <caption class="away">{t!(i18n, key_import.preview)}</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">{t!(i18n, device.serial)}</th>
                        <th role="columnheader" scope="col">{t!(i18n, device.model)}</th>
                        <th role="columnheader" scope="col">{t!(i18n, key_import.verdict)}</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    {rows.into_iter().map(|row| view! { <PreviewRow row /> }).collect_view()}
                </tbody>
            </table>
            {more}
        </section>
    }
    .into_any()
}

#[component]
fn PreviewRow(row: KeyImportRow) -> AnyView {
    let i18n = use_i18n();
    let tone = match row.verdict {
        RowVerdict::New => Tone::Good,
        RowVerdict::Same => Tone::Off,
        RowVerdict::Duplicate => Tone::Warn,
        RowVerdict::DifferentKey | RowVerdict::Malformed | RowVerdict::WeakKey => Tone::Bad,
    };
    let verdict = row.verdict;
    let word = follow(
        i18n,
        match verdict {
            RowVerdict::New => |i18n| t_string!(i18n, key_import.new),
            RowVerdict::Same => |i18n| t_string!(i18n, key_import.same),
            RowVerdict::DifferentKey => |i18n| t_string!(i18n, key_import.different_key),
            RowVerdict::Duplicate => |i18n| t_string!(i18n, key_import.duplicate),
            RowVerdict::Malformed => |i18n| t_string!(i18n, key_import.malformed),
            RowVerdict::WeakKey => |i18n| t_string!(i18n, key_import.weak_key),
        },
    );
    let position = row.position;
    let serial = match row.serial_number {
        Some(serial) => view! { <span class="id">{serial}</span> }.into_any(),
        None => view! { {text(move || t_string!(i18n, key_import.row, position = position))} }.into_any(),
    };
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="lead-cell">{serial}</th>
            <td role="cell" data-label=t!(i18n, device.model)>{row.model.unwrap_or_else(|| "–".to_owned())}</td>
            <td role="cell" data-label=t!(i18n, key_import.verdict)>
                <Badge tone>{word}</Badge>
                {row.problem.map(|problem| view! { <span class="sub" lang="en">{problem}</span> })}
            </td>
        </tr>
    }
    .into_any()
}

/// Imports that were done.
#[component]
fn Former(imports: Vec<KeyImport>) -> AnyView {
    let i18n = use_i18n();
    if imports.is_empty() {
        return view! { <Empty icon="upload" title=t!(i18n, key_import.none) text=t!(i18n, key_import.none_text) /> }
            .into_any();
    }
    let row = move |import: KeyImport| {
        let KeyImport {
            created_at,
            file_name,
            imported_by,
            new_count,
            order_number,
            skipped_count,
            ..
        } = import;
        view! {
            <tr role="row">
                <th role="rowheader" scope="row" class="lead-cell">
                    <span class="id">{file_name}</span>
                    {order_number.map(|order| view! { <span class="sub id">{order}</span> })}
                </th>
                <td role="cell" data-label=t!(i18n, key_import.when)>{text(move || locale::stamp(i18n, &created_at))}</td>
                <td role="cell" data-label=t!(i18n, key_import.by)>{imported_by}</td>
                <td role="cell" class="num" data-label=t!(i18n, key_import.added)>{text(move || locale::count(i18n, new_count))}</td>
                <td role="cell" class="num" data-label=t!(i18n, key_import.skipped)>{text(move || locale::count(i18n, skipped_count))}</td>
            </tr>
        }
    };
    view! {
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, key_import.former)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{t!(i18n, key_import.file)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, key_import.when)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, key_import.by)}</th>
                    <th role="columnheader" scope="col" class="num">{t!(i18n, key_import.added)}</th>
                    <th role="columnheader" scope="col" class="num">{t!(i18n, key_import.skipped)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{imports.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
