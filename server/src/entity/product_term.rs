//! How contracts over a product run, by the kind of customer.
use sea_orm::entity::prelude::*;
use shared::{
    id::ProductId,
    term::{CustomerKind, NoticeTo, Renewal},
};

/// A row of `product_term`. Spans are texts, such as `P24M`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "product_term")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: ProductId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub customer_kind: CustomerKind,
    pub minimum: Option<String>,
    pub renewal: Renewal,
    pub renewal_term: Option<String>,
    pub notice: String,
    pub open_notice: String,
    pub notice_to: NoticeTo,
}

impl ActiveModelBehavior for ActiveModel {}
