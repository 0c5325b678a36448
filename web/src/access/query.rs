//! What the list of read rights shows, as the address of the page says it.
use crate::{meter::digits, place::Query};
use shared::device::ReadRightState;

/// The filter of the list of read rights.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RightsQuery {
    /// Where they stand.
    pub state: Option<ReadRightState>,
    /// A part of the address.
    pub email: String,
    /// The beginning of a serial number.
    pub serial: String,
}

/// The states and their words in an address.
pub const STATES: [(ReadRightState, &str); 5] = [
    (ReadRightState::Pending, "pending"),
    (ReadRightState::Upcoming, "upcoming"),
    (ReadRightState::Active, "active"),
    (ReadRightState::Ended, "ended"),
    (ReadRightState::Revoked, "revoked"),
];

/// The state of a word in an address.
pub fn state_of(word: &str) -> Option<ReadRightState> {
    STATES
        .into_iter()
        .find(|(_, name)| *name == word)
        .map(|(state, _)| state)
}

/// The word of a state in an address; empty for all states.
pub fn state_word(state: Option<ReadRightState>) -> &'static str {
    let found = STATES.into_iter().find(|(known, _)| Some(*known) == state);
    found.map_or("", |(_, name)| name)
}

impl Query for RightsQuery {
    const PATH: &'static str = "/read-rights";

    fn read(value: &dyn Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| value(name).unwrap_or_default();
        Self {
            state: state_of(&text("state")),
            email: text("email"),
            serial: digits(&text("serial")),
        }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        vec![
            ("state", state_word(self.state).to_owned()),
            ("email", self.email.clone()),
            ("serial", self.serial.clone()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn an_address_reads_back_as_it_was_written() {
        let query = RightsQuery {
            state: Some(ReadRightState::Revoked),
            email: "anna@".into(),
            serial: "7634".into(),
        };
        let pairs: HashMap<_, _> = query.pairs().into_iter().collect();
        assert_eq!(RightsQuery::read(&|name| pairs.get(name).cloned()), query);
        assert_eq!(RightsQuery::read(&|_| Some("?".into())).state, None);
    }
}
