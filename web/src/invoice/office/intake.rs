//! Files with invoices: sending them, and what became of each.
use super::{
    detail::{Sent, field_error, refused},
    operations::{Intake, IntakeConnection, decide, intakes, take},
    query::{IntakeQuery, state_of, state_tone, state_word, state_words},
};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    locale::{self, Words},
    place::{Place, use_place},
    refusal,
    ui::{
        Badge, Button, Crumbs, Dialog, Empty, Field, FieldError, PageHead, Pager, SelectField, TextField, Toasts,
        describe, live,
    },
    upload::{MAX_FILE, upload},
};
use leptos::{ev::SubmitEvent, html, prelude::*};
use leptos_router::components::A;
use shared::{
    error::ErrorCode,
    id::IntakeId,
    invoice::{ConflictDecision, IntakeSource, IntakeState},
};
use std::time::Duration;

/// How often the list is asked for again while something waits.
const INTERVAL: Duration = Duration::from_secs(1);

/// How many files are named to the server at a time.
const AT_ONCE: usize = 50;

/// The page of the files that come in.
#[component]
pub fn IntakePage() -> AnyView {
    let i18n = use_i18n();
    let place = use_place::<IntakeQuery>();
    let found = load(move || {
        let rows = place.rows.get();
        let language = locale::language_of(i18n.get_locale());
        async move { intakes(rows, language).await }
    });
    let asked = RwSignal::new(None::<IntakeId>);
    // while files wait, what becomes of them is shown as it happens
    Effect::new(move |_| {
        let list: Option<IntakeConnection> = found.get().and_then(Result::ok);
        let waits = |list: IntakeConnection| list.nodes.iter().any(|file| file.state == IntakeState::Waiting);
        if list.is_some_and(waits) {
            set_timeout(move || found.refetch(), INTERVAL);
        }
    });
    let options = move || {
        let all = (String::new(), t_string!(i18n, bills.all).to_owned());
        let each = IntakeState::ALL
            .into_iter()
            .map(|state| (state_word(state).to_owned(), state_words(i18n, state).to_owned()));
        std::iter::once(all).chain(each).collect::<Vec<_>>()
    };
    view! {
        <div class="page">
            <Crumbs way=vec![("/office/invoices".to_owned(), t_string!(i18n, nav.invoices).into())] />
            <PageHead title=t!(i18n, bills.intake) lead=t!(i18n, bills.intake_lead) />
            <UploadForm done=Callback::new(move |()| found.refetch()) />
            <section class="start-part" aria-labelledby="came-in">
                <div class="block-head"><h2 id="came-in">{t!(i18n, bills.came_in)}</h2></div>
                <form class="filters">
                    <SelectField
                        id="intake-state"
                        label=t!(i18n, office.state)
                        value=Signal::derive(move || place.query.read().state.map(state_word).unwrap_or_default().to_owned())
                        on_change=move |word: String| place.filter(|query| query.state = state_of(&word))
                        options=Signal::derive(options)
                    />
                </form>
                <Loaded resource=found rows=6 let:list><Listed list place asked /></Loaded>
            </section>
            <DecideDialog asked done=Callback::new(move |()| found.refetch()) />
        </div>
    }
    .into_any()
}

