//! The provider's texts that the law asks for: each version stays, the newest counts.
use sea_orm::entity::prelude::*;
use shared::{id::UserId, legal::LegalKind};

/// A row of `legal_text`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "legal_text")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: LegalKind,
    /// From 1, without gaps.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    /// Markdown.
    #[sea_orm(column_type = "Text")]
    pub german: String,
    /// Markdown.
    #[sea_orm(column_type = "Text")]
    pub english: String,
    /// Who wrote it.
    pub user_id: UserId,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
