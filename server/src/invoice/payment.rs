//! What was paid: the provider's books say it, by a file or by a member of the staff.
use super::import::Operator;
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{account, invoice},
    error::{Error, Result},
    exchange::{
        cell,
        table::{self, FILE_MAX, Typed},
    },
};
use anyhow::{Context, bail};
use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use shared::{
    account::{AccountKind, Right},
    error::Reason,
    exchange::ImportProblem,
    id::{AccountId, InvoiceId},
    money::Amount,
};
use std::{fmt, path::Path};

/// The columns of a file of payments: the number of the invoice, the customer's number, how much of it is paid by now
/// in all, and the day of the last payment.
pub const COLUMNS: [&str; 4] = ["invoice", "customer", "paid", "paid_on"];

/// Why a row of a file was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A cell does not say what its column takes.
    #[error("{0}: {1:?}")]
    Cell(&'static str, ImportProblem),
    /// There is no such invoice of this customer.
    #[error("the customer has no invoice with this number")]
    NoInvoice,
    /// Two invoices of this customer, of two sellers or types, have the number.
    #[error("the customer has several invoices with this number")]
    Ambiguous,
    /// The day of the payment has not come.
    #[error("paid_on: the day lies in the future")]
    InFuture,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It says something new.
    Changed,
    /// It says what is known.
    Unchanged,
    /// Nothing changed.
    Refused(Problem),
}

/// What became of the rows of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The line of each row, its invoice's number, and what became of it.
    pub rows: Vec<(u64, String, Verdict)>,
}

impl Report {
    /// Whether a row was refused.
    pub fn has_refusals(&self) -> bool {
        self.rows
            .iter()
            .any(|(.., verdict)| matches!(verdict, Verdict::Refused(_)))
    }
}

impl fmt::Display for Report {
    /// A line for each row; control characters of foreign files do not reach the terminal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (line, number, verdict) in &self.rows {
            let number = number.replace(char::is_control, "\u{fffd}");
            let words = match verdict {
                Verdict::Changed => "changed".to_owned(),
                Verdict::Unchanged => "unchanged".to_owned(),
                Verdict::Refused(problem) => format!("refused: {problem}"),
            };
            writeln!(f, "line {line}: {number}: {words}")?;
        }
        Ok(())
    }
}

/// Takes the file at `path` in; see [`import`].
///
/// # Errors
/// If the file cannot be read, is larger than [`FILE_MAX`], or as [`import`].
pub async fn import_file(app: &App, operator: Operator, path: &Path, is_dry: bool) -> anyhow::Result<Report> {
    let read = || format!("{} cannot be read", path.display());
    let size = tokio::fs::metadata(path).await.with_context(read)?.len();
    if size > FILE_MAX as u64 {
        bail!("{} is larger than {FILE_MAX} bytes", path.display());
    }
    let bytes = tokio::fs::read(path).await.with_context(read)?;
    let report = import(app, operator, &bytes, is_dry).await;
    report.with_context(|| format!("{} was not taken in", path.display()))
}

/// Takes payments in, CSV or JSON, in one transaction; with `is_dry` only says what would be done. A row says how much
/// is paid in all: taking a file in again changes nothing.
///
/// # Errors
/// [`Error::Invalid`] if it is no table of [`COLUMNS`], or if the database fails. What is wrong with a row is no error
/// but a [`Verdict`]; the other rows are taken in.
pub async fn import(app: &App, Operator: Operator, bytes: &[u8], is_dry: bool) -> Result<Report> {
    let typed = table::read(bytes, &COLUMNS)?;
    let tx = app.begin().await?;
    let mut rows = Vec::with_capacity(typed.len());
    for row in typed {
        let number = row.text("invoice").unwrap_or_default().to_owned();
        let verdict = match judge(&tx, &row, app.clock.today()).await? {
            Err(problem) => Verdict::Refused(problem),
            Ok((found, paid, on)) if found.paid_total == Some(paid) && found.paid_on == on => Verdict::Unchanged,
            Ok((found, paid, on)) => {
                write(&tx, found.id, paid, on).await?;
                record(&tx, app, None, &found).await?;
                Verdict::Changed
            }
        };
        rows.push((row.line, number, verdict));
    }
    if is_dry {
        tx.rollback().await?;
    } else {
        tx.commit().await?;
    }
    Ok(Report { rows })
}

