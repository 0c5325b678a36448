//! The second factors that are on.
use sea_orm::entity::prelude::*;
use shared::id::UserId;

/// A row of `second_factor`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "second_factor")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// The app's secret, sealed for this user.
    pub sealed: Vec<u8>,
    pub key_version: i32,
    /// The step of the last code that was accepted; it and all before it are worth nothing (RFC 6238 section 5.2).
    pub last_step: i64,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
