//! Ordering: choose, look at the summary, press the button that says what it does (BGB § 312j).
use super::{
    detail::{price_view, tax_words},
    moved::{Moved, differs},
    offer_operations::{Offer, OrderQuote, OrderQuoteInput, Own, offers, place, quote as ask},
    query::kind_words,
};
use crate::{
    api::{ApiError, Day, Key},
    i18n::*,
    loading::{Loaded, load},
    locale,
    product::{price_words, span_words},
    refusal,
    ui::{Button, Crumbs, Empty, Notice, PageHead, SelectField, TextField, Tone, live},
};
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use shared::{
    error::ErrorCode,
    id::{ContractId, ProductId},
    order::OrderKind,
    product::{ContractState, ProductKind},
};

/// The page "Bestellen". `contract` and `product` in its address choose what they name.
#[component]
pub fn NewOrderPage() -> AnyView {
    let i18n = use_i18n();
    let found = load(move || {
        let language = locale::language_of(i18n.get_locale());
        async move { offers(language).await }
    });
    view! {
        <div class="page">
            <Crumbs way=vec![("/orders".to_owned(), t_string!(i18n, order.title).into())] />
            <PageHead title=t!(i18n, order.new) lead=t!(i18n, order.new_lead) help="/orders/new" />
            <Loaded resource=found rows=6 let:found><Choosing offers=found.0 own=found.1 /></Loaded>
        </div>
    }
    .into_any()
}

/// What can be ordered: a further product, or for a contract another product or an option of its family.
fn choices(offers: &[Offer], own: &[Own], contract: Option<ContractId>) -> Vec<(OrderKind, Offer)> {
    let contract = contract.and_then(|id| own.iter().find(|own| own.id == id));
    let orderable = offers.iter().filter(|offer| offer.is_orderable).cloned();
    orderable
        .filter_map(|offer| match (contract, offer.kind) {
            (None, ProductKind::Main) => Some((OrderKind::NewProduct, offer)),
            (Some(own), kind) if offer.family.is_some() && offer.family == own.product.family => match kind {
                ProductKind::Main if own.product.id == offer.id => None,
                ProductKind::Main => Some((OrderKind::Change, offer)),
                ProductKind::Option => Some((OrderKind::Option, offer)),
            },
            _ => None,
        })
        .collect()
}

#[component]
fn Choosing(offers: Vec<Offer>, own: Vec<Own>) -> AnyView {
    let i18n = use_i18n();
    let params = use_query_map();
    let of_address = |name: &str| params.read_untracked().get(name).unwrap_or_default();
    let contract = RwSignal::new(of_address("contract"));
    let product = RwSignal::new(of_address("product"));
    let label = RwSignal::new(String::new());
    let wished_on = RwSignal::new(String::new());
    let running: Vec<_> = own
        .iter()
        .filter(|own| own.state == ContractState::Active)
        .map(|own| (own.id.to_string(), format!("{} · {}", own.product.name, own.number)))
        .collect();
    let contracts = Signal::derive(move || {
        let none = (String::new(), t_string!(i18n, order.new_product).to_owned());
        std::iter::once(none).chain(running.clone()).collect::<Vec<_>>()
    });
    let offered = Memo::new(move |_| choices(&offers, &own, contract.read().parse().ok()));
    let card = move |(kind, offer): (OrderKind, Offer)| {
        let Offer {
            description,
            id,
            name,
            price,
            price_period,
            ..
        } = offer;
        let (id, chosen) = (id.to_string(), id.to_string());
        let words = text(move || {
            let price = price_words(i18n, price.as_ref(), price_period);
            format!("{price} · {}", kind_words(i18n, kind))
        });
        view! {
            <label class="choice">
                <input type="radio" name="product" value=id.clone() prop:checked=move || *product.read() == chosen
                    on:change=move |_| product.set(id.clone()) />
                <span>
                    <b>{name}</b>
                    {description.map(|description| view! { <small>{description}</small> })}
                    <small>{words}</small>
                </span>
            </label>
        }
        .into_any()
    };
    let input = Memo::new(move |_| {
        let id = product.read().parse::<ProductId>().ok()?;
        let (kind, _) = offered.read().iter().find(|(_, offer)| offer.id == id)?.clone();
        Some(OrderQuoteInput {
            kind,
            product_id: id,
            contract_id: contract.read().parse().ok(),
            label: Some(label.get()).filter(|label| !label.trim().is_empty()),
            wished_on: Some(wished_on.get()).filter(|day| !day.is_empty()).map(Day),
        })
    });
    view! {
        <div class="stack-7">
            <div class="form">
                <SelectField id="contract" label=t!(i18n, order.for_what) value=contract options=contracts
                    on_change=move |id: String| { contract.set(id); product.set(String::new()); } />
                {live(move || {
                    let cards: Vec<_> = offered.get().into_iter().map(card).collect();
                    (!cards.is_empty()).then(|| view! {
                        <fieldset class="field">
                            <legend>{t!(i18n, product.name)}</legend>
                            <div class="choices">{cards}</div>
                        </fieldset>
                    }).into_any()
                })}
                {live(move || contract.read().is_empty().then(|| view! {
                    <TextField id="label" label=t!(i18n, order.label) value=label optional=true />
                }).into_any())}
                <TextField id="wished-on" label=t!(i18n, order.from) value=wished_on kind="date" optional=true
                    min=locale::today().0 hint=t!(i18n, order.from_hint) />
            </div>
            {live(move || match input.get() {
                Some(input) => view! { <Summary input /> }.into_any(),
                None if offered.read().is_empty() => view! {
                    <Empty icon="product" title=t!(i18n, order.no_offer) text=t!(i18n, order.no_offer_text) />
                }.into_any(),
                None => ().into_any(),
            })}
        </div>
    }
    .into_any()
}

