//! Files with invoices that came in, and what became of them.
use sea_orm::entity::prelude::*;
use shared::{
    id::{AccountId, IntakeId, InvoiceId, UserId},
    invoice::{IntakeSource, IntakeState},
};

/// A row of `intake`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "intake")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IntakeId,
    pub source: IntakeSource,
    /// Names what may come in once only: a file of the watched folder, a place in a ZIP, a conflict.
    #[sea_orm(column_type = "Text", nullable)]
    pub origin: Option<String>,
    /// The name of the ZIP that it came in.
    #[sea_orm(column_type = "Text", nullable)]
    pub container: Option<String>,
    /// Who sent it; none for folder and command line.
    pub user_id: Option<UserId>,
    /// The account that the sender named, if he did.
    pub account_id: Option<AccountId>,
    #[sea_orm(column_type = "Text")]
    pub file_name: String,
    pub file_size: i32,
    /// Of its bytes, which are in the file store.
    #[sea_orm(column_type = "Text")]
    pub sha256: String,
    pub state: IntakeState,
    /// How often reading it was begun.
    pub attempts: i32,
    /// The invoice that it made, or found there.
    pub invoice_id: Option<InvoiceId>,
    pub finding_count: i32,
    /// Why it was refused, in English.
    #[sea_orm(column_type = "Text", nullable)]
    pub problem: Option<String>,
    /// The same in German.
    #[sea_orm(column_type = "Text", nullable)]
    pub problem_de: Option<String>,
    /// Why a conflict was decided as it was.
    #[sea_orm(column_type = "Text", nullable)]
    pub decision_reason: Option<String>,
    /// The bytes of the invoice whose place it took.
    #[sea_orm(column_type = "Text", nullable)]
    pub replaced_sha256: Option<String>,
    pub created_at: DateTimeUtc,
    pub done_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
