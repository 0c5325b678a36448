//! The operator's command line: the same files as staff takes in.
use super::{
    Report, RowReport, export, import,
    table::{FILE_MAX, Format},
};
use crate::{app::App, invoice::import::Operator, office::Author};
use anyhow::{Context, bail};
use shared::exchange::{ImportProblem, ImportVerdict, Subject};
use std::{fmt, path::Path};

/// A subject as it is named on the command line.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Named {
    /// The catalogue.
    Products,
    /// The contracts of all customers.
    Contracts,
    /// The orders of all customers.
    Orders,
}

impl From<Named> for Subject {
    fn from(named: Named) -> Self {
        match named {
            Named::Products => Self::Products,
            Named::Contracts => Self::Contracts,
            Named::Orders => Self::Orders,
        }
    }
}

/// Takes a file in, or says with `is_dry` what would be done.
///
/// # Errors
/// If the file cannot be read, is no table of this subject, or the database refuses.
pub async fn import_file(
    app: &App,
    operator: Operator,
    subject: Subject,
    path: &Path,
    is_dry: bool,
) -> anyhow::Result<Report> {
    let read = || format!("{} cannot be read", path.display());
    let size = tokio::fs::metadata(path).await.with_context(read)?.len();
    if size > FILE_MAX as u64 {
        bail!("{} is larger than {FILE_MAX} bytes", path.display());
    }
    let bytes = tokio::fs::read(path).await.with_context(read)?;
    let report = import(app, Author::Operator(operator), subject, bytes, is_dry).await;
    report.with_context(|| format!("{} was not taken in", path.display()))
}

/// All rows of a subject as a file.
///
/// # Errors
/// If the database refuses.
pub async fn export_file(app: &App, operator: Operator, subject: Subject, format: Format) -> anyhow::Result<Vec<u8>> {
    Ok(export(app, Author::Operator(operator), subject, format).await?)
}

impl fmt::Display for RowReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            ImportVerdict::New => "new",
            ImportVerdict::Changed => "changed",
            ImportVerdict::Same => "unchanged",
            ImportVerdict::Refused => "refused",
        };
        // Cells are the words of others: control characters must not reach a terminal.
        let key: String = self.key.chars().filter(|c| !c.is_control()).collect();
        write!(f, "line {}: {key}: {verdict}", self.line)?;
        if !self.changes.is_empty() {
            write!(f, ": {}", self.changes.join(", "))?;
        }
        let Some((column, problem)) = self.problem else {
            return Ok(());
        };
        let problem = match problem {
            ImportProblem::Missing => "is missing",
            ImportProblem::TooLong => "is too long",
            ImportProblem::NotACode => "takes letters, digits, dots, dashes, slashes and underscores only",
            ImportProblem::NotAnAmount => "is no amount",
            ImportProblem::NotATaxRate => "is no percentage such as 19",
            ImportProblem::NotACurrency => "is no currency such as EUR",
            ImportProblem::NotADate => "is no day such as 2026-12-31",
            ImportProblem::NotATime => "is no point in time such as 2026-12-31T09:00:00Z",
            ImportProblem::UnknownWord => "is none of the words that it takes",
            ImportProblem::EndBeforeStart => "lies before the first day",
            ImportProblem::Duplicate => "stands in an earlier row too",
            ImportProblem::UnknownCustomer => "is no customer's",
            ImportProblem::UnknownProduct => "is no product's",
            ImportProblem::OtherCustomer => "is another customer's: a contract stays with its own",
            ImportProblem::UnknownContract => "is no contract's",
            ImportProblem::NotASpan => "is no length of time such as P24M",
            ImportProblem::NotDetails => "is no JSON list of label_de, label_en and value",
            ImportProblem::AgainstTheLaw => "and what follows bind longer than the law lets them",
            ImportProblem::NotPossible => "does not go with the other columns",
            ImportProblem::Fixed => "never changes once it is known",
            ImportProblem::NotAStep => "cannot follow: it is decided, or the contract is over",
            ImportProblem::DateInPast => "lies too far back",
        };
        write!(f, ", {column} {problem}")
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in self.rows.iter().filter(|row| row.verdict != ImportVerdict::Same) {
            writeln!(f, "{row}")?;
        }
        writeln!(
            f,
            "{} new, {} changed, {} unchanged, {} refused",
            self.count(ImportVerdict::New),
            self.count(ImportVerdict::Changed),
            self.count(ImportVerdict::Same),
            self.count(ImportVerdict::Refused),
        )
    }
}
