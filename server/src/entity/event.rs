//! What happened, as other systems are told.
use sea_orm::entity::prelude::*;
use shared::{
    id::{AccountId, EventId},
    webhook::EventKind,
};

/// A row of `event`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    /// The `webhook-id` of every try.
    pub id: EventId,
    pub kind: EventKind,
    pub account_id: Option<AccountId>,
    /// The body that is sent, byte for byte.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
