//! The newest of what a customer has, as the page of staff names it: numbers, states and days, no amounts, no contents.
use super::{may_manage, not_a_customer};
use crate::{
    actor::Actor,
    app::App,
    entity::{account, agreement, agreement_template, contract, document, invoice, order, product},
    error::Result,
};
use chrono::NaiveDate;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::{
    account::AccountKind,
    id::{AccountId, AgreementTemplateId, ContractId, InvoiceId, ProductId},
    invoice::{InvoiceKind, InvoiceState},
    money::Amount,
};
use std::collections::HashMap;

/// The most that is shown of each.
pub const SHOWN_MAX: u64 = 5;

/// The newest of what a customer has, at most [`SHOWN_MAX`] of each, newest first.
#[derive(Clone, Debug, Default)]
pub struct Recent {
    /// Contracts, with their products.
    pub contracts: Vec<(contract::Model, product::Model)>,
    /// Orders.
    pub orders: Vec<order::Model>,
    /// Invoices.
    pub invoices: Vec<RecentInvoice>,
    /// Concluded agreements, with the number of the contract and the version.
    pub agreements: Vec<(agreement::Model, String, i32)>,
    /// Documents that were not withdrawn.
    pub documents: Vec<document::Model>,
}

/// An invoice, without its amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecentInvoice {
    /// Names it.
    pub id: InvoiceId,
    /// Its number (BT-1).
    pub number: String,
    /// The day it was issued (BT-2).
    pub issue_date: NaiveDate,
    /// Where it stands today.
    pub state: InvoiceState,
}

/// The newest of what a customer has; nine statements whatever there is.
///
/// # Errors
/// [`Error::Forbidden`](crate::error::Error::Forbidden) for all but staff that manages customers;
/// [`Error::NotFound`](crate::error::Error::NotFound) if there is no such customer, or it is the provider itself.
pub async fn recent(app: &App, actor: &Actor, id: AccountId) -> Result<Recent> {
    may_manage(actor)?;
    account::Entity::find_by_id(id)
        .filter(account::COLUMN.kind.ne(AccountKind::Provider))
        .one(&app.db)
        .await?
        .ok_or_else(not_a_customer)?;
    let orders = order::Entity::find()
        .filter(order::COLUMN.account_id.eq(id))
        .order_by_desc(order::Column::PlacedAt)
        .order_by_desc(order::Column::Id)
        .limit(SHOWN_MAX)
        .all(&app.db)
        .await?;
    let documents = document::Entity::find()
        .filter(document::COLUMN.account_id.eq(id))
        .filter(document::COLUMN.withdrawn_at.is_null())
        .order_by_desc(document::Column::Id)
        .limit(SHOWN_MAX)
        .all(&app.db)
        .await?;
    Ok(Recent {
        contracts: contracts(app, id).await?,
        orders,
        invoices: invoices(app, id).await?,
        agreements: agreements(app, id).await?,
        documents,
    })
}

async fn contracts(app: &App, id: AccountId) -> Result<Vec<(contract::Model, product::Model)>> {
    let rows = contract::Entity::find()
        .filter(contract::COLUMN.account_id.eq(id))
        .order_by_desc(contract::Column::StartedOn)
        .order_by_desc(contract::Column::Id)
        .limit(SHOWN_MAX)
        .all(&app.db)
        .await?;
    let products: HashMap<ProductId, product::Model> = product::Entity::find()
        .filter(product::COLUMN.id.is_in(rows.iter().map(|row| row.product_id)))
        .all(&app.db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let of = |row: contract::Model| products.get(&row.product_id).cloned().map(|product| (row, product));
    Ok(rows.into_iter().filter_map(of).collect())
}

async fn invoices(app: &App, id: AccountId) -> Result<Vec<RecentInvoice>> {
    // without the document, which is large
    type Row = (
        InvoiceId,
        String,
        NaiveDate,
        Option<NaiveDate>,
        String,
        Amount,
        Option<Amount>,
    );
    let rows: Vec<Row> = invoice::Entity::find()
        .filter(invoice::COLUMN.account_id.eq(id))
        .order_by_desc(invoice::Column::IssueDate)
        .order_by_desc(invoice::Column::Id)
        .limit(SHOWN_MAX)
        .select_only()
        .columns([
            invoice::Column::Id,
            invoice::Column::Number,
            invoice::Column::IssueDate,
            invoice::Column::DueDate,
            invoice::Column::TypeCode,
            invoice::Column::Payable,
            invoice::Column::PaidTotal,
        ])
        .into_tuple()
        .all(&app.db)
        .await?;
    let today = app.clock.today();
    let of = |(id, number, issue_date, due_date, type_code, payable, paid): Row| RecentInvoice {
        id,
        number,
        issue_date,
        state: crate::invoice::state(InvoiceKind::of_type_code(&type_code), payable, paid, due_date, today),
    };
    Ok(rows.into_iter().map(of).collect())
}

async fn agreements(app: &App, id: AccountId) -> Result<Vec<(agreement::Model, String, i32)>> {
    let rows = agreement::Entity::find()
        .filter(agreement::COLUMN.account_id.eq(id))
        .order_by_desc(agreement::Column::Id)
        .limit(SHOWN_MAX)
        .all(&app.db)
        .await?;
    let versions: Vec<(AgreementTemplateId, i32)> = agreement_template::Entity::find()
        .filter(
            agreement_template::COLUMN
                .id
                .is_in(rows.iter().map(|row| row.template_id)),
        )
        .select_only()
        .columns([agreement_template::Column::Id, agreement_template::Column::Version])
        .into_tuple()
        .all(&app.db)
        .await?;
    let versions: HashMap<_, _> = versions.into_iter().collect();
    let numbers: Vec<(ContractId, String)> = contract::Entity::find()
        .filter(contract::COLUMN.id.is_in(rows.iter().map(|row| row.contract_id)))
        .select_only()
        .columns([contract::Column::Id, contract::Column::Number])
        .into_tuple()
        .all(&app.db)
        .await?;
    let numbers: HashMap<_, _> = numbers.into_iter().collect();
    let of = |row: agreement::Model| {
        let number = numbers.get(&row.contract_id)?.clone();
        let version = *versions.get(&row.template_id)?;
        Some((row, number, version))
    };
    Ok(rows.into_iter().filter_map(of).collect())
}
