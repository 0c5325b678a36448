//! Importing customers: choose a file, look at what would happen, then do it.
use super::operations::{CustomerImport, CustomerImportRow, import_customers, preview};
use crate::{
    api::ApiError,
    i18n::*,
    locale::{self, Words},
    refusal,
    ui::{Badge, Button, Crumbs, Field, FieldError, Notice, PageHead, Toasts, Tone, describe, live},
    upload::{MAX_FILE, upload},
};
use leptos::{ev::SubmitEvent, html, prelude::*};
use shared::{
    customer::{CustomerColumn, CustomerProblem, CustomerVerdict},
    error::ErrorCode,
    id::FileId,
};

/// The page "Kunden importieren".
#[component]
pub fn ImportPage() -> AnyView {
    let i18n = use_i18n();
    view! {
        <div class="page">
            <Crumbs way=vec![("/customers".to_owned(), t_string!(i18n, nav.customers).into())] />
            <PageHead title=t!(i18n, office.import) lead=t!(i18n, office.import_lead) />
            <ImportForm />
        </div>
    }
    .into_any()
}

/// What is said of a file.
#[derive(Clone)]
struct Said {
    file: FileId,
    import: CustomerImport,
    is_done: bool,
}

#[component]
fn ImportForm() -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let file = NodeRef::<html::Input>::new();
    let was_tried = RwSignal::new(false);
    let has_file = RwSignal::new(false);
    let part = RwSignal::new(None::<f64>);
    let said = RwSignal::new(None::<Said>);
    let chosen = move || {
        file.get_untracked()
            .and_then(|input| input.files())
            .and_then(|files| files.get(0))
    };

    let check = Action::new_local(move |(): &()| async move {
        let Some(chosen) = chosen() else { return Ok(()) };
        let sent = upload(&chosen, move |done| {
            let _gone = part.try_set(Some(done));
        })
        .await;
        let _gone = part.try_set(None);
        let file = sent?;
        let import = preview(file).await?;
        drop(said.try_set(Some(Said {
            file,
            import,
            is_done: false,
        })));
        Ok::<_, ApiError>(())
    });
    let run = Action::new_local(move |file: &FileId| {
        let file = *file;
        async move {
            let import = import_customers(file).await?;
            let count = import.new_count + import.changed_count;
            toasts.say(match count {
                1 => t_string!(i18n, office.imported_one).to_owned(),
                count => t_string!(i18n, office.imported_many, count = locale::count(i18n, count)),
            });
            drop(said.try_set(Some(Said {
                file,
                import,
                is_done: true,
            })));
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
    view! {
        <form class="form" novalidate on:submit=submit>
            <Field id="customer-file" label=t!(i18n, office.file) hint=t!(i18n, office.file_hint) error=file_error>
                <div class="drop">
                    <input
                        id="customer-file"
                        type="file"
                        accept=".csv,.txt,.tsv"
                        node_ref=file
                        aria-invalid=move || file_error.read().is_some().then_some("true")
                        aria-describedby=describe("customer-file", true, file_error)
                        on:change=choose
                    />
                </div>
            </Field>
            {live(move || part.get().map(|part| view! {
                <progress aria-label=t_string!(i18n, office.uploading) max="1" value=part.to_string()></progress>
            }).into_any())}
            <Button submit=true busy=check.pending()>{t!(i18n, office.check)}</Button>
        </form>
        {live(move || said.get().map(|said| {
            let Said { file, import, is_done } = said;
            let count = import.new_count + import.changed_count;
            let refused = move || {
                let error = run.value().get()?.err().filter(|_| !run.pending().get())?;
                Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
            };
            let words = text(move || match count {
                1 => t_string!(i18n, office.take_one).to_owned(),
                count => t_string!(i18n, office.take_many, count = locale::count(i18n, count)),
            });
            view! {
                <Report import is_done />
                {refused}
                {(!is_done).then(|| view! {
                    <div class="actions">
                        <Button
                            look="primary"
                            icon="upload"
                            busy=run.pending()
                            disabled=Signal::derive(move || count == 0)
                            on_press=move |()| { run.dispatch(file); }
                        >
                            {words}
                        </Button>
                    </div>
                })}
            }
        }).into_any())}
    }
    .into_any()
}

#[component]
fn Report(import: CustomerImport, is_done: bool) -> AnyView {
    let i18n = use_i18n();
    let CustomerImport {
        changed_count,
        new_count,
        refused_count,
        rows,
        same_count,
    } = import;
    let total = new_count + changed_count + refused_count + same_count;
    let shown = i32::try_from(rows.len()).unwrap_or(i32::MAX);
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
    let title = follow(
        i18n,
        if is_done {
            |i18n| t_string!(i18n, office.taken)
        } else {
            |i18n| t_string!(i18n, office.preview)
        },
    );
    let more = (total > shown).then(|| {
        let words = text(move || {
            t_string!(
                i18n,
                office.first_rows,
                count = locale::count(i18n, shown),
                total = locale::count(i18n, total)
            )
        });
        view! { <p class="block-foot faint">{words}</p> }
    });
    view! {
        <section class="start-part" aria-labelledby="report" aria-live="polite">
            <div class="block-head"><h2 id="report">{title}</h2></div>
            <p>{sums}</p>
            <table role="table" class="cards">
                <caption class="away">{t!(i18n, office.report_caption)}</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">{t!(i18n, office.customer)}</th>
                        <th role="columnheader" scope="col" class="num">{t!(i18n, office.line)}</th>
                        <th role="columnheader" scope="col">{t!(i18n, office.verdict)}</th>
                        <th role="columnheader" scope="col">{t!(i18n, office.problem)}</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows.into_iter().map(|row| view! { <ReportRow row /> }).collect_view()}</tbody>
            </table>
            {more}
        </section>
    }
    .into_any()
}

fn column_words(i18n: Words, column: CustomerColumn) -> &'static str {
    match column {
        CustomerColumn::Number => t_string!(i18n, office.number),
        CustomerColumn::Name => t_string!(i18n, office.name),
        CustomerColumn::Email => t_string!(i18n, office.email),
        CustomerColumn::Street => t_string!(i18n, office.street),
        CustomerColumn::PostalCode => t_string!(i18n, office.postal_code),
        CustomerColumn::City => t_string!(i18n, office.city),
        CustomerColumn::Language => t_string!(i18n, office.language),
    }
}

