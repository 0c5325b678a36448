//! Meters and concentrators.
use sea_orm::entity::prelude::*;
use shared::{
    device::{DeviceKind, DeviceProof, Medium},
    id::{AccountId, DeviceId, KeyImportId},
};

/// A row of `device`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "device")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeviceId,
    /// Who holds it: the dealer that imported it.
    pub account_id: AccountId,
    pub kind: DeviceKind,
    /// Three letters.
    pub manufacturer: String,
    /// Eight digits.
    pub serial_number: String,
    pub model: Option<String>,
    pub type_number: Option<String>,
    pub config_number: Option<String>,
    pub order_number: Option<String>,
    pub own_number: Option<String>,
    /// What its holder's telegrams said about its keys.
    pub proof: DeviceProof,
    /// When they said so last.
    pub proven_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    /// The version byte of its address, 0 to 255.
    pub version: Option<i32>,
    pub medium: Option<Medium>,
    /// The import that made it.
    pub import_id: Option<KeyImportId>,
    /// The dealer that passed it on to its holder and may take it back.
    pub passed_by: Option<AccountId>,
}

impl ActiveModelBehavior for ActiveModel {}
