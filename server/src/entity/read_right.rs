//! The devices of an assignment.
use sea_orm::entity::prelude::*;
use shared::id::{AssignmentId, DeviceId};

/// A row of `read_right`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "read_right")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub assignment_id: AssignmentId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub device_id: DeviceId,
}

impl ActiveModelBehavior for ActiveModel {}
