//! What the list of requests shows, as the address of the page says it.
use crate::{i18n::*, locale::Words, place::Query, ui::Tone};
use shared::device::DealerRequestState;

/// The filter of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestsQuery {
    /// Where they stand.
    pub state: Option<DealerRequestState>,
}

/// The states and their words in an address.
pub const STATES: [(DealerRequestState, &str); 4] = [
    (DealerRequestState::Requested, "requested"),
    (DealerRequestState::Granted, "granted"),
    (DealerRequestState::Rejected, "rejected"),
    (DealerRequestState::Withdrawn, "withdrawn"),
];

/// The state of a word in an address.
pub fn state_of(word: &str) -> Option<DealerRequestState> {
    let found = STATES.into_iter().find(|(_, name)| *name == word);
    found.map(|(state, _)| state)
}

/// The word of a state in an address; empty for all states.
pub fn state_word(state: Option<DealerRequestState>) -> &'static str {
    let found = STATES.into_iter().find(|(known, _)| Some(*known) == state);
    found.map_or("", |(_, name)| name)
}

/// What a state is called.
pub fn state_words(i18n: Words, state: DealerRequestState) -> &'static str {
    match state {
        DealerRequestState::Requested => t_string!(i18n, dealer.requested),
        DealerRequestState::Granted => t_string!(i18n, dealer.granted),
        DealerRequestState::Rejected => t_string!(i18n, dealer.rejected),
        DealerRequestState::Withdrawn => t_string!(i18n, dealer.withdrawn),
    }
}

/// How a state looks.
pub fn tone(state: DealerRequestState) -> Tone {
    match state {
        DealerRequestState::Requested => Tone::Wait,
        DealerRequestState::Granted => Tone::Good,
        DealerRequestState::Rejected => Tone::Bad,
        DealerRequestState::Withdrawn => Tone::Off,
    }
}

impl Query for RequestsQuery {
    const PATH: &'static str = "/office/requests";

    fn read(value: &dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            state: value("state").as_deref().and_then(state_of),
        }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        vec![("state", state_word(self.state).to_owned())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back_as_it_was_written() {
        for (state, word) in STATES {
            let query = RequestsQuery { state: Some(state) };
            assert_eq!(query.pairs(), [("state", word.to_owned())]);
            assert_eq!(RequestsQuery::read(&|_| Some(word.to_owned())), query);
        }
        assert_eq!(RequestsQuery::read(&|_| Some("?".to_owned())), RequestsQuery::default());
    }
}
