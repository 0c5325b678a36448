//! Sends what waits in the outbox. Any number of processes may do so on one database: each mail is leased first.
use super::{
    attachment,
    smtp::{Failure, Transport},
};
use crate::{app::App, entity::mail, error::Result, face};
use chrono::TimeDelta;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long a mail belongs to the process that is sending it; after a crash another one takes it then.
pub const LEASE: TimeDelta = TimeDelta::minutes(2);

/// The wait after the first failure; it doubles with each further one.
const BACKOFF_MIN: TimeDelta = TimeDelta::minutes(1);

/// The longest wait between two tries.
const BACKOFF_MAX: TimeDelta = TimeDelta::hours(6);

/// How often the outbox is looked at if nobody wakes the worker: for tries that fell due, and for mails of other
/// processes.
const INTERVAL: Duration = Duration::from_secs(30);

/// Sends mails until `stop`; a mail under way is finished first. Without a transport the mails wait.
pub async fn run(app: App, transport: Option<Transport>, stop: CancellationToken) {
    let Some(transport) = transport else {
        tracing::warn!("KEYHAUS_SMTP_URL is not set: mails are kept, but not sent");
        return;
    };
    loop {
        if let Err(error) = send_due(&app, &transport, &stop).await {
            tracing::error!(%error, "the outbox could not be read or written; it is tried again");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.mail_waits.notified() => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

/// Tries every mail that is due once, until `stop`. Gives how many were sent.
///
/// # Errors
/// If the database does not answer; what was sent and could not be noted is sent again after its lease, with the
/// same Message-ID.
pub async fn send_due(app: &App, transport: &Transport, stop: &CancellationToken) -> Result<u64> {
    let mut count = 0;
    while !stop.is_cancelled() {
        let Some(mail) = lease(app).await? else { break };
        let face = face::current(app).await?;
        let files = if transport.keeps_text() {
            Vec::new()
        } else {
            attachment::enclosed(app, mail.id).await?
        };
        match transport.send(&mail, files, &face).await {
            Ok(()) => {
                note_sent(app, transport, &mail).await?;
                tracing::info!(mail = %mail.id, attempts = mail.attempts, "mail sent");
                count += 1;
            }
            Err(failure) => {
                tracing::warn!(mail = %mail.id, attempts = mail.attempts, ?failure, "mail not sent");
                note_failure(app, &mail, failure).await?;
            }
        }
    }
    Ok(count)
}

/// Takes the mail that has been due longest. Of several processes that see the same row, one changes it: the others
/// find its count of attempts moved on.
async fn lease(app: &App) -> Result<Option<mail::Model>> {
    loop {
        let now = app.clock.now();
        let waiting = mail::Entity::find()
            .filter(mail::COLUMN.sent_at.is_null())
            .filter(mail::COLUMN.given_up_at.is_null())
            .filter(mail::COLUMN.due_at.lte(now))
            .order_by_asc(mail::COLUMN.due_at)
            .order_by_asc(mail::COLUMN.id);
        let Some(row) = waiting.one(&app.db).await? else {
            return Ok(None);
        };
        let leased = mail::Entity::update_many()
            .col_expr(mail::Column::DueAt, Expr::value(now + LEASE))
            .col_expr(mail::Column::Attempts, Expr::value(row.attempts + 1))
            .filter(mail::COLUMN.id.eq(row.id))
            .filter(mail::COLUMN.attempts.eq(row.attempts))
            .filter(mail::COLUMN.sent_at.is_null())
            .exec(&app.db)
            .await?;
        if leased.rows_affected == 1 {
            return Ok(Some(mail::Model {
                attempts: row.attempts + 1,
                due_at: now + LEASE,
                ..row
            }));
        }
    }
}

/// Notes that a mail has left. Its text goes, if it is not shown: it may hold a link that still opens something.
async fn note_sent(app: &App, transport: &Transport, mail: &mail::Model) -> Result<()> {
    let mut update = mail::Entity::update_many()
        .col_expr(mail::Column::SentAt, Expr::value(app.clock.now()))
        .col_expr(mail::Column::LastError, Expr::value(Option::<String>::None))
        .filter(mail::COLUMN.id.eq(mail.id));
    if !transport.keeps_text() {
        update = update.col_expr(mail::Column::Text, Expr::value(""));
    }
    update.exec(&app.db).await?;
    Ok(())
}

/// Notes why a mail was not taken, and when it is tried again, if ever.
async fn note_failure(app: &App, mail: &mail::Model, failure: Failure) -> Result<()> {
    let now = app.clock.now();
    let update = mail::Entity::update_many().filter(mail::COLUMN.id.eq(mail.id));
    let update = match failure {
        Failure::Passing(note) => update
            .col_expr(mail::Column::LastError, Expr::value(note))
            .col_expr(mail::Column::DueAt, Expr::value(now + backoff(mail.attempts))),
        Failure::Lasting(note) => update
            .col_expr(mail::Column::LastError, Expr::value(note))
            .col_expr(mail::Column::GivenUpAt, Expr::value(now)),
    };
    update.exec(&app.db).await?;
    Ok(())
}

/// How long to wait after the n-th failed try: one minute, doubled each time, six hours at most.
fn backoff(attempts: i32) -> TimeDelta {
    let doublings = u32::try_from(attempts - 1).unwrap_or_default();
    let factor = 2_i32.checked_pow(doublings).unwrap_or(i32::MAX);
    BACKOFF_MIN
        .checked_mul(factor)
        .map_or(BACKOFF_MAX, |wait| wait.min(BACKOFF_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_six_hours() {
        let minutes = |attempts| backoff(attempts).num_minutes();
        assert_eq!([1, 2, 3, 9].map(minutes), [1, 2, 4, 256]);
        assert_eq!([10, 31, 32, 33, i32::MAX].map(minutes), [360; 5]);
    }
}
