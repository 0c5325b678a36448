//! What lies under Dokumente.
use sea_orm::entity::prelude::*;
use shared::{
    document::DocumentKind,
    id::{AccountId, ContractId, DocumentId, FileId, UserId},
};

/// A row of `document`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "document")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DocumentId,
    pub account_id: AccountId,
    /// None for what concerns the customer as a whole.
    pub contract_id: Option<ContractId>,
    pub kind: DocumentKind,
    pub title_de: String,
    pub title_en: String,
    pub file_id: FileId,
    pub file_name: String,
    /// As the bytes say, not as the uploader did.
    pub media_type: String,
    pub size: i64,
    /// None for what the program added by itself.
    pub added_by: Option<UserId>,
    pub created_at: DateTimeUtc,
    pub withdrawn_by: Option<UserId>,
    pub withdrawn_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub withdrawal_reason: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
