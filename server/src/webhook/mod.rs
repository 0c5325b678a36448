//! Webhooks: other systems are told what happens here, signed, after it happened, as often as it takes.
//!
//! An event is written in the transaction that causes it and sent afterwards by [`worker`]: what is rolled back is
//! never told, what is committed is told at least once. Every try of an event carries the same `webhook-id`, by which
//! a receiver knows what he has already. The order in which events arrive is not promised.
pub mod endpoint;
mod event;
pub mod graphql;
pub mod log;
pub mod post;
mod signature;
pub mod target;
pub mod worker;

pub use event::{AgreementFacts, BillingEmailFacts, ContactFacts, Event, OrderFacts};

use crate::{
    app::App,
    entity::{account, delivery, event as event_row, webhook},
    error::{Error, Result},
};
use anyhow::Context;
use chrono::SecondsFormat;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use shared::{
    id::{AccountId, DeliveryId, EventId},
    webhook::EventKind,
};

/// The version of what is sent. It moves on when a receiver that knows the former one could misread the new one; new
/// kinds and new members do not move it.
pub const VERSION: u32 = 1;

/// Tells all endpoints that ask for this kind what happened in an account. Call it in the transaction that causes the
/// event, and `app.webhooks_wait.notify_one()` once that is committed. Nothing is kept if nobody asks for it.
///
/// # Errors
/// If the database refuses; [`Error::NotFound`] if there is no such account.
pub async fn tell(tx: &impl ConnectionTrait, app: &App, account: AccountId, event: &Event) -> Result<()> {
    let endpoints = webhook::Entity::find()
        .filter(webhook::COLUMN.disabled_at.is_null())
        .all(tx)
        .await?;
    let kind = event.kind();
    let asking: Vec<_> = endpoints
        .into_iter()
        .filter(|endpoint| endpoint.kinds.has(kind))
        .collect();
    if asking.is_empty() {
        return Ok(());
    }
    let row = account::Entity::find_by_id(account).one(tx).await?;
    let row = row.ok_or(Error::NotFound("account"))?;
    send(tx, app, Some(&row), event, &asking).await.map(|_| ())
}

/// Writes an event and its way to each of these endpoints.
async fn send(
    tx: &impl ConnectionTrait,
    app: &App,
    account: Option<&account::Model>,
    event: &Event,
    endpoints: &[webhook::Model],
) -> Result<EventId> {
    let now = app.clock.now();
    let id = EventId(app.new_id());
    let row = event_row::Model {
        id,
        kind: event.kind(),
        account_id: account.map(|account| account.id),
        body: body(event, account, now)?,
        created_at: now,
    };
    event_row::Entity::insert(row.into_active_model())
        .exec_without_returning(tx)
        .await?;
    let deliveries = endpoints.iter().map(|endpoint| delivery::Model {
        id: DeliveryId(app.new_id()),
        event_id: id,
        webhook_id: endpoint.id,
        created_at: now,
        due_at: now,
        attempts: 0,
        claims: 0,
        tried_at: None,
        status: None,
        duration_ms: None,
        problem: None,
        answer: None,
        delivered_at: None,
        given_up_at: None,
    });
    delivery::Entity::insert_many(deliveries.map(IntoActiveModel::into_active_model))
        .exec_without_returning(tx)
        .await?;
    Ok(id)
}

/// The JSON that is sent: `type`, `version`, `timestamp` (when it happened, RFC 3339, UTC), `customerNumber` and
/// `data`.
fn body(event: &Event, account: Option<&account::Model>, at: chrono::DateTime<chrono::Utc>) -> Result<String> {
    let kind: EventKind = event.kind();
    let body = json!({
        "type": kind.name(),
        "version": VERSION,
        "timestamp": at.to_rfc3339_opts(SecondsFormat::Millis, true),
        "customerNumber": account.map(|account| account.number.as_str()),
        "data": event,
    });
    Ok(serde_json::to_string(&body).context("an event could not be written as JSON")?)
}
