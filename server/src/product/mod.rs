//! The catalogue, and the contracts that accounts have over it.
mod calendar;
pub mod dates;
pub mod graphql;
pub mod list;
pub mod terms;

pub use calendar::calendar;

use crate::{
    actor::Actor,
    app::App,
    entity::{contract, product, product_term},
    error::{Error, Result},
    page::Page,
};
use async_graphql::dataloader::Loader;
use chrono::NaiveDate;
use dates::Terms;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, SqlErr,
};
use shared::{
    account::Right,
    id::{AccountId, ContractId, ProductId},
    money::Amount,
    product::{ContractState, Detail, PricePeriod, ProductKind},
    tax::TaxRate,
    term::{CustomerKind, TermLaw},
};
use std::{collections::HashMap, sync::Arc};

/// A product as it enters the catalogue.
#[derive(Clone, Debug)]
pub struct NewProduct {
    /// The provider's own number of it; no two products share one.
    pub code: String,
    /// Its name in German.
    pub name_de: String,
    /// Its name in English.
    pub name_en: String,
    /// What it is, in German.
    pub description_de: Option<String>,
    /// What it is, in English.
    pub description_en: Option<String>,
    /// Its price without tax; none where a price list says more.
    pub price: Option<Amount>,
    /// The currency of the price (ISO 4217, three letters).
    pub currency: String,
    /// What the price is for.
    pub price_period: PricePeriod,
    /// What is paid once, without tax.
    pub setup_price: Option<Amount>,
    /// The rate of value added tax on both prices.
    pub tax_rate: TaxRate,
    /// Whether it stands for itself or goes with another.
    pub kind: ProductKind,
    /// Products of one family can be changed into each other; options go with the others of theirs.
    pub family: Option<String>,
    /// Whether customers can order it.
    pub is_orderable: bool,
    /// Which law limits its terms.
    pub law: TermLaw,
    /// How contracts over it run, by the kind of customer.
    pub terms: Vec<(CustomerKind, Terms)>,
}

/// A product without a name, in euros, that nobody can order: a beginning for struct updates.
impl Default for NewProduct {
    fn default() -> Self {
        Self {
            code: String::new(),
            name_de: String::new(),
            name_en: String::new(),
            description_de: None,
            description_en: None,
            price: None,
            currency: "EUR".to_owned(),
            price_period: PricePeriod::default(),
            setup_price: None,
            tax_rate: TaxRate::default(),
            kind: ProductKind::default(),
            family: None,
            is_orderable: false,
            law: TermLaw::default(),
            terms: Vec::new(),
        }
    }
}

/// A contract as it enters the portal.
#[derive(Clone, Debug)]
pub struct NewContract {
    /// Whose it is.
    pub account: AccountId,
    /// Over which product.
    pub product: ProductId,
    /// Its number; no two contracts share one.
    pub number: String,
    /// Where or for what it is, such as an address or a domain.
    pub label: Option<String>,
    /// Where it stands.
    pub state: ContractState,
    /// What was agreed, without tax; none where a price list says more.
    pub price: Option<Amount>,
    /// The currency of the price (ISO 4217, three letters).
    pub currency: String,
    /// What the price is for.
    pub price_period: PricePeriod,
    /// Its first day.
    pub started_on: NaiveDate,
    /// Its last day, once it has one.
    pub ends_on: Option<NaiveDate>,
    /// The last day for notice as another program says it, where the terms are not known.
    pub notice_by: Option<NaiveDate>,
    /// How it runs and ends, where that is known.
    pub terms: Option<Terms>,
    /// What else is agreed.
    pub details: Vec<Detail>,
    /// The contract that this option goes with.
    pub option_of: Option<ContractId>,
}

