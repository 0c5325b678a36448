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
    /// What is due first comes first; what has no due date comes last.
    FirstDue,
    /// What is due last comes first; what has no due date comes before it.
    LastDue,
    /// By number, as text.
    NumberUp,
    /// By number, as text, backwards.
    NumberDown,
    /// The smallest total first; credit notes count less than zero.
    AmountUp,
    /// The largest total first.
    AmountDown,
}

/// How a file with an invoice came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(async_graphql::Enum, sea_orm::EnumIter, sea_orm::DeriveActiveEnum)
)]
#[cfg_attr(
    feature = "server",
    sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IntakeSource {
    /// By the command line of the provider's machine.
    Command,
    /// By the folder that the server watches.
    Folder,
    /// By a member of the staff, or his program, over the API.
    Upload,
}

/// What became of a file with an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(async_graphql::Enum, sea_orm::EnumIter, sea_orm::DeriveActiveEnum)
)]
#[cfg_attr(
    feature = "server",
    sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IntakeState {
    /// Nothing yet: it has not been read.
    Waiting,
    /// Its files are taken in one by one: it is a ZIP.
    Unpacked,
    /// Its customer sees it.
    Imported,
    /// It is its customer's, who sees it when staff publishes it: its sums contradict themselves.
    Held,
    /// It is kept, and a person has to say whose it is.
    Unmatched,
    /// The same bytes were there. Nothing changed.
    AlreadyThere,
    /// Its customer has an invoice of this seller, number and type with other bytes: a person has to decide.
    Conflict,
    /// A person decided that it takes the place of the invoice that was there.
    Replaced,
    /// A person decided that the invoice that was there stays.
    Kept,
    /// It is no invoice that can be shown. Nothing changed.
    Refused,
}

impl IntakeState {
    /// Every state, in the order of the declaration.
    pub const ALL: [Self; 10] = [
        Self::Waiting,
        Self::Unpacked,
        Self::Imported,
        Self::Held,
        Self::Unmatched,
        Self::AlreadyThere,
        Self::Conflict,
        Self::Replaced,
        Self::Kept,
        Self::Refused,
    ];
}

/// What a person decides about other bytes of an invoice that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ConflictDecision {
    /// The new bytes take the place of the invoice that is there; its payments and its address stay.
    Replace,
    /// The invoice that is there stays as it is.
    Keep,
}

/// Where an invoice stands for the provider's staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InvoiceStand {
    /// Nobody has said whose it is.
    Unmatched,
    /// Its customer sees it when staff publishes it.
    Held,
    /// Its customer sees it.
    Published,
}

/// The part of an invoice by which a rule of the provider knows its customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(async_graphql::Enum, sea_orm::EnumIter, sea_orm::DeriveActiveEnum)
)]
#[cfg_attr(
    feature = "server",
    sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BuyerTerm {
    /// An identifier of the buyer (BT-46).
    BuyerId,
    /// The reference that the buyer asked for (BT-10).
    BuyerReference,
    /// The buyer's VAT identifier (BT-48).
    VatId,
    /// The buyer's electronic address (BT-49).
    ElectronicAddress,
    /// The contract (BT-12).
    ContractReference,
}

impl BuyerTerm {
    /// Every term, in the order in which rules are tried.
    pub const ALL: [Self; 5] = [
        Self::BuyerId,
        Self::BuyerReference,
        Self::VatId,
        Self::ElectronicAddress,
        Self::ContractReference,
    ];
}
