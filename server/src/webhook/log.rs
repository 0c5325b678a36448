//! What became of the events, and sending them again.
use super::{
    endpoint::{find, may_administer},
    worker::is_waiting,
};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{account, delivery, event},
    error::{Error, Result},
    page::Page,
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, ExprTrait, Value},
};
use shared::{
    error::Reason,
    id::{AccountId, DeliveryId, EventId, WebhookId},
    webhook::DeliveryState,
};
use std::collections::HashMap;

/// Which deliveries; what is left out does not limit.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// To this endpoint.
    pub webhook: Option<WebhookId>,
    /// Those that stand so.
    pub state: Option<DeliveryState>,
}

/// A delivery with its event.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The way.
    pub delivery: delivery::Model,
    /// What happened.
    pub event: event::Model,
    /// The number of the customer whom it concerns.
    pub customer_number: Option<String>,
}

impl Shown {
    /// Where it stands; [`is_in`] says the same to the database.
    pub fn state(&self) -> DeliveryState {
        if self.delivery.delivered_at.is_some() {
            DeliveryState::Delivered
        } else if self.delivery.given_up_at.is_some() {
            DeliveryState::Failed
        } else {
            DeliveryState::Waiting
        }
    }
}

fn is_in(state: DeliveryState) -> Condition {
    match state {
        DeliveryState::Waiting => is_waiting(),
        DeliveryState::Delivered => Condition::all().add(delivery::COLUMN.delivered_at.is_not_null()),
        DeliveryState::Failed => Condition::all().add(delivery::COLUMN.given_up_at.is_not_null()),
    }
}

/// A page of the deliveries, the newest first, and how many there are.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that administers.
pub async fn deliveries(
    app: &App,
    actor: &Actor,
    filter: &Filter,
    page: &Page<DeliveryId>,
) -> Result<(Vec<Shown>, u64)> {
    may_administer(actor)?;
    let found = delivery::Entity::find().filter(
        Condition::all()
            .add_option(filter.webhook.map(|id| delivery::COLUMN.webhook_id.eq(id)))
            .add_option(filter.state.map(is_in)),
    );
    let total = found.clone().count(&app.db).await?;
    let rows = found
        .filter(Condition::all().add_option(page.after.map(|after| delivery::COLUMN.id.lt(after))))
        .order_by_desc(delivery::COLUMN.id)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    Ok((shown(&app.db, rows).await?, total))
}

/// Rows with their events and customers, in two statements.
async fn shown(db: &impl ConnectionTrait, rows: Vec<delivery::Model>) -> Result<Vec<Shown>> {
    let ids = rows.iter().map(|row| row.event_id);
    let events = event::Entity::find()
        .filter(event::COLUMN.id.is_in(ids))
        .all(db)
        .await?;
    let events: HashMap<EventId, event::Model> = events.into_iter().map(|row| (row.id, row)).collect();
    let accounts = events.values().filter_map(|event| event.account_id);
    let numbers: Vec<(AccountId, String)> = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .column(account::Column::Number)
        .filter(account::COLUMN.id.is_in(accounts))
        .into_tuple()
        .all(db)
        .await?;
    let numbers: HashMap<_, _> = numbers.into_iter().collect();
    Ok(rows
        .into_iter()
        .filter_map(|delivery| {
            let event = events.get(&delivery.event_id)?.clone();
            let customer_number = event.account_id.and_then(|id| numbers.get(&id).cloned());
            Some(Shown {
                delivery,
                event,
                customer_number,
            })
        })
        .collect())
}

/// How many deliveries of an endpoint wait, and how many were given up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Wait for their first or next try.
    pub waiting: u64,
    /// Were given up.
    pub failed: u64,
}

#[derive(FromQueryResult)]
struct CountRow {
    webhook_id: WebhookId,
    is_failed: bool,
    count: i64,
}

