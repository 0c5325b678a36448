//! The catalogue.
use sea_orm::entity::prelude::*;
use shared::{
    id::ProductId,
    money::Amount,
    product::{PricePeriod, ProductKind},
    tax::TaxRate,
    term::TermLaw,
};

/// A row of `product`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "product")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProductId,
    /// The provider's own number of it.
    pub code: String,
    pub name_de: String,
    pub name_en: String,
    pub description_de: Option<String>,
    pub description_en: Option<String>,
    pub price: Option<Amount>,
    pub currency: String,
    pub price_period: PricePeriod,
    /// What is paid once.
    pub setup_price: Option<Amount>,
    pub tax_rate: TaxRate,
    pub kind: ProductKind,
    /// Products of one family can be changed into each other; options go with the others of theirs.
    pub family: Option<String>,
    /// Whether customers can order it.
    pub is_orderable: bool,
    pub law: TermLaw,
}

impl ActiveModelBehavior for ActiveModel {}
