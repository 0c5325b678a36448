//! What comes of a confirmed order: a contract begins, changes or ends on its day.
use super::{notice::Occasion, tell, today, wake};
use crate::{
    app::App,
    audit,
    entity::{account, contract, order},
    error::{Error, Result},
    product::{NewContract, add_contract, terms},
};
use chrono::NaiveDate;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    sea_query::Expr,
};
use shared::{
    id::AccountId,
    order::{OrderKind, OrderState},
    product::{ContractState, PricePeriod},
};

/// What a confirmed order does at once: a new contract stands there, and one that will end says so.
pub(super) async fn confirm(tx: &impl ConnectionTrait, app: &App, row: &mut order::Model) -> Result<()> {
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

/// Whether the day of an order has come.
pub(crate) fn is_due(kind: OrderKind, day: NaiveDate, today: NaiveDate) -> bool {
    match kind {
        OrderKind::Cancellation => day < today, // the last day is one of the contract's
        _ => day <= today,
    }
}

/// Does what a confirmed order asks for if its day has come. Gives whether it is done now.
pub(super) async fn settle(tx: &impl ConnectionTrait, row: &mut order::Model, today: NaiveDate) -> Result<bool> {
    let (Some(account), Some(day)) = (row.account_id, row.effective_on) else {
        return Ok(false);
    };
    let ends = !row.kind.is_paid();
    let is_due = is_due(row.kind, day, today);
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
