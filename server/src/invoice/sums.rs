//! What invoices come to. Where a list is narrowed by nothing but a year or where its invoices stand, the answer is kept
//! by the database (the tables `invoice_month` and `invoice_due`), so that it costs the same for few and for many.
use super::list::{self, Filter};
use crate::{
    actor::Actor,
    app::App,
    entity::{invoice, invoice_due, invoice_month},
    error::Result,
};
use chrono::{Datelike, Months, NaiveDate};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, FromQueryResult, IntoSimpleExpr, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Func},
};
use shared::{account::Right, id::AccountId, invoice::InvoiceState, money::Amount};
use std::collections::BTreeMap;

/// What the invoices of one currency come to.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Sum {
    /// Which currency (ISO 4217).
    pub currency: String,
    /// How many invoices.
    pub count: i64,
    /// Their gross totals, credit notes less.
    pub total: Amount,
    /// What of them is still to be paid.
    pub due: Amount,
}

/// What the invoices of an account that match come to, by currency, in one statement.
///
/// # Errors
/// [`Error::Invalid`](crate::error::Error::Invalid) for a text that is too long, and where the database fails.
pub(super) async fn of(app: &App, account: AccountId, filter: &Filter) -> Result<Vec<Sum>> {
    let Filter {
        year,
        kind,
        state,
        text,
        contract,
        is_without_contract,
    } = filter;
    let is_narrow = kind.is_some()
        || text.as_deref().is_some_and(|text| !text.trim().is_empty())
        || contract.is_some()
        || *is_without_contract;
    match (year, state) {
        (year, None) if !is_narrow => of_months(app, account, *year).await,
        (None, Some(state @ (InvoiceState::Due | InvoiceState::PastDue))) if !is_narrow => {
            of_open(app, account, *state).await
        }
        _ => counted(app, account, filter).await,
    }
}

async fn of_months(app: &App, account: AccountId, year: Option<i32>) -> Result<Vec<Sum>> {
    use invoice_month::Column as C;
    let mut kept = invoice_month::Entity::find()
        .select_only()
        .column(C::Currency)
        .expr_as(sum(C::Count.into_simple_expr()), "count")
        .expr_as(sum(C::Total.into_simple_expr()), "total")
        .expr_as(sum(C::Due.into_simple_expr()), "due")
        .filter(C::AccountId.eq(account))
        .group_by(C::Currency)
        .order_by_asc(C::Currency);
    if let Some(year) = year {
        let Some((first, last)) = days_of(year) else {
            return Ok(Vec::new());
        };
        kept = kept.filter(C::FirstDay.between(first, last));
    }
    Ok(kept.into_model().all(&app.db).await?)
}

async fn of_open(app: &App, account: AccountId, state: InvoiceState) -> Result<Vec<Sum>> {
    use invoice_due::Column as C;
    let today = app.clock.today();
    let days = match state {
        InvoiceState::PastDue => C::DueDate.lt(today),
        _ => C::DueDate.gte(today),
    };
    let kept = invoice_due::Entity::find()
        .select_only()
        .column(C::Currency)
        .expr_as(sum(C::Count.into_simple_expr()), "count")
        .expr_as(sum(C::Total.into_simple_expr()), "total")
        .expr_as(sum(C::Due.into_simple_expr()), "due")
        .filter(C::AccountId.eq(account))
        .filter(days)
        .group_by(C::Currency)
        .order_by_asc(C::Currency);
    Ok(kept.into_model().all(&app.db).await?)
}

/// The first and the last day of a year, if databases know it.
pub(super) fn days_of(year: i32) -> Option<(NaiveDate, NaiveDate)> {
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day);
    (1..=9999).contains(&year).then(|| Some((day(1, 1)?, day(12, 31)?)))?
}

