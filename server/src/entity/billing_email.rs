//! Addresses to which the invoices of an account go.
use sea_orm::entity::prelude::*;
use shared::{
    account::Language,
    id::{AccountId, BillingEmailId},
};

/// A row of `billing_email`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "billing_email")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BillingEmailId,
    pub account_id: AccountId,
    /// In the spelling of `EmailAddress`.
    pub email: String,
    /// The language of mails to it: that of the person who added it.
    pub language: Language,
    pub created_at: DateTimeUtc,
    /// When the newest link to confirm it was sent.
    pub sent_at: DateTimeUtc,
    /// Since when it counts.
    pub confirmed_at: Option<DateTimeUtc>,
    /// Since when it counts no longer; kept so that the removal can be taken back.
    pub removed_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
