//! What a customer does with orders: place, cancel a contract, take back.
use super::{
    next_end,
    notice::Occasion,
    price::Price,
    prose,
    quote::{self, NewOrder, contract_of},
    required, tell, today, wake,
};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{contract, order},
    error::{Error, Result},
    idempotency::{self, Claim},
};
use chrono::NaiveDate;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    sea_query::Expr,
};
use serde::Serialize;
use shared::{
    account::Right,
    error::Reason,
    id::{AccountId, ContractId, OrderId},
    money::Amount,
    order::{OrderKind, OrderSource, OrderState},
    product::{ContractState, PricePeriod},
    tax::TaxRate,
};
use uuid::Uuid;

/// The most orders of an account that may wait to be decided.
const OPEN_MAX: u64 = 50;

/// What a customer has seen directly above the button.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// The price of the product without tax; none where a price list says more.
    pub price: Option<Amount>,
    /// What that is for.
    pub period: PricePeriod,
    /// What is paid once, without tax.
    pub setup_price: Option<Amount>,
    /// The rate of value added tax.
    pub tax_rate: TaxRate,
    /// Its first day.
    pub effective_on: NaiveDate,
}

/// How a contract shall end.
#[derive(Clone, Debug, Serialize)]
pub struct NewCancellation {
    /// Which contract.
    pub contract: ContractId,
    /// Whether for cause, rather than at the next possible date.
    pub is_extraordinary: bool,
    /// Its last day, for cause only; today if it is not said.
    pub ends_on: Option<NaiveDate>,
    /// Why; needed for cause.
    pub reason: Option<String>,
}

/// Places an order of the account in view, once for each key.
///
/// # Errors
/// [`Error::Forbidden`] for those who do not manage contracts; [`Error::NotFound`] for a product or contract that is
/// not there; [`Error::Invalid`] at the field; [`Error::Moved`] if price or day are others than those seen;
/// [`Error::Conflict`] if something waits about this contract, or if the key was used for another order.
pub async fn place(app: &App, actor: &Actor, key: Uuid, new: NewOrder, seen: Seen) -> Result<order::Model> {
    let account = actor.require(Right::ManageContracts)?.id;
    let open = match idempotency::claim(app, Some(actor), "placeOrder", key, &(&new, seen)).await? {
        Claim::Done(id) => return of_account(&app.db, account, id).await,
        Claim::Open(open) => open,
    };
    let quote = quote::of(&open.tx, app, account, new).await?;
    if quote.seen() != seen {
        return Err(Error::Moved(Box::new((quote.seen(), quote.ordered.currency))));
    }
    let row = order::Model {
        contract_id: quote.contract.as_ref().map(|contract| contract.id),
        product_id: Some(quote.product.id),
        label: quote.label,
        price_before: quote.before.as_ref().and_then(|before| before.amount),
        period_before: quote.before.as_ref().map(|before| before.period),
        price_after: quote.ordered.amount,
        period_after: Some(quote.ordered.period),
        setup_price: quote.product.setup_price,
        tax_rate: Some(quote.product.tax_rate),
        currency: quote.ordered.currency,
        effective_on: Some(quote.effective_on),
        ..blank(app, actor, account, quote.kind)
    };
    finish(app, actor, account, open, row, "placeOrder").await
}

/// Cancels a contract of the account in view, once for each key. It ends at the next possible date, or for cause. It
/// asks for no password: whoever may order may cancel as easily (BGB § 312k).
///
/// # Errors
/// As [`place`]; [`Error::Invalid`] at `reason` with `MISSING` for cause without one, at `endsOn` with `DATE_IN_PAST`;
/// [`Error::Conflict`] for a contract that is over or cancelled.
pub async fn cancel(app: &App, actor: &Actor, key: Uuid, new: NewCancellation) -> Result<order::Model> {
    let account = actor.require(Right::ManageContracts)?.id;
    let open = match idempotency::claim(app, Some(actor), "cancelContract", key, &new).await? {
        Claim::Done(id) => return of_account(&app.db, account, id).await,
        Claim::Open(open) => open,
    };
    let contract = contract_of(&open.tx, account, new.contract).await?;
    let effective_on = last_day(app, &contract, &new)?;
    let before = Price::of_contract(&contract);
    let reason = if new.is_extraordinary {
        Some(required("reason", new.reason)?)
    } else {
        prose("reason", new.reason)?
    };
    let row = order::Model {
        contract_id: Some(contract.id),
        product_id: Some(contract.product_id),
        label: contract.label,
        price_before: before.amount,
        period_before: Some(before.period),
        currency: before.currency,
        effective_on: Some(effective_on),
        is_extraordinary: new.is_extraordinary,
        reason,
        ..blank(app, actor, account, OrderKind::Cancellation)
    };
    finish(app, actor, account, open, row, "cancelContract").await
}

