//! Asking for dealer access, and where a request stands.
use super::{
    operations::{DealerRequest, RequestDealerAccessInput, ask, own_requests, withdraw},
    query::state_words,
};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    locale, refusal,
    session::use_viewer,
    ui::{Button, Field, FieldError, Notice, PageHead, TextField, Tone, describe, live},
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::{account::Right, device::DealerRequestState};

/// The fields that say themselves what is wrong with them.
const FIELDS: [&str; 3] = ["company", "customerNumber", "message"];

/// The page "Händlerzugang".
#[component]
pub fn AccessRequestPage() -> AnyView {
    let i18n = use_i18n();
    let viewer = use_viewer();
    let found = load(own_requests);
    let again = Callback::new(move |()| found.refetch());
    let may = move || viewer.read().as_ref().is_some_and(|viewer| viewer.may(Right::Owner));
    view! {
        <div class="page">
            <PageHead title=t!(i18n, dealer.title) lead=t!(i18n, dealer.lead) help="/access-request" />
            {live(move || if may() {
                view! {
                    <Loaded resource=found rows=4 let:requests>
                        <Standing newest=requests.into_iter().next() again />
                    </Loaded>
                }
                .into_any()
            } else {
                view! { <Notice><p>{t!(i18n, dealer.only_owners)}</p></Notice> }.into_any()
            })}
        </div>
    }
    .into_any()
}

/// What is to be done now: ask, wait, or begin.
#[component]
fn Standing(newest: Option<DealerRequest>, again: Callback<()>) -> AnyView {
    let i18n = use_i18n();
    match newest {
        None => view! { <AskForm again /> }.into_any(),
        Some(request) => match request.state {
            DealerRequestState::Requested => view! { <Waiting request again /> }.into_any(),
            DealerRequestState::Granted => {
                let company = request.company;
                let words = text(move || t_string!(i18n, dealer.granted_text, company = company.clone()));
                view! { <Notice tone=Tone::Good><p>{words}</p></Notice> }.into_any()
            }
            DealerRequestState::Rejected => {
                let reason = request.reason.unwrap_or_default();
                view! {
                    <Notice tone=Tone::Warn>
                        <p><strong>{t!(i18n, dealer.rejected_text)}</strong></p>
                        <p>{reason}</p>
                    </Notice>
                    <AskForm again />
                }
                .into_any()
            }
            DealerRequestState::Withdrawn => view! { <AskForm again /> }.into_any(),
        },
    }
}

/// Where an open request stands, in steps.
#[component]
fn Waiting(request: DealerRequest, again: Callback<()>) -> AnyView {
    let i18n = use_i18n();
    let DealerRequest {
        company,
        created_at,
        customer_number,
        expected_on,
        id,
        message,
        state,
        ..
    } = request;
    let take_back = Action::new_local(move |(): &()| async move {
        withdraw(id).await?;
        again.run(());
        Ok::<_, ApiError>(())
    });
    let refused = move || {
        let error = take_back.value().get()?.err()?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let asked = text(move || t_string!(i18n, dealer.step_asked, date = locale::stamp(i18n, &created_at)));
    let due = text(move || t_string!(i18n, dealer.step_due, date = locale::date(i18n, &expected_on)));
    let fact =
        |term: AnyView, value: Option<String>| value.map(|value| view! { <div><dt>{term}</dt><dd>{value}</dd></div> });
    view! {
        <ol class="steps">
            <li data-tone="good">{asked}</li>
            <li aria-current="step">{due}</li>
            <li>{t!(i18n, dealer.step_done)}</li>
        </ol>
        <dl class="facts">
            {fact(t!(i18n, dealer.company).into_any(), Some(company))}
            {fact(t!(i18n, dealer.customer_number).into_any(), customer_number)}
            {fact(t!(i18n, dealer.message).into_any(), message)}
            <div><dt>{t!(i18n, dealer.state)}</dt><dd>{text(move || state_words(i18n, state).to_owned())}</dd></div>
        </dl>
        <div class="actions">
            <Button busy=take_back.pending() on_press=move |()| { take_back.dispatch(()); }>{t!(i18n, dealer.withdraw)}</Button>
        </div>
        {live(move || refused().into_any())}
    }
    .into_any()
}

#[component]
fn AskForm(again: Callback<()>) -> AnyView {
    let i18n = use_i18n();
    let (company, number, message) = (
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
    );
    let was_tried = RwSignal::new(false);
    let filled = |typed: RwSignal<String>| Some(typed.get_untracked()).filter(|text| !text.trim().is_empty());
    let send = Action::new_local(move |(): &()| {
        let input = RequestDealerAccessInput {
            company: company.get_untracked(),
            customer_number: filled(number),
            message: filled(message),
        };
        async move {
            ask(input).await?;
            again.run(());
            Ok::<_, ApiError>(())
        }
    });
    let error = move |name: &'static str| -> FieldError {
        Signal::derive(move || {
            if name == "company" && was_tried.get() && company.read().trim().is_empty() {
                return Some(t_string!(i18n, refusal.missing).to_owned());
            }
            let refused = send.value().get()?.err().filter(|error| error.field() == Some(name))?;
            Some(refusal::words(i18n, &refused))
        })
    };
    let rest = move || {
        let error = send.value().get()?.err()?;
        let is_at_field = error.field().is_some_and(|field| FIELDS.contains(&field));
        (!is_at_field)
            .then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        was_tried.set(true);
        if !company.read_untracked().trim().is_empty() && !send.pending().get_untracked() {
            send.dispatch(());
        }
    };
    let message_error = error("message");
    view! {
        <form class="form" novalidate on:submit=submit>
            <TextField
                id="company"
                label=t!(i18n, dealer.company)
                value=company
                autocomplete="organization"
                required=true
                error=error("company")
            />
            <TextField
                id="customer-number"
                label=t!(i18n, dealer.customer_number)
                value=number
                optional=true
                hint=t!(i18n, dealer.number_hint)
                error=error("customerNumber")
            />
            <Field id="message" label=t!(i18n, dealer.message) hint=t!(i18n, dealer.message_hint) error=message_error>
                <textarea
                    id="message"
                    name="message"
                    rows="4"
                    aria-invalid=move || message_error.read().is_some().then_some("true")
                    aria-describedby=describe("message", true, message_error)
                    prop:value=move || message.get()
                    on:input:target=move |event| message.set(event.target().value())
                ></textarea>
            </Field>
            {live(move || rest().into_any())}
            <Button look="primary" submit=true busy=send.pending()>{t!(i18n, dealer.ask)}</Button>
            <p class="soft">{t!(i18n, dealer.days)}</p>
        </form>
    }
    .into_any()
}
