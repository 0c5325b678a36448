//! Who concluded which version, for staff.
use crate::{
    actor::Actor,
    app::App,
    document::contains,
    entity::{account, agreement, agreement_template, contract, product},
    error::{Error, Result},
    page::Page,
};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoSimpleExpr, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Query,
};
use shared::{
    account::{AccountKind, Right},
    error::Reason,
    id::AgreementId,
};

/// The longest text that is searched for, in characters.
const TEXT_MAX: usize = 100;

/// An agreement with what it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concluded {
    /// The agreement.
    pub row: agreement::Model,
    /// Whose it is.
    pub account: account::Model,
    /// For which contract.
    pub contract: contract::Model,
    /// Over which product.
    pub product: product::Model,
    /// The version of the text.
    pub version: i32,
}

/// A page of all agreements, newest first, and how many match: six statements. `text` is a part of the customer's name
/// or number.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff who manage customers; [`Error::Invalid`] at `text` with `TOO_LONG`.
pub async fn list(
    app: &App,
    actor: &Actor,
    text: Option<&str>,
    page: &Page<AgreementId>,
) -> Result<(Vec<Concluded>, u64)> {
    actor.require_in(AccountKind::Provider, Right::ManageCustomers)?;
    let mut all = agreement::Entity::find();
    if let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) {
        if text.chars().count() > TEXT_MAX {
            let message = format!("at most {TEXT_MAX} characters");
            return Err(Error::invalid("text", Reason::TooLong, message));
        }
        let columns = [account::Column::Name, account::Column::Number].map(IntoSimpleExpr::into_simple_expr);
        let customers = Query::select()
            .column(account::Column::Id)
            .from(account::Entity)
            .cond_where(contains(text, &columns))
            .to_owned();
        all = all.filter(agreement::Column::AccountId.in_subquery(customers));
    }
    let total = all.clone().count(&app.db).await?;
    let rows = match page.after {
        Some(id) => all.filter(agreement::COLUMN.id.lt(id)),
        None => all,
    };
    let rows = rows
        .order_by_desc(agreement::Column::Id)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    let accounts = account::Entity::find()
        .filter(account::COLUMN.id.is_in(rows.iter().map(|row| row.account_id)))
        .all(&app.db)
        .await?;
    let contracts = contract::Entity::find()
        .filter(contract::COLUMN.id.is_in(rows.iter().map(|row| row.contract_id)))
        .all(&app.db)
        .await?;
    let products = product::Entity::find()
        .filter(product::COLUMN.id.is_in(contracts.iter().map(|row| row.product_id)))
        .all(&app.db)
        .await?;
    let templates = agreement_template::Entity::find()
        .filter(
            agreement_template::COLUMN
                .id
                .is_in(rows.iter().map(|row| row.template_id)),
        )
        .all(&app.db)
        .await?;
    let concluded = rows.into_iter().filter_map(|row| {
        let contract = contracts
            .iter()
            .find(|contract| contract.id == row.contract_id)?
            .clone();
        Some(Concluded {
            account: accounts.iter().find(|account| account.id == row.account_id)?.clone(),
            product: products
                .iter()
                .find(|product| product.id == contract.product_id)?
                .clone(),
            version: templates.iter().find(|text| text.id == row.template_id)?.version,
            contract,
            row,
        })
    });
    Ok((concluded.collect(), total))
}
