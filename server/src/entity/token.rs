//! Personal access tokens (the act of a program in a user's name).
use sea_orm::entity::prelude::*;
use shared::{
    account::Rights,
    id::{AccountId, TokenId, UserId},
};

/// A row of `token`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "token")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TokenId,
    /// SHA-256 of the token; the token itself is never stored.
    pub token_hash: Vec<u8>,
    pub user_id: UserId,
    /// The one account that it acts in.
    pub account_id: AccountId,
    pub name: String,
    /// At most these rights; at each request no more than the user has.
    pub scopes: Rights,
    /// The last day on which it counts, in UTC.
    pub expires_on: Date,
    pub created_at: DateTimeUtc,
    /// To the minute.
    pub last_used_at: Option<DateTimeUtc>,
    pub last_used_from: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
