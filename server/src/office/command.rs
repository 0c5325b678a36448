//! The operator's command line: the same imports and waves as on the page of the staff.
use super::{
    Author,
    customer_file::FILE_MAX,
    import::{self, ImportReport, RowReport},
    list::CustomerFilter,
    wave::{self, CustomerSelection},
};
use crate::{app::App, entity::wave as wave_row, error::Error, invoice::import::Operator};
use anyhow::{Context, bail};
use chrono::NaiveDate;
use shared::customer::{CustomerColumn, CustomerProblem, CustomerState, CustomerVerdict};
use std::{fmt, path::Path};

/// Takes a file of customers in, or says with `is_dry` what would be done.
///
/// # Errors
/// If the file cannot be read, is no table of customers, or the database refuses.
pub async fn import_customers(
    app: &App,
    operator: Operator,
    path: &Path,
    is_dry: bool,
) -> anyhow::Result<ImportReport> {
    let read = || format!("{} cannot be read", path.display());
    let size = tokio::fs::metadata(path).await.with_context(read)?.len();
    if size > FILE_MAX as u64 {
        bail!("{} is larger than {FILE_MAX} bytes", path.display());
    }
    let bytes = tokio::fs::read(path).await.with_context(read)?;
    let author = Author::Operator(operator);
    let report = if is_dry {
        import::preview(app, author, bytes).await
    } else {
        import::import(app, author, bytes).await
    };
    report.with_context(|| format!("{} was not taken in", path.display()))
}

/// Sends the access to all customers to whom none was sent; `number` names one of them instead, who may have got it
/// before.
///
/// # Errors
/// If there is nobody to send it to, or the database refuses.
pub async fn send_access(
    app: &App,
    operator: Operator,
    number: Option<&str>,
    announced_from: Option<NaiveDate>,
) -> anyhow::Result<Option<wave_row::Model>> {
    let selection = match number {
        Some(number) => {
            let found = crate::account::find_by_number(&app.db, number).await?;
            let found = found.with_context(|| format!("there is no customer with the number {number}"))?;
            CustomerSelection {
                ids: Some(vec![found.id]),
                ..CustomerSelection::default()
            }
        }
        None => CustomerSelection {
            filter: Some(CustomerFilter {
                state: Some(CustomerState::Prepared),
                ..CustomerFilter::default()
            }),
            ..CustomerSelection::default()
        },
    };
    match wave::send(app, Author::Operator(operator), &selection, announced_from).await {
        Ok(row) => Ok(Some(row)),
        Err(Error::Invalid { field: "selection", .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

impl fmt::Display for RowReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            CustomerVerdict::New => "new",
            CustomerVerdict::Changed => "changed",
            CustomerVerdict::Same => "unchanged",
            CustomerVerdict::Refused => "refused",
        };
        // Cells are the words of others: control characters must not reach a terminal.
        let number: String = self.number.chars().filter(|c| !c.is_control()).collect();
        write!(f, "line {}: {number}: {verdict}", self.line)?;
        let Some((column, problem)) = self.problem else {
            return Ok(());
        };
        let column = match column {
            CustomerColumn::Number => "customer number",
            CustomerColumn::Name => "name",
            CustomerColumn::Email => "e-mail",
            CustomerColumn::Street => "street",
            CustomerColumn::PostalCode => "postal code",
            CustomerColumn::City => "city",
            CustomerColumn::Language => "language",
        };
        let problem = match problem {
            CustomerProblem::Missing => "is missing",
            CustomerProblem::TooLong => "is too long",
            CustomerProblem::NotANumber => "takes letters, digits, dots, dashes and underscores only",
            CustomerProblem::NotAnEmail => "is no e-mail address",
            CustomerProblem::UnknownLanguage => "is neither German nor English",
            CustomerProblem::Duplicate => "stands in an earlier line too",
            CustomerProblem::Taken => "belongs to somebody else",
            CustomerProblem::EmailInUse => "is in use already; without it, this customer needs a letter",
        };
        write!(f, ", {column} {problem}")
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in self.rows.iter().filter(|row| row.problem.is_some()) {
            writeln!(f, "{row}")?;
        }
        writeln!(
            f,
            "{} new, {} changed, {} unchanged, {} refused",
            self.count(CustomerVerdict::New),
            self.count(CustomerVerdict::Changed),
            self.count(CustomerVerdict::Same),
            self.count(CustomerVerdict::Refused),
        )
    }
}
