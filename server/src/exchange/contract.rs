//! The contracts of all customers as a file.
use super::{
    DESCRIPTION_MAX, NAME_MAX, RowReport,
    cell::{Fault, amount, code, currency, day, text, word},
    is_first,
    table::{Typed, Written},
    terms,
};
use crate::{
    app::App,
    audit,
    entity::{account, audit as audit_row, contract, product, product_term},
    error::{Error, Result},
    office::Author,
    product::{dates::Terms, terms as kept},
};
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, Iterable,
    QueryFilter, SqlErr, sea_query::OnConflict,
};
use shared::{
    account::AccountKind,
    exchange::ImportProblem,
    id::{AccountId, ContractId, ProductId},
    product::{ContractState, Detail, PricePeriod},
    term::CustomerKind,
};
use std::collections::{HashMap, HashSet};

/// The columns of a file, in their order; the first one is the key.
pub const COLUMNS: &[&str] = &[
    "number",
    "customer_number",
    "product_code",
    "label",
    "state",
    "price",
    "currency",
    "price_period",
    "started_on",
    "ends_on",
    "notice_by",
    "minimum",
    "renewal",
    "renewal_term",
    "notice",
    "open_notice",
    "notice_to",
    "details",
    "option_of",
];

/// No details, as a row keeps them.
const NO_DETAILS: &str = "[]";

/// What the rows of a batch may refer to.
struct Known {
    contracts: HashMap<String, contract::Model>,
    /// The ids of contracts that are known or were judged before, by their number.
    ids: HashMap<String, ContractId>,
    accounts: HashMap<String, account::Model>,
    products: HashMap<String, product::Model>,
    offered: HashMap<(ProductId, CustomerKind), Terms>,
    names: Names,
}

/// The numbers that stand for the ids of other tables.
struct Names {
    customers: HashMap<AccountId, String>,
    products: HashMap<ProductId, String>,
    contracts: HashMap<ContractId, String>,
}

impl Known {
    /// In six statements.
    async fn of(tx: &DatabaseTransaction, batch: &[Typed]) -> Result<Self> {
        let all = |column: &'static str| batch.iter().filter_map(move |row| row.text(column));
        let named = contract::Entity::find()
            .filter(contract::COLUMN.number.is_in(all("number").chain(all("option_of"))))
            .all(tx)
            .await?;
        let mains = named.iter().filter_map(|row| row.option_of);
        let mains = contract::Entity::find()
            .filter(contract::COLUMN.id.is_in(mains))
            .all(tx)
            .await?;
        let mut accounts = account::Entity::find()
            .filter(account::COLUMN.number.is_in(all("customer_number")))
            .filter(account::COLUMN.kind.ne(AccountKind::Provider))
            .all(tx)
            .await?;
        let held = named.iter().map(|row| row.account_id);
        accounts.extend(
            account::Entity::find()
                .filter(account::COLUMN.id.is_in(held))
                .all(tx)
                .await?,
        );
        let products = product::Entity::find().all(tx).await?;
        let mut offered = HashMap::new();
        for row in product_term::Entity::find().all(tx).await? {
            offered.insert((row.product_id, row.customer_kind), kept::of_product(&row)?);
        }
        let contracts = named.iter().chain(&mains);
        Ok(Self {
            names: Names {
                customers: accounts.iter().map(|row| (row.id, row.number.clone())).collect(),
                products: products.iter().map(|row| (row.id, row.code.clone())).collect(),
                contracts: contracts.map(|row| (row.id, row.number.clone())).collect(),
            },
            ids: named.iter().map(|row| (row.number.clone(), row.id)).collect(),
            contracts: named.into_iter().map(|row| (row.number.clone(), row)).collect(),
            accounts: accounts.into_iter().map(|row| (row.number.clone(), row)).collect(),
            products: products.into_iter().map(|row| (row.code.clone(), row)).collect(),
            offered,
        })
    }
}

/// What a contract agrees, beside its row.
struct Agreed {
    terms: Option<Terms>,
    details: Vec<Detail>,
}

impl Agreed {
    fn of(row: &contract::Model) -> Result<Self> {
        Ok(Self {
            terms: kept::of_contract(row)?,
            details: kept::details(row)?,
        })
    }
}

