//! What staff does with orders, and what comes of it: a contract begins, changes or ends by a decision only.
use super::{
    effect::{confirm, settle},
    may_handle, next_end,
    notice::Occasion,
    price::Price,
    required, tell, today, wake,
};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{account, contract, declaration, order},
    error::{Error, Result},
    office::Author,
};
use chrono::NaiveDate;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr,
};
use shared::{
    account::AccountKind,
    error::Reason,
    id::OrderId,
    order::{Decision, OrderKind, OrderSource, OrderState},
};

/// What staff says to an order.
#[derive(Clone, Debug)]
pub struct NewDecision {
    /// To which one.
    pub order: OrderId,
    /// Yes or no.
    pub decision: Decision,
    /// Why: the customer reads it.
    pub reason: String,
    /// Another first day, or last day of a contract that ends, than the order's.
    pub effective_on: Option<NaiveDate>,
}

/// Decides an order that waits; the customer is told by mail. Confirming what obliges the customer to pay takes a
/// password that was given lately: rejecting, and ending a contract, charge nobody.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that handles requests, and for tokens where a password is needed;
/// [`Error::NotFound`]; [`Error::StepUpRequired`]; [`Error::Invalid`] at `reason` or `effectiveOn`;
/// [`Error::Conflict`] if it is decided or taken back, not matched to a customer and contract, or if the contract is
/// over meanwhile.
pub async fn decide(app: &App, actor: &Actor, new: NewDecision) -> Result<order::Model> {
    may_handle(actor)?;
    let tx = app.begin().await?;
    let row = find(&tx, new.order).await?;
    if new.decision == Decision::Confirm && row.kind.is_paid() {
        actor.require_step_up(app.clock.now())?;
    }
    let row = decide_in(&tx, app, Author::Staff(actor), row, new).await?;
    tx.commit().await?;
    wake(app);
    Ok(row)
}

/// As [`decide`], in a transaction of the caller's, who has asked whether the author may; call [`wake`] after the
/// commit.
///
/// # Errors
/// As [`decide`], but for those about who may.
pub(crate) async fn decide_in(
    tx: &impl ConnectionTrait,
    app: &App,
    author: Author<'_>,
    mut row: order::Model,
    new: NewDecision,
) -> Result<order::Model> {
    let reason = required("reason", Some(new.reason))?;
    let today = today(app);
    row.state = match new.decision {
        Decision::Confirm => OrderState::Confirmed,
        Decision::Reject => OrderState::Rejected,
    };
    if new.decision == Decision::Confirm {
        row.effective_on = new.effective_on.or(row.effective_on).or(Some(today));
        let first = if row.kind.is_paid() {
            today
        } else {
            row.placed_at.date_naive()
        };
        if new.effective_on.is_some_and(|day| day < first) {
            let message = "not before today, and no end before it was declared";
            return Err(Error::invalid("effectiveOn", Reason::DateInPast, message));
        }
    }
    row.decided_by = author.user();
    row.decided_at = Some(app.clock.now());
    row.decision_reason = Some(reason);
    // whoever comes second finds no row that waits
    let done = order::Entity::update_many()
        .col_expr(order::Column::State, Expr::value(row.state))
        .col_expr(order::Column::EffectiveOn, Expr::value(row.effective_on))
        .col_expr(order::Column::DecidedBy, Expr::value(row.decided_by))
        .col_expr(order::Column::DecidedAt, Expr::value(row.decided_at))
        .col_expr(order::Column::DecisionReason, Expr::value(row.decision_reason.clone()))
        .filter(order::COLUMN.id.eq(row.id))
        .filter(order::COLUMN.state.eq(OrderState::Placed))
        .exec(tx)
        .await?;
    if done.rows_affected != 1 {
        return Err(Error::Conflict("this order is decided or taken back"));
    }
    if row.state == OrderState::Confirmed {
        confirm(tx, app, &mut row).await?;
        settle(tx, &mut row, today).await?;
    }
    log(tx, app, author, "decideOrder", &row).await?;
    tell(tx, app, &row, Occasion::Decided).await?;
    Ok(row)
}

