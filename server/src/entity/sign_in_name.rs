//! What people sign in with: customer numbers, user names and e-mail addresses.
use sea_orm::entity::prelude::*;
use shared::id::UserId;

/// A row of `sign_in_name`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_name")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    /// In lower case.
    pub name: String,
    pub user_id: UserId,
}

impl ActiveModelBehavior for ActiveModel {}
