//! The exchange with the provider's own systems: the catalogue, contracts and orders as files, in and out.
//!
//! The good rows of a file are taken, the others are reported; rows go in by the batch, each batch whole or not at all;
//! taking a file twice is the same as taking it once. What a file does not name stays as it is: nothing is deleted, a
//! contract is ended by its state. docs/exchange.md describes the columns.
pub(crate) mod cell;
pub mod command;
pub mod contract;
pub mod graphql;
pub mod order;
mod order_known;
mod order_new;
pub mod product;
pub mod table;
mod terms;

use crate::{app::App, audit, error::Result, office::Author};
use anyhow::Context;
use cell::Fault;
use shared::{
    account::{AccountKind, Right},
    exchange::{ImportProblem, ImportVerdict, Subject},
};
use std::collections::HashSet;
use table::{Format, Typed};

/// How many rows go into the database at a time.
const BATCH: usize = 500;

/// The longest name, in characters.
const NAME_MAX: usize = 200;

/// The longest description, in characters.
const DESCRIPTION_MAX: usize = 4000;

/// What is said of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowReport {
    /// Its line in a CSV file, the header line being the first; its place in a JSON list, from 1.
    pub line: u64,
    /// Its code or number, as it stands there.
    pub key: String,
    /// What is done with it.
    pub verdict: ImportVerdict,
    /// The columns that change.
    pub changes: Vec<&'static str>,
    /// What is wrong with it, and in which column.
    pub problem: Option<(&'static str, ImportProblem)>,
}

/// What is said of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Its rows, in their order.
    pub rows: Vec<RowReport>,
}

impl Report {
    /// How many rows have a verdict.
    pub fn count(&self, verdict: ImportVerdict) -> usize {
        self.rows.iter().filter(|row| row.verdict == verdict).count()
    }
}

/// A row with what follows from it: the row of the table as it will be.
struct Judged<M> {
    report: RowReport,
    after: Option<M>,
}

/// That somebody may exchange files about this: the catalogue whoever administers, contracts whoever manages
/// customers, orders whoever handles requests.
fn check(author: Author<'_>, subject: Subject) -> Result<()> {
    let right = match subject {
        Subject::Products => Right::Administer,
        Subject::Contracts => Right::ManageCustomers,
        Subject::Orders => Right::HandleRequests,
    };
    match author {
        Author::Staff(actor) => actor.require_in(AccountKind::Provider, right).map(|_| ()),
        Author::Operator(_) => Ok(()),
    }
}

/// That a person who brings decisions in proved lately who he is, as where he decides one by one. A program's token has
/// the right of its own, and the command line is the operator's.
fn check_recent(app: &App, author: Author<'_>, subject: Subject) -> Result<()> {
    match (author, subject) {
        (Author::Staff(actor), Subject::Orders) if actor.require_session().is_ok() => {
            actor.require_step_up(app.clock.now())
        }
        _ => Ok(()),
    }
}

/// Takes the good rows of a file in, or says with `is_dry` what would be done.
///
/// # Errors
/// [`crate::error::Error::Forbidden`] for those without the right; [`crate::error::Error::StepUpRequired`] for people
/// who bring orders in, unless it is a rehearsal; those of [`table::read`];
/// [`crate::error::Error::Conflict`] if somebody else brings the same rows in at the same time: the batches before are
/// in then, and repeating goes on.
pub async fn import(app: &App, author: Author<'_>, subject: Subject, bytes: Vec<u8>, is_dry: bool) -> Result<Report> {
    check(author, subject)?;
    if !is_dry {
        check_recent(app, author, subject)?;
    }
    let columns = columns(subject);
    let mut rows = tokio::task::spawn_blocking(move || table::read(&bytes, columns))
        .await
        .context("reading a file broke off")??;
    // Contracts that others go with come before them, wherever they stand in the file.
    rows.sort_by_key(|row| row.text("option_of").is_some());
    let mut seen = HashSet::new();
    let mut report = Report::default();
    for batch in rows.chunks(BATCH) {
        let tx = app.begin().await?;
        let reports = match subject {
            Subject::Products => product::take(&tx, app, author, batch, &mut seen, is_dry).await?,
            Subject::Contracts => contract::take(&tx, app, author, batch, &mut seen, is_dry).await?,
            Subject::Orders => order::take(&tx, app, author, batch, &mut seen).await?,
        };
        if is_dry {
            tx.rollback().await?;
        } else {
            tx.commit().await?;
            crate::order::wake(app);
        }
        report.rows.extend(reports);
    }
    report.rows.sort_by_key(|row| row.line);
    Ok(report)
}

/// All rows as a file in canonical form: what was imported from such a file gives the same bytes.
///
/// # Errors
/// [`crate::error::Error::Forbidden`] for those without the right.
pub async fn export(app: &App, author: Author<'_>, subject: Subject, format: Format) -> Result<Vec<u8>> {
    check(author, subject)?;
    let rows = match subject {
        Subject::Products => product::all(app).await?,
        Subject::Contracts => contract::all(app).await?,
        Subject::Orders => order::all(app).await?,
    };
    let bytes = table::write(format, columns(subject), &rows)?;
    audit::add(
        &app.db,
        app,
        author.own_entry("exportFile", Some(name(subject).to_owned())),
    )
    .await?;
    Ok(bytes)
}

/// What a file about a subject is called, without its ending.
pub fn name(subject: Subject) -> &'static str {
    match subject {
        Subject::Products => "products",
        Subject::Contracts => "contracts",
        Subject::Orders => "orders",
    }
}

fn columns(subject: Subject) -> &'static [&'static str] {
    match subject {
        Subject::Products => product::COLUMNS,
        Subject::Contracts => contract::COLUMNS,
        Subject::Orders => order::COLUMNS,
    }
}

/// The report of a row: `before` and `after` as cells, where there are any.
fn judged<M>(
    row: &Typed,
    columns: &[&'static str],
    outcome: Result<(Option<table::Written>, table::Written, M), Fault>,
) -> Judged<M> {
    let key = columns
        .first()
        .and_then(|key| row.text(key))
        .unwrap_or_default()
        .to_owned();
    let of = |verdict, changes, problem| RowReport {
        line: row.line,
        key,
        verdict,
        changes,
        problem,
    };
    match outcome {
        Err(fault) => Judged {
            report: of(ImportVerdict::Refused, Vec::new(), Some(fault)),
            after: None,
        },
        Ok((None, _, after)) => Judged {
            report: of(ImportVerdict::New, Vec::new(), None),
            after: Some(after),
        },
        Ok((Some(before), cells, after)) => {
            let pairs = columns.iter().zip(before.iter().zip(&cells));
            let changes: Vec<_> = pairs
                .filter(|(_, (before, after))| before != after)
                .map(|(column, _)| *column)
                .collect();
            if changes.is_empty() {
                Judged {
                    report: of(ImportVerdict::Same, changes, None),
                    after: None,
                }
            } else {
                Judged {
                    report: of(ImportVerdict::Changed, changes, None),
                    after: Some(after),
                }
            }
        }
    }
}

/// The report of a row that is left out.
fn refused(row: &Typed, columns: &[&'static str], fault: Fault) -> RowReport {
    judged::<()>(row, columns, Err(fault)).report
}

/// That no earlier row of the file names the same.
fn is_first(seen: &mut HashSet<String>, column: &'static str, key: &str) -> Result<(), Fault> {
    if seen.insert(key.to_owned()) {
        Ok(())
    } else {
        Err((column, ImportProblem::Duplicate))
    }
}
