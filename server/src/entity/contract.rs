//! What accounts have of the catalogue.
use sea_orm::entity::prelude::*;
use shared::{
    id::{AccountId, ContractId, ProductId},
    money::Amount,
    product::{ContractState, PricePeriod},
};

/// A row of `contract`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contract")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContractId,
    pub account_id: AccountId,
    pub product_id: ProductId,
    pub number: String,
    /// Where or for what it is.
    pub label: Option<String>,
    pub state: ContractState,
    pub price: Option<Amount>,
    pub currency: String,
    pub price_period: PricePeriod,
    pub started_on: Date,
    pub ends_on: Option<Date>,
    pub notice_by: Option<Date>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