/// The cells of a contract, in the order of [`COLUMNS`].
fn written(row: &contract::Model, terms: Option<&Terms>, names: &Names) -> Written {
    let mut cells = vec![
        Some(row.number.clone()),
        names.customers.get(&row.account_id).cloned(),
        names.products.get(&row.product_id).cloned(),
        row.label.clone(),
        Some(row.state.to_value()),
        row.price.map(|price| price.to_string()),
        Some(row.currency.clone()),
        Some(row.price_period.to_value()),
        Some(row.started_on.to_string()),
        row.ends_on.map(|day| day.to_string()),
        row.notice_by.map(|day| day.to_string()),
    ];
    cells.extend(terms::written(terms));
    cells.push(Some(row.details.clone()).filter(|details| details != NO_DETAILS));
    cells.push(row.option_of.and_then(|id| names.contracts.get(&id).cloned()));
    cells
}

/// All contracts of all accounts, by their number.
pub(super) async fn all(app: &App) -> Result<Vec<Written>> {
    let mut rows = contract::Entity::find().all(&app.db).await?;
    // by bytes, which databases sort as their language says
    rows.sort_by(|one, other| one.number.cmp(&other.number));
    let accounts = account::Entity::find().all(&app.db).await?;
    let products = product::Entity::find().all(&app.db).await?;
    let names = Names {
        customers: accounts.into_iter().map(|row| (row.id, row.number)).collect(),
        products: products.into_iter().map(|row| (row.id, row.code)).collect(),
        contracts: rows.iter().map(|row| (row.id, row.number.clone())).collect(),
    };
    rows.iter()
        .map(|row| Ok(written(row, kept::of_contract(row)?.as_ref(), &names)))
        .collect()
}

/// Judges a batch and, unless it is a rehearsal, writes it; the log of each customer says so.
pub(super) async fn take(
    tx: &DatabaseTransaction,
    app: &App,
    author: Author<'_>,
    batch: &[Typed],
    seen: &mut HashSet<String>,
    is_dry: bool,
) -> Result<Vec<RowReport>> {
    let mut known = Known::of(tx, batch).await?;
    let mut judged = Vec::new();
    for row in batch {
        let before = row.text("number").and_then(|number| known.contracts.get(number));
        let agreed = before.map(Agreed::of).transpose()?;
        judged.push(super::judged(row, COLUMNS, judge(app, &mut known, seen, row, agreed)));
    }
    let changed: Vec<contract::Model> = judged.iter().filter_map(|judged| judged.after.clone()).collect();
    if !is_dry && !changed.is_empty() {
        let acts = changed.iter().map(|row| {
            let entry = author.entry("importContracts", row.account_id, Some(row.id.to_string()));
            audit::row(app, entry)
        });
        audit_row::Entity::insert_many(acts.map(IntoActiveModel::into_active_model))
            .exec_without_returning(tx)
            .await?;
        let is_fixed = |column: &contract::Column| matches!(column, contract::Column::Id | contract::Column::CreatedAt);
        let others = contract::Column::iter().filter(|column| !is_fixed(column));
        let instead = OnConflict::column(contract::Column::Id)
            .update_columns(others)
            .to_owned();
        contract::Entity::insert_many(changed.into_iter().map(|row| row.into_active_model().reset_all()))
            .on_conflict(instead)
            .exec_without_returning(tx)
            .await
            .map_err(|error| match error.sql_err() {
                Some(SqlErr::UniqueConstraintViolation(_)) => Error::Conflict("somebody else brings contracts in"),
                _ => error.into(),
            })?;
    }
    Ok(judged.into_iter().map(|judged| judged.report).collect())
}

