//! Secrets that were shown and wait for their first code.
use sea_orm::entity::prelude::*;
use shared::id::UserId;

/// A row of `second_factor_setup`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "second_factor_setup")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// The app's secret, sealed for this user.
    pub sealed: Vec<u8>,
    pub key_version: i32,
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
