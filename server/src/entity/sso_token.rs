//! Access tokens for what is said of a person at `/userinfo`, and for nothing else.
use sea_orm::entity::prelude::*;
use shared::id::AccountId;

/// A row of `sso_token`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sso_token")]
pub struct Model {
    /// SHA-256 of the token; the token itself is never stored.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: Vec<u8>,
    /// The code that it was made from.
    pub code_hash: Vec<u8>,
    pub visit_id: Uuid,
    pub account_id: AccountId,
    pub scope: String,
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
