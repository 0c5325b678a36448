//! Acts that were done under a key, so that they are done once.
use sea_orm::entity::prelude::*;

/// A row of `idempotency`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    /// The user, or nil for those who are not signed in.
    pub actor: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: Uuid,
    /// SHA-256 of what was asked.
    pub request_hash: Vec<u8>,
    /// What was answered, as JSON; none while it is being done.
    pub answer: Option<String>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