/// The counts of all endpoints, in one statement.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that administers.
pub async fn counts(app: &App, actor: &Actor) -> Result<HashMap<WebhookId, Counts>> {
    may_administer(actor)?;
    let rows: Vec<CountRow> = delivery::Entity::find()
        .select_only()
        .column(delivery::Column::WebhookId)
        .column_as(delivery::Column::GivenUpAt.is_not_null(), "is_failed")
        .column_as(delivery::Column::Id.count(), "count")
        .filter(delivery::COLUMN.delivered_at.is_null())
        .group_by(delivery::Column::WebhookId)
        .group_by(delivery::Column::GivenUpAt.is_not_null())
        .into_model()
        .all(&app.db)
        .await?;
    let mut counts = HashMap::<_, Counts>::new();
    for row in rows {
        let counts = counts.entry(row.webhook_id).or_default();
        let count = u64::try_from(row.count).unwrap_or_default();
        if row.is_failed {
            counts.failed = count;
        } else {
            counts.waiting = count;
        }
    }
    Ok(counts)
}

/// Sends one event again to the endpoint, at once and with the same id, whatever became of it before.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that administers; [`Error::NotFound`]; [`Error::Conflict`] if the endpoint is
/// not enabled.
pub async fn replay(app: &App, actor: &Actor, id: DeliveryId) -> Result<Shown> {
    may_administer(actor)?;
    let tx = app.begin().await?;
    let row = delivery::Entity::find_by_id(id).one(&tx).await?;
    let row = row.ok_or(Error::NotFound("delivery"))?;
    check_enabled(&tx, row.webhook_id).await?;
    again(&tx, app, Condition::all().add(delivery::COLUMN.id.eq(id))).await?;
    audit::record(&tx, app, Some(actor), "replayDelivery", Some(id.to_string()), true).await?;
    let row = delivery::Entity::find_by_id(id).one(&tx).await?;
    let mut shown = shown(&tx, row.into_iter().collect()).await?;
    tx.commit().await?;
    app.webhooks_wait.notify_one();
    shown.pop().ok_or(Error::NotFound("delivery"))
}

/// Sends all events of a period again that were given up on their way to an endpoint. Gives how many.
///
/// # Errors
/// As with [`replay`]; [`Error::Invalid`] at `until` with `END_BEFORE_START`.
pub async fn replay_failed(
    app: &App,
    actor: &Actor,
    webhook: WebhookId,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<u64> {
    may_administer(actor)?;
    if until <= from {
        let message = "the period ends before it begins";
        return Err(Error::invalid("until", Reason::EndBeforeStart, message));
    }
    let tx = app.begin().await?;
    check_enabled(&tx, webhook).await?;
    let which = is_in(DeliveryState::Failed)
        .add(delivery::COLUMN.webhook_id.eq(webhook))
        .add(delivery::COLUMN.created_at.gte(from))
        .add(delivery::COLUMN.created_at.lt(until));
    let count = again(&tx, app, which).await?;
    let object = Some(webhook.to_string());
    audit::record(&tx, app, Some(actor), "replayFailedDeliveries", object, true).await?;
    tx.commit().await?;
    app.webhooks_wait.notify_one();
    Ok(count)
}

async fn check_enabled(db: &impl ConnectionTrait, webhook: WebhookId) -> Result<()> {
    match find(db, webhook).await?.disabled_at {
        None => Ok(()),
        Some(_) => Err(Error::Conflict("the endpoint is not enabled")),
    }
}

async fn again(db: &impl ConnectionTrait, app: &App, which: Condition) -> Result<u64> {
    let never = || Expr::value(Value::ChronoDateTimeUtc(None));
    let changed = delivery::Entity::update_many()
        .col_expr(delivery::Column::DueAt, Expr::value(app.clock.now()))
        .col_expr(delivery::Column::Attempts, Expr::value(0))
        .col_expr(delivery::Column::Claims, Expr::col(delivery::Column::Claims).add(1))
        .col_expr(delivery::Column::DeliveredAt, never())
        .col_expr(delivery::Column::GivenUpAt, never())
        .filter(which)
        .exec(db)
        .await?;
    Ok(changed.rows_affected)
}
