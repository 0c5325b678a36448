//! What staff does with orders, and what comes of it: a contract begins, changes or ends by a decision only.
use super::{may_handle, next_end, notice::Occasion, price::Price, required, tell, today, wake};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{account, contract, declaration, order},
    error::{Error, Result},
    product::{NewContract, add_contract, terms},
};
use chrono::NaiveDate;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    sea_query::Expr,
};
use shared::{
    account::AccountKind,
    error::Reason,
    id::{AccountId, OrderId},
    order::{Decision, OrderKind, OrderSource, OrderState},
    product::{ContractState, PricePeriod},
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

/// Decides an order that waits; the customer is told by mail.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that handles requests; [`Error::NotFound`]; [`Error::Invalid`] at `reason`
/// or `effectiveOn`; [`Error::Conflict`] if it is decided or taken back, not matched to a customer and contract, or if
/// the contract is over meanwhile.
pub async fn decide(app: &App, actor: &Actor, new: NewDecision) -> Result<order::Model> {
    may_handle(actor)?;
    let reason = required("reason", Some(new.reason))?;
    let today = today(app);
    let tx = app.begin().await?;
    let mut row = find(&tx, new.order).await?;
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
    row.decided_by = Some(actor.user);
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
        .exec(&tx)
        .await?;
    if done.rows_affected != 1 {
        return Err(Error::Conflict("this order is decided or taken back"));
    }
    if row.state == OrderState::Confirmed {
        confirm(&tx, app, &mut row).await?;
        settle(&tx, &mut row, today).await?;
    }
    log(&tx, app, actor, "decideOrder", &row).await?;
    tell(&tx, app, &row, Occasion::Decided).await?;
    tx.commit().await?;
    wake(app);
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
    log(&tx, app, actor, "assignOrder", &row).await?;
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
async fn log(db: &impl ConnectionTrait, app: &App, actor: &Actor, act: &'static str, row: &order::Model) -> Result<()> {
    let object = Some(row.id.to_string());
    let Some(account) = row.account_id else {
        return audit::record(db, app, Some(actor), act, object, true).await;
    };
    let entry = audit::Entry {
        user: Some(actor.user),
        account: Some(account),
        act,
        object,
        ip: actor.ip.clone(),
        ..audit::Entry::default()
    };
    audit::add(db, app, entry).await
}

/// What a confirmed order does at once: a new contract stands there, and one that will end says so.
async fn confirm(tx: &impl ConnectionTrait, app: &App, row: &mut order::Model) -> Result<()> {
    const UNMATCHED: Error = Error::Conflict("say first which customer and contract it is about");
    let account = row.account_id.ok_or(UNMATCHED)?;
    let day = row.effective_on.ok_or(UNMATCHED)?;
    match row.kind {
        OrderKind::NewProduct | OrderKind::Option => {
            let product = row.product_id.ok_or(UNMATCHED)?;
            let customer = account::Entity::find_by_id(account).one(tx).await?;
            let customer = customer.map(|row| row.customer_kind).unwrap_or_default();
            let new = NewContract {
                account,
                product,
                number: row.number.replacen('B', "V", 1),
                label: row.label.clone(),
                state: ContractState::Ordered,
                price: row.price_after,
                currency: row.currency.clone(),
                price_period: row.period_after.unwrap_or(PricePeriod::Usage),
                started_on: day,
                ends_on: None,
                notice_by: None,
                terms: terms::offered(tx, product, customer).await?,
                details: Vec::new(),
                option_of: row.contract_id,
            };
            let made = add_contract(tx, app, new).await?;
            row.made_contract_id = Some(made);
            order::Entity::update_many()
                .col_expr(order::Column::MadeContractId, Expr::value(Some(made)))
                .filter(order::COLUMN.id.eq(row.id))
                .exec(tx)
                .await?;
        }
        OrderKind::Change => {
            running(tx, account, row).await?;
        }
        OrderKind::Cancellation | OrderKind::Revocation => {
            let mut contract = running(tx, account, row).await?.into_active_model();
            contract.state = sea_orm::Set(ContractState::Cancelled);
            contract.ends_on = sea_orm::Set(Some(day));
            contract.notice_by = sea_orm::Set(None);
            contract.update(tx).await?;
        }
    }
    Ok(())
}

/// The contract of an order, which is not over.
async fn running(db: &impl ConnectionTrait, account: AccountId, row: &order::Model) -> Result<contract::Model> {
    let id = row.contract_id.ok_or(Error::NotFound("contract"))?;
    let contract = super::quote::contract_of(db, account, id).await?;
    match (contract.state, row.kind) {
        (ContractState::Ended, _) | (ContractState::Cancelled | ContractState::Ordered, OrderKind::Change) => {
            Err(Error::Conflict("the contract is over or cancelled meanwhile"))
        }
        _ => Ok(contract),
    }
}

/// Does what a confirmed order asks for if its day has come. Gives whether it is done now.
async fn settle(tx: &impl ConnectionTrait, row: &mut order::Model, today: NaiveDate) -> Result<bool> {
    let (Some(account), Some(day)) = (row.account_id, row.effective_on) else {
        return Ok(false);
    };
    let ends = !row.kind.is_paid();
    let is_due = match row.kind {
        OrderKind::Cancellation => day < today, // the last day is one of the contract's
        _ => day <= today,
    };
    let Some(id) = row.made_contract_id.or(row.contract_id).filter(|_| is_due) else {
        return Ok(false);
    };
    let contract = super::quote::contract_of(tx, account, id).await?;
    let state = contract.state;
    let mut contract = contract.into_active_model();
    if ends {
        contract.state = sea_orm::Set(ContractState::Ended);
    } else if row.kind == OrderKind::Change {
        if state == ContractState::Ended {
            return Ok(false);
        }
        contract.product_id = sea_orm::Set(row.product_id.ok_or(Error::NotFound("product"))?);
        contract.price = sea_orm::Set(row.price_after);
        contract.currency = sea_orm::Set(row.currency.clone());
        contract.price_period = sea_orm::Set(row.period_after.unwrap_or(PricePeriod::Usage));
    } else if state == ContractState::Ordered {
        contract.state = sea_orm::Set(ContractState::Active);
    }
    if contract.is_changed() {
        contract.update(tx).await?;
    }
    let done = order::Entity::update_many()
        .col_expr(order::Column::State, Expr::value(OrderState::Done))
        .filter(order::COLUMN.id.eq(row.id))
        .filter(order::COLUMN.state.eq(OrderState::Confirmed))
        .exec(tx)
        .await?;
    row.state = OrderState::Done;
    Ok(done.rows_affected == 1)
}

/// Does all confirmed orders whose day has come, and tells the customers. Gives how many.
///
/// # Errors
/// If the database refuses; what was done until then stays done.
pub async fn settle_due(app: &App) -> Result<u64> {
    let today = today(app);
    let due = order::Entity::find()
        .filter(order::COLUMN.state.eq(OrderState::Confirmed))
        .filter(order::COLUMN.effective_on.lte(today))
        .limit(1000)
        .all(&app.db)
        .await?;
    let mut count = 0;
    for mut row in due {
        let tx = app.begin().await?;
        if !settle(&tx, &mut row, today).await? {
            continue;
        }
        let entry = audit::Entry {
            account: row.account_id,
            act: "completeOrder",
            object: Some(row.id.to_string()),
            ..audit::Entry::default()
        };
        audit::add(&tx, app, entry).await?;
        tell(&tx, app, &row, Occasion::InEffect).await?;
        tx.commit().await?;
        count += 1;
    }
    if count > 0 {
        wake(app);
    }
    Ok(count)
}
