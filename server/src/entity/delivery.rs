//! An event on its way to one endpoint.
use sea_orm::entity::prelude::*;
use shared::id::{DeliveryId, EventId, WebhookId};

/// A row of `delivery`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delivery")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeliveryId,
    pub event_id: EventId,
    pub webhook_id: WebhookId,
    pub created_at: DateTimeUtc,
    /// Not tried before then; moved on by each failed try and by the lease of a running one.
    pub due_at: DateTimeUtc,
    /// Tries since it was last asked for; a replay begins anew.
    pub attempts: i32,
    /// Moves on with each claim and replay, so that a late answer to an earlier try is told apart.
    pub claims: i32,
    pub tried_at: Option<DateTimeUtc>,
    /// The HTTP status of the last try; none if nobody answered.
    pub status: Option<i32>,
    pub duration_ms: Option<i32>,
    /// Why the last try failed.
    #[sea_orm(column_type = "Text", nullable)]
    pub problem: Option<String>,
    /// The beginning of the last answer.
    #[sea_orm(column_type = "Text", nullable)]
    pub answer: Option<String>,
    pub delivered_at: Option<DateTimeUtc>,
    pub given_up_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
