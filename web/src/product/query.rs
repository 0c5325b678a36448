//! What the list of contracts shows, as the address of the page says it.
use crate::place::Query;
use shared::product::{ContractOrder, ContractState};

/// The filter and the order of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContractQuery {
    /// A part of product, label or number.
    pub text: String,
    /// Where they stand.
    pub state: Option<ContractState>,
    /// In which order.
    pub order: ContractOrder,
}

/// All states with their words in an address.
pub const STATES: [(ContractState, &str); 4] = [
    (ContractState::Active, "active"),
    (ContractState::Ordered, "ordered"),
    (ContractState::Cancelled, "cancelled"),
    (ContractState::Ended, "ended"),
];

/// All orders with their words in an address; the first one is that of a page that says none.
pub const ORDERS: [(ContractOrder, &str); 4] = [
    (ContractOrder::Number, ""),
    (ContractOrder::NumberLast, "number-last"),
    (ContractOrder::Newest, "newest"),
    (ContractOrder::Oldest, "oldest"),
];

/// The state of a word.
pub fn state_of(word: &str) -> Option<ContractState> {
    STATES
        .into_iter()
        .find(|(_, known)| *known == word)
        .map(|(state, _)| state)
}

/// The word of a state; empty for all.
pub fn state_word(state: Option<ContractState>) -> &'static str {
    let found = STATES.into_iter().find(|(known, _)| Some(*known) == state);
    found.map(|(_, word)| word).unwrap_or_default()
}

/// The order of a word; by number for one that is not known.
pub fn order_of(word: &str) -> ContractOrder {
    let found = ORDERS.into_iter().find(|(_, known)| *known == word);
    found.map(|(order, _)| order).unwrap_or_default()
}

/// The word of an order.
pub fn order_word(order: ContractOrder) -> &'static str {
    let found = ORDERS.into_iter().find(|(known, _)| *known == order);
    found.map(|(_, word)| word).unwrap_or_default()
}

/// How the server spells an order.
pub fn order_name(order: ContractOrder) -> &'static str {
    match order {
        ContractOrder::Number => "NUMBER",
        ContractOrder::NumberLast => "NUMBER_LAST",
        ContractOrder::Newest => "NEWEST",
        ContractOrder::Oldest => "OLDEST",
    }
}

impl Query for ContractQuery {
    const PATH: &'static str = "/products";

    fn read(value: &dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            text: value("text").unwrap_or_default(),
            state: value("state").and_then(|word| state_of(&word)),
            order: value("order").map(|word| order_of(&word)).unwrap_or_default(),
        }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        vec![
            ("text", self.text.clone()),
            ("state", state_word(self.state).to_owned()),
            ("order", order_word(self.order).to_owned()),
        ]
    }

    fn is_filtered(&self) -> bool {
        !self.text.is_empty() || self.state.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn an_address_reads_back_as_it_was_written() {
        let query = ContractQuery {
            text: "Gartenstraße".into(),
            state: Some(ContractState::Cancelled),
            order: ContractOrder::Newest,
        };
        let pairs: HashMap<_, _> = query.pairs().into_iter().collect();
        assert_eq!(ContractQuery::read(&|name| pairs.get(name).cloned()), query);
        let odd = HashMap::from([("state", "maybe"), ("order", "x")]);
        let read = ContractQuery::read(&|name| odd.get(name).map(|&value| value.to_owned()));
        assert_eq!(read, ContractQuery::default());
    }
}
