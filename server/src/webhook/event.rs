//! What other systems are told, as JSON. docs/webhooks.md shows an example of each.
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use shared::{money::Amount, webhook::EventKind};
use uuid::Uuid;

/// What happened. Its fields are the members of `data`, in camel case; what is none is `null`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Event {
    /// `order.placed`: a customer ordered a product, an option or a change.
    OrderPlaced(OrderFacts),
    /// `order.decided`: staff confirmed, rejected or finished an order; `state` says which.
    OrderDecided(OrderFacts),
    /// `order.withdrawn`: a customer took an order back.
    OrderWithdrawn(OrderFacts),
    /// `cancellation.placed`: somebody cancelled a contract or withdrew from one, signed in or by the public button.
    CancellationPlaced(OrderFacts),
    /// `contact.changed`: the contact person for an account's contracts, as it stands now.
    ContactChanged(ContactFacts),
    /// `billing_emails.changed`: all addresses that an account's invoices are mailed to from now on.
    BillingEmailsChanged(BillingEmailFacts),
    /// `agreement.concluded`: a customer concluded an agreement online.
    AgreementConcluded(AgreementFacts),
    /// `customer.activated`: a customer whom the provider made has chosen a password.
    CustomerActivated {},
    /// `test`: staff tries whether events arrive.
    Test {},
}

impl Event {
    /// Its kind.
    pub const fn kind(&self) -> EventKind {
        match self {
            Self::OrderPlaced(_) => EventKind::OrderPlaced,
            Self::OrderDecided(_) => EventKind::OrderDecided,
            Self::OrderWithdrawn(_) => EventKind::OrderWithdrawn,
            Self::CancellationPlaced(_) => EventKind::CancellationPlaced,
            Self::ContactChanged(_) => EventKind::ContactChanged,
            Self::BillingEmailsChanged(_) => EventKind::BillingEmailsChanged,
            Self::AgreementConcluded(_) => EventKind::AgreementConcluded,
            Self::CustomerActivated {} => EventKind::CustomerActivated,
            Self::Test {} => EventKind::Test,
        }
    }
}

/// What is told of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderFacts {
    /// The order's id.
    pub order_id: Uuid,
    /// The order's number, as the customer sees it and `keyhaus import orders` takes it.
    pub order_number: String,
    /// What it asks for, as the API names it.
    pub order_kind: String,
    /// Where it stands, as the API names it.
    pub state: String,
    /// The contract that it changes or ends; none for a new one.
    pub contract_number: Option<String>,
    /// The provider's own number of the product.
    pub product_code: Option<String>,
    /// The price after it, a decimal in a string.
    pub price: Option<Amount>,
    /// The currency of the price (ISO 4217).
    pub currency: Option<String>,
    /// From which day it shall count, or the last day of a contract that ends.
    pub effective_on: Option<NaiveDate>,
    /// What the customer wrote, or with `order.decided` why staff decided so.
    pub reason: Option<String>,
}

/// What is told of a contact person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContactFacts {
    /// What the person is called.
    pub name: String,
    /// What the person does there.
    pub position: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The telephone number, as typed.
    pub phone: Option<String>,
    /// Street and house number.
    pub street: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// The city.
    pub city: Option<String>,
}

/// What is told of the addresses for invoices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BillingEmailFacts {
    /// The confirmed ones, in their order.
    pub emails: Vec<String>,
}

/// What is told of an agreement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgreementFacts {
    /// The contract that it belongs to.
    pub contract_number: Option<String>,
    /// The provider's own number of the product.
    pub product_code: String,
    /// The version of the template.
    pub version: String,
    /// `DE` or `EN`.
    pub language: String,
    /// The SHA-256 of the PDF, in lower-case hexadecimal digits.
    pub sha256: String,
    /// Who concluded it, and as what.
    pub signer: String,
    /// When, in UTC.
    pub concluded_at: DateTime<Utc>,
}
