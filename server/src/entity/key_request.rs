//! Requests to see or take more keys than the quota allows.
use sea_orm::entity::prelude::*;
use shared::id::{AccountId, KeyRequestId, UserId};

/// A row of `key_request`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "key_request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: KeyRequestId,
    /// For which account.
    pub account_id: AccountId,
    /// Who asks.
    pub user_id: UserId,
    /// The account whose people decide: that of who asks, or the dealer; none if nobody can, so that time has to pass.
    pub approver_account_id: Option<AccountId>,
    pub device_count: i32,
    pub created_at: DateTimeUtc,
    /// When it is open by itself, if nobody can decide.
    pub opens_at: Option<DateTimeUtc>,
    pub decided_at: Option<DateTimeUtc>,
    pub decided_by: Option<UserId>,
    pub is_approved: Option<bool>,
    pub cancelled_at: Option<DateTimeUtc>,
    /// When the keys were seen or taken by it, which is possible once.
    pub used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
