//! Does confirmed orders when their day comes.
use super::effect::settle_due;
use crate::app::App;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often it is looked: an order is done in the first minutes of its day.
const INTERVAL: Duration = Duration::from_secs(300);

/// Looks until `stop`. Any number of processes may do so: an order is done by the one that moves its state.
pub async fn run(app: App, stop: CancellationToken) {
    loop {
        match settle_due(&app).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "orders are done"),
            Err(error) => tracing::error!(%error, "orders whose day has come could not be done; it is tried again"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}
