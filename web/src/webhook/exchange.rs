//! The page "Austausch": choose a file of products, contracts or orders, look at what would change, then take it in; or
//! get all of them as a file.
use super::exchange_operations::{Import, ImportedRow, import_file};
use crate::{
    api::ApiError,
    download,
    i18n::*,
    locale::{self, Words},
    refusal,
    session::use_viewer,
    ui::{Badge, Button, Field, FieldError, Notice, PageHead, SelectField, Tone, describe, live},
    upload::{MAX_FILE, upload},
};
use leptos::{ev::SubmitEvent, html, prelude::*};
use shared::{
    account::Right,
    error::ErrorCode,
    exchange::{ImportProblem, ImportVerdict, Subject},
    id::FileId,
};

/// What can be exchanged, and the right that it takes.
const SUBJECTS: [(Subject, Right); 3] = [
    (Subject::Contracts, Right::ManageCustomers),
    (Subject::Orders, Right::HandleRequests),
    (Subject::Products, Right::Administer),
];

/// A subject as addresses and files name it.
fn word_of(subject: Subject) -> &'static str {
    match subject {
        Subject::Products => "products",
        Subject::Contracts => "contracts",
        Subject::Orders => "orders",
    }
}

fn subject_words(i18n: Words, subject: Subject) -> &'static str {
    match subject {
        Subject::Products => t_string!(i18n, exchange.products),
        Subject::Contracts => t_string!(i18n, exchange.contracts),
        Subject::Orders => t_string!(i18n, exchange.orders),
    }
}

/// What is said of a file.
#[derive(Clone)]
struct Said {
    subject: Subject,
    file: FileId,
    import: Import,
    is_done: bool,
}

