//! What the list of documents shows, as the address of the page says it, and what kinds are called.
use crate::{i18n::*, locale::Words, place::Query};
use shared::{document::DocumentKind, id::ContractId};

/// The filter of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentQuery {
    /// A part of the title or the file's name.
    pub text: String,
    /// What they are.
    pub kind: Option<DocumentKind>,
    /// Of which contract.
    pub contract: Option<ContractId>,
}

impl Query for DocumentQuery {
    const PATH: &'static str = "/documents";

    fn read(value: &dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            text: value("text").unwrap_or_default(),
            kind: value("kind").and_then(|word| kind_of(&word)),
            contract: value("contract").and_then(|id| id.parse().ok()),
        }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        vec![
            ("text", self.text.clone()),
            ("kind", kind_word(self.kind).to_owned()),
            ("contract", self.contract.map(|id| id.to_string()).unwrap_or_default()),
        ]
    }
}

/// The kind of a word in an address.
pub fn kind_of(word: &str) -> Option<DocumentKind> {
    DocumentKind::ALL
        .into_iter()
        .find(|kind| kind_word(Some(*kind)) == word)
}

/// A kind in an address.
pub fn kind_word(kind: Option<DocumentKind>) -> &'static str {
    match kind {
        None => "",
        Some(DocumentKind::Agreement) => "agreement",
        Some(DocumentKind::Contract) => "contract",
        Some(DocumentKind::Terms) => "terms",
        Some(DocumentKind::Certificate) => "certificate",
        Some(DocumentKind::Letter) => "letter",
        Some(DocumentKind::Other) => "other",
    }
}

/// What a kind is called.
pub fn kind_words(i18n: Words, kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Agreement => t_string!(i18n, document.agreement),
        DocumentKind::Contract => t_string!(i18n, document.contract),
        DocumentKind::Terms => t_string!(i18n, document.terms),
        DocumentKind::Certificate => t_string!(i18n, document.certificate),
        DocumentKind::Letter => t_string!(i18n, document.letter),
        DocumentKind::Other => t_string!(i18n, document.other),
    }
}