fn problem_words(i18n: Words, problem: CustomerProblem) -> &'static str {
    match problem {
        CustomerProblem::Missing => t_string!(i18n, office.problem_missing),
        CustomerProblem::TooLong => t_string!(i18n, office.problem_too_long),
        CustomerProblem::NotANumber => t_string!(i18n, refusal.not_a_number),
        CustomerProblem::NotAnEmail => t_string!(i18n, refusal.not_an_email),
        CustomerProblem::UnknownLanguage => t_string!(i18n, office.problem_language),
        CustomerProblem::Duplicate => t_string!(i18n, office.problem_duplicate),
        CustomerProblem::Taken => t_string!(i18n, refusal.number_taken),
        CustomerProblem::EmailInUse => t_string!(i18n, office.in_use),
    }
}

#[component]
fn ReportRow(row: CustomerImportRow) -> AnyView {
    let i18n = use_i18n();
    let CustomerImportRow {
        column,
        line,
        name,
        number,
        problem,
        verdict,
    } = row;
    let (tone, word): (_, fn(Words) -> &'static str) = match verdict {
        CustomerVerdict::New => (Tone::Good, |i18n| t_string!(i18n, office.new)),
        CustomerVerdict::Changed => (Tone::Warn, |i18n| t_string!(i18n, office.changed)),
        CustomerVerdict::Same => (Tone::Off, |i18n| t_string!(i18n, office.same)),
        CustomerVerdict::Refused => (Tone::Bad, |i18n| t_string!(i18n, office.refused)),
    };
    let has_problem = problem.is_some();
    let problem = text(move || match (column, problem) {
        (Some(column), Some(problem)) => format!("{}: {}", column_words(i18n, column), problem_words(i18n, problem)),
        _ => "–".to_owned(),
    });
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="lead-cell">
                {name}
                <span class="sub"><span class="id">{number}</span></span>
            </th>
            <td role="cell" class="num" data-label=t!(i18n, office.line)>{text(move || locale::count(i18n, line))}</td>
            <td role="cell" class="end-cell"><Badge tone>{follow(i18n, word)}</Badge></td>
            <td role="cell" class=if has_problem { "" } else { "phone-away" } data-label=t!(i18n, office.problem)>{problem}</td>
        </tr>
    }
    .into_any()
}
