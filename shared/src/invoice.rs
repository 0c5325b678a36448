//! Invoices as both sides name their states.
use serde::{Deserialize, Serialize};

/// What an invoice is (EN 16931 BT-3, folded to what a reader needs).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InvoiceKind {
    /// Something is to be paid.
    Invoice,
    /// Something is paid back: 381 and the other codes of [`CREDIT_NOTES`].
    CreditNote,
    /// Replaces an earlier invoice (384).
    Correction,
}

/// The document type codes (UNTDID 1001) of credit notes; their amounts are positive.
pub const CREDIT_NOTES: [&str; 11] = [
    "381", "81", "83", "261", "262", "296", "308", "396", "420", "458", "532",
];

/// The document type code (UNTDID 1001) of a corrected invoice.
pub const CORRECTION: &str = "384";

impl InvoiceKind {
    /// The kind of a document type code (UNTDID 1001).
    pub fn of_type_code(code: &str) -> Self {
        match code {
            CORRECTION => Self::Correction,
            code if CREDIT_NOTES.contains(&code) => Self::CreditNote,
            _ => Self::Invoice,
        }
    }
}

/// Where an invoice stands, as far as the portal knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InvoiceState {
    /// Has an amount to pay and a due date that is not past, or no due date.
    Due,
    /// The due date is past.
    PastDue,
    /// Nothing is to be paid: a credit note, or the payable amount is zero or less.
    Settled,
}

/// The order of a list of invoices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InvoiceOrder {
    /// Newest issue date first.
    #[default]
    Newest,
    /// Oldest issue date first.
    Oldest,
}
