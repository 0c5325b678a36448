//! The chain over the audit rows (security H06). Rows are written unchained, so that acts never wait for each other;
//! one sealer at a time gives each a number and an HMAC (RFC 2104, SHA-256) over the link before and the row, under a
//! key that is not in the database, and writes the head of the chain to a file beside it.
use super::refusal;
use crate::{
    app::App,
    entity::{audit, audit_seal, audit_sealer},
    error::Result,
};
use anyhow::Context;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, ExprTrait},
};
use sha2::Sha256;
use std::{fs, io::Write, path::PathBuf, time::Duration};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Rows sealed in one transaction.
const BATCH: u64 = 500;

/// How often the sealer looks.
const INTERVAL: Duration = Duration::from_secs(5);

/// How much later than others a transaction may commit and its rows are still looked for.
const LATE: TimeDelta = TimeDelta::days(1);

/// Seals what waits until `stop`, and once more then.
pub async fn run(app: App, stop: CancellationToken) {
    loop {
        if let Err(error) = seal_waiting(&app).await {
            tracing::error!(%error, "audit rows could not be sealed; it is tried again");
        }
        if stop.is_cancelled() {
            return;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

/// Seals all rows that wait; gives how many.
///
/// # Errors
/// If the database does not answer or the head cannot be written.
pub async fn seal_waiting(app: &App) -> Result<u64> {
    let mut count = 0;
    loop {
        let last = last(&app.db).await?;
        let waits = !unsealed(&app.db, app, last.as_ref(), 1).await?.is_empty();
        if !waits && !refusal::has_closed_minutes(app).await? {
            return Ok(count);
        }
        count += seal_batch(app).await?;
    }
}

/// Seals up to [`BATCH`] rows. Who moves the turn on holds that row until the transaction ends, so that two processes
/// never give the same number.
async fn seal_batch(app: &App) -> Result<u64> {
    let tx = app.begin().await?;
    audit_sealer::Entity::update_many()
        .col_expr(audit_sealer::Column::Turn, Expr::col(audit_sealer::Column::Turn).add(1))
        .filter(audit_sealer::COLUMN.id.eq(1))
        .exec(&tx)
        .await?;
    refusal::close_minutes(&tx, app).await?;
    let last = last(&tx).await?;
    let rows = unsealed(&tx, app, last.as_ref(), BATCH).await?;
    let (mut sequence, mut mac) = last.map_or((0, Vec::new()), |seal| (seal.sequence, seal.mac));
    let mut seals = Vec::with_capacity(rows.len());
    for row in &rows {
        sequence += 1;
        mac = link(app, &mac, sequence, row)?;
        let seal = audit_seal::Model {
            sequence,
            audit_id: row.id,
            mac: mac.clone(),
        };
        seals.push(seal.into_active_model());
    }
    if !seals.is_empty() {
        audit_seal::Entity::insert_many(seals)
            .exec_without_returning(&tx)
            .await?;
    }
    tx.commit().await?;
    if !rows.is_empty() {
        append_head(app, sequence, &mac)?;
    }
    Ok(rows.len() as u64)
}

/// The end of the chain.
async fn last(db: &impl ConnectionTrait) -> Result<Option<audit_seal::Model>> {
    Ok(audit_seal::Entity::find()
        .order_by_desc(audit_seal::Column::Sequence)
        .one(db)
        .await?)
}

/// The oldest rows without a seal. Ids grow with time, so those far below the last sealed one need no look.
async fn unsealed(
    db: &impl ConnectionTrait,
    app: &App,
    last: Option<&audit_seal::Model>,
    limit: u64,
) -> Result<Vec<audit::Model>> {
    let from = match last {
        Some(seal) => earliest(time_of(seal.audit_id).unwrap_or_else(|| app.clock.now()) - LATE),
        None => Uuid::nil(),
    };
    let sealed = audit_seal::Entity::find()
        .select_only()
        .column(audit_seal::Column::AuditId)
        .filter(audit_seal::COLUMN.audit_id.gte(from));
    let waiting = Condition::all()
        .add(audit::COLUMN.id.gte(from))
        .add(audit::Column::Id.not_in_subquery(sealed.into_query()));
    Ok(audit::Entity::find()
        .filter(waiting)
        .order_by_asc(audit::Column::Id)
        .limit(limit)
        .all(db)
        .await?)
}

/// When a UUIDv7 was made (RFC 9562 section 5.7).
pub(super) fn time_of(id: Uuid) -> Option<DateTime<Utc>> {
    let (seconds, nanos) = id.get_timestamp()?.to_unix();
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)
}

/// The smallest UUIDv7 of a time.
fn earliest(time: DateTime<Utc>) -> Uuid {
    let millis = u64::try_from(time.timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
}

/// The link of a row: HMAC-SHA256 over the link before, the number and every column, each with its length.
pub(super) fn link(app: &App, before: &[u8], sequence: i64, row: &audit::Model) -> Result<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(app.keys.audit_key()).context("HMAC takes keys of any length")?;
    let text = |value: &Option<String>| value.as_ref().map(|value| value.as_bytes().to_vec());
    let columns = [
        Some(before.to_vec()),
        Some(sequence.to_be_bytes().to_vec()),
        Some(row.id.as_bytes().to_vec()),
        Some(row.at.timestamp_micros().to_be_bytes().to_vec()),
        row.user_id.map(|id| id.0.as_bytes().to_vec()),
        row.account_id.map(|id| id.0.as_bytes().to_vec()),
        Some(row.act.as_bytes().to_vec()),
        text(&row.object),
        text(&row.reason),
        Some(vec![u8::from(row.is_allowed)]),
        text(&row.code),
        text(&row.ip),
        text(&row.user_agent),
    ];
    for column in columns {
        match column {
            Some(bytes) => {
                mac.update(&[1]);
                mac.update(&(bytes.len() as u64).to_be_bytes());
                mac.update(&bytes);
            }
            None => mac.update(&[0]),
        }
    }
    Ok(mac.finalize().into_bytes().to_vec())
}

/// Where the heads of the chain are kept: outside the database, one line each, `SEQUENCE MAC TIME`.
pub fn head_file(app: &App) -> PathBuf {
    app.settings.data_dir.join("audit-heads")
}

fn append_head(app: &App, sequence: i64, mac: &[u8]) -> Result<()> {
    let path = head_file(app);
    let time = app.clock.now().to_rfc3339_opts(SecondsFormat::Secs, true);
    let line = format!("{sequence} {} {time}\n", hex::encode(mac));
    let written = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .and_then(|mut file| file.write_all(line.as_bytes()).and_then(|()| file.sync_data()));
    Ok(written.with_context(|| format!("the head of the audit log cannot be written to {}", path.display()))?)
}
