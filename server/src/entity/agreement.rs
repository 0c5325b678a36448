//! Agreements that were concluded: added once, never changed.
use sea_orm::entity::prelude::*;
use shared::{
    account::Language,
    id::{AccountId, AgreementId, AgreementTemplateId, ContractId, DocumentId, UserId},
};

/// A row of `agreement`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agreement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AgreementId,
    pub account_id: AccountId,
    pub contract_id: ContractId,
    pub template_id: AgreementTemplateId,
    /// The PDF with its evidence page.
    pub document_id: DocumentId,
    pub language: Language,
    /// Of the PDF that was agreed, without the evidence page: 64 hexadecimal digits.
    pub text_sha256: String,
    pub signer_name: String,
    pub signer_role: String,
    pub user_id: UserId,
    pub ip: Option<String>,
    pub concluded_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
