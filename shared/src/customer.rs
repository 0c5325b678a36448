//! Customers as the provider brings them into the portal: where each stands, and what an import says of a row.
use serde::{Deserialize, Serialize};

/// How far a customer has come on the way into the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CustomerState {
    /// Made by the provider; no mail went out for the newest address.
    Prepared,
    /// The mail with the access is on its way, or arrived; nobody has used its link.
    Mailed,
    /// The mail came back, or was refused for good.
    Bounced,
    /// Somebody chose a password, or registered by himself.
    Activated,
}

impl CustomerState {
    /// Every state, in the order in which customers pass them.
    pub const ALL: [Self; 4] = [Self::Prepared, Self::Mailed, Self::Bounced, Self::Activated];
}

/// What an import will do, or did, with one row of a file of customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CustomerVerdict {
    /// The customer is not known yet and is made.
    New,
    /// The customer is known, and something about him changes.
    Changed,
    /// The customer is known, and nothing changes.
    Same,
    /// The row is left out; its problem says why.
    Refused,
}

/// A column of a file of customers, and a field of the form for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CustomerColumn {
    /// The customer number.
    Number,
    /// The name, as on a letter.
    Name,
    /// The e-mail address.
    Email,
    /// Street and house number.
    Street,
    /// The postal code.
    PostalCode,
    /// The city.
    City,
    /// The language.
    Language,
}

impl CustomerColumn {
    /// Every column.
    pub const ALL: [Self; 7] = [
        Self::Number,
        Self::Name,
        Self::Email,
        Self::Street,
        Self::PostalCode,
        Self::City,
        Self::Language,
    ];
}

/// What is to be said of a row of a file of customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CustomerProblem {
    /// Nothing stands where something must be.
    Missing,
    /// Longer than this column takes.
    TooLong,
    /// Not a customer number: letters, digits, dots, dashes and underscores.
    NotANumber,
    /// Not an e-mail address.
    NotAnEmail,
    /// Neither German nor English.
    UnknownLanguage,
    /// The customer number stands in an earlier row too; that row counts.
    Duplicate,
    /// Somebody else signs in with this number, or it is that of the provider.
    Taken,
    /// Somebody signs in with this e-mail address already. The row is taken, without the address: this customer gets
    /// his access by letter.
    EmailInUse,
}

impl CustomerProblem {
    /// Whether the row is left out because of it.
    pub fn refuses(self) -> bool {
        self != Self::EmailInUse
    }
}
