//! How many devices an account holds of each order, model and kind.
use sea_orm::entity::prelude::*;
use shared::{device::DeviceKind, id::AccountId};

/// A row of `device_count`. The database keeps it by triggers on `device`; nothing else writes it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "device_count")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Empty for devices without an order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_number: String,
    /// Empty for devices without a model.
    #[sea_orm(primary_key, auto_increment = false)]
    pub model: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: DeviceKind,
    /// How many devices.
    pub count: i64,
}

impl ActiveModelBehavior for ActiveModel {}
