//! Files of keys: their bytes until they are fetched, and for good whose mark is whose.
use sea_orm::entity::prelude::*;
use shared::{
    device::KeyExportFormat,
    id::{AccountId, KeyExportId, UserId},
};

/// A row of `key_export`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "key_export")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: KeyExportId,
    pub account_id: AccountId,
    pub user_id: UserId,
    /// The session that may fetch it.
    pub session_hash: Vec<u8>,
    /// What stands in the files and in no others.
    pub mark: String,
    pub format: KeyExportFormat,
    pub device_count: i32,
    pub file_name: String,
    /// Of the whole file, 64 hexadecimal digits.
    pub sha256: String,
    /// Nonce and ciphertext, see `seal`; none once it was fetched or its time was over.
    pub sealed: Option<Vec<u8>>,
    /// The version of the key-encryption key.
    pub key_version: i32,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub fetched_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
