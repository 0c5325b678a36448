//! What accounts have of the catalogue.
use sea_orm::entity::prelude::*;
use shared::{
    id::{AccountId, ContractId, ProductId},
    money::Amount,
    product::{ContractState, PricePeriod},
    term::{NoticeTo, Renewal},
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
    /// The last day for notice as another program says it, where the terms are not known.
    pub notice_by: Option<Date>,
    /// The first term, such as `P24M`.
    pub minimum: Option<String>,
    /// What follows the first term; none where the terms are not known.
    pub renewal: Option<Renewal>,
    pub renewal_term: Option<String>,
    pub notice: Option<String>,
    pub open_notice: Option<String>,
    pub notice_to: Option<NoticeTo>,
    /// What else is agreed, as JSON.
    pub details: String,
    /// The contract that this option goes with.
    pub option_of: Option<ContractId>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
