//! Spans of time in words, and what they say of a contract.
use super::operations::{ContractDates, ContractTerms};
use crate::{
    i18n::*,
    locale::{self, Words},
};
use leptos::prelude::*;
use shared::term::Renewal;

/// A span such as `P24M` in words.
pub fn span_words(i18n: Words, span: &str) -> String {
    let count = span.trim_matches(|c: char| !c.is_ascii_digit()).to_owned();
    match (span.chars().last(), count.as_str()) {
        (Some('D'), "1") => t_string!(i18n, order.day_one).to_owned(),
        (Some('W'), "1") => t_string!(i18n, order.week_one).to_owned(),
        (Some('Y'), "1") => t_string!(i18n, order.year_one).to_owned(),
        (_, "1") => t_string!(i18n, order.month_one).to_owned(),
        (Some('D'), _) => t_string!(i18n, order.days, count = count),
        (Some('W'), _) => t_string!(i18n, order.weeks, count = count),
        (Some('Y'), _) => t_string!(i18n, order.years, count = count),
        _ => t_string!(i18n, order.months, count = count),
    }
}

/// How a contract runs, a fact each: first term, what follows, notice, next possible end.
pub fn term_facts(i18n: Words, terms: Option<ContractTerms>, dates: ContractDates) -> AnyView {
    let fact = |term: fn(Words) -> &'static str, value: AnyView| {
        view! { <div><dt>{follow(i18n, term)}</dt><dd>{value}</dd></div> }.into_any()
    };
    let ContractDates {
        minimum_until,
        next_end,
        ..
    } = dates;
    let next_end = next_end.map(|day| {
        let words = text(move || locale::date(i18n, &day)).into_any();
        fact(|i18n| t_string!(i18n, product.term_end), words)
    });
    let Some(terms) = terms else {
        return next_end.into_any();
    };
    let ContractTerms {
        minimum,
        notice,
        open_notice,
        renewal,
        renewal_term,
    } = terms;
    let has_term = minimum.is_some() || renewal == Renewal::Term;
    let minimum = text(move || match (&minimum, &minimum_until) {
        (Some(span), Some(day)) => {
            let (span, date) = (span_words(i18n, span), locale::date(i18n, day));
            t_string!(i18n, product.minimum_until, span = span, date = date)
        }
        (Some(span), None) => span_words(i18n, span),
        (None, _) => t_string!(i18n, order.no_minimum).to_owned(),
    });
    let after = text(move || match (renewal, &renewal_term) {
        (Renewal::Ends, _) => t_string!(i18n, product.renews_end).to_owned(),
        (Renewal::Term, Some(span)) => t_string!(i18n, product.renews_term, span = span_words(i18n, span)),
        (Renewal::Term, None) | (Renewal::Open, _) => t_string!(i18n, product.renews_open).to_owned(),
    });
    let notice = text(move || {
        let (in_term, open) = (span_words(i18n, &notice), span_words(i18n, &open_notice));
        match renewal {
            Renewal::Open if has_term && in_term != open => {
                t_string!(i18n, product.notice_while_open, notice = in_term, open = open)
            }
            Renewal::Open if !has_term => open,
            Renewal::Open | Renewal::Ends | Renewal::Term => in_term,
        }
    });
    view! {
        {fact(|i18n| t_string!(i18n, product.minimum), minimum.into_any())}
        {has_term.then(|| fact(|i18n| t_string!(i18n, product.renewal), after.into_any()))}
        {fact(|i18n| t_string!(i18n, product.notice_span), notice.into_any())}
        {next_end}
    }
    .into_any()
}
