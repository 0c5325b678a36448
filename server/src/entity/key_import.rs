//! Imports of device keys: where each key came from.
use sea_orm::entity::prelude::*;
use shared::id::{AccountId, KeyImportId, UserId};

/// A row of `key_import`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "key_import")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: KeyImportId,
    pub account_id: AccountId,
    pub user_id: UserId,
    pub file_name: String,
    pub sha256: String,
    pub order_number: Option<String>,
    pub new_count: i32,
    pub same_count: i32,
    pub skipped_count: i32,
    pub created_at: DateTimeUtc,
    /// How many keys took the place of others.
    pub replaced_count: i32,
    /// When it was undone.
    pub undone_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
