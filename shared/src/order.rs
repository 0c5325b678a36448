//! Orders as both sides name them.
use serde::{Deserialize, Serialize};

/// What an order asks for.
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
pub enum OrderKind {
    /// A further product.
    NewProduct,
    /// An option to a contract: a further product that belongs to it.
    Option,
    /// Another product instead of a contract's.
    Change,
    /// The end of a contract by notice.
    Cancellation,
    /// The revocation of a contract within the withdrawal period (Directive (EU) 2023/2673, Article 11a).
    Revocation,
}

impl OrderKind {
    /// Whether it obliges the customer to pay: its button says so (BGB § 312j para. 3).
    pub fn is_paid(self) -> bool {
        matches!(self, Self::NewProduct | Self::Option | Self::Change)
    }

    /// As the API spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::NewProduct => "NEW_PRODUCT",
            Self::Option => "OPTION",
            Self::Change => "CHANGE",
            Self::Cancellation => "CANCELLATION",
            Self::Revocation => "REVOCATION",
        }
    }
}

/// Where an order stands.
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
pub enum OrderState {
    /// Arrived; nobody has decided.
    Placed,
    /// The provider agreed; its day has not come.
    Confirmed,
    /// The provider declined, with a reason.
    Rejected,
    /// In effect.
    Done,
    /// Taken back by the customer before anybody decided.
    Withdrawn,
}

impl OrderState {
    /// As the API spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Placed => "PLACED",
            Self::Confirmed => "CONFIRMED",
            Self::Rejected => "REJECTED",
            Self::Done => "DONE",
            Self::Withdrawn => "WITHDRAWN",
        }
    }
}

/// How an order came.
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
pub enum OrderSource {
    /// By somebody who was signed in.
    Portal,
    /// By one of the two buttons of the law, without signing in: who it was is what he wrote.
    LegalButton,
    /// By an import from another system.
    Import,
}

/// What staff decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Decision {
    /// It shall be done.
    Confirm,
    /// It shall not be done.
    Reject,
}
