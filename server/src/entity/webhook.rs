//! Endpoints of other systems that are told of events.
use sea_orm::entity::prelude::*;
use shared::{id::WebhookId, webhook::EventKinds};

/// A row of `webhook`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WebhookId,
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub url: String,
    pub kinds: EventKinds,
    /// The secret that signs, sealed.
    pub sealed: Vec<u8>,
    pub key_version: i32,
    /// The secret before it, which signs too until `former_until`.
    pub former_sealed: Option<Vec<u8>>,
    pub former_key_version: Option<i32>,
    pub former_until: Option<DateTimeUtc>,
    /// Nothing is sent there since then.
    pub disabled_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