#[component]
fn UploadForm(done: Callback<()>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let input = NodeRef::<html::Input>::new();
    let number = RwSignal::new(String::new());
    let was_tried = RwSignal::new(false);
    let count = RwSignal::new(0_u32);
    // how many files are sent, and the part of the one under way
    let part = RwSignal::new(None::<f64>);
    let too_large = RwSignal::new(None::<String>);
    let chosen = move || {
        let files = input.get_untracked().and_then(|input| input.files());
        let files = files
            .into_iter()
            .flat_map(|list| (0..list.length()).filter_map(move |at| list.get(at)));
        files.collect::<Vec<_>>()
    };
    let send: Sent = Action::new_local(move |(): &()| async move {
        let files = chosen();
        let total = files.len();
        let account = Some(number.get_untracked()).filter(|number| !number.trim().is_empty());
        let mut ids = Vec::with_capacity(AT_ONCE);
        let outcome = async {
            for (at, file) in files.iter().enumerate() {
                let id = upload(file, move |done| {
                    let whole = (at as f64 + done) / total as f64;
                    let _gone = part.try_set(Some(whole));
                })
                .await?;
                ids.push(id);
                if ids.len() == AT_ONCE || at + 1 == total {
                    take(std::mem::take(&mut ids), account.clone()).await?;
                    done.run(());
                }
            }
            Ok::<_, ApiError>(())
        }
        .await;
        let _gone = part.try_set(None);
        outcome?;
        if let Some(input) = input.get_untracked() {
            input.set_value("");
        }
        count.set(0);
        was_tried.set(false);
        toasts.say(match total {
            1 => t_string!(i18n, bills.sent_one).to_owned(),
            many => t_string!(
                i18n,
                bills.sent_many,
                count = locale::count(i18n, i32::try_from(many).unwrap_or(i32::MAX))
            ),
        });
        Ok(())
    });
    let file_error: FieldError = Signal::derive(move || {
        if let Some(name) = too_large.get() {
            return Some(format!(
                "{name}: {}",
                refusal::words(i18n, &ApiError::refused(ErrorCode::TooLarge))
            ));
        }
        (was_tried.get() && count.get() == 0).then(|| t_string!(i18n, office.missing_file).to_owned())
    });
    let choose = move |_| {
        let files = chosen();
        count.set(u32::try_from(files.len()).unwrap_or(u32::MAX));
        too_large.set(
            files
                .iter()
                .find(|file| file.size() > MAX_FILE)
                .map(web_sys::File::name),
        );
        send.value().set(None);
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        was_tried.set(true);
        if file_error.get_untracked().is_none() && !send.pending().get_untracked() {
            send.dispatch(());
        }
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            <Field id="invoice-files" label=t!(i18n, bills.files) hint=t!(i18n, bills.files_hint) error=file_error>
                <div class="drop">
                    <input
                        id="invoice-files"
                        type="file"
                        multiple
                        accept=".xml,.pdf,.zip"
                        node_ref=input
                        aria-invalid=move || file_error.read().is_some().then_some("true")
                        aria-describedby=describe("invoice-files", true, file_error)
                        on:change=choose
                    />
                </div>
            </Field>
            <TextField id="invoice-customer" label=t!(i18n, bills.for_customer) value=number optional=true hint=t!(i18n, bills.for_customer_hint) error=field_error(send, "accountNumber") />
            {live(move || part.get().map(|part| view! {
                <progress aria-label=t_string!(i18n, office.uploading) max="1" value=part.to_string()></progress>
            }).into_any())}
            {refused(send, &["accountNumber"])}
            <div class="actions">
                <Button look="primary" icon="upload" submit=true busy=send.pending()>{t!(i18n, bills.send)}</Button>
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn Listed(list: IntakeConnection, place: Place<IntakeQuery>, asked: RwSignal<Option<IntakeId>>) -> AnyView {
    let i18n = use_i18n();
    if list.nodes.is_empty() {
        return view! { <Empty icon="invoice" title=t!(i18n, bills.no_files) text=t!(i18n, bills.no_files_text) /> }
            .into_any();
    }
    let rows = list
        .nodes
        .iter()
        .cloned()
        .map(|file| view! { <Row file asked /> })
        .collect_view();
    let skipped = place.skipped();
    let (count, total) = (list.nodes.len(), list.total_count);
    let small = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    let words = move || {
        t_string!(
            i18n,
            office.range,
            from = locale::count(i18n, small(skipped + 1)),
            to = locale::count(i18n, small(skipped + count)),
            total = locale::count(i18n, total)
        )
    };
    let previous = (skipped > 0).then(|| Callback::new(move |()| place.previous()));
    let end = list.page_info.end_cursor;
    let next = list
        .page_info
        .has_next_page
        .then(|| Callback::new(move |()| place.next(count, end.clone())));
    view! {
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, bills.came_in)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{t!(i18n, bills.file)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, bills.number)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, bills.received)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, office.state)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
        <Pager text=words previous=Signal::stored(previous) next=Signal::stored(next) />
    }
    .into_any()
}

