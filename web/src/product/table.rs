//! The table of contracts, on the start page and on its own.
use super::operations::Contract;
use crate::{
    api::{Day, Money},
    i18n::*,
    locale::{self, Words},
    ui::{Badge, Tone},
};
use leptos::prelude::*;
use leptos_router::components::A;
use shared::product::{ContractState, PricePeriod};

/// From so many days on, a deadline is a warning.
const SOON: i64 = 14;

/// The next date that matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// Notice can be given until then.
    Notice(Day),
    /// It runs until then.
    Runs(Day),
    /// It was over then.
    Over(Day),
    /// Notice can be given at any time.
    AnyDay,
    /// There is none.
    Nothing,
}

impl Deadline {
    /// The next date of a contract in a state.
    pub fn of(state: ContractState, notice_by: Option<Day>, ends_on: Option<Day>, next_end: Option<Day>) -> Self {
        use ContractState::{Active, Cancelled, Ended, Ordered};
        match (state, notice_by, ends_on, next_end) {
            (Ended, _, Some(day), _) => Self::Over(day),
            (Active | Ordered, Some(day), ..) => Self::Notice(day),
            (Active | Ordered | Cancelled, _, Some(day), _) => Self::Runs(day),
            (Active | Ordered, None, None, Some(_)) => Self::AnyDay,
            _ => Self::Nothing,
        }
    }
}

/// The state of a contract as a badge.
pub fn state_badge(i18n: Words, state: ContractState) -> AnyView {
    let tone = match state {
        ContractState::Active => Tone::Good,
        ContractState::Ordered => Tone::Wait,
        ContractState::Cancelled | ContractState::Ended => Tone::Off,
    };
    let word = follow(
        i18n,
        match state {
            ContractState::Active => |i18n| t_string!(i18n, product.active),
            ContractState::Ordered => |i18n| t_string!(i18n, product.ordered),
            ContractState::Cancelled => |i18n| t_string!(i18n, product.cancelled),
            ContractState::Ended => |i18n| t_string!(i18n, product.ended),
        },
    );
    view! { <Badge tone>{word}</Badge> }.into_any()
}

/// The deadline in words, as a warning when it is near.
pub fn deadline_view(i18n: Words, deadline: Deadline) -> AnyView {
    let is_soon = match &deadline {
        Deadline::Notice(day) => locale::days_until(day).is_some_and(|days| (0..=SOON).contains(&days)),
        _ => false,
    };
    let words = text(move || match &deadline {
        Deadline::Notice(day) => t_string!(i18n, product.notice_by, date = locale::date(i18n, day)),
        Deadline::Runs(day) => t_string!(i18n, product.runs_until, date = locale::date(i18n, day)),
        Deadline::Over(day) => t_string!(i18n, product.ended_on, date = locale::date(i18n, day)),
        Deadline::AnyDay => t_string!(i18n, product.any_day).to_owned(),
        Deadline::Nothing => t_string!(i18n, product.no_deadline).to_owned(),
    });
    if is_soon {
        view! { <Badge tone=Tone::Warn>{words}</Badge> }.into_any()
    } else {
        view! { {words} }.into_any()
    }
}

/// What it costs, in words.
pub fn price_words(i18n: Words, price: Option<&Money>, period: PricePeriod) -> String {
    let Some(price) = price.map(|price| locale::money(i18n, price)) else {
        return match period {
            PricePeriod::Usage => t_string!(i18n, product.by_usage).to_owned(),
            PricePeriod::Month | PricePeriod::Year => t_string!(i18n, product.no_price).to_owned(),
        };
    };
    match period {
        PricePeriod::Month => t_string!(i18n, product.per_month, price = price),
        PricePeriod::Year => t_string!(i18n, product.per_year, price = price),
        PricePeriod::Usage => t_string!(i18n, product.by_usage).to_owned(),
    }
}

/// Contracts, one a row; a block a row on a phone.
#[component]
pub fn ContractTable(
    /// What is shown.
    contracts: Vec<Contract>,
) -> AnyView {
    let i18n = use_i18n();
    let head = move |words: fn(Words) -> &'static str, class: &'static str| {
        view! { <th role="columnheader" scope="col" class=class>{follow(i18n, words)}</th> }
    };
    view! {
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, product.caption)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    {head(|i18n| t_string!(i18n, product.name), "")}
                    {head(|i18n| t_string!(i18n, product.state), "")}
                    {head(|i18n| t_string!(i18n, product.deadline), "")}
                    {head(|i18n| t_string!(i18n, product.price), "num")}
                </tr>
            </thead>
            <tbody role="rowgroup">
                {contracts.into_iter().map(|contract| view! { <ContractRow contract /> }).collect_view()}
            </tbody>
        </table>
        <p class="block-foot faint">{t!(i18n, product.net_prices)}</p>
    }
    .into_any()
}

#[component]
fn ContractRow(contract: Contract) -> AnyView {
    let i18n = use_i18n();
    let Contract {
        dates,
        id,
        ends_on,
        label,
        notice_by,
        price,
        price_period,
        product,
        state,
        ..
    } = contract;
    let next_end = dates
        .next_end
        .filter(|_| matches!(state, ContractState::Active | ContractState::Ordered));
    let deadline = Deadline::of(state, notice_by, ends_on, next_end.clone());
    let end = next_end.map(|day| {
        let words = text(move || t_string!(i18n, product.next_end, date = locale::date(i18n, &day)));
        view! { <span class="sub">{words}</span> }
    });
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="lead-cell">
                <A href=format!("/products/{}", id.0)>{product.name}</A>
                {label.map(|label| view! { <span class="sub">{label}</span> })}
            </th>
            <td role="cell" class="end-cell">{state_badge(i18n, state)}</td>
            <td role="cell" data-label=t!(i18n, product.deadline_label)>{deadline_view(i18n, deadline)}{end}</td>
            <td role="cell" class="num" data-label=t!(i18n, product.price)>
                {text(move || price_words(i18n, price.as_ref(), price_period))}
            </td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cancelled_contract_shows_its_end_and_not_a_notice() {
        let (notice, end) = (Day("2026-09-30".into()), Day("2026-12-31".into()));
        let both = |state| Deadline::of(state, Some(notice.clone()), Some(end.clone()), None);
        assert_eq!(both(ContractState::Cancelled), Deadline::Runs(end.clone()));
        assert_eq!(both(ContractState::Active), Deadline::Notice(notice.clone()));
        assert_eq!(both(ContractState::Ended), Deadline::Over(end.clone()));
        assert_eq!(Deadline::of(ContractState::Active, None, None, None), Deadline::Nothing);
        let any_day = Deadline::of(ContractState::Active, None, None, Some(end));
        assert_eq!(any_day, Deadline::AnyDay);
    }
}
