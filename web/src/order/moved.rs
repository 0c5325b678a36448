//! What an order would cost now, beside what was shown when its button was pressed.
use super::offer_operations::OrderQuote;
use crate::{
    i18n::*,
    locale::{self, Words},
    product::price_words,
    ui::{Notice, Tone},
};
use leptos::prelude::*;

/// Whether what somebody saw is something else than what counts.
pub fn differs(seen: &OrderQuote, now: &OrderQuote) -> bool {
    let facts = |quote: &OrderQuote| {
        (
            quote.price_after.clone(),
            quote.period_after,
            quote.setup_price.clone(),
            quote.tax_rate,
            quote.effective_on.clone(),
        )
    };
    facts(seen) != facts(now)
}

/// Old and new of all that moved: what, before, now.
fn moves(i18n: Words, old: &OrderQuote, now: &OrderQuote) -> Vec<(&'static str, String, String)> {
    let none = || t_string!(i18n, order.nothing).to_owned();
    let price = |quote: &OrderQuote| {
        let gross = quote.gross_after.as_ref().or(quote.price_after.as_ref());
        price_words(i18n, gross, quote.period_after)
    };
    let once = |quote: &OrderQuote| {
        let gross = quote.gross_setup_price.as_ref();
        gross.map_or_else(none, |price| locale::money(i18n, price))
    };
    let rate = |quote: &OrderQuote| locale::percent(i18n, &quote.tax_rate.to_string());
    let day = |quote: &OrderQuote| locale::date(i18n, &quote.effective_on);
    let mut all = vec![
        (t_string!(i18n, order.total), price(old), price(now)),
        (t_string!(i18n, order.once), once(old), once(now)),
        (t_string!(i18n, order.tax), rate(old), rate(now)),
        (t_string!(i18n, order.from), day(old), day(now)),
    ];
    all.retain(|(_, old, now)| old != now);
    all
}

/// Says what moved, read aloud at once.
#[component]
pub fn Moved(old: OrderQuote, now: OrderQuote) -> AnyView {
    let i18n = use_i18n();
    let rows = move || {
        let rows = moves(i18n, &old, &now).into_iter();
        rows.map(|(what, old, now)| view! { <li>{what} ": " <s>{old}</s> " " <b>{now}</b></li> })
            .collect_view()
    };
    view! {
        <Notice tone=Tone::Warn live=true>
            <div>
                <p>{t!(i18n, order.moved)}</p>
                <ul>{rows}</ul>
            </div>
        </Notice>
    }
    .into_any()
}
