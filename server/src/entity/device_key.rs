//! The keys of devices, sealed.
use sea_orm::entity::prelude::*;
use shared::id::{DeviceId, KeyImportId};

/// A row of `device_key`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "device_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub device_id: DeviceId,
    #[sea_orm(primary_key, auto_increment = false)]
    /// Such as DEK.
    pub name: String,
    /// Nonce and ciphertext, see `seal`.
    pub sealed: Vec<u8>,
    /// The version of the key-encryption key.
    pub key_version: i32,
    pub import_id: KeyImportId,
    pub created_at: DateTimeUtc,
    /// Tells equal keys without opening them, see `seal::Keyring::fingerprint`.
    pub fingerprint: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
