//! What the list of deliveries shows, as the address of the page says it, and what kinds and states are called.
use crate::{i18n::*, locale::Words, place::Query, ui::Tone};
use shared::webhook::{DeliveryState, EventKind};

/// The filter of the list of deliveries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryQuery {
    /// Where they stand.
    pub state: Option<DeliveryState>,
}

impl Query for DeliveryQuery {
    const PATH: &'static str = "/office/webhooks";

    fn read(value: &dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            state: value("state").and_then(|word| state_of(&word)),
        }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        vec![("state", state_word(self.state).to_owned())]
    }
}

/// The state of a word in an address.
pub fn state_of(word: &str) -> Option<DeliveryState> {
    DeliveryState::ALL
        .into_iter()
        .find(|state| state_word(Some(*state)) == word)
}

/// The word of a state in an address; empty for all states.
pub fn state_word(state: Option<DeliveryState>) -> &'static str {
    match state {
        Some(DeliveryState::Waiting) => "waiting",
        Some(DeliveryState::Delivered) => "delivered",
        Some(DeliveryState::Failed) => "failed",
        None => "",
    }
}

/// What a state is called.
pub fn state_words(i18n: Words, state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Waiting => t_string!(i18n, webhook.waiting),
        DeliveryState::Delivered => t_string!(i18n, webhook.delivered),
        DeliveryState::Failed => t_string!(i18n, webhook.failed),
    }
}

/// How a state looks.
pub fn tone(state: DeliveryState) -> Tone {
    match state {
        DeliveryState::Waiting => Tone::Wait,
        DeliveryState::Delivered => Tone::Good,
        DeliveryState::Failed => Tone::Bad,
    }
}

/// What a kind of events is called.
pub fn kind_words(i18n: Words, kind: EventKind) -> &'static str {
    match kind {
        EventKind::OrderPlaced => t_string!(i18n, webhook.order_placed),
        EventKind::OrderDecided => t_string!(i18n, webhook.order_decided),
        EventKind::OrderWithdrawn => t_string!(i18n, webhook.order_withdrawn),
        EventKind::CancellationPlaced => t_string!(i18n, webhook.cancellation_placed),
        EventKind::ContactChanged => t_string!(i18n, webhook.contact_changed),
        EventKind::BillingEmailsChanged => t_string!(i18n, webhook.billing_emails_changed),
        EventKind::AgreementConcluded => t_string!(i18n, webhook.agreement_concluded),
        EventKind::CustomerActivated => t_string!(i18n, webhook.customer_activated),
        EventKind::Test => t_string!(i18n, webhook.test),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn an_address_reads_back_as_it_was_written() {
        let query = DeliveryQuery {
            state: Some(DeliveryState::Failed),
        };
        let pairs: HashMap<_, _> = query.pairs().into_iter().collect();
        assert_eq!(DeliveryQuery::read(&|name| pairs.get(name).cloned()), query);
        assert!(!DeliveryQuery::read(&|_| Some("x".to_owned())).is_filtered());
    }
}
