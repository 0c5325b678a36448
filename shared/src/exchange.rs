//! What an import of products, contracts or orders says of a row, as both sides name it.
use serde::{Deserialize, Serialize};

/// What a file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Subject {
    /// The catalogue.
    Products,
    /// The contracts of all customers.
    Contracts,
    /// The orders of all customers.
    Orders,
}

/// What an import will do, or did, with one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ImportVerdict {
    /// It is not known yet and is made.
    New,
    /// It is known, and something about it changes.
    Changed,
    /// It is known, and nothing changes.
    Same,
    /// The row is left out; its problem says why.
    Refused,
}

/// Why a row is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ImportProblem {
    /// Nothing stands where something must be.
    Missing,
    /// Longer than this column takes.
    TooLong,
    /// Letters, digits and `. _ - /` only.
    NotACode,
    /// Not an amount with at most two decimal places, or below zero.
    NotAnAmount,
    /// Not a percentage from 0 to 100 with at most two decimal places.
    NotATaxRate,
    /// Not three capital letters (ISO 4217).
    NotACurrency,
    /// Not a day such as 2026-12-31.
    NotADate,
    /// Not a point in time such as 2026-12-31T09:00:00Z.
    NotATime,
    /// Not one of the words that this column takes.
    UnknownWord,
    /// The last day lies before the first.
    EndBeforeStart,
    /// It stands in an earlier row too; that row counts.
    Duplicate,
    /// There is no customer with this number.
    UnknownCustomer,
    /// There is no product with this code.
    UnknownProduct,
    /// A contract stays with its customer.
    OtherCustomer,
    /// There is no contract with this number, neither in the portal nor in the file.
    UnknownContract,
    /// Not a length of time such as P24M.
    NotASpan,
    /// Not a JSON list of details.
    NotDetails,
    /// It binds customers longer than the law lets it (BGB § 309 No. 9, TKG §§ 56, 71).
    AgainstTheLaw,
    /// It does not go with what the other columns say.
    NotPossible,
    /// What is known of it never changes.
    Fixed,
    /// An order that stands where it stands, or a contract as it is, cannot come to this state: what is decided stays
    /// decided.
    NotAStep,
    /// The day lies too far back.
    DateInPast,
}
