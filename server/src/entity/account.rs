//! Customers, dealers and the provider.
use sea_orm::entity::prelude::*;
use shared::{account::AccountKind, id::AccountId, term::CustomerKind};

/// A row of `account`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    pub kind: AccountKind,
    /// The customer number.
    pub number: String,
    pub name: String,
    /// The name as it is searched for: see `account::fold`.
    pub name_folded: String,
    pub street: Option<String>,
    pub postal_code: Option<String>,
    pub city: Option<String>,
    /// For matching invoices to their buyer (BT-48).
    pub vat_id: Option<String>,
    /// Whether its members act in it only with a second factor.
    pub requires_second_factor: bool,
    /// What the law takes the customer for.
    pub customer_kind: CustomerKind,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