/// Adds a product to the catalogue. An entrance of the system, for imports and demo data: no actor is asked.
///
/// # Errors
/// [`Error::Conflict`] if the code is taken.
pub async fn add_product(db: &impl ConnectionTrait, app: &App, new: NewProduct) -> Result<ProductId> {
    let row = product::Model {
        id: ProductId(app.new_id()),
        code: new.code,
        name_de: new.name_de,
        name_en: new.name_en,
        description_de: new.description_de,
        description_en: new.description_en,
        price: new.price,
        currency: new.currency,
        price_period: new.price_period,
        setup_price: new.setup_price,
        tax_rate: new.tax_rate,
        kind: new.kind,
        family: new.family,
        is_orderable: new.is_orderable,
        law: new.law,
    };
    let id = row.id;
    product::Entity::insert(row.into_active_model())
        .exec_without_returning(db)
        .await
        .map_err(taken("there is a product of this code"))?;
    for (customer, terms) in new.terms {
        let row = terms::row(id, customer, &terms);
        product_term::Entity::insert(row.into_active_model())
            .exec_without_returning(db)
            .await?;
    }
    Ok(id)
}

/// Adds a contract of an account. An entrance of the system, for imports and demo data: no actor is asked.
///
/// # Errors
/// [`Error::Conflict`] if the number is taken; [`Error::Database`] if there is no such account or product.
pub async fn add_contract(db: &impl ConnectionTrait, app: &App, new: NewContract) -> Result<ContractId> {
    let mut row = contract::Model {
        id: ContractId(app.new_id()),
        account_id: new.account,
        product_id: new.product,
        number: new.number,
        label: new.label,
        state: new.state,
        price: new.price,
        currency: new.currency,
        price_period: new.price_period,
        started_on: new.started_on,
        ends_on: new.ends_on,
        notice_by: new.notice_by,
        minimum: None,
        renewal: None,
        renewal_term: None,
        notice: None,
        open_notice: None,
        notice_to: None,
        details: terms::details_text(&new.details)?,
        option_of: new.option_of,
        created_at: app.clock.now(),
    };
    terms::agree(&mut row, new.terms.as_ref());
    let id = row.id;
    contract::Entity::insert(row.into_active_model())
        .exec_without_returning(db)
        .await
        .map_err(taken("there is a contract of this number"))?;
    Ok(id)
}

/// A violated unique index is a conflict that the caller can understand.
fn taken(message: &'static str) -> impl FnOnce(DbErr) -> Error {
    move |error| match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Error::Conflict(message),
        _ => error.into(),
    }
}

/// A page of the catalogue by code, and how many products it has. Every signed-in user may see it.
///
/// # Errors
/// If the database does not answer.
pub async fn catalogue(app: &App, _actor: &Actor, page: &Page<String>) -> Result<(Vec<product::Model>, u64)> {
    let all = product::Entity::find();
    let total = all.clone().count(&app.db).await?;
    let rows = match &page.after {
        Some(code) => all.filter(product::COLUMN.code.gt(code.as_str())),
        None => all,
    };
    let rows = rows
        .order_by_asc(product::COLUMN.code)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    Ok((rows, total))
}

/// A contract of the account in view.
///
/// # Errors
/// [`Error::Forbidden`] for who may not manage contracts; [`Error::NotFound`] for one that is not there or another
/// account's.
pub async fn get_contract(app: &App, actor: &Actor, id: ContractId) -> Result<contract::Model> {
    let account = actor.require(Right::ManageContracts)?;
    contract::Entity::find_by_id(id)
        .filter(contract::COLUMN.account_id.eq(account.id))
        .one(&app.db)
        .await?
        .ok_or(Error::NotFound("contract"))
}

/// Loads the products of a page of contracts with one statement.
#[derive(Debug)]
pub struct ProductsById(pub DatabaseConnection);

impl Loader<ProductId> for ProductsById {
    type Value = product::Model;
    type Error = Arc<DbErr>;

    async fn load(&self, ids: &[ProductId]) -> std::result::Result<HashMap<ProductId, product::Model>, Arc<DbErr>> {
        let rows = product::Entity::find()
            .filter(product::COLUMN.id.is_in(ids.iter().copied()))
            .all(&self.0)
            .await;
        Ok(rows.map_err(Arc::new)?.into_iter().map(|row| (row.id, row)).collect())
    }
}
