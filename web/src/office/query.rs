//! What the list of customers shows, as the address of the page says it, and what states are called.
use crate::{i18n::*, locale::Words, place::Query, ui::Tone};
use shared::{customer::CustomerState, id::WaveId};

/// The filter of the list of customers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerQuery {
    /// A part of number, name or address.
    pub text: String,
    /// How far they have come.
    pub state: Option<CustomerState>,
    /// In which wave they were last.
    pub wave: Option<WaveId>,
}

impl Query for CustomerQuery {
    const PATH: &'static str = "/customers";

    fn read(value: &dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            text: value("text").unwrap_or_default(),
            state: value("state").and_then(|word| state_of(&word)),
            wave: value("wave").and_then(|id| id.parse().ok()),
        }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        vec![
            ("text", self.text.clone()),
            ("state", state_word(self.state).to_owned()),
            ("wave", self.wave.map(|id| id.to_string()).unwrap_or_default()),
        ]
    }
}

/// The state of a word in an address.
pub fn state_of(word: &str) -> Option<CustomerState> {
    CustomerState::ALL
        .into_iter()
        .find(|state| state_word(Some(*state)) == word)
}

/// The word of a state in an address; empty for all states.
pub fn state_word(state: Option<CustomerState>) -> &'static str {
    match state {
        Some(CustomerState::Prepared) => "prepared",
        Some(CustomerState::Mailed) => "mailed",
        Some(CustomerState::Bounced) => "bounced",
        Some(CustomerState::Activated) => "activated",
        None => "",
    }
}

/// What a state is called.
pub fn state_words(i18n: Words, state: CustomerState) -> &'static str {
    match state {
        CustomerState::Prepared => t_string!(i18n, office.prepared),
        CustomerState::Mailed => t_string!(i18n, office.mailed),
        CustomerState::Bounced => t_string!(i18n, office.bounced),
        CustomerState::Activated => t_string!(i18n, office.activated),
    }
}

/// How a state looks.
pub fn tone(state: CustomerState) -> Tone {
    match state {
        CustomerState::Prepared => Tone::Off,
        CustomerState::Mailed => Tone::Wait,
        CustomerState::Bounced => Tone::Bad,
        CustomerState::Activated => Tone::Good,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn an_address_reads_back_as_it_was_written() {
        let query = CustomerQuery {
            text: "Öztürk".into(),
            state: Some(CustomerState::Bounced),
            wave: Some(WaveId(uuid::Uuid::from_u128(7))),
        };
        let pairs: HashMap<_, _> = query.pairs().into_iter().collect();
        assert_eq!(CustomerQuery::read(&|name| pairs.get(name).cloned()), query);
        let pairs = HashMap::from([("state", "maybe"), ("wave", "x")]);
        let query = CustomerQuery::read(&|name| pairs.get(name).map(|&value| value.to_owned()));
        assert!(!query.is_filtered());
    }
}
