//! What lies under Dokumente.
use serde::{Deserialize, Serialize};

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(async_graphql::Enum, sea_orm::EnumIter, sea_orm::DeriveActiveEnum)
)]
#[cfg_attr(
    feature = "server",
    sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DocumentKind {
    /// An agreement that was concluded here, with its evidence page.
    Agreement,
    /// A signed contract, an offer that was accepted, or a supplement.
    Contract,
    /// A price list or terms.
    Terms,
    /// A certificate, a record of a measurement, or another proof.
    Certificate,
    /// A letter.
    Letter,
    /// Anything else.
    Other,
}

impl DocumentKind {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 6] = [
        Self::Agreement,
        Self::Contract,
        Self::Terms,
        Self::Certificate,
        Self::Letter,
        Self::Other,
    ];
}

/// The longest title of a document, in characters.
pub const TITLE_MAX: usize = 120;
