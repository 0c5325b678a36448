//! One order: what it asks for, where it stands, and taking it back while nobody has decided.
use super::{
    operations::{Order, order, withdraw},
    query::{kind_words, state_words, tone},
};
use crate::{
    api::{ApiError, Money},
    i18n::*,
    loading::{Loaded, Loading, load},
    locale::{self, Words},
    product::price_words,
    refusal,
    ui::{Badge, Button, Crumbs, Notice, PageHead, Toasts, Tone, live},
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_params_map};
use shared::{error::ErrorCode, id::OrderId, order::OrderState, product::PricePeriod, tax::TaxRate};

/// The page of one order.
#[component]
pub fn OrderPage() -> AnyView {
    let i18n = use_i18n();
    let params = use_params_map();
    let found = load(move || {
        let id = params.read().get("id").and_then(|id| id.parse::<OrderId>().ok());
        let language = locale::language_of(i18n.get_locale());
        async move {
            match id {
                Some(id) => order(id, language).await,
                None => Err(ApiError::refused(ErrorCode::NotFound)),
            }
        }
    });
    view! {
        <div class="page">
            <Loaded resource=found page=true rows=8 let:order><Detail order found /></Loaded>
        </div>
    }
    .into_any()
}

#[component]
fn Detail(order: Order, found: Loading<Order>) -> AnyView {
    let i18n = use_i18n();
    let (id, kind, state) = (order.id, order.kind, order.state);
    let word = text(move || state_words(i18n, state).to_owned());
    let number = order.number.clone();
    view! {
        <Crumbs way=vec![("/orders".to_owned(), t_string!(i18n, order.title).into())] />
        <PageHead title=move || kind_words(i18n, kind) lead=number>
            <Badge tone=tone(state)>{word}</Badge>
        </PageHead>
        <section class="part" aria-labelledby="order">
            <div class="part-head"><h2 id="order">{t!(i18n, order.content)}</h2></div>
            <div class="stack-5">
                <Facts order />
                {(state == OrderState::Placed).then(|| view! { <TakeBack id found /> })}
            </div>
        </section>
    }
    .into_any()
}

/// What an order says, for customers and for staff.
#[component]
pub fn Facts(order: Order) -> AnyView {
    let i18n = use_i18n();
    let fact = |term: AnyView, value: AnyView| view! { <div><dt>{term}</dt><dd>{value}</dd></div> }.into_any();
    let words = |term: AnyView, value: Option<String>| value.map(|value| fact(term, value.into_any()));
    let stamp = |at: crate::api::Instant| text(move || locale::stamp(i18n, &at));
    let effective = order.effective_on.clone().map(|day| {
        let term = if order.kind.is_paid() {
            t!(i18n, order.from).into_any()
        } else {
            t!(i18n, order.last_day).into_any()
        };
        fact(term, text(move || locale::date(i18n, &day)).into_any())
    });
    let how = (!order.kind.is_paid() && order.is_extraordinary).then(|| {
        fact(
            t!(i18n, legal.kind).into_any(),
            t!(i18n, legal.extraordinary).into_any(),
        )
    });
    let contract = order.contract.clone().map(|contract| {
        let link = view! { <A href=format!("/products/{}", contract.id)>{contract.number}</A> };
        fact(t!(i18n, product.contract_number).into_any(), link.into_any())
    });
    let is_paid = order.kind.is_paid();
    let total = gross_view(i18n, order.gross_after, order.period_after, order.tax_rate);
    let before = order.period_before.map(|period| (order.price_before.clone(), period));
    let after = order.period_after.map(|period| (order.total_after.clone(), period));
    view! {
        <dl class="facts">
            {words(t!(i18n, product.name).into_any(), order.product.map(|product| product.name))}
            {contract}
            {words(t!(i18n, order.label).into_any(), order.label)}
            {before.map(|(price, period)| fact(t!(i18n, order.price_before).into_any(), price_view(i18n, price, period)))}
            {after.filter(|_| is_paid).map(|(price, period)| fact(t!(i18n, order.price_after).into_any(), price_view(i18n, price, period)))}
            {total.map(|total| fact(t!(i18n, order.total).into_any(), total))}
            {order.setup_price.map(|price| fact(t!(i18n, order.once).into_any(), net_view(i18n, price)))}
            {how}
            {effective}
            {words(t!(i18n, order.reason).into_any(), order.reason)}
            {fact(t!(i18n, order.placed_at).into_any(), stamp(order.placed_at).into_any())}
            {order.decided_at.map(|at| fact(t!(i18n, order.decided_at).into_any(), stamp(at).into_any()))}
            {words(t!(i18n, order.decision_reason).into_any(), order.decision_reason)}
        </dl>
    }
    .into_any()
}

/// A price with what it is for.
pub fn price_view(i18n: Words, price: Option<Money>, period: PricePeriod) -> AnyView {
    view! { {text(move || price_words(i18n, price.as_ref(), period))} " " <small>{t!(i18n, product.net_prices)}</small> }
        .into_any()
}

/// What is paid once, without tax.
pub fn net_view(i18n: Words, price: Money) -> AnyView {
    view! { {text(move || locale::money(i18n, &price))} " " <small>{t!(i18n, product.net_prices)}</small> }.into_any()
}

/// A price with tax, what it is for, and the rate; nothing where one of them is not known.
pub fn gross_view(
    i18n: Words,
    price: Option<Money>,
    period: Option<PricePeriod>,
    rate: Option<TaxRate>,
) -> Option<AnyView> {
    let (price, period, rate) = (price?, period?, rate?);
    let words = text(move || price_words(i18n, Some(&price), period));
    Some(view! { <b>{words}</b> " " <small>{tax_words(i18n, rate)}</small> }.into_any())
}

/// "With 19 % value added tax".
pub fn tax_words(i18n: Words, rate: TaxRate) -> AnyView {
    text(move || t_string!(i18n, order.with_tax, rate = locale::percent(i18n, &rate.to_string()))).into_any()
}

#[component]
fn TakeBack(id: OrderId, found: Loading<Order>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let take = Action::new_local(move |(): &()| async move {
        withdraw(id).await?;
        toasts.say(t_string!(i18n, order.withdrawn_now).to_owned());
        found.refetch();
        Ok::<_, ApiError>(())
    });
    view! {
        <p>{t!(i18n, order.withdraw_text)}</p>
        <div class="actions">
            <Button busy=take.pending() on_press=move |()| { take.dispatch(()); }>{t!(i18n, order.withdraw)}</Button>
        </div>
        {live(move || take.value().get().and_then(Result::err).map(|error| view! {
            <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice>
        }).into_any())}
    }
    .into_any()
}
