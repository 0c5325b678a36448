//! Rules of the provider by which invoices find their customer.
use sea_orm::entity::prelude::*;
use shared::{
    id::{AccountId, BuyerRuleId, UserId},
    invoice::BuyerTerm,
};

/// A row of `buyer_rule`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "buyer_rule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BuyerRuleId,
    pub term: BuyerTerm,
    /// As it is compared: upper case, letters and digits only.
    #[sea_orm(column_type = "Text")]
    pub value: String,
    pub account_id: AccountId,
    /// Who made it.
    pub user_id: UserId,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