/// The page "Austausch".
#[component]
pub fn ExchangePage() -> AnyView {
    let i18n = use_i18n();
    let viewer = use_viewer();
    let file = NodeRef::<html::Input>::new();
    let wished = RwSignal::new(None::<Subject>);
    let was_tried = RwSignal::new(false);
    let has_file = RwSignal::new(false);
    let said = RwSignal::new(None::<Said>);
    let chosen = move || {
        file.get_untracked()
            .and_then(|input| input.files())
            .and_then(|files| files.get(0))
    };
    let open = Memo::new(move |_| {
        let viewer = viewer.read();
        let may = |right| viewer.as_ref().is_some_and(|viewer| viewer.may(right));
        let all = SUBJECTS.into_iter().filter(|(_, right)| may(*right));
        all.map(|(subject, _)| subject).collect::<Vec<_>>()
    });
    // what this person may exchange comes first
    let subject = Memo::new(move |_| {
        let open = open.read();
        let chosen = wished.get().filter(|subject| open.contains(subject));
        chosen.or(open.first().copied()).unwrap_or(Subject::Contracts)
    });
    let check = Action::new_local(move |(): &()| async move {
        let Some(chosen) = chosen() else { return Ok(()) };
        let subject = subject.get_untracked();
        let file = upload(&chosen, |_| {}).await?;
        let import = import_file(subject, file, true).await?;
        let _gone = said.try_set(Some(Said {
            subject,
            file,
            import,
            is_done: false,
        }));
        Ok::<_, ApiError>(())
    });
    let run = Action::new_local(move |(subject, file): &(Subject, FileId)| {
        let (subject, file) = (*subject, *file);
        async move {
            let import = import_file(subject, file, false).await?;
            let _gone = said.try_set(Some(Said {
                subject,
                file,
                import,
                is_done: true,
            }));
            Ok::<_, ApiError>(())
        }
    });
    let file_error: FieldError = Signal::derive(move || {
        if was_tried.get() && !has_file.get() {
            return Some(t_string!(i18n, office.missing_file).to_owned());
        }
        let error = check.value().get()?.err().filter(|_| !check.pending().get())?;
        Some(refusal::words(i18n, &error))
    });
    let choose = move |_| {
        let chosen = chosen();
        has_file.set(chosen.is_some());
        said.set(None);
        run.value().set(None);
        let is_large = chosen.is_some_and(|chosen| chosen.size() > MAX_FILE);
        check
            .value()
            .set(is_large.then(|| Err(ApiError::refused(ErrorCode::TooLarge))));
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        was_tried.set(true);
        if has_file.get_untracked() && !check.pending().get_untracked() {
            check.dispatch(());
        }
    };
    let subjects = Signal::derive(move || {
        let named = |subject: &Subject| (word_of(*subject).to_owned(), subject_words(i18n, *subject).to_owned());
        open.read().iter().map(named).collect::<Vec<_>>()
    });
    let word = Signal::derive(move || word_of(subject.get()).to_owned());
    let set = move |word: String| {
        wished.set(
            SUBJECTS
                .into_iter()
                .map(|(subject, _)| subject)
                .find(|subject| word_of(*subject) == word),
        );
        said.set(None);
    };
    let get = Action::new_local(move |ending: &&'static str| {
        let name = format!("{}.{ending}", word_of(subject.get_untracked()));
        async move { download::save(&format!("/download/exchange/{name}"), &name).await }
    });
    let not_got = move || {
        let error = get.value().get().and_then(Result::err).filter(|_| !get.pending().get());
        error
            .map(|error| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
            .into_any()
    };
    view! {
        <div class="page">
            <PageHead title=t!(i18n, exchange.title) lead=t!(i18n, exchange.lead) />
            <div class="stack-7">
                <form class="form" novalidate on:submit=submit>
                    <SelectField id="exchange-subject" class="short" label=t!(i18n, exchange.subject) value=word on_change=set options=subjects />
                    <Field id="exchange-file" label=t!(i18n, exchange.file) hint=t!(i18n, exchange.hint) error=file_error>
                        <div class="drop">
                            <input
                                id="exchange-file"
                                type="file"
                                accept=".csv,.txt,.tsv,.json"
                                node_ref=file
                                aria-invalid=move || file_error.read().is_some().then_some("true")
                                aria-describedby=describe("exchange-file", true, file_error)
                                on:change=choose
                            />
                        </div>
                    </Field>
                    <Button submit=true busy=check.pending()>{t!(i18n, office.check)}</Button>
                </form>
                {live(move || said.get().map(|said| report(i18n, said, run)).into_any())}
                <section class="part" aria-labelledby="export">
                    <div class="part-head">
                        <h2 id="export">{t!(i18n, exchange.export)}</h2>
                        <p>{t!(i18n, exchange.export_text)}</p>
                    </div>
                    <div class="stack-5">
                        <div class="actions">
                            <Button icon="download" busy=get.pending() on_press=move |()| { get.dispatch("csv"); }>"CSV"</Button>
                            <Button icon="download" busy=get.pending() on_press=move |()| { get.dispatch("json"); }>"JSON"</Button>
                        </div>
                        {live(not_got)}
                    </div>
                </section>
            </div>
        </div>
    }
    .into_any()
}

