//! Keys of devices that others took the place of, sealed: what undoing an import puts back.
use sea_orm::entity::prelude::*;
use shared::id::{DeviceId, KeyImportId};

/// A row of `former_key`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "former_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub device_id: DeviceId,
    /// Such as DEK.
    pub name: String,
    /// Nonce and ciphertext, see `seal`.
    pub sealed: Vec<u8>,
    /// The version of the key-encryption key.
    pub key_version: i32,
    /// The import that it came with.
    pub import_id: KeyImportId,
    /// When it came.
    pub created_at: DateTimeUtc,
    /// The import whose key took its place.
    pub replaced_by: KeyImportId,
}

impl ActiveModelBehavior for ActiveModel {}
