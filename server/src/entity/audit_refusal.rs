//! Refusals of nobody in particular, counted by the minute until they become audit rows.
use sea_orm::entity::prelude::*;

/// A row of `audit_refusal`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_refusal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    /// The beginning of the minute.
    pub minute: DateTimeUtc,
    #[sea_orm(primary_key, auto_increment = false)]
    pub act: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub count: i64,
}

impl ActiveModelBehavior for ActiveModel {}
