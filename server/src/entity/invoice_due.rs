//! What the open invoices of an account sum up to, a row for each due date and currency.
use sea_orm::entity::prelude::*;
use shared::{id::AccountId, money::Amount};

/// A row of `invoice_due`. The database keeps it by triggers on `invoice`; nothing else writes it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invoice_due")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// The last of all days (9999-12-31) for invoices without a due date.
    #[sea_orm(primary_key, auto_increment = false)]
    pub due_date: Date,
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