/// The last day of a contract of the account in view if it were cancelled today without cause.
///
/// # Errors
/// As [`cancel`].
pub async fn next_end_of(app: &App, actor: &Actor, id: ContractId) -> Result<NaiveDate> {
    let account = actor.require(Right::ManageContracts)?.id;
    let contract = contract_of(&app.db, account, id).await?;
    let new = NewCancellation {
        contract: id,
        is_extraordinary: false,
        ends_on: None,
        reason: None,
    };
    last_day(app, &contract, &new)
}

fn last_day(app: &App, contract: &contract::Model, new: &NewCancellation) -> Result<NaiveDate> {
    let is_open = match contract.state {
        ContractState::Active | ContractState::Ordered => true,
        ContractState::Cancelled => new.is_extraordinary,
        ContractState::Ended => false,
    };
    if !is_open {
        return Err(Error::Conflict("this contract is cancelled or over"));
    }
    let today = today(app);
    if !new.is_extraordinary {
        return next_end(contract, today);
    }
    let day = new.ends_on.unwrap_or(today);
    if day < today {
        return Err(Error::invalid("endsOn", Reason::DateInPast, "a day from today on"));
    }
    if today.checked_add_months(super::AHEAD).is_none_or(|last| day > last) {
        return Err(Error::invalid(
            "endsOn",
            Reason::DateTooFar,
            "at most twelve months ahead",
        ));
    }
    Ok(day)
}

/// Takes an order of the account in view back, as long as nobody has decided.
///
/// # Errors
/// [`Error::Forbidden`] for those who do not manage contracts; [`Error::NotFound`] for an order that is not there or
/// another account's; [`Error::Conflict`] once it is decided or taken back.
pub async fn withdraw(app: &App, actor: &Actor, id: OrderId) -> Result<order::Model> {
    let account = actor.require(Right::ManageContracts)?.id;
    let tx = app.begin().await?;
    let mut row = of_account(&tx, account, id).await?;
    let done = order::Entity::update_many()
        .col_expr(order::Column::State, Expr::value(OrderState::Withdrawn))
        .filter(order::COLUMN.id.eq(id))
        .filter(order::COLUMN.account_id.eq(account))
        .filter(order::COLUMN.state.eq(OrderState::Placed))
        .exec(&tx)
        .await?;
    if done.rows_affected != 1 {
        return Err(Error::Conflict("this order is decided or taken back"));
    }
    row.state = OrderState::Withdrawn;
    audit::record(&tx, app, Some(actor), "withdrawOrder", Some(id.to_string()), true).await?;
    tell(&tx, app, &row, Occasion::Withdrawn).await?;
    tx.commit().await?;
    wake(app);
    Ok(row)
}

/// An order of an account.
pub(super) async fn of_account(db: &impl ConnectionTrait, account: AccountId, id: OrderId) -> Result<order::Model> {
    let found = order::Entity::find_by_id(id)
        .filter(order::COLUMN.account_id.eq(account))
        .one(db)
        .await?;
    found.ok_or(Error::NotFound("order"))
}

fn blank(app: &App, actor: &Actor, account: AccountId, kind: OrderKind) -> order::Model {
    order::Model {
        account_id: Some(account),
        placed_by: Some(actor.user),
        ..empty(app, kind, OrderSource::Portal)
    }
}

/// An order that says nothing yet.
pub(crate) fn empty(app: &App, kind: OrderKind, source: OrderSource) -> order::Model {
    order::Model {
        id: OrderId(app.new_id()),
        number: super::new_number(app),
        account_id: None,
        contract_id: None,
        product_id: None,
        kind,
        source,
        state: OrderState::Placed,
        label: None,
        price_before: None,
        period_before: None,
        price_after: None,
        period_after: None,
        setup_price: None,
        tax_rate: None,
        currency: "EUR".to_owned(),
        effective_on: None,
        is_extraordinary: false,
        reason: None,
        placed_by: None,
        placed_at: app.clock.now(),
        decided_by: None,
        decided_at: None,
        decision_reason: None,
        made_contract_id: None,
        receipt_mail_id: None,
        receipt_posted_at: None,
    }
}

async fn finish(
    app: &App,
    actor: &Actor,
    account: AccountId,
    open: idempotency::Open,
    row: order::Model,
    act: &'static str,
) -> Result<order::Model> {
    let waiting = order::Entity::find()
        .filter(order::COLUMN.account_id.eq(account))
        .filter(order::COLUMN.state.eq(OrderState::Placed));
    if waiting.clone().count(&open.tx).await? >= OPEN_MAX {
        return Err(Error::TooLarge("too many orders wait to be decided"));
    }
    if let Some(contract) = row.contract_id.filter(|_| row.kind != OrderKind::Option) {
        let about = waiting
            .filter(order::COLUMN.contract_id.eq(Some(contract)))
            .filter(order::COLUMN.kind.eq(row.kind));
        if about.count(&open.tx).await? > 0 {
            return Err(Error::Conflict("such an order waits about this contract"));
        }
    }
    row.clone().into_active_model().insert(&open.tx).await?;
    audit::record(&open.tx, app, Some(actor), act, Some(row.id.to_string()), true).await?;
    tell(&open.tx, app, &row, Occasion::Placed).await?;
    open.finish(&row.id).await?;
    wake(app);
    Ok(row)
}
