//! Keys that sign what other places believe of us.
use sea_orm::entity::prelude::*;

/// A row of `sso_key`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sso_key")]
pub struct Model {
    /// The newest one signs; of two processes that make the next one, one is refused by this number.
    #[sea_orm(primary_key, auto_increment = false)]
    pub generation: i32,
    /// Its name in public (`kid`).
    pub id: Uuid,
    /// The point on P-256, uncompressed (SEC 1 section 2.3.3): 65 bytes.
    pub public_key: Vec<u8>,
    /// The private number, sealed; gone when the key was replaced.
    pub sealed: Option<Vec<u8>>,
    /// The version of the key-encryption key.
    pub key_version: Option<i32>,
    pub created_at: DateTimeUtc,
    pub replaced_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
