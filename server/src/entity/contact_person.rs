//! Whom the provider turns to about the contracts of an account.
use sea_orm::entity::prelude::*;
use shared::id::AccountId;

/// A row of `contact_person`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_person")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    pub name: String,
    /// What the person does there.
    pub position: Option<String>,
    /// In the spelling of `EmailAddress`; nobody has confirmed it.
    pub email: Option<String>,
    pub phone: Option<String>,
    pub street: Option<String>,
    pub postal_code: Option<String>,
    pub city: Option<String>,
    pub changed_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
