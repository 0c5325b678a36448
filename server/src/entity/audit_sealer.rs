//! The one row whose lock is the turn to seal.
use sea_orm::entity::prelude::*;

/// A row of `audit_sealer`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_sealer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// Counts the turns.
    pub turn: i64,
}

impl ActiveModelBehavior for ActiveModel {}
