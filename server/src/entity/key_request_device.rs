//! The devices of a request for keys.
use sea_orm::entity::prelude::*;
use shared::id::{DeviceId, KeyRequestId};

/// A row of `key_request_device`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "key_request_device")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: KeyRequestId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub device_id: DeviceId,
}

impl ActiveModelBehavior for ActiveModel {}
