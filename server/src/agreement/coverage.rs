//! Who has concluded which version, and who has not, for staff.
use crate::{
    actor::Actor,
    app::App,
    document::named,
    entity::{account, agreement, agreement_template, contract, product},
    error::Result,
    page::Page,
};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Expr,
    sea_query::Query,
};
use shared::{
    account::{AccountKind, Right},
    id::{AgreementTemplateId, ContractId, ProductId},
    product::ContractState,
};
use std::collections::HashMap;

/// Which contracts; what is not given does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Whether the newest version is concluded.
    pub is_concluded: Option<bool>,
    /// Over which product.
    pub product: Option<ProductId>,
    /// A part of the contract's number, or of the customer's name or number.
    pub text: Option<String>,
}

/// A contract that runs and whose product asks for an agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The contract.
    pub contract: contract::Model,
    /// Its customer.
    pub account: account::Model,
    /// Its product.
    pub product: product::Model,
    /// The version that it asks for.
    pub version: i32,
    /// The newest version that was concluded.
    pub concluded: Option<(agreement::Model, i32)>,
}

/// A page of the contracts that are asked, newest first, and how many match: six statements.
///
/// # Errors
/// [`Error::Forbidden`](crate::error::Error::Forbidden) for all but staff who manage customers;
/// [`Error::Invalid`](crate::error::Error::Invalid) at `filter.text` with `TOO_LONG`.
pub async fn coverage(app: &App, actor: &Actor, filter: &Filter, page: &Page<ContractId>) -> Result<(Vec<Asked>, u64)> {
    actor.require_in(AccountKind::Provider, Right::ManageCustomers)?;
    let published: Vec<(AgreementTemplateId, ProductId, i32)> = agreement_template::Entity::find()
        .select_only()
        .columns([
            agreement_template::Column::Id,
            agreement_template::Column::ProductId,
            agreement_template::Column::Version,
        ])
        .filter(agreement_template::COLUMN.published_at.is_not_null())
        .order_by_asc(agreement_template::Column::Version)
        .into_tuple()
        .all(&app.db)
        .await?;
    let versions: HashMap<_, _> = published.iter().map(|(id, _, version)| (*id, *version)).collect();
    // ascending, so that the newest of a product stays
    let newest: HashMap<ProductId, _> = published
        .into_iter()
        .map(|(id, product, version)| (product, (id, version)))
        .collect();
    let mut all = contract::Entity::find()
        .filter(contract::COLUMN.state.ne(ContractState::Ended))
        .filter(contract::COLUMN.product_id.is_in(newest.keys().copied()));
    if let Some(product) = filter.product {
        all = all.filter(contract::COLUMN.product_id.eq(product));
    }
    if let Some(named) = named(filter.text.as_deref(), "filter.text")? {
        all = all.filter(named);
    }
    if let Some(is_concluded) = filter.is_concluded {
        let concluded = Query::select()
            .column(agreement::Column::ContractId)
            .from(agreement::Entity)
            .and_where(Expr::col(agreement::Column::TemplateId).is_in(newest.values().map(|(id, _)| *id)))
            .to_owned();
        all = all.filter(if is_concluded {
            contract::Column::Id.in_subquery(concluded)
        } else {
            contract::Column::Id.not_in_subquery(concluded)
        });
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
    let agreements = agreement::Entity::find()
        .filter(agreement::COLUMN.contract_id.is_in(rows.iter().map(|row| row.id)))
        .all(&app.db)
        .await?;
    let asked = rows.into_iter().filter_map(|contract| {
        let concluded = agreements
            .iter()
            .filter(|row| row.contract_id == contract.id)
            .filter_map(|row| Some((row, *versions.get(&row.template_id)?)))
            .max_by_key(|(_, version)| *version)
            .map(|(row, version)| (row.clone(), version));
        Some(Asked {
            account: accounts
                .iter()
                .find(|account| account.id == contract.account_id)?
                .clone(),
            product: products
                .iter()
                .find(|product| product.id == contract.product_id)?
                .clone(),
            version: newest.get(&contract.product_id)?.1,
            concluded,
            contract,
        })
    });
    Ok((asked.collect(), total))
}