/// The same by reading all invoices that match.
async fn counted(app: &App, account: AccountId, filter: &Filter) -> Result<Vec<Sum>> {
    use invoice::Column as C;
    let read = invoice::Entity::find()
        .select_only()
        .column(C::Currency)
        .expr_as(C::Id.count(), "count")
        .expr_as(sum(list::signed_total()), "total")
        .expr_as(sum(due()), "due")
        .filter(list::condition(account, filter, app.clock.today())?)
        .group_by(C::Currency)
        .order_by_asc(C::Currency);
    Ok(read.into_model().all(&app.db).await?)
}

/// PostgreSQL sums big integers into another type, hence the cast.
fn sum(of: Expr) -> Expr {
    Func::cast_as(Func::sum(of), "bigint").into()
}

/// What of an invoice is still to be paid; see [`super::due`].
fn due() -> Expr {
    let paid = Func::coalesce([invoice::Column::PaidTotal.into_simple_expr(), Expr::val(0_i64)]);
    let left = invoice::Column::Payable.into_simple_expr().sub(Expr::from(paid));
    Expr::case(list::is_open(), left).finally(0_i64).into()
}

/// What was invoiced in a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Year {
    /// Which one.
    pub year: i32,
    /// How many invoices.
    pub count: i64,
    /// The gross totals, credit notes less, a sum for each currency.
    pub sums: Vec<(String, Amount)>,
}

/// The years that have invoices in the account in view, newest first.
///
/// # Errors
/// [`Error::Forbidden`](crate::error::Error::Forbidden) without the right to see invoices.
pub async fn years(app: &App, actor: &Actor) -> Result<Vec<Year>> {
    let account = actor.require(Right::SeeInvoices)?;
    let months = invoice_month::Entity::find()
        .filter(invoice_month::COLUMN.account_id.eq(account.id))
        .all(&app.db)
        .await?;
    let mut years: BTreeMap<i32, (i64, BTreeMap<String, i64>)> = BTreeMap::new();
    for month in months {
        let year = years.entry(month.first_day.year()).or_default();
        year.0 += month.count;
        *year.1.entry(month.currency).or_default() += month.total.0;
    }
    let year = |(year, (count, sums)): (i32, (i64, BTreeMap<String, i64>))| Year {
        year,
        count,
        sums: sums
            .into_iter()
            .map(|(currency, sum)| (currency, Amount(sum)))
            .collect(),
    };
    Ok(years.into_iter().rev().map(year).collect())
}

/// What was invoiced in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first_day: NaiveDate,
    /// In which currency.
    pub currency: String,
    /// The gross totals, credit notes less.
    pub total: Amount,
}

/// What was invoiced to the account in view in this month and the eleven before it, oldest first: for each currency
/// that occurs, each of the twelve, zeros included.
///
/// # Errors
/// [`Error::Forbidden`](crate::error::Error::Forbidden) without the right to see invoices.
pub async fn months(app: &App, actor: &Actor) -> Result<Vec<Month>> {
    let account = actor.require(Right::SeeInvoices)?;
    let today = app.clock.today();
    let this = today.with_day(1).unwrap_or(today);
    let firsts: Vec<_> = (0..12)
        .rev()
        .filter_map(|back| this.checked_sub_months(Months::new(back)))
        .collect();
    let kept = invoice_month::Entity::find()
        .filter(invoice_month::COLUMN.account_id.eq(account.id))
        .filter(invoice_month::Column::FirstDay.is_in(firsts.clone()))
        .all(&app.db)
        .await?;
    let mut totals: BTreeMap<String, BTreeMap<NaiveDate, Amount>> = BTreeMap::new();
    for month in kept {
        totals
            .entry(month.currency)
            .or_default()
            .insert(month.first_day, month.total);
    }
    let month = |first_day: NaiveDate| {
        totals.iter().map(move |(currency, sums)| Month {
            first_day,
            currency: currency.clone(),
            total: sums.get(&first_day).copied().unwrap_or(Amount(0)),
        })
    };
    Ok(firsts.iter().flat_map(|first_day| month(*first_day)).collect())
}
