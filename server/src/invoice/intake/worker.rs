//! Reads the files that wait. Any number of processes may do so on one database: a row is closed by the one that keeps
//! its invoice, in one transaction, and a second one finds the invoice there.
use super::process;
use crate::{app::App, entity::intake, error::Result};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use shared::invoice::IntakeState;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often the rows are looked at if nobody wakes the worker.
const INTERVAL: Duration = Duration::from_secs(30);

/// Reads files until `stop`; the one under way is finished first.
pub async fn run(app: App, stop: CancellationToken) {
    loop {
        if let Err(error) = take_waiting(&app, &stop).await {
            tracing::error!(%error, "a file with an invoice could not be taken in; it is tried again");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.intakes_wait.notified() => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

/// Reads all files that wait, those that were begun least often first. Gives how many there were.
///
/// # Errors
/// If database or file store fail; what was not read then waits on.
pub async fn take_waiting(app: &App, stop: &CancellationToken) -> Result<u64> {
    let mut count = 0;
    while !stop.is_cancelled() {
        let next = intake::Entity::find()
            .filter(intake::COLUMN.state.eq(IntakeState::Waiting))
            .order_by_asc(intake::Column::Attempts)
            .order_by_asc(intake::Column::Id)
            .one(&app.db)
            .await?;
        let Some(row) = next else { break };
        process(app, &row).await?;
        count += 1;
    }
    Ok(count)
}
