//! Codes on paper that stand in for a lost second factor.
use sea_orm::entity::prelude::*;
use shared::id::UserId;

/// A row of `recovery_code`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recovery_code")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    /// SHA-256 of the user's id and the code; the code itself is never stored.
    pub code_hash: Vec<u8>,
    pub user_id: UserId,
    pub used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