/// What is ordered and what it costs, directly above the button.
#[component]
fn Summary(input: OrderQuoteInput) -> AnyView {
    let i18n = use_i18n();
    let asked = input.clone();
    // what was shown when the button was pressed, and what counts instead
    let moved = RwSignal::new(None::<(OrderQuote, OrderQuote)>);
    let found = load(move || {
        let (input, language) = (asked.clone(), locale::language_of(i18n.get_locale()));
        async move { Ok(ask(input, language).await) }
    });
    view! {
        <section class="part" aria-labelledby="summary">
            <div class="part-head"><h2 id="summary">{t!(i18n, order.summary)}</h2></div>
            <Loaded resource=found rows=6 let:found>
                {match found {
                    Ok(quote) => {
                        let input = input.clone();
                        live(move || {
                            let input = input.clone();
                            match moved.get() {
                                Some((old, quote)) => view! {
                                    <div class="stack-5">
                                        <Moved old now=quote.clone() />
                                        <Quoted input quote moved />
                                    </div>
                                }.into_any(),
                                None => view! { <Quoted input quote=quote.clone() moved /> }.into_any(),
                            }
                        }).into_any()
                    }
                    Err(error) => view! {
                        <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice>
                    }.into_any(),
                }}
            </Loaded>
        </section>
    }
    .into_any()
}

#[component]
fn Quoted(input: OrderQuoteInput, quote: OrderQuote, moved: RwSignal<Option<(OrderQuote, OrderQuote)>>) -> AnyView {
    let i18n = use_i18n();
    let key = StoredValue::new(Key::new());
    let (seen, shown) = (quote.clone(), quote);
    let navigate = use_navigate();
    let send = Action::new_local(move |(): &()| {
        let (input, seen) = (input.clone(), seen.clone());
        async move {
            let error = match place(key.get_value(), input.clone(), seen.clone()).await {
                Ok(order) => return Ok(order),
                Err(error) => error,
            };
            // the price or the day moved: both are shown, and the button is pressed again or not
            if error.code() == Some(ErrorCode::Conflict) {
                let now = ask(input, locale::language_of(i18n.get_locale_untracked())).await?;
                if differs(&seen, &now) {
                    let _gone = moved.try_set(Some((seen, now)));
                }
            }
            Err::<_, ApiError>(error)
        }
    });
    Effect::new(move |_| {
        if let Some(Ok(order)) = send.value().get() {
            navigate(&format!("/orders/{order}"), Default::default());
        }
    });
    let OrderQuote {
        product,
        price_before,
        period_before,
        price_after,
        period_after,
        total_after,
        gross_after,
        gross_setup_price,
        tax_rate,
        effective_on,
        terms,
        ..
    } = shown;
    let fact = |term: AnyView, value: AnyView| view! { <div><dt>{term}</dt><dd>{value}</dd></div> }.into_any();
    let once = gross_setup_price.map(|price| {
        let words = text(move || locale::money(i18n, &price));
        view! { {words} " " <small>{tax_words(i18n, tax_rate)}</small> }.into_any()
    });
    let gross = gross_after.map(|price| {
        let words = text(move || price_words(i18n, Some(&price), period_after));
        view! { <b>{words}</b> " " <small>{tax_words(i18n, tax_rate)}</small> }.into_any()
    });
    let minimum = terms.as_ref().and_then(|terms| terms.minimum.clone());
    let term = text(move || match &minimum {
        Some(span) => span_words(i18n, span),
        None => t_string!(i18n, order.no_minimum).to_owned(),
    });
    let notice = terms.map(|terms| text(move || span_words(i18n, &terms.notice)).into_any());
    let press = move |()| {
        if !send.pending().get_untracked() {
            send.dispatch(());
        }
    };
    view! {
        <div class="stack-5">
            <dl class="facts">
                {fact(t!(i18n, product.name).into_any(), product.name.into_any())}
                {product.description.map(|features| fact(t!(i18n, order.features).into_any(), features.into_any()))}
                {period_before.map(|period| fact(t!(i18n, order.price_before).into_any(), price_view(i18n, price_before, period)))}
                {fact(t!(i18n, order.price_after).into_any(), price_view(i18n, total_after.or(price_after), period_after))}
                {gross.map(|gross| fact(t!(i18n, order.total).into_any(), gross))}
                {once.map(|once| fact(t!(i18n, order.once).into_any(), once))}
                {fact(t!(i18n, order.from).into_any(), text(move || locale::date(i18n, &effective_on)).into_any())}
                {fact(t!(i18n, order.minimum).into_any(), term.into_any())}
                {notice.map(|notice| fact(t!(i18n, order.notice).into_any(), notice))}
            </dl>
            {live(move || send.value().get().and_then(Result::err).map(|error| view! {
                <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice>
            }).into_any())}
            <div class="actions">
                <Button look="primary" busy=send.pending() on_press=press>{t!(i18n, order.button)}</Button>
            </div>
        </div>
    }
    .into_any()
}
