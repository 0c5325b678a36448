//! Batches of read rights: what is the same for all devices of one act stands here once.
use sea_orm::entity::prelude::*;
use shared::id::{AccountId, AssignmentId, UserId};

/// A row of `assignment`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AssignmentId,
    /// The dealer that gave it.
    pub account_id: AccountId,
    pub user_id: UserId,
    /// The address that it was given to.
    pub email: String,
    /// The account that it was accepted for; none while it is pending.
    pub reader_account_id: Option<AccountId>,
    /// The first day on which the right counts; none if it counts at once.
    pub starts_on: Option<Date>,
    /// The last day on which the right counts.
    pub until: Option<Date>,
    /// Whether it only lets prove keys, and read what telegrams say, without seeing a key.
    pub verify_only: bool,
    pub note: Option<String>,
    pub created_at: DateTimeUtc,
    pub accepted_at: Option<DateTimeUtc>,
    pub revoked_at: Option<DateTimeUtc>,
    /// Who revoked it.
    pub revoked_by: Option<UserId>,
    /// What one mail offers and one link accepts: the id of the first assignment of the offer.
    pub offer_id: Uuid,
    /// When reader and dealer were told that its end is near.
    pub end_told_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
