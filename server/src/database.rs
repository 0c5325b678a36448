//! The database: SQLite in a file or PostgreSQL, set up so that what is acknowledged is on disk.
use crate::{app::App, error::Result};
use anyhow::{Context, anyhow};
use migrations::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use std::time::Duration;

/// Connections of this process.
const CONNECTIONS: u32 = 16;

/// How long a writer waits for another one on SQLite: longer than an import of 100,000 keys takes, the longest transaction.
const BUSY: Duration = Duration::from_secs(30);

/// Connects to a database and brings it to the newest step.
///
/// # Errors
/// A sentence that names the database without its password.
pub async fn open(url: &str) -> anyhow::Result<DatabaseConnection> {
    let shown = without_password(url);
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(CONNECTIONS)
        .connect_timeout(Duration::from_secs(5))
        .acquire_timeout(Duration::from_secs(10))
        .test_before_acquire_if_idle_for(Duration::from_secs(30))
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|sqlite| {
            use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
            sqlite
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(BUSY)
        });
    if !url.starts_with("sqlite:") && !url.starts_with("postgres:") && !url.starts_with("postgresql:") {
        return Err(anyhow!(
            "DATABASE_URL is \"{shown}\", but takes sqlite://FILE or postgres://HOST/NAME"
        ));
    }
    let db = Database::connect(options)
        .await
        .with_context(|| format!("the database {shown} cannot be opened"))?;
    Migrator::up(&db, None)
        .await
        .with_context(|| format!("the database {shown} could not be brought up to date"))?;
    Ok(db)
}

impl App {
    /// Begins a transaction that will write. On SQLite it takes its turn at once instead of failing later, when
    /// another one has written in between.
    ///
    /// # Errors
    /// If the database is not there.
    pub async fn begin(&self) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        Ok(self.db.begin_with_options(options).await?)
    }
}

fn without_password(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => format!("{}://…{}", &url[..scheme], &url[at..]),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(
            without_password("postgres://me:secret@db.example/keyhaus"),
            "postgres://…@db.example/keyhaus"
        );
        assert_eq!(without_password("sqlite://keyhaus.db"), "sqlite://keyhaus.db");
    }
}
