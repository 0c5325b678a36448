//! Waves, in which access was sent to customers.
use sea_orm::entity::prelude::*;
use shared::id::{UserId, WaveId};

/// A row of `wave`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "wave")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WaveId,
    /// Who sent it; none for the operator's command line.
    pub user_id: Option<UserId>,
    /// From when the portal replaces what was before, as the mails say.
    pub announced_from: Option<Date>,
    /// How many mails went out.
    pub mailed_count: i32,
    /// How many were selected but have an access already, or no address.
    pub skipped_count: i32,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
