//! What the invoices of an account sum up to, a row for each month of issue and currency.
use sea_orm::entity::prelude::*;
use shared::{id::AccountId, money::Amount};

/// A row of `invoice_month`. The database keeps it by triggers on `invoice`; nothing else writes it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invoice_month")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// The first day of the month.
    #[sea_orm(primary_key, auto_increment = false)]
    pub first_day: Date,
    #[sea_orm(primary_key, auto_increment = false)]
    pub currency: String,
    /// How many invoices.
    pub count: i64,
    /// Their gross totals, credit notes less.
    pub total: Amount,
    /// What of them is still to be paid.
    pub due: Amount,
}

impl ActiveModelBehavior for ActiveModel {}
