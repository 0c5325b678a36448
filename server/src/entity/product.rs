//! The catalogue.
use sea_orm::entity::prelude::*;
use shared::{id::ProductId, money::Amount, product::PricePeriod};

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
}

impl ActiveModelBehavior for ActiveModel {}
