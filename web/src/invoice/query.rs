//! What the list of invoices shows, as the address of the page says it.
use crate::place::Query;
use shared::{
    id::ContractId,
    invoice::{InvoiceKind, InvoiceOrder, InvoiceState},
};

/// About which product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProductChoice {
    /// About this contract.
    Of(ContractId),
    /// About none that the portal knows.
    Without,
}

impl ProductChoice {
    /// The contract, where it is one.
    pub fn contract(self) -> Option<ContractId> {
        match self {
            Self::Of(id) => Some(id),
            Self::Without => None,
        }
    }
}

/// The product of a word in an address.
pub fn product_of(word: &str) -> Option<ProductChoice> {
    match word {
        "none" => Some(ProductChoice::Without),
        id => id.parse().ok().map(|id| ProductChoice::Of(ContractId(id))),
    }
}

/// The word of a product in an address; empty for all.
pub fn product_word(product: Option<ProductChoice>) -> String {
    match product {
        Some(ProductChoice::Of(id)) => id.to_string(),
        Some(ProductChoice::Without) => "none".to_owned(),
        None => String::new(),
    }
}

/// The orders of the list with their words in an address; newest first has none.
pub const ORDERS: [(InvoiceOrder, &str); 8] = [
    (InvoiceOrder::Newest, ""),
    (InvoiceOrder::Oldest, "oldest"),
    (InvoiceOrder::FirstDue, "first-due"),
    (InvoiceOrder::LastDue, "last-due"),
    (InvoiceOrder::NumberUp, "number"),
    (InvoiceOrder::NumberDown, "number-down"),
    (InvoiceOrder::AmountDown, "largest"),
    (InvoiceOrder::AmountUp, "smallest"),
];

/// The order of a word in an address.
pub fn order_of(word: &str) -> InvoiceOrder {
    let known = ORDERS.iter().find(|(_, known)| *known == word);
    known.map_or(InvoiceOrder::Newest, |(order, _)| *order)
}

/// The word of an order in an address.
pub fn order_word(order: InvoiceOrder) -> &'static str {
    ORDERS
        .iter()
        .find(|(known, _)| *known == order)
        .map_or("", |(_, word)| word)
}

/// The filter of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InvoiceQuery {
    /// A part of the number or of another text.
    pub text: String,
    /// The year that it was written in.
    pub year: Option<i32>,
    /// Where it stands.
    pub state: Option<InvoiceState>,
    /// What it is.
    pub kind: Option<InvoiceKind>,
    /// What it is about.
    pub product: Option<ProductChoice>,
    /// In which order.
    pub order: InvoiceOrder,
}

impl InvoiceQuery {
    /// The filter as the address of a download says it.
    pub fn download(&self) -> Vec<(&'static str, String)> {
        let state = match self.state {
            Some(InvoiceState::Due) => "DUE",
            Some(InvoiceState::PastDue) => "PAST_DUE",
            Some(InvoiceState::Settled) => "SETTLED",
            None => "",
        };
        let kind = match self.kind {
            Some(InvoiceKind::Invoice) => "INVOICE",
            Some(InvoiceKind::CreditNote) => "CREDIT_NOTE",
            Some(InvoiceKind::Correction) => "CORRECTION",
            None => "",
        };
        vec![
            ("text", self.text.trim().to_owned()),
            ("year", self.year.map(|year| year.to_string()).unwrap_or_default()),
            ("state", state.to_owned()),
            ("kind", kind.to_owned()),
            (
                "contract",
                self.product
                    .and_then(ProductChoice::contract)
                    .map(|id| id.to_string())
                    .unwrap_or_default(),
            ),
            (
                "without_contract",
                if self.product == Some(ProductChoice::Without) {
                    "true".to_owned()
                } else {
                    String::new()
                },
            ),
        ]
    }
}

impl Query for InvoiceQuery {
    const PATH: &'static str = "/invoices";

    fn read(value: &dyn Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| value(name).unwrap_or_default();
        Self {
            text: searchable(&text("text")),
            year: text("year").parse().ok().filter(|year| (1900..=9999).contains(year)),
            state: state_of(&text("state")),
            kind: kind_of(&text("kind")),
            product: product_of(&text("product")),
            order: order_of(&text("order")),
        }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        vec![
            ("text", self.text.clone()),
            ("year", self.year.map(|year| year.to_string()).unwrap_or_default()),
            ("state", state_word(self.state).to_owned()),
            ("kind", kind_word(self.kind).to_owned()),
            ("product", product_word(self.product)),
            ("order", order_word(self.order).to_owned()),
        ]
    }

    fn is_filtered(&self) -> bool {
        let ordered = Self {
            order: self.order,
            ..Self::default()
        };
        *self != ordered
    }
}

/// As much of a text as the server searches for.
pub fn searchable(text: &str) -> String {
    text.chars().take(100).collect()
}

/// The state of a word in an address.
pub fn state_of(word: &str) -> Option<InvoiceState> {
    match word {
        "due" => Some(InvoiceState::Due),
        "past-due" => Some(InvoiceState::PastDue),
        "settled" => Some(InvoiceState::Settled),
        _ => None,
    }
}

/// The word of a state in an address; empty for all.
pub fn state_word(state: Option<InvoiceState>) -> &'static str {
    match state {
        Some(InvoiceState::Due) => "due",
        Some(InvoiceState::PastDue) => "past-due",
        Some(InvoiceState::Settled) => "settled",
        None => "",
    }
}

/// The kind of a word in an address.
pub fn kind_of(word: &str) -> Option<InvoiceKind> {
    match word {
        "invoice" => Some(InvoiceKind::Invoice),
        "credit-note" => Some(InvoiceKind::CreditNote),
        "correction" => Some(InvoiceKind::Correction),
        _ => None,
    }
}

/// The word of a kind in an address; empty for all.
pub fn kind_word(kind: Option<InvoiceKind>) -> &'static str {
    match kind {
        Some(InvoiceKind::Invoice) => "invoice",
        Some(InvoiceKind::CreditNote) => "credit-note",
        Some(InvoiceKind::Correction) => "correction",
        None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn an_address_reads_back_as_it_was_written() {
        let query = InvoiceQuery {
            text: "RE-2026".into(),
            year: Some(2026),
            state: Some(InvoiceState::PastDue),
            kind: Some(InvoiceKind::CreditNote),
            product: Some(ProductChoice::Without),
            order: InvoiceOrder::AmountDown,
        };
        let pairs: HashMap<_, _> = query.pairs().into_iter().collect();
        assert_eq!(InvoiceQuery::read(&|name| pairs.get(name).cloned()), query);
    }

    #[test]
    fn what_an_address_does_not_mean_is_left_out() {
        let pairs = HashMap::from([
            ("year", "-4"),
            ("state", "lost"),
            ("kind", "letter"),
            ("product", "x"),
            ("order", "y"),
        ]);
        let query = InvoiceQuery::read(&|name| pairs.get(name).map(|&value| value.to_owned()));
        assert_eq!(query, InvoiceQuery::default());
    }
}
