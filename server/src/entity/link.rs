//! Single-use links in mails.
use sea_orm::entity::prelude::*;
use shared::{
    account::Language,
    id::{AccountId, UserId},
    link::LinkPurpose,
};

/// A row of `link`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    /// SHA-256 of the token in the link; the token itself is never stored.
    pub token_hash: Vec<u8>,
    pub purpose: LinkPurpose,
    /// The address that the link was sent to; it counts for nobody else.
    pub email: String,
    /// Whom it is about, if he is a user already.
    pub user_id: Option<UserId>,
    /// The account that it is about.
    pub account_id: Option<AccountId>,
    /// What it lets accept or confirm, by the id of a row: which table follows from the purpose.
    pub object_id: Option<Uuid>,
    /// The language of the mail, for the next one.
    pub language: Language,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
