//! Kinds, states, units and sums of invoices in words.
use crate::{
    api::Money,
    i18n::*,
    locale::{self, Words},
    ui::{Badge, Tone},
};
use leptos::prelude::*;
use shared::invoice::{InvoiceKind, InvoiceState};

/// What an invoice is, as it follows the language.
pub fn kind_words(i18n: Words, kind: InvoiceKind) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    follow(
        i18n,
        match kind {
            InvoiceKind::Invoice => |i18n| t_string!(i18n, invoice.kind_invoice),
            InvoiceKind::CreditNote => |i18n| t_string!(i18n, invoice.kind_credit_note),
            InvoiceKind::Correction => |i18n| t_string!(i18n, invoice.kind_correction),
        },
    )
}

/// Where an invoice stands, as a badge.
pub fn state_badge(i18n: Words, state: InvoiceState) -> AnyView {
    let tone = match state {
        InvoiceState::Due => Tone::Wait,
        InvoiceState::PastDue => Tone::Bad,
        InvoiceState::Settled => Tone::Good,
    };
    let word = follow(
        i18n,
        match state {
            InvoiceState::Due => |i18n| t_string!(i18n, invoice.state_due),
            InvoiceState::PastDue => |i18n| t_string!(i18n, invoice.state_past_due),
            InvoiceState::Settled => |i18n| t_string!(i18n, invoice.state_settled),
        },
    );
    view! { <Badge tone>{word}</Badge> }.into_any()
}

/// Sums of several currencies, one after the other.
pub fn sums(i18n: Words, sums: &[Money]) -> String {
    sums.iter()
        .map(|sum| locale::money(i18n, sum))
        .collect::<Vec<_>>()
        .join(" + ")
}

/// A unit of measure (UN/ECE Recommendation 20) as people write it; the code itself where there is no word here.
pub fn unit(i18n: Words, code: &str) -> String {
    let word = match code {
        "C62" | "H87" | "EA" | "XPP" => t_string!(i18n, invoice.unit_piece),
        "MON" => t_string!(i18n, invoice.unit_month),
        "ANN" => t_string!(i18n, invoice.unit_year),
        "DAY" => t_string!(i18n, invoice.unit_day),
        "HUR" => t_string!(i18n, invoice.unit_hour),
        "MIN" => "min",
        "KWH" => "kWh",
        "MWH" => "MWh",
        "MTQ" => "m³",
        "MTK" => "m²",
        "MTR" => "m",
        "KMT" => "km",
        "LTR" => "l",
        "KGM" => "kg",
        "TNE" => "t",
        "E34" => "GB",
        "LS" => t_string!(i18n, invoice.unit_lump),
        other => other,
    };
    word.to_owned()
}
