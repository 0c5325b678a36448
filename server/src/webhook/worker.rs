//! Sends the events that are due. Any number of processes may do so on one database: each delivery is claimed first.
use super::post::{Outcome, Poster};
use crate::{
    app::App,
    entity::{delivery, event, webhook},
    error::Result,
};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long a delivery belongs to the process that is trying it; after a crash another one takes it then.
pub const LEASE: TimeDelta = TimeDelta::minutes(2);

/// After how many tries a delivery is given up: about two days.
pub const TRIES_MAX: i32 = 10;

/// How long events are kept: they name customers.
pub const KEPT: TimeDelta = TimeDelta::days(90);

/// The wait after the first failure; it is four times as long after each further one.
const BACKOFF_MIN: TimeDelta = TimeDelta::seconds(30);

/// The longest wait between two tries, before chance lengthens it.
const BACKOFF_MAX: TimeDelta = TimeDelta::hours(12);

/// How many tries run at a time, so that a slow endpoint does not hold up the others.
const AT_ONCE: usize = 8;

/// How often the rows are looked at if nobody wakes the worker.
const INTERVAL: Duration = Duration::from_secs(30);

/// How often what is over is deleted.
const SWEEP_INTERVAL: TimeDelta = TimeDelta::hours(1);

/// Sends events until `stop`; tries under way are finished first.
pub async fn run(app: App, poster: Poster, stop: CancellationToken) {
    let mut swept_at: Option<DateTime<Utc>> = None;
    loop {
        if let Err(error) = send_due(&app, &poster, &stop).await {
            tracing::error!(%error, "webhooks could not be read or written; they are tried again");
        }
        let now = app.clock.now();
        if swept_at.is_none_or(|at| now - at >= SWEEP_INTERVAL) {
            match sweep(&app).await {
                Ok(()) => swept_at = Some(now),
                Err(error) => tracing::error!(%error, "old events were not deleted; it is tried again"),
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.webhooks_wait.notified() => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

/// Tries every delivery that is due once, until `stop`. Gives how many were taken by their endpoints.
///
/// # Errors
/// If the database does not answer; what was sent and could not be noted is sent again after its lease, with the same
/// `webhook-id`.
pub async fn send_due(app: &App, poster: &Poster, stop: &CancellationToken) -> Result<u64> {
    let halt = stop.child_token();
    let lanes = (0..AT_ONCE).map(|_| send_one_by_one(app, poster, &halt));
    let mut count = 0;
    for sent in futures::future::join_all(lanes).await {
        count += sent?;
    }
    Ok(count)
}

/// Tries what is due, one after the other. What goes wrong here halts the others too, after the try under way.
async fn send_one_by_one(app: &App, poster: &Poster, halt: &CancellationToken) -> Result<u64> {
    let mut count = 0;
    while !halt.is_cancelled() {
        match send_next(app, poster).await {
            Ok(Some(is_taken)) => count += u64::from(is_taken),
            Ok(None) => break,
            Err(error) => {
                halt.cancel();
                return Err(error);
            }
        }
    }
    Ok(count)
}

/// Tries the next delivery, and says whether the endpoint took it; none if nothing is due.
async fn send_next(app: &App, poster: &Poster) -> Result<Option<bool>> {
    let Some(claimed) = claim(app).await? else {
        return Ok(None);
    };
    let outcome = poster.post(app, &claimed.endpoint, &claimed.event).await?;
    let is_taken = outcome.problem.is_none();
    note(app, &claimed.delivery, outcome).await?;
    Ok(Some(is_taken))
}

/// A delivery that this process may try, with all that it takes.
struct Claimed {
    delivery: delivery::Model,
    event: event::Model,
    endpoint: webhook::Model,
}

/// Takes the delivery that has been due longest. Of several processes that see the same row, one changes it: the
/// others find its count of claims moved on.
async fn claim(app: &App) -> Result<Option<Claimed>> {
    loop {
        let now = app.clock.now();
        let enabled = webhook::Entity::find()
            .select_only()
            .column(webhook::Column::Id)
            .filter(webhook::COLUMN.disabled_at.is_null())
            .into_query();
        let found = delivery::Entity::find()
            .filter(is_waiting())
            .filter(delivery::COLUMN.due_at.lte(now))
            .filter(delivery::Column::WebhookId.in_subquery(enabled))
            .order_by_asc(delivery::COLUMN.due_at)
            .order_by_asc(delivery::COLUMN.id)
            .one(&app.db)
            .await?;
        let Some(row) = found else { return Ok(None) };
        let Some(event) = event::Entity::find_by_id(row.event_id).one(&app.db).await? else {
            continue;
        };
        let Some(endpoint) = webhook::Entity::find_by_id(row.webhook_id).one(&app.db).await? else {
            continue;
        };
        let claimed = delivery::Entity::update_many()
            .col_expr(delivery::Column::DueAt, Expr::value(now + LEASE))
            .col_expr(delivery::Column::Attempts, Expr::col(delivery::Column::Attempts).add(1))
            .col_expr(delivery::Column::Claims, Expr::value(row.claims + 1))
            .filter(delivery::COLUMN.id.eq(row.id))
            .filter(delivery::COLUMN.claims.eq(row.claims))
            .filter(is_waiting())
            .exec(&app.db)
            .await?;
        if claimed.rows_affected == 1 {
            let delivery = delivery::Model {
                attempts: row.attempts + 1,
                claims: row.claims + 1,
                ..row
            };
            return Ok(Some(Claimed {
                delivery,
                event,
                endpoint,
            }));
        }
    }
}

/// That a delivery was neither taken nor given up.
pub(super) fn is_waiting() -> Condition {
    Condition::all()
        .add(delivery::COLUMN.delivered_at.is_null())
        .add(delivery::COLUMN.given_up_at.is_null())
}

/// Notes what became of a try, unless the delivery was asked for again meanwhile.
async fn note(app: &App, delivery: &delivery::Model, outcome: Outcome) -> Result<()> {
    let now = app.clock.now();
    let (id, attempts) = (delivery.id, delivery.attempts);
    let update = delivery::Entity::update_many()
        .col_expr(delivery::Column::TriedAt, Expr::value(now))
        .col_expr(delivery::Column::Status, Expr::value(outcome.status.map(i32::from)))
        .col_expr(delivery::Column::DurationMs, Expr::value(outcome.duration_ms))
        .col_expr(delivery::Column::Problem, Expr::value(outcome.problem.clone()))
        .col_expr(delivery::Column::Answer, Expr::value(outcome.answer))
        .filter(delivery::COLUMN.id.eq(id))
        .filter(delivery::COLUMN.claims.eq(delivery.claims));
    let update = match &outcome.problem {
        None => {
            tracing::info!(delivery = %id, attempts, "event delivered");
            update.col_expr(delivery::Column::DeliveredAt, Expr::value(now))
        }
        Some(problem) if attempts >= TRIES_MAX => {
            tracing::error!(delivery = %id, attempts, problem, "event given up");
            update.col_expr(delivery::Column::GivenUpAt, Expr::value(now))
        }
        Some(problem) => {
            tracing::warn!(delivery = %id, attempts, problem, "event not delivered");
            let wait = backoff(attempts, u16::from_be_bytes(app.rng.bytes()));
            update.col_expr(delivery::Column::DueAt, Expr::value(now + wait))
        }
    };
    update.exec(&app.db).await?;
    Ok(())
}

/// How long to wait after the n-th failed try: half a minute, four times as long each time, twelve hours at most, and
/// up to a quarter longer by chance, so that what failed together is not tried together.
fn backoff(attempts: i32, chance: u16) -> TimeDelta {
    let exponent = u32::try_from(attempts - 1).unwrap_or_default();
    let factor = 4_i32.checked_pow(exponent).unwrap_or(i32::MAX);
    let wait = BACKOFF_MIN
        .checked_mul(factor)
        .map_or(BACKOFF_MAX, |wait| wait.min(BACKOFF_MAX));
    wait + TimeDelta::milliseconds(wait.num_milliseconds() / 4 * i64::from(chance) / i64::from(u16::MAX))
}

/// Deletes events that happened longer than [`KEPT`] ago and wait for nobody, with their deliveries.
///
/// # Errors
/// If the database refuses.
pub async fn sweep(app: &App) -> Result<()> {
    let before = app.clock.now() - KEPT;
    let old = || {
        event::Entity::find()
            .select_only()
            .column(event::Column::Id)
            .filter(event::COLUMN.created_at.lt(before))
    };
    let tx = app.begin().await?;
    delivery::Entity::delete_many()
        .filter(is_waiting().not())
        .filter(delivery::Column::EventId.in_subquery(old().into_query()))
        .exec(&tx)
        .await?;
    let under_way = delivery::Entity::find()
        .select_only()
        .column(delivery::Column::EventId)
        .into_query();
    event::Entity::delete_many()
        .filter(event::COLUMN.created_at.lt(before))
        .filter(event::Column::Id.not_in_subquery(under_way))
        .exec(&tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_fourfold_up_to_twelve_hours_and_a_quarter() {
        let seconds = |attempts, chance| backoff(attempts, chance).num_seconds();
        assert_eq!(
            [1, 2, 3, 4, 5].map(|attempts| seconds(attempts, 0)),
            [30, 120, 480, 1920, 7680]
        );
        assert_eq!([7, 8, 30, i32::MAX].map(|attempts| seconds(attempts, 0)), [43_200; 4]);
        assert_eq!((seconds(2, u16::MAX), seconds(30, u16::MAX)), (150, 54_000));
        let whole: i64 = (1..TRIES_MAX).map(|attempts| seconds(attempts, 0)).sum();
        assert_eq!(whole / 3600, 47, "hours from the first to the last try");
    }
}
