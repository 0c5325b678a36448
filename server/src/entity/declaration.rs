//! What somebody typed who cancelled or revoked without signing in.
use sea_orm::entity::prelude::*;
use shared::{account::Language, id::OrderId};

/// A row of `declaration`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "declaration")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: OrderId,
    pub name: String,
    /// Customer number or whatever else shall tell who it is.
    pub identification: String,
    /// Where the receipt went.
    pub email: String,
    /// Which contract, in the person's words.
    pub contract: String,
    /// When it shall end; none for as soon as possible.
    pub wished_on: Option<Date>,
    pub language: Language,
}

impl ActiveModelBehavior for ActiveModel {}
