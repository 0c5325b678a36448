//! Sessions of the portal that went on to another place.
use sea_orm::entity::prelude::*;
use shared::id::{AccountId, UserId};

/// A row of `sso_visit`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sso_visit")]
pub struct Model {
    /// What the place knows the visit by (claim `sid`).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The session's `id`; no reference, because the visit outlives it until the place was told.
    pub session_id: Uuid,
    pub client_id: String,
    pub user_id: UserId,
    /// The account in which the person came last.
    pub account_id: AccountId,
    pub started_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    /// When the place is told (again) that the visit is over; none if it knows, cannot be told or was given up.
    pub due_at: Option<DateTimeUtc>,
    pub attempts: i32,
    pub last_error: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
