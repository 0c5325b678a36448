//! What lists of orders show, as the address of the page says it, and what states and kinds are called.
use crate::{i18n::*, locale::Words, place::Query, ui::Tone};
use shared::{
    id::ContractId,
    order::{OrderKind, OrderState},
};

/// All states, in the order in which an order goes through them.
pub const STATES: [OrderState; 5] = [
    OrderState::Placed,
    OrderState::Confirmed,
    OrderState::Done,
    OrderState::Rejected,
    OrderState::Withdrawn,
];

/// The filter of one's own orders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderQuery {
    /// Where they stand.
    pub state: Option<OrderState>,
    /// About which contract.
    pub contract: Option<ContractId>,
}

impl Query for OrderQuery {
    const PATH: &'static str = "/orders";

    fn read(value: &dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            state: value("state").and_then(|word| state_of(&word)),
            contract: value("contract").and_then(|id| id.parse().ok()),
        }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        vec![
            ("state", state_word(self.state).to_owned()),
            ("contract", self.contract.map(|id| id.to_string()).unwrap_or_default()),
        ]
    }
}

/// The filter of the office's list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfficeQuery {
    /// A part of number, customer or declaration.
    pub text: String,
    /// Where they stand.
    pub state: Option<OrderState>,
    /// Only declarations of which nobody knows whose they are.
    pub is_unmatched: bool,
    /// Only those whose receipt did not arrive.
    pub is_undelivered: bool,
}

impl Query for OfficeQuery {
    const PATH: &'static str = "/office/orders";

    fn read(value: &dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            text: value("text").unwrap_or_default(),
            state: value("state").and_then(|word| state_of(&word)),
            is_unmatched: value("unmatched").is_some(),
            is_undelivered: value("undelivered").is_some(),
        }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let word = |is_so| if is_so { "1" } else { "" }.to_owned();
        vec![
            ("text", self.text.clone()),
            ("state", state_word(self.state).to_owned()),
            ("unmatched", word(self.is_unmatched)),
            ("undelivered", word(self.is_undelivered)),
        ]
    }
}

/// The state of a word in an address.
pub fn state_of(word: &str) -> Option<OrderState> {
    STATES.into_iter().find(|state| state_word(Some(*state)) == word)
}

/// The word of a state in an address; empty for all states.
pub fn state_word(state: Option<OrderState>) -> &'static str {
    match state {
        Some(OrderState::Placed) => "placed",
        Some(OrderState::Confirmed) => "confirmed",
        Some(OrderState::Rejected) => "rejected",
        Some(OrderState::Done) => "done",
        Some(OrderState::Withdrawn) => "withdrawn",
        None => "",
    }
}

/// What a state is called.
pub fn state_words(i18n: Words, state: OrderState) -> &'static str {
    match state {
        OrderState::Placed => t_string!(i18n, order.placed),
        OrderState::Confirmed => t_string!(i18n, order.confirmed),
        OrderState::Rejected => t_string!(i18n, order.rejected),
        OrderState::Done => t_string!(i18n, order.done),
        OrderState::Withdrawn => t_string!(i18n, order.withdrawn),
    }
}

/// How a state looks.
pub fn tone(state: OrderState) -> Tone {
    match state {
        OrderState::Placed | OrderState::Confirmed => Tone::Wait,
        OrderState::Rejected => Tone::Bad,
        OrderState::Done => Tone::Good,
        OrderState::Withdrawn => Tone::Off,
    }
}

/// What a kind is called.
pub fn kind_words(i18n: Words, kind: OrderKind) -> &'static str {
    match kind {
        OrderKind::NewProduct => t_string!(i18n, order.new_product),
        OrderKind::Option => t_string!(i18n, order.option),
        OrderKind::Change => t_string!(i18n, order.change),
        OrderKind::Cancellation => t_string!(i18n, order.cancellation),
        OrderKind::Revocation => t_string!(i18n, order.revocation),
    }
}

/// All states to choose from, with one for all of them.
pub fn state_options(i18n: Words) -> Vec<(String, String)> {
    let all = (String::new(), t_string!(i18n, office.all_states).to_owned());
    let state = |state| (state_word(Some(state)).to_owned(), state_words(i18n, state).to_owned());
    std::iter::once(all).chain(STATES.map(state)).collect()
}
