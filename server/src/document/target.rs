//! The contracts that staff can put documents to.
use super::contains;
use crate::{
    actor::Actor,
    app::App,
    entity::{account, contract, product},
    error::{Error, Result},
    page::Page,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, IntoSimpleExpr, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Query,
};
use shared::{
    account::{AccountKind, Right},
    error::Reason,
    id::ContractId,
};

/// The longest text that is searched for, in characters.
const TEXT_MAX: usize = 100;

/// A contract with what it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The contract.
    pub contract: contract::Model,
    /// Its customer.
    pub account: account::Model,
    /// Its product.
    pub product: product::Model,
}

/// A page of all contracts, newest first, and how many match: four statements. `text` is a part of the contract's
/// number, or of the customer's name or number.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff who manage customers; [`Error::Invalid`] at `text` with `TOO_LONG`.
pub async fn targets(
    app: &App,
    actor: &Actor,
    text: Option<&str>,
    page: &Page<ContractId>,
) -> Result<(Vec<Target>, u64)> {
    actor.require_in(AccountKind::Provider, Right::ManageCustomers)?;
    let mut all = contract::Entity::find();
    if let Some(named) = named(text, "text")? {
        all = all.filter(named);
    }
    let total = all.clone().count(&app.db).await?;
    let rows = match page.after {
        Some(id) => all.filter(contract::COLUMN.id.lt(id)),
        None => all,
    };
    let rows = rows
        .order_by_desc(contract::Column::Id)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    let accounts = account::Entity::find()
        .filter(account::COLUMN.id.is_in(rows.iter().map(|row| row.account_id)))
        .all(&app.db)
        .await?;
    let products = product::Entity::find()
        .filter(product::COLUMN.id.is_in(rows.iter().map(|row| row.product_id)))
        .all(&app.db)
        .await?;
    let found = rows.into_iter().filter_map(|contract| {
        Some(Target {
            account: accounts
                .iter()
                .find(|account| account.id == contract.account_id)?
                .clone(),
            product: products
                .iter()
                .find(|product| product.id == contract.product_id)?
                .clone(),
            contract,
        })
    });
    Ok((found.collect(), total))
}

/// The contracts whose number, or whose customer's name or number, has a text in it.
///
/// # Errors
/// [`Error::Invalid`] at `field` with `TOO_LONG`.
pub(crate) fn named(text: Option<&str>, field: &'static str) -> Result<Option<Condition>> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    if text.chars().count() > TEXT_MAX {
        let message = format!("at most {TEXT_MAX} characters");
        return Err(Error::invalid(field, Reason::TooLong, message));
    }
    let columns = [account::Column::Name, account::Column::Number].map(IntoSimpleExpr::into_simple_expr);
    let customers = Query::select()
        .column(account::Column::Id)
        .from(account::Entity)
        .cond_where(contains(text, &columns))
        .to_owned();
    let by_number = contains(text, &[contract::Column::Number.into_simple_expr()]);
    Ok(Some(
        Condition::any()
            .add(by_number)
            .add(contract::Column::AccountId.in_subquery(customers)),
    ))
}
