//! What an order would cost and from when, before anybody places it. Placing computes the same again.
use super::{
    AHEAD, next_end,
    place::Seen,
    price::{Price, total},
    today,
};
use crate::{
    account::contact::text,
    actor::Actor,
    app::App,
    entity::{account, contract, product},
    error::{Error, Result},
    product::{dates::Terms, terms},
};
use chrono::{Datelike, Days, Months, NaiveDate};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use shared::{
    account::Right,
    error::Reason,
    id::{AccountId, ContractId, ProductId},
    money::Amount,
    order::OrderKind,
    product::{ContractState, ProductKind},
};

/// The longest label, in characters.
const LABEL_MAX: usize = 100;

/// What somebody orders.
#[derive(Clone, Debug, Serialize)]
pub struct NewOrder {
    /// A further product, an option or a change.
    pub kind: OrderKind,
    /// Which product.
    pub product: ProductId,
    /// The contract that it changes or belongs to.
    pub contract: Option<ContractId>,
    /// Where or for what a further product is.
    pub label: Option<String>,
    /// From when; as soon as possible if it is not said.
    pub wished_on: Option<NaiveDate>,
}

/// What comes of an order.
#[derive(Clone, Debug)]
pub struct Quote {
    /// What it asks for.
    pub kind: OrderKind,
    /// The ordered product.
    pub product: product::Model,
    /// The contract that it changes or belongs to.
    pub contract: Option<contract::Model>,
    /// Where or for what it is.
    pub label: Option<String>,
    /// What the contract costs now.
    pub before: Option<Price>,
    /// What the product costs.
    pub ordered: Price,
    /// Its first day.
    pub effective_on: NaiveDate,
    /// How it runs and ends: a change keeps what was agreed; none where the catalogue says nothing.
    pub terms: Option<Terms>,
}

impl Quote {
    /// What the contract costs afterwards, without tax, if that is one sum.
    pub fn total(&self) -> Option<Amount> {
        total(self.kind, self.before.as_ref(), &self.ordered)
    }

    /// What must be seen to order it.
    pub fn seen(&self) -> Seen {
        Seen {
            price: self.ordered.amount,
            period: self.ordered.period,
            setup_price: self.product.setup_price,
            tax_rate: self.product.tax_rate,
            effective_on: self.effective_on,
        }
    }
}

/// What an order of the account in view would cost and from when.
///
/// # Errors
/// As those of placing it.
pub async fn quote(app: &App, actor: &Actor, new: NewOrder) -> Result<Quote> {
    let account = actor.require(Right::ManageContracts)?.id;
    of(&app.db, app, account, new).await
}

/// A contract of an account that runs.
///
/// # Errors
/// [`Error::NotFound`] for one that is not there or another account's.
pub(super) async fn contract_of(
    db: &impl ConnectionTrait,
    account: AccountId,
    id: ContractId,
) -> Result<contract::Model> {
    let found = contract::Entity::find_by_id(id)
        .filter(contract::COLUMN.account_id.eq(account))
        .one(db)
        .await?;
    found.ok_or(Error::NotFound("contract"))
}

/// As [`quote`], over this connection.
pub(super) async fn of(db: &impl ConnectionTrait, app: &App, account: AccountId, new: NewOrder) -> Result<Quote> {
    if !new.kind.is_paid() {
        return Err(Error::invalid(
            "kind",
            Reason::NothingSelected,
            "cancel with cancelContract",
        ));
    }
    let contract = match (new.kind, new.contract) {
        (OrderKind::NewProduct, _) => None,
        (_, Some(id)) => Some(contract_of(db, account, id).await?),
        (_, None) => {
            return Err(Error::invalid("contractId", Reason::Missing, "which contract"));
        }
    };
    let product = product::Entity::find_by_id(new.product).one(db).await?;
    let product = product.ok_or(Error::NotFound("product"))?;
    if contract.as_ref().is_some_and(|row| row.state != ContractState::Active) {
        return Err(Error::Conflict("only a contract that runs can be changed"));
    }
    let goes_with = match &contract {
        Some(contract) => {
            let present = product::Entity::find_by_id(contract.product_id).one(db).await?;
            product.family.is_some() && present.is_some_and(|present| present.family == product.family)
        }
        None => true,
    };
    let kind = if new.kind == OrderKind::Option {
        ProductKind::Option
    } else {
        ProductKind::Main
    };
    if !product.is_orderable || !goes_with || product.kind != kind {
        let message = "this product cannot be ordered so";
        return Err(Error::invalid("productId", Reason::NothingSelected, message));
    }
    let is_same = contract.as_ref().is_some_and(|row| row.product_id == product.id);
    if new.kind == OrderKind::Change && is_same {
        return Err(Error::invalid(
            "productId",
            Reason::NothingSelected,
            "the contract is over this product",
        ));
    }
    let today = today(app);
    let (before, ordered) = (contract.as_ref().map(Price::of_contract), Price::of_product(&product));
    let earliest = match (&contract, new.kind) {
        (Some(contract), OrderKind::Change) => first_day_of_change(contract, &ordered, today)?,
        _ => today,
    };
    let wished = new.wished_on.unwrap_or(earliest);
    if wished < today {
        return Err(Error::invalid("wishedOn", Reason::DateInPast, "a day from today on"));
    }
    if today.checked_add_months(AHEAD).is_none_or(|last| wished > last) {
        return Err(Error::invalid(
            "wishedOn",
            Reason::DateTooFar,
            "at most twelve months ahead",
        ));
    }
    let terms = match (&contract, new.kind) {
        (Some(contract), OrderKind::Change) => terms::of_contract(contract)?,
        _ => {
            let row = account::Entity::find_by_id(account).one(db).await?;
            let customer = row.map(|row| row.customer_kind).unwrap_or_default();
            terms::offered(db, product.id, customer).await?
        }
    };
    let label = text("label", new.label, LABEL_MAX)?;
    Ok(Quote {
        kind: new.kind,
        label: label.or_else(|| contract.as_ref().and_then(|row| row.label.clone())),
        effective_on: wished.max(earliest),
        product,
        contract,
        before,
        ordered,
        terms,
    })
}

/// From when another product can take the place: one that costs as much or more from the next month on, one that costs
/// less when the contract could end.
fn first_day_of_change(contract: &contract::Model, ordered: &Price, today: NaiveDate) -> Result<NaiveDate> {
    let before = Price::of_contract(contract);
    let is_less = before.period == ordered.period && before.amount > ordered.amount && ordered.amount.is_some();
    let first = if is_less {
        next_end(contract, today)?.checked_add_days(Days::new(1))
    } else {
        today.with_day(1).and_then(|day| day.checked_add_months(Months::new(1)))
    };
    first.ok_or(Error::Conflict("no day that calendars hold"))
}
