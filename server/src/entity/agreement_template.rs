//! The texts of agreements by product: drafts until they are published, and never changed after that.
use sea_orm::entity::prelude::*;
use shared::id::{AgreementTemplateId, ProductId, UserId};

/// A row of `agreement_template`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agreement_template")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AgreementTemplateId,
    pub product_id: ProductId,
    /// From 1 in each product, without gaps.
    pub version: i32,
    /// Markdown with its annexes, and with the fields in braces that are filled for each contract.
    #[sea_orm(column_type = "Text")]
    pub german: String,
    #[sea_orm(column_type = "Text")]
    pub english: String,
    /// How often the draft was saved: whoever saves names the one that he read.
    pub revision: i32,
    pub edited_by: Option<UserId>,
    pub edited_at: DateTimeUtc,
    pub published_by: Option<UserId>,
    pub published_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
