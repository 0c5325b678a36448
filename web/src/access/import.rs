//! Read rights for many people at once: choose a list, look at what would become of each row, then give them in one go.
use super::import_operations::{
    AssignmentImport, AssignmentList, AssignmentRow, RowsWanted, commit, forget, kept, list, stage,
};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    locale, refusal,
    ui::{Badge, Button, Crumbs, Field, FieldError, Heading, Icon, Notice, SelectField, Toasts, Tone, describe, live},
    upload::{MAX_FILE, upload},
};
use leptos::{ev::SubmitEvent, html, prelude::*};
use shared::{account::Language, device::AssignmentVerdict, error::ErrorCode, id::AssignmentImportId};

const VERDICTS: [AssignmentVerdict; 9] = [
    AssignmentVerdict::New,
    AssignmentVerdict::AlreadyAssigned,
    AssignmentVerdict::UnknownDevice,
    AssignmentVerdict::AmbiguousDevice,
    AssignmentVerdict::LostZeros,
    AssignmentVerdict::NotAnEmail,
    AssignmentVerdict::Duplicate,
    AssignmentVerdict::ImpossibleDates,
    AssignmentVerdict::Malformed,
];

/// The page "Leserechte aus einer Liste".
#[component]
pub fn RightsListPage() -> AnyView {
    let i18n = use_i18n();
    let chosen = RwSignal::new(None::<AssignmentImportId>);
    let left = load(kept);
    let ended = Callback::new(move |()| {
        let _gone = chosen.try_set(None);
        left.refetch();
    });
    view! {
        <div class="page">
            <Crumbs way=vec![("/read-rights".to_owned(), (t!(i18n, nav.read_rights)).into())] />
            <Heading text=t!(i18n, access.from_list) />
            <p class="lead">{t!(i18n, access.list_lead)}</p>
            <ListForm chosen />
            {live(move || match chosen.get() {
                Some(id) => view! { <Looked id ended /> }.into_any(),
                None => view! {
                    <Loaded resource=left rows=1 let:lists><Former lists chosen /></Loaded>
                }
                .into_any(),
            })}
        </div>
    }
    .into_any()
}

