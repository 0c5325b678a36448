//! What the lists of the office show, as the addresses of their pages say it.
use crate::{
    document::query::{kind_of, kind_word},
    place::Query,
};
use shared::document::DocumentKind;

/// The filter of the contracts that are asked for an agreement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgreementQuery {
    /// A part of the contract's number, or of the customer's name or number.
    pub text: String,
    /// Whether the version that is asked for is concluded.
    pub is_concluded: Option<bool>,
}

impl Query for AgreementQuery {
    const PATH: &'static str = "/office/agreements";

    fn read(value: &dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            text: value("text").unwrap_or_default(),
            is_concluded: value("state").and_then(|word| concluded_of(&word)),
        }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        vec![
            ("text", self.text.clone()),
            ("state", concluded_word(self.is_concluded).to_owned()),
        ]
    }
}

/// What a word of an address says.
pub fn concluded_of(word: &str) -> Option<bool> {
    match word {
        "concluded" => Some(true),
        "missing" => Some(false),
        _ => None,
    }
}

/// The state in an address.
pub fn concluded_word(is_concluded: Option<bool>) -> &'static str {
    match is_concluded {
        None => "",
        Some(true) => "concluded",
        Some(false) => "missing",
    }
}

/// The filter of the documents of all customers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfficeDocumentQuery {
    /// A part of the title, the file's name, the customer's name or number.
    pub text: String,
    /// What they are.
    pub kind: Option<DocumentKind>,
}

impl Query for OfficeDocumentQuery {
    const PATH: &'static str = "/office/documents";

    fn read(value: &dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            text: value("text").unwrap_or_default(),
            kind: value("kind").and_then(|word| kind_of(&word)),
        }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        vec![("text", self.text.clone()), ("kind", kind_word(self.kind).to_owned())]
    }
}
