//! How an account wants to be told of invoices; one without a row is told, without files.
use sea_orm::entity::prelude::*;
use shared::id::AccountId;

/// A row of `invoice_mail`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invoice_mail")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Whether mails are sent at all.
    pub is_sent: bool,
    /// Whether the originals go with them.
    pub is_enclosed: bool,
}

impl ActiveModelBehavior for ActiveModel {}
