//! Webhooks as both sides name them: the kinds of events, and where a delivery stands.
use serde::{Deserialize, Serialize};

/// What other systems can be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(async_graphql::Enum, sea_orm::EnumIter, sea_orm::DeriveActiveEnum)
)]
#[cfg_attr(
    feature = "server",
    sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventKind {
    /// A customer ordered something, or a change.
    OrderPlaced,
    /// Staff confirmed, rejected or finished an order.
    OrderDecided,
    /// A customer took an order back.
    OrderWithdrawn,
    /// Somebody cancelled a contract, or withdrew from one.
    CancellationPlaced,
    /// Whom to turn to about an account's contracts has changed.
    ContactChanged,
    /// Where an account's invoices are mailed to has changed.
    BillingEmailsChanged,
    /// A customer concluded an agreement.
    AgreementConcluded,
    /// A customer chose a password for the first time.
    CustomerActivated,
    /// Staff tries whether events arrive.
    Test,
}

impl EventKind {
    /// Every kind that an endpoint can ask for, in the order of their bits. A test goes to whichever is tried.
    pub const ALL: [Self; 8] = [
        Self::OrderPlaced,
        Self::OrderDecided,
        Self::OrderWithdrawn,
        Self::CancellationPlaced,
        Self::ContactChanged,
        Self::BillingEmailsChanged,
        Self::AgreementConcluded,
        Self::CustomerActivated,
    ];

    const fn bit(self) -> i32 {
        1 << self as i32
    }

    /// The value of `type` in what is sent.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OrderPlaced => "order.placed",
            Self::OrderDecided => "order.decided",
            Self::OrderWithdrawn => "order.withdrawn",
            Self::CancellationPlaced => "cancellation.placed",
            Self::ContactChanged => "contact.changed",
            Self::BillingEmailsChanged => "billing_emails.changed",
            Self::AgreementConcluded => "agreement.concluded",
            Self::CustomerActivated => "customer.activated",
            Self::Test => "test",
        }
    }
}

/// A set of kinds, stored as one number: bit n is the n-th of [`EventKind::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(sea_orm::DeriveValueType))]
#[serde(transparent)]
pub struct EventKinds(pub i32);

impl EventKinds {
    /// The set of exactly these kinds.
    pub fn of(kinds: &[EventKind]) -> Self {
        Self(kinds.iter().fold(0, |bits, kind| bits | kind.bit()))
    }

    /// Whether a kind is in the set.
    pub fn has(self, kind: EventKind) -> bool {
        self.0 & kind.bit() != 0
    }

    /// The kinds in the set.
    pub fn to_vec(self) -> Vec<EventKind> {
        EventKind::ALL.into_iter().filter(|kind| self.has(*kind)).collect()
    }
}

/// Where the delivery of an event to one endpoint stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeliveryState {
    /// Waits for its first or its next try.
    Waiting,
    /// The endpoint took it.
    Delivered,
    /// Given up after the last try.
    Failed,
}

impl DeliveryState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Delivered, Self::Failed];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_gives_back_the_kinds_it_was_made_of() {
        for kind in EventKind::ALL {
            assert_eq!(EventKinds::of(&[kind]).to_vec(), [kind]);
        }
        let two = EventKinds::of(&[EventKind::ContactChanged, EventKind::OrderPlaced]);
        assert_eq!(two.to_vec(), [EventKind::OrderPlaced, EventKind::ContactChanged]);
        assert!(!two.has(EventKind::Test));
    }

    #[test]
    fn every_kind_has_its_own_bit_and_name() {
        let mut names: Vec<_> = EventKind::ALL.iter().map(|kind| kind.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), EventKind::ALL.len());
        assert_eq!(EventKinds::of(&EventKind::ALL).0, 0xFF);
    }
}