fn judge(
    app: &App,
    known: &mut Known,
    seen: &mut HashSet<String>,
    row: &Typed,
    agreed: Option<Agreed>,
) -> Result<(Option<Written>, Written, contract::Model), Fault> {
    let number = code(row, "number")?;
    is_first(seen, "number", &number)?;
    let before = known.contracts.get(&number);
    let account = account_of(known, before, row)?;
    let product = match row.text("product_code") {
        Some(code) => Some(
            known
                .products
                .get(code)
                .ok_or(("product_code", ImportProblem::UnknownProduct))?,
        ),
        None => None,
    };
    let product_id = product
        .map(|product| product.id)
        .or(before.map(|row| row.product_id))
        .ok_or(("product_code", ImportProblem::Missing))?;
    // A new contract is what its product offers the customer, unless the row says otherwise.
    let price = before.map_or_else(|| product.and_then(|product| product.price), |row| row.price);
    let money = before.map(|row| row.currency.clone());
    let money = money.or_else(|| product.map(|product| product.currency.clone()));
    let period = before
        .map(|row| row.price_period)
        .or(product.map(|product| product.price_period));
    let offered = known.offered.get(&(product_id, account.customer_kind)).copied();
    let (terms_before, details_before) = agreed.map_or((offered, Vec::new()), |agreed| (agreed.terms, agreed.details));
    let terms = terms::read(row, &terms::OF_CONTRACT, terms_before)?;
    let started_on = day(row, "started_on", before.map(|row| row.started_on))?;
    let mut after = contract::Model {
        id: before.map_or_else(|| ContractId(app.new_id()), |row| row.id),
        account_id: account.id,
        product_id,
        label: text(row, "label", NAME_MAX, before.and_then(|row| row.label.clone()))?,
        state: word(row, "state", before.map(|row| row.state))?.unwrap_or(ContractState::Active),
        price: amount(row, "price", price)?,
        currency: currency(row, "currency", money)?,
        price_period: word::<PricePeriod>(row, "price_period", period)?
            .ok_or(("price_period", ImportProblem::Missing))?,
        started_on: started_on.ok_or(("started_on", ImportProblem::Missing))?,
        ends_on: day(row, "ends_on", before.and_then(|row| row.ends_on))?,
        notice_by: day(row, "notice_by", before.and_then(|row| row.notice_by))?,
        minimum: None,
        renewal: None,
        renewal_term: None,
        notice: None,
        open_notice: None,
        notice_to: None,
        details: details(row, details_before)?,
        option_of: main_of(known, before, row)?,
        created_at: before.map_or_else(|| app.clock.now(), |row| row.created_at),
        number: number.clone(),
    };
    kept::agree(&mut after, terms.as_ref());
    if after.ends_on.is_some_and(|end| end < after.started_on) {
        return Err(("ends_on", ImportProblem::EndBeforeStart));
    }
    if after.option_of == Some(after.id) {
        return Err(("option_of", ImportProblem::NotPossible));
    }
    let cells_before = before.map(|row| written(row, terms_before.as_ref(), &known.names));
    let cells = written(&after, terms.as_ref(), &known.names);
    known.ids.insert(number.clone(), after.id);
    known.names.contracts.insert(after.id, number);
    Ok((cells_before, cells, after))
}

/// The contract that a row's goes with, of the same customer.
fn main_of(known: &Known, before: Option<&contract::Model>, row: &Typed) -> Result<Option<ContractId>, Fault> {
    let column = "option_of";
    let Some(said) = row.said(column) else {
        return Ok(before.and_then(|row| row.option_of));
    };
    said.map(|number| {
        known
            .ids
            .get(number)
            .copied()
            .ok_or((column, ImportProblem::UnknownContract))
    })
    .transpose()
}

/// What else is agreed: a JSON list of objects with `label_de`, `label_en` and `value`, as a row keeps it.
fn details(row: &Typed, known: Vec<Detail>) -> Result<String, Fault> {
    let wrong = ("details", ImportProblem::NotDetails);
    let details = match text(row, "details", DESCRIPTION_MAX, None)? {
        Some(text) => serde_json::from_str(&text).map_err(|_| wrong)?,
        None if row.said("details").is_none() => known,
        None => Vec::new(),
    };
    serde_json::to_string(&details).map_err(|_| wrong)
}

/// Whose contract a row is about. It stays with its customer.
fn account_of<'a>(
    known: &'a Known,
    before: Option<&contract::Model>,
    row: &Typed,
) -> Result<&'a account::Model, Fault> {
    let column = "customer_number";
    let unknown = (column, ImportProblem::UnknownCustomer);
    let said = row
        .text(column)
        .map(|number| known.accounts.get(number).ok_or(unknown))
        .transpose()?;
    match (before, said) {
        (Some(before), Some(said)) if before.account_id != said.id => Err((column, ImportProblem::OtherCustomer)),
        (Some(before), None) => {
            let held = known.accounts.values().find(|account| account.id == before.account_id);
            held.ok_or(unknown)
        }
        (_, said) => said.ok_or((column, ImportProblem::Missing)),
    }
}
