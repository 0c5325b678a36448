//! Cancelling a contract: what follows, date and reason, then the button.
use super::{
    offer_operations::{Own, offers},
    operations::{CancelContractInput, cancel, next_end},
};
use crate::{
    api::{ApiError, Day, Key},
    i18n::*,
    loading::{Loaded, load},
    locale, refusal,
    ui::{Button, Crumbs, Notice, PageHead, TextField, Tone, live},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::{use_navigate, use_query_map};
use shared::{error::ErrorCode, id::ContractId};

/// The page "Vertrag kündigen"; the contract is in its address.
#[component]
pub fn CancelContractPage() -> AnyView {
    let i18n = use_i18n();
    let params = use_query_map();
    let found = load(move || {
        let id = params
            .read()
            .get("contract")
            .and_then(|id| id.parse::<ContractId>().ok());
        let language = locale::language_of(i18n.get_locale());
        async move {
            let id = id.ok_or_else(|| ApiError::refused(ErrorCode::NotFound))?;
            let end = next_end(id).await?;
            let (_, own) = offers(language).await?;
            let contract = own.into_iter().find(|own| own.id == id);
            Ok((contract.ok_or_else(|| ApiError::refused(ErrorCode::NotFound))?, end))
        }
    });
    view! {
        <div class="page">
            <Loaded resource=found page=true rows=6 let:found><Cancelling contract=found.0 end=found.1 /></Loaded>
        </div>
    }
    .into_any()
}

#[component]
fn Cancelling(contract: Own, end: Day) -> AnyView {
    let i18n = use_i18n();
    let is_extraordinary = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let ends_on = RwSignal::new(locale::today().0);
    let was_tried = RwSignal::new(false);
    let key = StoredValue::new(Key::new());
    let id = contract.id;
    let navigate = use_navigate();
    let send = Action::new_local(move |(): &()| {
        let typed = reason.get_untracked().trim().to_owned();
        let is_extraordinary = is_extraordinary.get_untracked();
        let input = CancelContractInput {
            idempotency_key: key.get_value(),
            contract_id: id,
            is_extraordinary,
            ends_on: is_extraordinary.then(|| Day(ends_on.get_untracked())),
            reason: Some(typed).filter(|typed| !typed.is_empty()),
        };
        async move {
            let done = cancel(input).await;
            if done.is_err() {
                key.set_value(Key::new());
            }
            done
        }
    });
    Effect::new(move |_| {
        if let Some(Ok(order)) = send.value().get() {
            navigate(&format!("/orders/{order}"), Default::default());
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        was_tried.set(true);
        let is_missing = is_extraordinary.get_untracked() && reason.read_untracked().trim().is_empty();
        if !is_missing && !send.pending().get_untracked() {
            send.dispatch(());
        }
    };
    let error = move |name: &'static str| {
        Signal::derive(move || {
            let is_missing = name == "reason" && is_extraordinary.get() && reason.read().trim().is_empty();
            if was_tried.get() && is_missing {
                return Some(t_string!(i18n, refusal.missing).to_owned());
            }
            let refused = send.value().get()?.err().filter(|error| error.field() == Some(name))?;
            Some(refusal::words(i18n, &refused))
        })
    };
    let lead = format!("{} · {}", contract.product.name, contract.number);
    let follows = Memo::new(move |_| t_string!(i18n, order.ends_then, date = locale::date(i18n, &end)));
    view! {
        <Crumbs way=vec![("/products".to_owned(), t_string!(i18n, product.title).into())] />
        <PageHead title=t!(i18n, order.cancel_title) lead=lead />
        <form class="form" novalidate on:submit=submit>
            <fieldset class="field">
                <legend>{t!(i18n, legal.kind)}</legend>
                <label class="choice">
                    <input type="radio" name="kind" prop:checked=move || !is_extraordinary.get()
                        on:change=move |_| is_extraordinary.set(false) />
                    {t!(i18n, legal.ordinary)}
                </label>
                <label class="choice">
                    <input type="radio" name="kind" prop:checked=move || is_extraordinary.get()
                        on:change=move |_| is_extraordinary.set(true) />
                    {t!(i18n, legal.extraordinary)}
                </label>
            </fieldset>
            {live(move || is_extraordinary.get().then(|| view! {
                <TextField id="ends-on" label=t!(i18n, order.last_day) value=ends_on kind="date"
                    min=locale::today().0 error=error("endsOn") />
            }).into_any())}
            {live(move || {
                let optional = !is_extraordinary.get();
                view! { <TextField id="reason" label=t!(i18n, order.reason) value=reason optional error=error("reason") /> }
                    .into_any()
            })}
            <Notice>
                <p>
                    {live(move || (!is_extraordinary.get()).then(|| follows.get()).into_any())}
                    " " {t!(i18n, order.cancel_follows)}
                </p>
            </Notice>
            {live(move || send.value().get().and_then(Result::err).filter(|error| error.field().is_none()).map(|error| view! {
                <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice>
            }).into_any())}
            <Button look="danger" submit=true busy=send.pending()>{t!(i18n, legal.cancel_now)}</Button>
        </form>
    }
    .into_any()
}
