//! The rows of imports that are not done yet, their keys sealed.
use sea_orm::entity::prelude::*;
use shared::{
    device::{RowNote, RowVerdict},
    id::StagedImportId,
};

/// A row of `staged_row`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "staged_row")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: StagedImportId,
    /// The line or the place in the file, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// As written, if it cannot be read.
    pub serial_number: Option<String>,
    pub manufacturer: Option<String>,
    pub model: Option<String>,
    pub verdict: RowVerdict,
    pub note: Option<RowNote>,
    /// The name of the key that verdict or note are about.
    pub key_name: Option<String>,
    /// Whether its key takes the place of the stored one.
    pub replaces: bool,
    /// The device with its keys, sealed; none if the row cannot be read.
    pub sealed: Option<Vec<u8>>,
    /// The version of the key-encryption key.
    pub key_version: i32,
    /// Tells equal keys; of its first key.
    pub fingerprint: Option<Vec<u8>>,
}

impl ActiveModelBehavior for ActiveModel {}
