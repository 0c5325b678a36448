//! The words of the start page.
use serde::{Deserialize, Serialize};

/// What the portal asks of the viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskKind {
    /// Set up a second factor.
    SecondFactor,
    /// Follow the link that was sent to the new address for signing in.
    ConfirmEmail,
    /// See that an address for invoices is confirmed.
    ConfirmBillingEmail,
    /// Conclude the newest agreement of a contract.
    ConcludeAgreement,
    /// Follow the link of somebody who gives the right to read devices.
    AcceptReadRights,
    /// Approve or refuse requests for more keys than the quota allows.
    DecideKeyRequests,
    /// Orders that nobody has decided: they can still be taken back.
    PendingOrders,
}

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChangeKind {
    /// Somebody did something: a row of the log.
    Act,
    /// A new invoice.
    Invoice,
    /// A new document.
    Document,
    /// An order was placed.
    OrderPlaced,
    /// An order was decided.
    OrderDecided,
}
