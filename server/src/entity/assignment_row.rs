//! The rows of lists of read rights.
use sea_orm::entity::prelude::*;
use shared::{
    device::AssignmentVerdict,
    id::{AssignmentId, AssignmentImportId, DeviceId},
};

/// A row of `assignment_row`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment_row")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: AssignmentImportId,
    /// The line of the file, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// The device as the file names it.
    pub device: String,
    /// The device, if the dealer holds it.
    pub device_id: Option<DeviceId>,
    /// The address; as written if it is none.
    pub email: String,
    pub starts_on: Option<Date>,
    pub until: Option<Date>,
    pub verify_only: bool,
    pub note: Option<String>,
    pub verdict: AssignmentVerdict,
    /// What it became.
    pub assignment_id: Option<AssignmentId>,
}

impl ActiveModelBehavior for ActiveModel {}
