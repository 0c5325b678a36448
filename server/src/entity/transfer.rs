//! Offers of devices from one dealer to another.
use sea_orm::entity::prelude::*;
use shared::{
    device::{RightsThen, TransferKind, TransferState},
    id::{AccountId, TransferId, UserId},
};

/// A row of `transfer`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "transfer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TransferId,
    /// Who offers.
    pub account_id: AccountId,
    /// To whom.
    pub to_account_id: AccountId,
    pub user_id: UserId,
    pub kind: TransferKind,
    /// What becomes of the rights to read.
    pub rights: RightsThen,
    /// As it was written last: an open offer past its end has expired.
    pub state: TransferState,
    pub device_count: i32,
    /// What the one who offers says.
    pub note: Option<String>,
    /// Why it was declined.
    pub reason: Option<String>,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    /// When it was accepted, declined or withdrawn.
    pub decided_at: Option<DateTimeUtc>,
    pub decided_by: Option<UserId>,
}

impl ActiveModelBehavior for ActiveModel {}