type Judged = std::result::Result<(invoice::Model, Amount, Option<NaiveDate>), Problem>;

async fn judge(db: &impl ConnectionTrait, row: &Typed, today: NaiveDate) -> Result<Judged> {
    let cells = || {
        let missing = |column| (column, ImportProblem::Missing);
        let number = row.text("invoice").ok_or(missing("invoice"))?;
        let customer = row.text("customer").ok_or(missing("customer"))?;
        let paid = cell::amount(row, "paid", None)?.ok_or(missing("paid"))?;
        let on = cell::day(row, "paid_on", None)?;
        if on.is_none() && paid > Amount(0) {
            return Err(missing("paid_on"));
        }
        Ok((number, customer, paid, on))
    };
    let (number, customer, paid, on) = match cells() {
        Ok(cells) => cells,
        Err((column, problem)) => return Ok(Err(Problem::Cell(column, problem))),
    };
    if on.is_some_and(|day| day > today) {
        return Ok(Err(Problem::InFuture));
    }
    let account = account::Entity::find().filter(account::COLUMN.number.eq(customer));
    let Some(account) = account.one(db).await? else {
        return Ok(Err(Problem::NoInvoice));
    };
    let mut found = of_account(db, account.id, number).await?;
    Ok(match (found.pop(), found.is_empty()) {
        (None, _) => Err(Problem::NoInvoice),
        (Some(_), false) => Err(Problem::Ambiguous),
        (Some(found), true) => Ok((found, paid, on)),
    })
}

/// The first two invoices of an account with a number, held ones too.
async fn of_account(db: &impl ConnectionTrait, account: AccountId, number: &str) -> Result<Vec<invoice::Model>> {
    use invoice::Column as C;
    let owned = Condition::any()
        .add(C::AccountId.eq(account))
        .add(C::HeldAccountId.eq(account));
    let found = invoice::Entity::find().filter(owned).filter(C::Number.eq(number));
    Ok(found.order_by_asc(C::Id).limit(2).all(db).await?)
}

async fn write(db: &impl ConnectionTrait, id: InvoiceId, paid: Amount, on: Option<NaiveDate>) -> Result<()> {
    invoice::Entity::update_many()
        .col_expr(invoice::Column::PaidTotal, Expr::value(Some(paid)))
        .col_expr(invoice::Column::PaidOn, Expr::value(on))
        .filter(invoice::COLUMN.id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// In the log of the customer whose invoice it is.
async fn record(db: &impl ConnectionTrait, app: &App, actor: Option<&Actor>, row: &invoice::Model) -> Result<()> {
    let entry = audit::Entry {
        user: actor.map(|actor| actor.user),
        account: row.account_id.or(row.held_account_id),
        act: "setInvoicePayment",
        object: Some(row.id.to_string()),
        ip: actor.and_then(|actor| actor.ip.clone()),
        ..audit::Entry::default()
    };
    audit::add(db, app, entry).await
}

/// Says how much of an invoice of any customer is paid by now in all, and since which day.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages invoices; [`Error::NotFound`]; [`Error::Invalid`] at `paidTotal`
/// below zero, or at `paidOn` without a day where something is paid, or with one that has not come.
pub async fn set(
    app: &App,
    actor: &Actor,
    id: InvoiceId,
    paid: Amount,
    on: Option<NaiveDate>,
) -> Result<invoice::Model> {
    actor.require_in(AccountKind::Provider, Right::ManageInvoices)?;
    if paid < Amount(0) {
        return Err(Error::invalid("paidTotal", Reason::Missing, "at least zero"));
    }
    if on.is_none() && paid > Amount(0) {
        return Err(Error::invalid("paidOn", Reason::Missing, "the day of the last payment"));
    }
    if on.is_some_and(|day| day > app.clock.today()) {
        return Err(Error::invalid("paidOn", Reason::DateTooFar, "not after today"));
    }
    let tx = app.begin().await?;
    let row = invoice::Entity::find_by_id(id).one(&tx).await?;
    let mut row = row.ok_or(Error::NotFound("invoice"))?;
    write(&tx, id, paid, on).await?;
    record(&tx, app, Some(actor), &row).await?;
    tx.commit().await?;
    (row.paid_total, row.paid_on) = (Some(paid), on);
    Ok(row)
}