#[component]
fn ListForm(chosen: RwSignal<Option<AssignmentImportId>>) -> AnyView {
    let i18n = use_i18n();
    let input = NodeRef::<html::Input>::new();
    let was_tried = RwSignal::new(false);
    let has_file = RwSignal::new(false);
    let picked = move || {
        input
            .get_untracked()
            .and_then(|input| input.files())
            .and_then(|files| files.get(0))
    };
    let open = Action::new_local(move |(): &()| async move {
        let Some(file) = picked() else { return Ok(()) };
        if file.size() > MAX_FILE {
            return Err(ApiError::refused(ErrorCode::TooLarge));
        }
        let id = stage(upload(&file, |_| {}).await?).await?;
        let _gone = chosen.try_set(Some(id));
        Ok::<_, ApiError>(())
    });
    let error: FieldError = Signal::derive(move || {
        if was_tried.get() && !has_file.get() {
            return Some(t_string!(i18n, key_import.missing_file).to_owned());
        }
        let error = open.value().get()?.err()?;
        (!open.pending().get()).then(|| refusal::words(i18n, &error))
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        was_tried.set(true);
        if has_file.get_untracked() && !open.pending().get_untracked() {
            open.dispatch(());
        }
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            <Field id="rights-file" label=t!(i18n, key_import.file) hint=t!(i18n, access.list_hint) error>
                <div class="drop">
                    <input
                        id="rights-file"
                        type="file"
                        accept=".csv,.txt"
                        node_ref=input
                        aria-invalid=move || error.read().is_some().then_some("true")
                        aria-describedby=describe("rights-file", true, error)
                        on:change=move |_| {
                            has_file.set(picked().is_some());
                            chosen.set(None);
                            open.value().set(None);
                        }
                    />
                </div>
            </Field>
            <Button submit=true busy=open.pending()>{t!(i18n, key_import.check)}</Button>
        </form>
    }
    .into_any()
}

/// The lists of the last day.
#[component]
fn Former(lists: Vec<AssignmentImport>, chosen: RwSignal<Option<AssignmentImportId>>) -> AnyView {
    let i18n = use_i18n();
    let row = move |import: AssignmentImport| {
        let (id, is_done) = (import.id, import.done_at.is_some());
        let words = text(move || {
            if is_done {
                t_string!(i18n, access.list_done, count = locale::count(i18n, import.given_count))
            } else {
                t_string!(i18n, access.list_waits, count = locale::count(i18n, import.row_count))
            }
        });
        view! {
            <li>
                <Button look="quiet s" on_press=move |()| chosen.set(Some(id))>{import.file_name}</Button>
                " " <span class="soft">{words}</span>
            </li>
        }
    };
    if lists.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="start-part" aria-labelledby="former">
            <div class="block-head"><h2 id="former">{t!(i18n, access.former_lists)}</h2></div>
            <ul class="plain">{lists.into_iter().map(row).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// A list: what becomes of each row, and giving it or dropping it.
#[component]
fn Looked(id: AssignmentImportId, ended: Callback<()>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let wanted = RwSignal::new(RowsWanted::default());
    let found = load(move || {
        let wanted = wanted.get();
        async move { list(id, wanted).await }
    });
    let run = Action::new_local(move |(): &()| async move {
        let done = commit(id).await?;
        let (count, mails) = (done.given_count, done.mail_count);
        toasts.say(t_string!(
            i18n,
            access.list_given,
            count = locale::count(i18n, count),
            mails = locale::count(i18n, mails)
        ));
        wanted.set(RowsWanted::default());
        found.refetch();
        Ok::<_, ApiError>(())
    });
    let leave = Action::new_local(move |(): &()| async move {
        forget(id).await?;
        ended.run(());
        Ok::<_, ApiError>(())
    });
    let refused = move || {
        let of = |action: Action<(), Result<(), ApiError>>| action.value().get().and_then(Result::err);
        let error = of(run).or_else(|| of(leave))?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let report = move || {
        let language = match locale::language_of(i18n.get_locale()) {
            Language::De => "DE",
            Language::En => "EN",
        };
        format!("/download/assignments/{id}?language={language}")
    };
    view! {
        <section class="start-part" aria-labelledby="preview">
            <div class="block-head"><h2 id="preview">{t!(i18n, key_import.preview)}</h2></div>
            <Loaded resource=found rows=3 let:list>
                {
                    let (count, is_done) = (list.given_count, list.done_at.is_some());
                    let words = text(move || match count {
                        1 => t_string!(i18n, access.give_one).to_owned(),
                        count => t_string!(i18n, access.give_many, count = locale::count(i18n, count)),
                    });
                    view! {
                        <Rows list wanted />
                        <div class="actions">
                            {(!is_done).then(|| view! {
                                <Button
                                    look="primary"
                                    busy=run.pending()
                                    disabled=Signal::stored(count == 0)
                                    on_press=move |()| { run.dispatch(()); }
                                >
                                    {words}
                                </Button>
                            })}
                            <a href=report download rel="external" class="button"><Icon name="download" />{t!(i18n, access.report)}</a>
                            <Button busy=leave.pending() on_press=move |()| { leave.dispatch(()); }>
                                {t!(i18n, key_import.drop)}
                            </Button>
                        </div>
                    }
                }
            </Loaded>
            {live(move || refused().into_any())}
        </section>
    }
    .into_any()
}

#[component]
fn Rows(list: AssignmentList, wanted: RwSignal<RowsWanted>) -> AnyView {
    let i18n = use_i18n();
    let (given, mails, rest) = (list.given_count, list.mail_count, list.row_count - list.given_count);
    let is_done = list.done_at.is_some();
    let sums = text(move || {
        let (count, mails, rest) = (
            locale::count(i18n, given),
            locale::count(i18n, mails),
            locale::count(i18n, rest),
        );
        if is_done {
            t_string!(i18n, access.sums_done, count = count, mails = mails, rest = rest)
        } else {
            t_string!(i18n, access.sums, count = count, mails = mails, rest = rest)
        }
    });
    let counts = list.verdicts.clone();
    let options = Signal::derive(move || {
        let counted = |verdict: &AssignmentVerdict| {
            let counted = counts.iter().find(|counted| counted.verdict == *verdict)?;
            let words = format!(
                "{} ({})",
                verdict_word(i18n, *verdict, is_done),
                locale::count(i18n, counted.count)
            );
            Some((format!("{verdict:?}"), words))
        };
        let all = (String::new(), t_string!(i18n, key_import.all_rows).to_owned());
        std::iter::once(all)
            .chain(VERDICTS.iter().filter_map(counted))
            .collect::<Vec<_>>()
    });
    let value = Signal::derive(move || {
        let verdict = wanted.read().verdict;
        verdict.map(|verdict| format!("{verdict:?}")).unwrap_or_default()
    });
    let narrow = Callback::new(move |chosen: String| {
        let verdict = VERDICTS.into_iter().find(|verdict| format!("{verdict:?}") == chosen);
        wanted.set(RowsWanted { verdict, after: None });
    });
    let next = list
        .rows
        .page_info
        .has_next_page
        .then_some(list.rows.page_info.end_cursor)
        .flatten();
    let is_first = wanted.read_untracked().after.is_none();
    let turn = move |after: Option<String>| wanted.update(|wanted| wanted.after = after);
    view! {
        <p><span class="id">{list.file_name}</span></p>
        <p role="status">{sums}</p>
        <SelectField id="verdict" label=t!(i18n, key_import.show) value on_change=narrow options />
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, key_import.preview)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{t!(i18n, device.serial)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, access.to)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, access.until)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, key_import.verdict)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">
                {list.rows.nodes.into_iter().map(|row| view! { <PreviewRow row /> }).collect_view()}
            </tbody>
        </table>
        <div class="actions">
            {(!is_first).then(|| view! {
                <Button look="s" icon="left" on_press=move |()| turn(None)>{t!(i18n, key_import.first_page)}</Button>
            })}
            {next.map(|after| view! {
                <Button look="s" on_press=move |()| turn(Some(after.clone()))>{t!(i18n, ui.next)}</Button>
            })}
        </div>
    }
    .into_any()
}

#[component]
fn PreviewRow(row: AssignmentRow) -> AnyView {
    let i18n = use_i18n();
    let AssignmentRow {
        device,
        email,
        is_given,
        position,
        until,
        verdict,
    } = row;
    let tone = match verdict {
        AssignmentVerdict::New => Tone::Good,
        AssignmentVerdict::AlreadyAssigned => Tone::Off,
        AssignmentVerdict::Duplicate | AssignmentVerdict::LostZeros | AssignmentVerdict::AmbiguousDevice => Tone::Warn,
        _ => Tone::Bad,
    };
    let line = text(move || t_string!(i18n, key_import.row, position = position).to_string());
    let end = text(move || match &until {
        Some(day) => locale::date(i18n, day),
        None => "–".to_owned(),
    });
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="lead-cell">
                <span class="id">{device}</span> <span class="sub">{line}</span>
            </th>
            <td role="cell" data-label=t!(i18n, access.to)>{email}</td>
            <td role="cell" data-label=t!(i18n, access.until)>{end}</td>
            <td role="cell" data-label=t!(i18n, key_import.verdict)>
                <Badge tone>{text(move || verdict_word(i18n, verdict, is_given).to_owned())}</Badge>
            </td>
        </tr>
    }
    .into_any()
}

fn verdict_word(i18n: Words, verdict: AssignmentVerdict, is_given: bool) -> &'static str {
    match verdict {
        AssignmentVerdict::New if is_given => t_string!(i18n, access.row_given),
        AssignmentVerdict::New => t_string!(i18n, access.row_new),
        AssignmentVerdict::AlreadyAssigned => t_string!(i18n, access.row_already),
        AssignmentVerdict::UnknownDevice => t_string!(i18n, access.row_unknown),
        AssignmentVerdict::AmbiguousDevice => t_string!(i18n, access.row_ambiguous),
        AssignmentVerdict::LostZeros => t_string!(i18n, key_import.lost_zeros),
        AssignmentVerdict::NotAnEmail => t_string!(i18n, access.row_not_an_email),
        AssignmentVerdict::Duplicate => t_string!(i18n, key_import.duplicate),
        AssignmentVerdict::ImpossibleDates => t_string!(i18n, access.row_dates),
        AssignmentVerdict::Malformed => t_string!(i18n, key_import.malformed),
    }
}
