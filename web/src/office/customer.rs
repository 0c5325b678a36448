//! One customer: what the provider knows, how far he has come, and sending his access again.
use super::{
    form::CustomerForm,
    letter::LetterButton,
    operations::{Customer, customer, resend_access},
    people::People,
    query::{state_words, tone},
    recent::Recent,
};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, Loading, load},
    locale, refusal,
    ui::{Badge, Button, Crumbs, Notice, PageHead, Toasts, Tone},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::{customer::CustomerState, error::ErrorCode, id::AccountId};

/// The page of one customer.
#[component]
pub fn CustomerPage() -> AnyView {
    let params = use_params_map();
    let found = load(move || {
        let id = params.read().get("id").and_then(|id| id.parse::<AccountId>().ok());
        async move {
            match id {
                Some(id) => customer(id).await,
                None => Err(ApiError::refused(ErrorCode::NotFound)),
            }
        }
    });
    view! {
        <div class="page">
            <Loaded resource=found page=true rows=8 let:customer><Detail customer found /></Loaded>
        </div>
    }
    .into_any()
}

#[component]
fn Detail(customer: Customer, found: Loading<Customer>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let Customer {
        account_id,
        bounce_reason,
        city,
        created_at,
        email,
        mailed_at,
        name,
        number,
        postal_code,
        state,
        street,
        unused_email,
        ..
    } = customer.clone();
    let word = text(move || state_words(i18n, state).to_owned());
    let place = [postal_code, city].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let address = [street, Some(place)]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ");
    let (of_letter, of_recent) = (number.clone(), number.clone());
    let has_address = email.is_some();
    let in_use = unused_email.is_some();
    let email = email.or(unused_email).unwrap_or_else(|| "–".to_owned());
    let made = text(move || locale::stamp(i18n, &created_at));
    let mailed = text(move || {
        mailed_at
            .as_ref()
            .map_or_else(|| "–".to_owned(), |at| locale::stamp(i18n, at))
    });
    let is_open = state != CustomerState::Activated;
    let changed = Callback::new(move |_: Customer| {
        toasts.say(t_string!(i18n, office.saved).to_owned());
        found.refetch();
    });
    view! {
        <Crumbs way=vec![("/customers".to_owned(), t_string!(i18n, nav.customers).into())] />
        <PageHead title=name />
        <section class="part" aria-labelledby="access">
            <div class="part-head"><h2 id="access">{t!(i18n, office.access)}</h2></div>
            <div class="stack-5">
                <dl class="facts">
                    <div><dt>{t!(i18n, office.number)}</dt><dd><span class="id">{number}</span></dd></div>
                    <div>
                        <dt>{t!(i18n, office.state)}</dt>
                        <dd>
                            <Badge tone=tone(state)>{word}</Badge>
                            {bounce_reason.map(|reason| view! { " " <small lang="en">{reason}</small> })}
                        </dd>
                    </div>
                    <div>
                        <dt>{t!(i18n, office.email)}</dt>
                        <dd>{email} {in_use.then(|| view! { " " <small>{t!(i18n, office.in_use)}</small> })}</dd>
                    </div>
                    <div><dt>{t!(i18n, office.mailed_at)}</dt><dd>{mailed}</dd></div>
                    <div><dt>{t!(i18n, office.address)}</dt><dd>{if address.is_empty() { "–".to_owned() } else { address }}</dd></div>
                    <div><dt>{t!(i18n, office.created_at)}</dt><dd>{made}</dd></div>
                </dl>
                {is_open.then(|| view! { <Access account_id number=of_letter has_address found /> })}
            </div>
        </section>
        <section class="part" aria-labelledby="master">
            <div class="part-head">
                <h2 id="master">{t!(i18n, office.master)}</h2>
                <p>{t!(i18n, office.master_text)}</p>
            </div>
            <CustomerForm customer done=changed />
        </section>
        <People account=account_id />
        <Recent account=account_id number=of_recent />
    }
    .into_any()
}

/// The ways to get the access to the customer.
#[component]
fn Access(account_id: AccountId, number: String, has_address: bool, found: Loading<Customer>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let resend = Action::new_local(move |(): &()| async move {
        resend_access(account_id).await?;
        toasts.say(t_string!(i18n, office.resent).to_owned());
        found.refetch();
        Ok::<_, ApiError>(())
    });
    let refused = move || {
        let error = resend.value().get()?.err().filter(|_| !resend.pending().get())?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    view! {
        <div class="actions">
            {has_address.then(|| view! {
                <Button look="primary" icon="send" busy=resend.pending() on_press=move |()| { resend.dispatch(()); }>
                    {t!(i18n, office.resend)}
                </Button>
            })}
            <LetterButton account=account_id number />
        </div>
        {refused}
    }
    .into_any()
}