/// Notes that a confirmed order is in effect, on a day that need not be the one that was confirmed: what the
/// provider's other systems report. The caller has asked whether the author may; call [`wake`] after the commit.
///
/// # Errors
/// [`Error::Invalid`] at `effectiveOn` for a day before it arrived; [`Error::Conflict`] for an order that is not
/// confirmed, and where the day is still to come.
pub(crate) async fn complete_in(
    tx: &impl ConnectionTrait,
    app: &App,
    author: Author<'_>,
    mut row: order::Model,
    day: Option<NaiveDate>,
) -> Result<order::Model> {
    if let Some(day) = day.filter(|day| Some(*day) != row.effective_on) {
        if day < row.placed_at.date_naive() {
            return Err(Error::invalid(
                "effectiveOn",
                Reason::DateInPast,
                "not before it arrived",
            ));
        }
        row.effective_on = Some(day);
        order::Entity::update_many()
            .col_expr(order::Column::EffectiveOn, Expr::value(row.effective_on))
            .filter(order::COLUMN.id.eq(row.id))
            .filter(order::COLUMN.state.eq(OrderState::Confirmed))
            .exec(tx)
            .await?;
        let contract = row.made_contract_id.or(row.contract_id);
        if let (Some(account), Some(id)) = (row.account_id, contract) {
            let mut contract = super::quote::contract_of(tx, account, id).await?.into_active_model();
            match row.kind {
                OrderKind::NewProduct | OrderKind::Option => contract.started_on = sea_orm::Set(day),
                OrderKind::Cancellation | OrderKind::Revocation => contract.ends_on = sea_orm::Set(Some(day)),
                OrderKind::Change => {}
            }
            if contract.is_changed() {
                contract.update(tx).await?;
            }
        }
    }
    if row.state != OrderState::Confirmed || !settle(tx, &mut row, today(app)).await? {
        return Err(Error::Conflict("this order is not confirmed, or its day is to come"));
    }
    log(tx, app, author, "completeOrder", &row).await?;
    tell(tx, app, &row, Occasion::InEffect).await?;
    Ok(row)
}

/// Says whose declaration it is that somebody made without signing in, and about which contract.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that handles requests; [`Error::NotFound`] for the order, the customer number
/// or the contract number; [`Error::Conflict`] for an order that was placed signed in, or is decided.
pub async fn assign(
    app: &App,
    actor: &Actor,
    id: OrderId,
    account_number: &str,
    contract_number: &str,
) -> Result<order::Model> {
    may_handle(actor)?;
    let tx = app.begin().await?;
    let mut row = find(&tx, id).await?;
    if row.source != OrderSource::LegalButton || row.state != OrderState::Placed {
        return Err(Error::Conflict("only a declaration that waits is matched"));
    }
    let account = account::Entity::find()
        .filter(account::COLUMN.number.eq(account_number.trim()))
        .filter(account::COLUMN.kind.ne(AccountKind::Provider))
        .one(&tx)
        .await?
        .ok_or(Error::NotFound("account"))?;
    let contract = contract::Entity::find()
        .filter(contract::COLUMN.account_id.eq(account.id))
        .filter(contract::COLUMN.number.eq(contract_number.trim()))
        .one(&tx)
        .await?
        .ok_or(Error::NotFound("contract"))?;
    let before = Price::of_contract(&contract);
    let wished = declaration::Entity::find_by_id(id)
        .one(&tx)
        .await?
        .and_then(|row| row.wished_on);
    let arrival = row.placed_at.date_naive();
    let end = match row.kind {
        OrderKind::Cancellation if !row.is_extraordinary => {
            let next = next_end(&contract, arrival)?;
            wished.map_or(next, |wished| wished.max(next))
        }
        OrderKind::Cancellation => wished.unwrap_or(arrival),
        _ => arrival,
    };
    row.account_id = Some(account.id);
    row.contract_id = Some(contract.id);
    row.product_id = Some(contract.product_id);
    row.label = contract.label;
    row.price_before = before.amount;
    row.period_before = Some(before.period);
    row.currency = before.currency;
    row.effective_on = Some(end);
    let done = order::Entity::update_many()
        .col_expr(order::Column::AccountId, Expr::value(row.account_id))
        .col_expr(order::Column::ContractId, Expr::value(row.contract_id))
        .col_expr(order::Column::ProductId, Expr::value(row.product_id))
        .col_expr(order::Column::Label, Expr::value(row.label.clone()))
        .col_expr(order::Column::PriceBefore, Expr::value(row.price_before))
        .col_expr(order::Column::PeriodBefore, Expr::value(row.period_before))
        .col_expr(order::Column::Currency, Expr::value(row.currency.clone()))
        .col_expr(order::Column::EffectiveOn, Expr::value(row.effective_on))
        .filter(order::COLUMN.id.eq(row.id))
        .filter(order::COLUMN.state.eq(OrderState::Placed))
        .exec(&tx)
        .await?;
    if done.rows_affected != 1 {
        return Err(Error::Conflict("this order is decided or taken back"));
    }
    log(&tx, app, Author::Staff(actor), "assignOrder", &row).await?;
    super::announce(&tx, app, &row).await?;
    tx.commit().await?;
    wake(app);
    Ok(row)
}

async fn find(db: &impl ConnectionTrait, id: OrderId) -> Result<order::Model> {
    let found = order::Entity::find_by_id(id).one(db).await?;
    found.ok_or(Error::NotFound("order"))
}

/// Writes the act to the log of the customer, where there is one.
async fn log(
    db: &impl ConnectionTrait,
    app: &App,
    author: Author<'_>,
    act: &'static str,
    row: &order::Model,
) -> Result<()> {
    let object = Some(row.id.to_string());
    let entry = match row.account_id {
        Some(account) => author.entry(act, account, object),
        None => author.own_entry(act, object),
    };
    audit::add(db, app, entry).await
}
