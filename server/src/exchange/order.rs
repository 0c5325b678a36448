//! Orders as a file: what other systems took in, and what they decided.
//!
//! A new order is taken as it stands: what happened before is history, of which nobody is told. Of a known one only its
//! state moves, by the rule that staff decides by, with its mails and events; the contents never change.
use super::{
    RowReport,
    cell::{Fault, amount, code, day, instant, tax_rate, word, written_instant, yes},
    is_first, judged,
    order_known::{Known, Names},
    order_new::fresh,
    refused,
    table::{Typed, Written},
};
use crate::{
    app::App,
    audit,
    entity::{audit as audit_row, order},
    error::{Error, Result},
    office::Author,
    order::{
        decide::{NewDecision, complete_in, decide_in},
        effect::is_due,
        today,
    },
};
use chrono::NaiveDate;
use sea_orm::{ActiveEnum, DatabaseTransaction, EntityTrait, IntoActiveModel, SqlErr, TransactionTrait};
use shared::{
    error::Reason,
    exchange::ImportProblem,
    order::{Decision, OrderKind, OrderState},
    product::PricePeriod,
};
use std::collections::HashSet;

/// The columns of a file, in their order; the first one is the key.
pub const COLUMNS: &[&str] = &[
    "number",
    "customer_number",
    "kind",
    "state",
    "product_code",
    "contract_number",
    "made_contract_number",
    "label",
    "price_before",
    "period_before",
    "price",
    "price_period",
    "setup_price",
    "tax_rate",
    "currency",
    "effective_on",
    "is_extraordinary",
    "reason",
    "placed_at",
    "decided_at",
    "decision_reason",
];

/// The columns that say where an order stands: those that move.
const STANDING: [&str; 5] = [
    "state",
    "effective_on",
    "decided_at",
    "decision_reason",
    "made_contract_number",
];

/// The cells of an order, in the order of [`COLUMNS`].
fn written(row: &order::Model, names: &Names) -> Written {
    let contract = |id| names.contracts.get(&id).cloned();
    vec![
        Some(row.number.clone()),
        row.account_id.and_then(|id| names.customers.get(&id).cloned()),
        Some(row.kind.to_value()),
        Some(row.state.to_value()),
        row.product_id.and_then(|id| names.products.get(&id).cloned()),
        row.contract_id.and_then(contract),
        row.made_contract_id.and_then(contract),
        row.label.clone(),
        row.price_before.map(|price| price.to_string()),
        row.period_before.map(|period| period.to_value()),
        row.price_after.map(|price| price.to_string()),
        row.period_after.map(|period| period.to_value()),
        row.setup_price.map(|price| price.to_string()),
        row.tax_rate.map(|rate| rate.to_string()),
        Some(row.currency.clone()),
        row.effective_on.map(|day| day.to_string()),
        Some(row.is_extraordinary.to_string()),
        row.reason.clone(),
        Some(written_instant(row.placed_at)),
        row.decided_at.map(written_instant),
        row.decision_reason.clone(),
    ]
}

/// All orders of all accounts, by their number.
pub(super) async fn all(app: &App) -> Result<Vec<Written>> {
    let mut rows = order::Entity::find().all(&app.db).await?;
    rows.sort_by(|one, other| one.number.cmp(&other.number));
    let names = Names::all(&app.db).await?;
    Ok(rows.iter().map(|row| written(row, &names)).collect())
}

/// What a row asks for.
enum Step {
    /// An order that is not known yet.
    New(Box<order::Model>),
    /// Nothing.
    Same,
    /// A decision on one that waits; then the state that it must have.
    Decide(NewDecision, OrderState),
    /// That a confirmed one is in effect, since a day.
    Complete(Option<NaiveDate>),
}

/// Takes a batch. Each decision stands for itself: one that fails leaves the others. A rehearsal does the same, and its
/// transaction is given up.
pub(super) async fn take(
    tx: &DatabaseTransaction,
    app: &App,
    author: Author<'_>,
    batch: &[Typed],
    seen: &mut HashSet<String>,
) -> Result<Vec<RowReport>> {
    let mut known = Known::of(tx, batch).await?;
    let mut reports = Vec::new();
    let mut made = Vec::new();
    for row in batch {
        let before = row.text("number").and_then(|number| known.orders.get(number)).cloned();
        let step = match judge(app, &known, seen, row, before.as_ref()) {
            Ok(step) => step,
            Err(fault) => {
                reports.push(refused(row, COLUMNS, fault));
                continue;
            }
        };
        let after = match (step, before.clone()) {
            (Step::New(fresh), _) => {
                made.push((*fresh).clone());
                Ok(*fresh)
            }
            (Step::Same, Some(before)) => Ok(before),
            (step, Some(before)) => carry_out(tx, app, author, before, step).await?,
            (_, None) => Err(("number", ImportProblem::Missing)),
        };
        let outcome = match after {
            Ok(after) => {
                known.names.learn(tx, &after).await?;
                let cells_before = before.as_ref().map(|before| written(before, &known.names));
                Ok((cells_before, written(&after, &known.names), ()))
            }
            Err(fault) => Err(fault),
        };
        reports.push(judged(row, COLUMNS, outcome).report);
    }
    if !made.is_empty() {
        insert(tx, app, author, made).await?;
    }
    Ok(reports)
}

