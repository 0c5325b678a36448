//! What the office's lists of invoices show, as the address of the page says it, and what states are called.
use crate::{i18n::*, locale::Words, place::Query, ui::Tone};
use shared::invoice::{BuyerTerm, IntakeState, InvoiceStand};

/// The filter of the list of invoices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfficeInvoiceQuery {
    /// A part of number, buyer or file name.
    pub text: String,
    /// Where they stand.
    pub stand: Option<InvoiceStand>,
    /// The number of their customer.
    pub customer: String,
}

impl Query for OfficeInvoiceQuery {
    const PATH: &'static str = "/office/invoices";

    fn read(value: &dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            text: value("text").unwrap_or_default(),
            stand: value("stand").and_then(|word| stand_of(&word)),
            customer: value("customer").unwrap_or_default(),
        }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        vec![
            ("text", self.text.clone()),
            ("stand", self.stand.map(stand_word).unwrap_or_default().to_owned()),
            ("customer", self.customer.clone()),
        ]
    }
}

/// All places where an invoice may stand.
pub const STANDS: [InvoiceStand; 3] = [InvoiceStand::Unmatched, InvoiceStand::Held, InvoiceStand::Published];

/// The place of a word in an address.
pub fn stand_of(word: &str) -> Option<InvoiceStand> {
    STANDS.into_iter().find(|stand| stand_word(*stand) == word)
}

/// The word of a place in an address.
pub fn stand_word(stand: InvoiceStand) -> &'static str {
    match stand {
        InvoiceStand::Unmatched => "unmatched",
        InvoiceStand::Held => "held",
        InvoiceStand::Published => "published",
    }
}

/// What a place is called.
pub fn stand_words(i18n: Words, stand: InvoiceStand) -> &'static str {
    match stand {
        InvoiceStand::Unmatched => t_string!(i18n, bills.unmatched),
        InvoiceStand::Held => t_string!(i18n, bills.held),
        InvoiceStand::Published => t_string!(i18n, bills.published),
    }
}

/// How a place looks.
pub fn stand_tone(stand: InvoiceStand) -> Tone {
    match stand {
        InvoiceStand::Unmatched => Tone::Warn,
        InvoiceStand::Held => Tone::Wait,
        InvoiceStand::Published => Tone::Good,
    }
}

/// The filter of the files that came in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IntakeQuery {
    /// What became of them.
    pub state: Option<IntakeState>,
}

impl Query for IntakeQuery {
    const PATH: &'static str = "/office/invoices/intake";

    fn read(value: &dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            state: value("state").and_then(|word| state_of(&word)),
        }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        vec![("state", self.state.map(state_word).unwrap_or_default().to_owned())]
    }
}

/// The state of a word in an address.
pub fn state_of(word: &str) -> Option<IntakeState> {
    IntakeState::ALL.into_iter().find(|state| state_word(*state) == word)
}

/// The word of a state in an address.
pub fn state_word(state: IntakeState) -> &'static str {
    match state {
        IntakeState::Waiting => "waiting",
        IntakeState::Unpacked => "unpacked",
        IntakeState::Imported => "imported",
        IntakeState::Held => "held",
        IntakeState::Unmatched => "unmatched",
        IntakeState::AlreadyThere => "there",
        IntakeState::Conflict => "conflict",
        IntakeState::Replaced => "replaced",
        IntakeState::Kept => "kept",
        IntakeState::Refused => "refused",
    }
}

/// What a state is called.
pub fn state_words(i18n: Words, state: IntakeState) -> &'static str {
    match state {
        IntakeState::Waiting => t_string!(i18n, bills.waiting),
        IntakeState::Unpacked => t_string!(i18n, bills.unpacked),
        IntakeState::Imported => t_string!(i18n, bills.imported),
        IntakeState::Held => t_string!(i18n, bills.held),
        IntakeState::Unmatched => t_string!(i18n, bills.unmatched),
        IntakeState::AlreadyThere => t_string!(i18n, bills.there),
        IntakeState::Conflict => t_string!(i18n, bills.conflict),
        IntakeState::Replaced => t_string!(i18n, bills.replaced),
        IntakeState::Kept => t_string!(i18n, bills.kept),
        IntakeState::Refused => t_string!(i18n, bills.refused),
    }
}

/// How a state looks.
pub fn state_tone(state: IntakeState) -> Tone {
    match state {
        IntakeState::Waiting | IntakeState::Held => Tone::Wait,
        IntakeState::Imported | IntakeState::Replaced => Tone::Good,
        IntakeState::Unpacked | IntakeState::AlreadyThere | IntakeState::Kept => Tone::Off,
        IntakeState::Unmatched => Tone::Warn,
        IntakeState::Conflict | IntakeState::Refused => Tone::Bad,
    }
}

/// What a part of an invoice is called.
pub fn term_words(i18n: Words, term: BuyerTerm) -> &'static str {
    match term {
        BuyerTerm::BuyerId => t_string!(i18n, bills.buyer_id),
        BuyerTerm::BuyerReference => t_string!(i18n, bills.buyer_reference),
        BuyerTerm::VatId => t_string!(i18n, bills.vat_id),
        BuyerTerm::ElectronicAddress => t_string!(i18n, bills.electronic_address),
        BuyerTerm::ContractReference => t_string!(i18n, bills.contract_reference),
    }
}

/// The word of a part in a form.
pub fn term_word(term: BuyerTerm) -> &'static str {
    match term {
        BuyerTerm::BuyerId => "buyer-id",
        BuyerTerm::BuyerReference => "buyer-reference",
        BuyerTerm::VatId => "vat-id",
        BuyerTerm::ElectronicAddress => "electronic-address",
        BuyerTerm::ContractReference => "contract",
    }
}

/// The part of a word in a form.
pub fn term_of(word: &str) -> Option<BuyerTerm> {
    BuyerTerm::ALL.into_iter().find(|term| term_word(*term) == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn addresses_read_back_as_they_were_written() {
        let query = OfficeInvoiceQuery {
            text: "RE-1".into(),
            stand: Some(InvoiceStand::Held),
            customer: "104233".into(),
        };
        let pairs: HashMap<_, _> = query.pairs().into_iter().collect();
        assert_eq!(OfficeInvoiceQuery::read(&|name| pairs.get(name).cloned()), query);
        for state in IntakeState::ALL {
            assert_eq!(state_of(state_word(state)), Some(state));
        }
        for term in BuyerTerm::ALL {
            assert_eq!(term_of(term_word(term)), Some(term));
        }
        assert_eq!((state_of("x"), stand_of(""), term_of("")), (None, None, None));
    }
}