fn source_words(i18n: Words, source: IntakeSource) -> &'static str {
    match source {
        IntakeSource::Command => t_string!(i18n, bills.by_command),
        IntakeSource::Folder => t_string!(i18n, bills.by_folder),
        IntakeSource::Upload => t_string!(i18n, bills.by_upload),
    }
}

#[component]
fn Row(file: Intake, asked: RwSignal<Option<IntakeId>>) -> AnyView {
    let i18n = use_i18n();
    let Intake {
        container,
        created_at,
        decision_reason,
        file_name,
        finding_count: _,
        id,
        invoice,
        problem,
        source,
        state,
    } = file;
    let how = text(move || match &container {
        Some(container) => format!("{container} · {}", source_words(i18n, source)),
        None => source_words(i18n, source).to_owned(),
    });
    let word = text(move || state_words(i18n, state).to_owned());
    let of = invoice.map(|invoice| {
        let who = invoice.account.map(|account| account.name).unwrap_or_default();
        view! {
            <A href=format!("/office/invoices/{}", invoice.id)><span class="id">{invoice.number}</span></A>
            <span class="sub">{who}</span>
        }
    });
    let has_invoice = of.is_some();
    let more = problem
        .or(decision_reason)
        .map(|words| view! { <span class="sub">{words}</span> });
    let decide = (state == IntakeState::Conflict).then(|| {
        view! { <Button look="quiet s" on_press=move |()| asked.set(Some(id))>{t!(i18n, bills.decide)}</Button> }
    });
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="lead-cell">
                <a href=format!("/download/office/intakes/{id}") download rel="external">{file_name}</a>
                <span class="sub">{how}</span>
            </th>
            <td role="cell" class=if has_invoice { "" } else { "phone-away" } data-label=t!(i18n, bills.number)>{of}</td>
            <td role="cell" data-label=t!(i18n, bills.received)>{text(move || locale::stamp(i18n, &created_at))}</td>
            <td role="cell" data-label=t!(i18n, office.state)><Badge tone=state_tone(state)>{word}</Badge> {more} {decide}</td>
        </tr>
    }
    .into_any()
}

/// Asks which of two invoices counts.
#[component]
fn DecideDialog(asked: RwSignal<Option<IntakeId>>, done: Callback<()>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let open = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let choice = RwSignal::new(String::from("keep"));
    Effect::new(move |_| {
        if asked.read().is_some() {
            open.set(true);
        }
    });
    let send: Sent = Action::new_local(move |(): &()| {
        let (id, reason) = (asked.get_untracked(), reason.get_untracked());
        let decision = if *choice.read_untracked() == "replace" {
            ConflictDecision::Replace
        } else {
            ConflictDecision::Keep
        };
        async move {
            let Some(id) = id else { return Ok(()) };
            decide(id, decision, reason).await?;
            toasts.say(t_string!(i18n, bills.decided).to_owned());
            let _gone = open.try_set(false);
            done.run(());
            Ok(())
        }
    });
    let submit = Callback::new(move |()| {
        if !send.pending().get_untracked() {
            send.dispatch(());
        }
    });
    let closed = Callback::new(move |()| {
        asked.set(None);
        reason.set(String::new());
        send.value().set(None);
    });
    let foot = move || {
        view! {
            <Button on_press=move |()| open.set(false)>{t!(i18n, ui.cancel)}</Button>
            <Button look="primary" submit=true busy=send.pending()>{t!(i18n, bills.decide)}</Button>
        }
        .into_any()
    };
    let options = move || {
        vec![
            ("keep".to_owned(), t_string!(i18n, bills.keep).to_owned()),
            ("replace".to_owned(), t_string!(i18n, bills.replace).to_owned()),
        ]
    };
    view! {
        <Dialog id="conflict" open title=t!(i18n, bills.conflict) on_submit=submit on_close=closed foot>
            <p>{t!(i18n, bills.conflict_text)}</p>
            <div class="form">
                <SelectField
                    id="decision"
                    label=t!(i18n, bills.which)
                    value=Signal::derive(move || choice.get())
                    on_change=move |word: String| choice.set(word)
                    options=Signal::derive(options)
                />
                <TextField id="conflict-reason" label=t!(i18n, bills.reason) value=reason required=true error=field_error(send, "reason") />
                {refused(send, &["reason"])}
            </div>
        </Dialog>
    }
    .into_any()
}
