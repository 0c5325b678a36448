//! The chain over the audit rows: one link a row.
use sea_orm::entity::prelude::*;

/// A row of `audit_seal`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_seal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    /// 1, 2, 3 without a gap.
    pub sequence: i64,
    pub audit_id: Uuid,
    /// HMAC-SHA256 over the one before and the audit row.
    pub mac: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
