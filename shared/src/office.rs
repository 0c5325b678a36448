//! What the provider's staff works on.
use serde::{Deserialize, Serialize};

/// Work that waits for staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WorkKind {
    /// Orders of customers that nobody has decided.
    Orders,
    /// Cancellations and withdrawals made without signing in, of which nobody knows whose they are.
    UnmatchedDeclarations,
    /// Receipts of cancellations and withdrawals that did not reach whoever declared.
    UndeliveredReceipts,
    /// Customers who ask to become dealers.
    DealerRequests,
    /// Invoices of which nobody has said whose they are.
    UnmatchedInvoices,
    /// Invoices that their customers see when staff publishes them.
    HeldInvoices,
    /// Invoices that came in once more with other bytes.
    InvoiceConflicts,
    /// Customers whose mail with the access came back.
    BouncedAccess,
    /// Customers who were never sent their access.
    UnsentAccess,
    /// Running contracts whose newest agreement is not concluded.
    OpenAgreements,
    /// Messages to other programs that were given up.
    FailedDeliveries,
    /// What the provider has not said of itself: legal texts, address, logo.
    MissingTexts,
}

/// What a search of the office found something by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SearchKind {
    /// The customer's number or name.
    Customer,
    /// The e-mail address of a member, or one for invoices.
    Email,
    /// The number of a contract.
    Contract,
    /// The number of an invoice.
    Invoice,
    /// The serial number of a device that the customer holds or may read.
    Device,
}
