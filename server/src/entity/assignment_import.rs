//! Lists of read rights that somebody brought: looked at, then given in one go.
use sea_orm::entity::prelude::*;
use shared::id::{AccountId, AssignmentImportId, UserId};

/// A row of `assignment_import`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment_import")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AssignmentImportId,
    pub account_id: AccountId,
    /// Whose it is; nobody else sees it.
    pub user_id: UserId,
    pub file_name: String,
    pub row_count: i32,
    pub created_at: DateTimeUtc,
    /// When it is dropped by itself, with its report.
    pub expires_at: DateTimeUtc,
    /// When its rights were given; none while it waits.
    pub done_at: Option<DateTimeUtc>,
    /// How many of its rows became rights.
    pub given_count: i32,
    /// How many mails offered them.
    pub mail_count: i32,
}

impl ActiveModelBehavior for ActiveModel {}
