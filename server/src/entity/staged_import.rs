//! Imports of keys that are looked at and not done yet.
use sea_orm::entity::prelude::*;
use shared::{
    device::{KeyFileFormat, StagedImportState},
    id::{AccountId, FileId, StagedImportId, UserId},
};

/// A row of `staged_import`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "staged_import")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StagedImportId,
    pub account_id: AccountId,
    /// Whose it is; nobody else sees it.
    pub user_id: UserId,
    pub file_id: FileId,
    pub file_name: String,
    pub sha256: String,
    pub format: KeyFileFormat,
    pub order_number: Option<String>,
    /// How the lines are read, as JSON; none for KEM and JSON.
    pub layout: Option<String>,
    /// The password of a KEM file, sealed.
    pub sealed: Option<Vec<u8>>,
    /// The version of the key-encryption key.
    pub key_version: Option<i32>,
    pub state: StagedImportState,
    /// Goes up by one each time that the rows are judged anew.
    pub generation: i32,
    pub judged_count: i32,
    pub row_count: i32,
    pub created_at: DateTimeUtc,
    /// When it is dropped by itself.
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
