//! Who has seen, taken and proved which key, and when. Rows are only ever added.
use sea_orm::entity::prelude::*;
use shared::{
    device::KeyUse,
    id::{AccountId, DeviceId, KeyRequestId, UserId},
};

/// A row of `key_use`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "key_use")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: UserId,
    /// The account that the person acted in.
    pub account_id: AccountId,
    pub device_id: DeviceId,
    /// The key's name, such as DEK.
    pub name: String,
    pub how: KeyUse,
    /// The request that allowed it; none for what the quota allows.
    pub request_id: Option<KeyRequestId>,
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
