//! The rotation of key-encryption keys: everything that lies sealed in the database is opened and sealed again under the
//! newest version, a batch at a time, while the portal serves. What is done is in the rows: a killed process leaves
//! nothing to repair, and the next one goes on with the rows that are left.
use crate::{
    app::App,
    error::Result,
    seal::{Place, Sealed},
};
use sea_orm::{
    ConnectionTrait, DbErr, QueryResult,
    sea_query::{Alias, Expr, ExprTrait, Func, Order, Query},
};
use std::{collections::BTreeMap, fmt};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How many values are sealed again in one transaction: a fraction of a second, in which others wait.
const BATCH: u64 = 100;

/// What tells the secrets of one row apart.
#[derive(Clone, Copy, Debug)]
enum Name {
    /// Always the same word.
    Is(&'static str),
    /// A text of the row.
    In(&'static str),
    /// A number of the row.
    Number(&'static str),
}

/// A column with sealed values. Whoever seals in a new column adds it here; a test looks for columns that are missing.
#[derive(Clone, Copy, Debug)]
struct Column {
    table: &'static str,
    /// The column with the UUID for which the value is sealed.
    row: &'static str,
    name: Name,
    sealed: &'static str,
    version: &'static str,
    place: &'static str,
}

const COLUMNS: [Column; 10] = [
    column("device_key", "device_id", Name::In("name"), "device_key.sealed"),
    column("former_key", "id", Name::In("name"), "former_key.sealed"),
    column("staged_import", "id", Name::Is("password"), "staged_import.sealed"),
    column("staged_row", "import_id", Name::Number("position"), "staged_row.sealed"),
    column("key_export", "id", Name::Is(""), "key_export.sealed"),
    column("second_factor", "user_id", Name::Is("totp"), "second_factor.sealed"),
    column(
        "second_factor_setup",
        "user_id",
        Name::Is("totp"),
        "second_factor.sealed",
    ),
    column("sso_key", "id", Name::Is("ES256"), "sso_key.sealed"),
    column("webhook", "id", Name::Is("secret"), "webhook.sealed"),
    Column {
        sealed: "former_sealed",
        version: "former_key_version",
        ..column("webhook", "id", Name::Is("secret"), "webhook.sealed")
    },
];

const fn column(table: &'static str, row: &'static str, name: Name, place: &'static str) -> Column {
    Column {
        table,
        row,
        name,
        sealed: "sealed",
        version: "key_version",
        place,
    }
}

/// The tables and columns of all sealed values, with that of their version.
pub fn columns() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    COLUMNS
        .iter()
        .map(|column| (column.table, column.sealed, column.version))
}

/// How many values lie sealed under each version.
///
/// # Errors
/// If the database refuses.
pub async fn usage(app: &App) -> Result<BTreeMap<i32, i64>> {
    let mut usage = BTreeMap::new();
    for column in COLUMNS {
        let count = Query::select()
            .expr_as(Expr::col(Alias::new(column.version)), Alias::new("version"))
            .expr_as(Func::count(Expr::col(Alias::new(column.sealed))), Alias::new("total"))
            .from(Alias::new(column.table))
            .and_where(Expr::col(Alias::new(column.sealed)).is_not_null())
            .group_by_col(Alias::new(column.version))
            .to_owned();
        for row in app.db.query_all(&count).await? {
            let (version, total): (i32, i64) = (row.try_get("", "version")?, row.try_get("", "total")?);
            *usage.entry(version).or_default() += total;
        }
    }
    Ok(usage)
}

/// What a rotation did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rewrapped {
    /// How many values were sealed again.
    pub count: u64,
    /// How many do not open in their place: swapped or changed rows. They stay as they are.
    pub broken: u64,
    /// Whether nothing is left to do but the broken ones.
    pub is_complete: bool,
}

impl fmt::Display for Rewrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} values were sealed again", self.count)?;
        if self.broken > 0 {
            write!(f, "; {} do not open and stay as they are", self.broken)?;
        }
        if self.is_complete {
            Ok(())
        } else {
            f.write_str("; others are left: run it again")
        }
    }
}

/// Seals everything again that is not sealed under the newest version, until `stop`; the batch under way is finished.
/// `progress` is told after each batch how many values were done.
///
/// # Errors
/// If the database refuses, or a version is not in the key file.
pub async fn rewrap(app: &App, stop: &CancellationToken, mut progress: impl FnMut(u64)) -> Result<Rewrapped> {
    let mut done = Rewrapped::default();
    for column in COLUMNS {
        let mut broken = 0;
        loop {
            if stop.is_cancelled() {
                return Ok(done);
            }
            let (looked_at, failed) = batch(app, column, broken).await?;
            broken += failed;
            done.broken += failed;
            done.count += looked_at - failed;
            if looked_at == 0 {
                break;
            }
            progress(done.count);
            tokio::task::yield_now().await;
        }
    }
    done.is_complete = true;
    Ok(done)
}

/// Seals a batch of a column again behind the first `skipped` rows; how many were looked at and how many do not open.
async fn batch(app: &App, column: Column, skipped: u64) -> Result<(u64, u64)> {
    let col = |name: &'static str| Expr::col(Alias::new(name));
    let current = app.keys.current();
    let mut select = Query::select();
    select
        .columns([column.row, column.sealed, column.version].map(Alias::new))
        .from(Alias::new(column.table))
        .and_where(col(column.sealed).is_not_null())
        .and_where(col(column.version).ne(current))
        .order_by(Alias::new(column.row), Order::Asc)
        .limit(BATCH)
        .offset(skipped);
    if let Name::In(name) | Name::Number(name) = column.name {
        select.column(Alias::new(name)).order_by(Alias::new(name), Order::Asc);
    }
    let tx = app.begin().await?;
    let rows = tx.query_all(&select).await?;
    let mut failed = 0;
    for row in &rows {
        let (id, name, sealed) = read(column, row)?;
        let place = Place {
            column: column.place,
            row: id.as_bytes(),
            name: &name,
        };
        let Ok(plain) = app.keys.open(place, &sealed) else {
            tracing::error!(table = column.table, %id, "a sealed value does not open in its place");
            failed += 1;
            continue;
        };
        let new = app.keys.seal(&app.rng, place, &plain)?;
        let mut update = Query::update();
        update
            .table(Alias::new(column.table))
            .value(Alias::new(column.sealed), new.bytes)
            .value(Alias::new(column.version), new.version)
            .and_where(col(column.row).eq(id))
            // whoever wrote it anew meanwhile has sealed it under the newest version already
            .and_where(col(column.sealed).eq(sealed.bytes));
        match column.name {
            Name::Is(_) => {}
            Name::In(of) => drop(update.and_where(col(of).eq(name.as_str()))),
            Name::Number(of) => drop(update.and_where(col(of).eq(name.parse::<i32>().unwrap_or_default()))),
        }
        tx.execute(&update).await?;
    }
    tx.commit().await?;
    Ok((rows.len() as u64, failed))
}

fn read(column: Column, row: &QueryResult) -> std::result::Result<(Uuid, String, Sealed), DbErr> {
    let name = match column.name {
        Name::Is(name) => name.to_owned(),
        Name::In(of) => row.try_get("", of)?,
        Name::Number(of) => row.try_get::<i32>("", of)?.to_string(),
    };
    let sealed = Sealed {
        bytes: row.try_get("", column.sealed)?,
        version: row.try_get("", column.version)?,
    };
    Ok((row.try_get("", column.row)?, name, sealed))
}
