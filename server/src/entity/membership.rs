//! Who may act in which account.
use sea_orm::entity::prelude::*;
use shared::{
    account::Rights,
    id::{AccountId, UserId},
};

/// A row of `membership`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "membership")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    pub rights: Rights,
    pub expires_at: Option<DateTimeUtc>,
    /// Since when the member cannot act in the account.
    pub blocked_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
