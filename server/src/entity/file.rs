//! Uploaded files that a mutation will name.
use sea_orm::entity::prelude::*;
use shared::id::{FileId, UserId};

/// A row of `file`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "file")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FileId,
    /// Who put it up; none for a file that the portal keeps for itself.
    pub user_id: Option<UserId>,
    pub name: String,
    pub sha256: String,
    pub size: i64,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
