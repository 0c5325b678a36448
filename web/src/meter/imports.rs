//! Importing devices with their keys: choose a file, look at what would happen, then do it; earlier imports, undone
//! while nobody knows a key.
use super::{
    import_operations::{KeyImport, key_imports},
    staged::Staged,
    staged_operations::{StageKeyImportInput, WaitingImport, stage, undo, waiting},
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
use shared::{
    error::Reason,
    id::{FileId, KeyImportId, StagedImportId},
};

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
                <Loaded resource=done rows=3 let:imports><Former imports done /></Loaded>
            </section>
        </div>
    }
    .into_any()
}

#[component]
fn ImportForm(done: Loading<Vec<KeyImport>>) -> AnyView {
    let i18n = use_i18n();
    let file = NodeRef::<html::Input>::new();
    let password = RwSignal::new(String::new());
    let was_tried = RwSignal::new(false);
    let has_file = RwSignal::new(false);
    let needs_password = RwSignal::new(false);
    // The upload is done once a file, not once a password.
    let uploaded = RwSignal::new(None::<FileId>);
    let part = RwSignal::new(None::<f64>);
    let staged = RwSignal::new(None::<StagedImportId>);
    let left = load(waiting);

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
            let password = Some(password).filter(|password| !password.is_empty());
            let id = stage(StageKeyImportInput { file_id, password }).await?;
            let _gone = staged.try_set(Some(id));
            Ok::<_, ApiError>(())
        }
    });
    let ended = Callback::new(move |()| {
        let _gone = staged.try_set(None);
        let _gone = uploaded.try_set(None);
        let _gone = password.try_set(String::new());
        let _gone = was_tried.try_set(false);
        let _gone = has_file.try_set(false);
        if let Some(input) = file.get_untracked() {
            input.set_value("");
        }
        done.refetch();
        left.refetch();
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
        if was_tried.get() && needs_password.get() && password.read().is_empty() {
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
        let name = chosen
            .as_ref()
            .map(|chosen| chosen.name().to_ascii_lowercase())
            .unwrap_or_default();
        needs_password.set([".kem", ".kem2", ".zip"].iter().any(|end| name.ends_with(end)));
        uploaded.set(None);
        staged.set(None);
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
        let is_complete = !needs_password.get_untracked() || !typed.is_empty();
        if has_file.get_untracked() && is_complete && !open.pending().get_untracked() {
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
                        accept=".kem,.kem2,.zip,.csv,.txt,.json"
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
        {live(move || match staged.get() {
            Some(id) => view! { <Staged id on_end=ended /> }.into_any(),
            None => match left.get() {
                Some(Ok(left)) => left
                    .into_iter()
                    .map(|import| view! { <Left import staged /> })
                    .collect_view()
                    .into_any(),
                _ => ().into_any(),
            },
        })}
    }
    .into_any()
}

/// An import that was left waiting.
#[component]
fn Left(import: WaitingImport, staged: RwSignal<Option<StagedImportId>>) -> AnyView {
    let i18n = use_i18n();
    let id = import.id;
    view! {
        <Notice>
            <p><span class="id">{import.file_name}</span> " – " {t!(i18n, key_import.waits)}</p>
            <div class="actions">
                <Button look="s" on_press=move |()| staged.set(Some(id))>{t!(i18n, key_import.look)}</Button>
            </div>
        </Notice>
    }
    .into_any()
}

/// Imports that were done.
#[component]
fn Former(imports: Vec<KeyImport>, done: Loading<Vec<KeyImport>>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let back = Action::new_local(move |id: &KeyImportId| {
        let id = *id;
        async move {
            undo(id).await?;
            toasts.say(t_string!(i18n, key_import.undone).to_owned());
            done.refetch();
            Ok::<_, ApiError>(())
        }
    });
    let refused = move || {
        let error = back.value().get()?.err()?;
        let text = refusal::words(i18n, &error);
        Some(view! { <Notice tone=Tone::Bad live=true><p>{text}</p></Notice> }.into_any())
    };
    if imports.is_empty() {
        return view! { <Empty icon="upload" title=t!(i18n, key_import.none) text=t!(i18n, key_import.none_text) /> }
            .into_any();
    }
    let row = move |import: KeyImport| {
        let KeyImport {
            created_at,
            file_name,
            imported_by,
            id,
            new_count,
            order_number,
            replaced_count,
            skipped_count,
            undone_at,
        } = import;
        let end = match undone_at {
            Some(_) => view! { <Badge tone=Tone::Off>{t!(i18n, key_import.is_undone)}</Badge> }.into_any(),
            None if new_count + replaced_count == 0 => ().into_any(),
            None => view! {
                <Button look="quiet s" busy=back.pending() on_press=move |()| { back.dispatch(id); }>
                    {t!(i18n, key_import.undo)}
                </Button>
            }
            .into_any(),
        };
        view! {
            <tr role="row">
                <th role="rowheader" scope="row" class="lead-cell">
                    <span class="id">{file_name}</span>
                    {order_number.map(|order| view! { <span class="sub id">{order}</span> })}
                </th>
                <td role="cell" data-label=t!(i18n, key_import.when)>{text(move || locale::stamp(i18n, &created_at))}</td>
                <td role="cell" data-label=t!(i18n, key_import.by)>{imported_by}</td>
                <td role="cell" class="num" data-label=t!(i18n, key_import.added)>{text(move || locale::count(i18n, new_count))}</td>
                <td role="cell" class="num" data-label=t!(i18n, key_import.exchanged)>{text(move || locale::count(i18n, replaced_count))}</td>
                <td role="cell" class="num" data-label=t!(i18n, key_import.skipped)>{text(move || locale::count(i18n, skipped_count))}</td>
                <td role="cell" data-label=t!(i18n, key_import.state)>{end}</td>
            </tr>
        }
    };
    view! {
        {live(move || refused().into_any())}
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, key_import.former)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{t!(i18n, key_import.file)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, key_import.when)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, key_import.by)}</th>
                    <th role="columnheader" scope="col" class="num">{t!(i18n, key_import.added)}</th>
                    <th role="columnheader" scope="col" class="num">{t!(i18n, key_import.exchanged)}</th>
                    <th role="columnheader" scope="col" class="num">{t!(i18n, key_import.skipped)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, key_import.state)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{imports.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