/// Moves an order on as the office does, or says why not.
async fn carry_out(
    tx: &DatabaseTransaction,
    app: &App,
    author: Author<'_>,
    before: order::Model,
    step: Step,
) -> Result<Result<order::Model, Fault>> {
    let point = tx.begin().await?;
    let (moved, goal) = match step {
        Step::Decide(decision, state) => (decide_in(&point, app, author, before, decision).await, state),
        Step::Complete(day) => (complete_in(&point, app, author, before, day).await, OrderState::Done),
        Step::New(_) | Step::Same => return Ok(Ok(before)),
    };
    let done = match moved {
        Ok(after) if goal == OrderState::Done && after.state != goal => {
            Err(("effective_on", ImportProblem::NotPossible))
        }
        Ok(after) => Ok(after),
        Err(error) => Err(fault_of(error)?),
    };
    match done {
        Ok(_) => point.commit().await?,
        Err(_) => point.rollback().await?,
    }
    Ok(done)
}

/// Writes orders that were not known, in two statements.
async fn insert(tx: &DatabaseTransaction, app: &App, author: Author<'_>, made: Vec<order::Model>) -> Result<()> {
    let acts = made.iter().filter_map(|row| {
        let entry = author.entry("importOrders", row.account_id?, Some(row.id.to_string()));
        Some(audit::row(app, entry).into_active_model())
    });
    audit_row::Entity::insert_many(acts).exec_without_returning(tx).await?;
    order::Entity::insert_many(made.into_iter().map(IntoActiveModel::into_active_model))
        .exec_without_returning(tx)
        .await
        .map_err(|error| match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Error::Conflict("somebody else brings orders in"),
            _ => error.into(),
        })?;
    Ok(())
}

fn judge(
    app: &App,
    known: &Known,
    seen: &mut HashSet<String>,
    row: &Typed,
    before: Option<&order::Model>,
) -> Result<Step, Fault> {
    let number = code(row, "number")?;
    is_first(seen, "number", &number)?;
    match before {
        Some(before) => next(today(app), known, row, before),
        None => fresh(app, known, row, number).map(|row| Step::New(Box::new(row))),
    }
}

/// What a row says of an order that is known. An empty cell says nothing: what was ordered never goes away.
fn next(today: NaiveDate, known: &Known, row: &Typed, before: &order::Model) -> Result<Step, Fault> {
    for (column, cell) in COLUMNS.iter().zip(written(before, &known.names)) {
        let is_fixed = !STANDING.contains(column) && row.text(column).is_some();
        if is_fixed && canonical(row, column)? != cell {
            return Err((column, ImportProblem::Fixed));
        }
    }
    let said = word::<OrderState>(row, "state", None)?.unwrap_or(before.state);
    let other_day = day(row, "effective_on", None)?
        .filter(|_| row.text("effective_on").is_some())
        .filter(|day| Some(*day) != before.effective_on);
    let reason = row.text("decision_reason");
    let is_due = |day: Option<NaiveDate>| day.is_some_and(|day| is_due(before.kind, day, today));
    let decide = |decision, state, effective_on| {
        if before.account_id.is_none() && decision == Decision::Confirm {
            return Err(("customer_number", ImportProblem::Missing));
        }
        let new = NewDecision {
            order: before.id,
            decision,
            reason: reason.unwrap_or_default().to_owned(),
            effective_on,
        };
        Ok(Step::Decide(new, state))
    };
    // in effect from the day that is said, or from its own if that has come, or from today
    let begun = other_day.or(Some(today).filter(|_| !is_due(before.effective_on)));
    match (before.state, said) {
        (from, to) if from == to || (from == OrderState::Done && to == OrderState::Confirmed) => {
            let problem = if from == OrderState::Placed {
                ImportProblem::NotPossible
            } else {
                ImportProblem::Fixed
            };
            if reason.is_some_and(|reason| Some(reason) != before.decision_reason.as_deref()) {
                return Err(("decision_reason", problem));
            }
            match other_day {
                Some(_) => Err(("effective_on", problem)),
                None => Ok(Step::Same),
            }
        }
        (OrderState::Placed, OrderState::Confirmed) => decide(Decision::Confirm, said, other_day),
        (OrderState::Placed, OrderState::Rejected) => decide(Decision::Reject, said, None),
        (OrderState::Placed, OrderState::Done) => decide(Decision::Confirm, said, begun),
        (OrderState::Confirmed, OrderState::Done) if is_due(begun.or(before.effective_on)) => Ok(Step::Complete(begun)),
        (OrderState::Confirmed, OrderState::Done) => Err(("effective_on", ImportProblem::NotPossible)),
        _ => Err(("state", ImportProblem::NotAStep)),
    }
}

/// A cell as an export writes it.
fn canonical(row: &Typed, column: &'static str) -> Result<Option<String>, Fault> {
    Ok(match column {
        "kind" => word::<OrderKind>(row, column, None)?.map(|kind| kind.to_value()),
        "period_before" | "price_period" => word::<PricePeriod>(row, column, None)?.map(|period| period.to_value()),
        "price_before" | "price" | "setup_price" => amount(row, column, None)?.map(|price| price.to_string()),
        "tax_rate" => tax_rate(row, column, None)?.map(|rate| rate.to_string()),
        "is_extraordinary" => Some(yes(row, column, false)?.to_string()),
        "placed_at" => instant(row, column, None)?.map(written_instant),
        _ => row.text(column).map(str::to_owned),
    })
}

/// What the office's rule has against a row; what is not about the row goes on as an error.
fn fault_of(error: Error) -> Result<Fault> {
    match error {
        Error::Invalid {
            field: "reason",
            reason: Reason::TooLong,
            ..
        } => Ok(("decision_reason", ImportProblem::TooLong)),
        Error::Invalid { field: "reason", .. } => Ok(("decision_reason", ImportProblem::Missing)),
        Error::Invalid {
            field: "effectiveOn", ..
        } => Ok(("effective_on", ImportProblem::DateInPast)),
        Error::Conflict(_) | Error::NotFound(_) => Ok(("state", ImportProblem::NotAStep)),
        other => Err(other),
    }
}