fn report(i18n: Words, said: Said, run: Action<(Subject, FileId), Result<(), ApiError>>) -> AnyView {
    let Said {
        subject,
        file,
        import,
        is_done,
    } = said;
    let Import {
        changed_count,
        new_count,
        refused_count,
        rows,
        same_count,
    } = import;
    let count = new_count + changed_count;
    let sums = text(move || {
        t_string!(
            i18n,
            office.sums,
            new = locale::count(i18n, new_count),
            changed = locale::count(i18n, changed_count),
            same = locale::count(i18n, same_count),
            refused = locale::count(i18n, refused_count)
        )
    });
    let take = text(move || match count {
        1 => t_string!(i18n, exchange.take_one).to_owned(),
        count => t_string!(i18n, exchange.take_many, count = locale::count(i18n, count)),
    });
    let title = text(move || {
        if is_done {
            t_string!(i18n, exchange.done).to_owned()
        } else {
            t_string!(i18n, office.preview).to_owned()
        }
    });
    let refused = move || {
        let error = run.value().get().and_then(Result::err).filter(|_| !run.pending().get());
        error
            .map(|error| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
            .into_any()
    };
    view! {
        <div class="stack-5">
            <section class="start-part" aria-labelledby="report" aria-live="polite">
                <div class="block-head"><h2 id="report">{title}</h2></div>
                <p>{sums}</p>
                <table role="table" class="cards">
                    <caption class="away">{t!(i18n, exchange.caption)}</caption>
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader" scope="col">{t!(i18n, exchange.key)}</th>
                            <th role="columnheader" scope="col" class="num">{t!(i18n, office.line)}</th>
                            <th role="columnheader" scope="col">{t!(i18n, office.verdict)}</th>
                            <th role="columnheader" scope="col">{t!(i18n, exchange.changes)}</th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">{rows.into_iter().map(|row| report_row(i18n, row)).collect_view()}</tbody>
                </table>
            </section>
            {live(refused)}
            {(!is_done).then(|| view! {
                <div class="actions">
                    <Button
                        look="primary"
                        icon="upload"
                        busy=run.pending()
                        disabled=Signal::derive(move || count == 0)
                        on_press=move |()| { run.dispatch((subject, file)); }
                    >
                        {take}
                    </Button>
                </div>
            })}
        </div>
    }
    .into_any()
}

fn report_row(i18n: Words, row: ImportedRow) -> AnyView {
    let ImportedRow {
        changes,
        column,
        key,
        line,
        problem,
        verdict,
    } = row;
    let (tone, word): (_, fn(Words) -> &'static str) = match verdict {
        ImportVerdict::New => (Tone::Good, |i18n| t_string!(i18n, office.new)),
        ImportVerdict::Changed => (Tone::Warn, |i18n| t_string!(i18n, office.changed)),
        ImportVerdict::Same => (Tone::Off, |i18n| t_string!(i18n, office.same)),
        ImportVerdict::Refused => (Tone::Bad, |i18n| t_string!(i18n, office.refused)),
    };
    let about = text(move || match (&column, problem) {
        (Some(column), Some(problem)) => format!("{column}: {}", problem_words(i18n, problem)),
        _ if changes.is_empty() => "–".to_owned(),
        _ => changes.join(", "),
    });
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="lead-cell"><span class="id">{key}</span></th>
            <td role="cell" class="num" data-label=t!(i18n, office.line)>{text(move || locale::count(i18n, line))}</td>
            <td role="cell" class="end-cell"><Badge tone>{follow(i18n, word)}</Badge></td>
            <td role="cell" data-label=t!(i18n, exchange.changes)>{about}</td>
        </tr>
    }
    .into_any()
}

fn problem_words(i18n: Words, problem: ImportProblem) -> &'static str {
    match problem {
        ImportProblem::Missing => t_string!(i18n, exchange.missing),
        ImportProblem::TooLong => t_string!(i18n, exchange.too_long),
        ImportProblem::NotACode => t_string!(i18n, exchange.not_a_code),
        ImportProblem::NotAnAmount => t_string!(i18n, exchange.not_an_amount),
        ImportProblem::NotATaxRate => t_string!(i18n, exchange.not_a_tax_rate),
        ImportProblem::NotACurrency => t_string!(i18n, exchange.not_a_currency),
        ImportProblem::NotADate => t_string!(i18n, exchange.not_a_date),
        ImportProblem::NotATime => t_string!(i18n, exchange.not_a_time),
        ImportProblem::UnknownWord => t_string!(i18n, exchange.unknown_word),
        ImportProblem::EndBeforeStart => t_string!(i18n, exchange.end_before_start),
        ImportProblem::Duplicate => t_string!(i18n, exchange.duplicate),
        ImportProblem::UnknownCustomer => t_string!(i18n, exchange.unknown_customer),
        ImportProblem::UnknownProduct => t_string!(i18n, exchange.unknown_product),
        ImportProblem::OtherCustomer => t_string!(i18n, exchange.other_customer),
        ImportProblem::UnknownContract => t_string!(i18n, exchange.unknown_contract),
        ImportProblem::NotASpan => t_string!(i18n, exchange.not_a_span),
        ImportProblem::NotDetails => t_string!(i18n, exchange.not_details),
        ImportProblem::AgainstTheLaw => t_string!(i18n, exchange.against_the_law),
        ImportProblem::NotPossible => t_string!(i18n, exchange.not_possible),
        ImportProblem::Fixed => t_string!(i18n, exchange.fixed),
        ImportProblem::NotAStep => t_string!(i18n, exchange.not_a_step),
        ImportProblem::DateInPast => t_string!(i18n, exchange.date_in_past),
    }
}
