//! Kinds, states, units and sums of invoices in words.
use crate::{
    api::{Day, Money},
    i18n::*,
    locale::{self, Words},
    ui::{Badge, Tone},
};
use leptos::prelude::*;
use shared::{
    invoice::{InvoiceKind, InvoiceState},
    money::Amount,
};

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
    let tone = tone(state);
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

/// What is known of the payment of an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Until when it is to be paid.
    pub due_date: Option<Day>,
    /// What it is.
    pub kind: InvoiceKind,
    /// The day of the last payment that the provider knows of.
    pub paid_on: Option<Day>,
    /// How much of it the provider says is paid.
    pub paid_total: Option<Amount>,
    /// Where it stands.
    pub state: InvoiceState,
}

impl Standing {
    /// Whether the provider knows of a payment.
    pub fn is_paid_partly(&self) -> bool {
        self.state != InvoiceState::Settled && self.paid_total.is_some_and(|paid| paid.0 > 0)
    }

    /// In words, such as "bezahlt am 12.11.2026".
    pub fn words(&self, i18n: Words) -> String {
        let due = |i18n| match (self.state, &self.due_date) {
            (InvoiceState::PastDue, Some(day)) => t_string!(i18n, invoice.since_day, date = locale::date(i18n, day)),
            (_, Some(day)) => t_string!(i18n, invoice.on_day, date = locale::date(i18n, day)),
            (_, None) => t_string!(i18n, invoice.no_due_date).to_owned(),
        };
        match (self.state, &self.paid_on) {
            (InvoiceState::Settled, _) if self.kind == InvoiceKind::CreditNote => {
                t_string!(i18n, invoice.credited).to_owned()
            }
            (InvoiceState::Settled, Some(day)) => t_string!(i18n, invoice.paid_on, date = locale::date(i18n, day)),
            (InvoiceState::Settled, None) => t_string!(i18n, invoice.state_settled).to_owned(),
            _ if self.is_paid_partly() => format!("{}, {}", t_string!(i18n, invoice.paid_partly), due(i18n)),
            _ => due(i18n),
        }
    }

    /// In words, as a badge.
    pub fn badge(self, i18n: Words) -> AnyView {
        let tone = tone(self.state);
        view! { <Badge tone>{text(move || self.words(i18n))}</Badge> }.into_any()
    }
}

fn tone(state: InvoiceState) -> Tone {
    match state {
        InvoiceState::Due => Tone::Wait,
        InvoiceState::PastDue => Tone::Bad,
        InvoiceState::Settled => Tone::Good,
    }
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
