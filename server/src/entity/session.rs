//! Signed-in browsers.
use sea_orm::entity::prelude::*;
use shared::id::{AccountId, UserId};

/// A row of `session`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    /// SHA-256 of the token in the cookie; the token itself is never stored.
    pub token_hash: Vec<u8>,
    pub user_id: UserId,
    /// The account in view.
    pub account_id: Option<AccountId>,
    pub created_at: DateTimeUtc,
    pub last_seen_at: DateTimeUtc,
    /// When the person last proved who they are; risky acts need it to be recent.
    pub authenticated_at: DateTimeUtc,
    pub user_agent: Option<String>,
    pub ip: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
