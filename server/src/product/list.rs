//! Lists of contracts: filters, orders, pages, and the list as a file.
use super::terms;
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{contract, product},
    error::{Error, Result},
    page::Page,
    spreadsheet,
};
use chrono::{Datelike, NaiveDate};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, IntoSimpleExpr, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{Expr, Func, LikeExpr},
};
use shared::{
    account::{Language, Right},
    error::Reason,
    id::{AccountId, ProductId},
    product::{ContractOrder, ContractState, PricePeriod},
};
use std::{borrow::Cow, collections::HashMap};

/// The longest text that is searched for, in characters.
const TEXT_MAX: usize = 100;

/// How many contracts are read at a time for a file.
const STEP: u64 = 500;

/// Which contracts; what is not given does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Where they stand.
    pub state: Option<ContractState>,
    /// Over which product.
    pub product: Option<ProductId>,
    /// A part of the number, of the label or of the product's name in either language, upper and lower case alike.
    pub text: Option<String>,
}

/// What orders the list: the first day, then the number; by number alone, the day does not matter.
pub type Key = (NaiveDate, String);

/// A page of the contracts of the account in view, and how many match; ended ones are among them.
///
/// # Errors
/// [`Error::Forbidden`] for who may not manage contracts; [`Error::Invalid`] at `text` if it is too long, or at `after`
/// for a cursor that this list never gave.
pub async fn page(
    app: &App,
    actor: &Actor,
    filter: &Filter,
    order: ContractOrder,
    page: &Page<Key>,
) -> Result<(Vec<contract::Model>, u64)> {
    let account = actor.require(Right::ManageContracts)?;
    let all = matching(account.id, filter)?;
    let total = all.clone().count(&app.db).await?;
    let rows = in_order(all, order, page.after.as_ref())?.limit(page.limit());
    Ok((rows.all(&app.db).await?, total))
}

fn matching(account: AccountId, filter: &Filter) -> Result<Select<contract::Entity>> {
    use contract::Column as C;
    let mut all = contract::Entity::find().filter(C::AccountId.eq(account));
    if let Some(state) = filter.state {
        all = all.filter(C::State.eq(state));
    }
    if let Some(product) = filter.product {
        all = all.filter(C::ProductId.eq(product));
    }
    let text = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if let Some(text) = text {
        if text.chars().count() > TEXT_MAX {
            let message = format!("at most {TEXT_MAX} characters");
            return Err(Error::invalid("text", Reason::TooLong, message));
        }
        let escaped = text
            .to_lowercase()
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        let pattern = LikeExpr::new(format!("%{escaped}%")).escape('\\');
        let has = |column: C| Expr::expr(Func::lower(Expr::col((contract::Entity, column)))).like(pattern.clone());
        let named = |column: product::Column| {
            Expr::expr(Func::lower(Expr::col((product::Entity, column)))).like(pattern.clone())
        };
        let products = product::Entity::find()
            .select_only()
            .column(product::Column::Id)
            .filter(
                Condition::any()
                    .add(named(product::Column::NameDe))
                    .add(named(product::Column::NameEn)),
            )
            .into_query();
        all = all.filter(
            Condition::any()
                .add(has(C::Number))
                .add(has(C::Label))
                .add(C::ProductId.in_subquery(products)),
        );
    }
    Ok(all)
}

fn in_order(
    all: Select<contract::Entity>,
    order: ContractOrder,
    after: Option<&Key>,
) -> Result<Select<contract::Entity>> {
    use contract::Column as C;
    let direction = match order {
        ContractOrder::Number | ContractOrder::Oldest => Order::Asc,
        ContractOrder::NumberLast | ContractOrder::Newest => Order::Desc,
    };
    let by_day = matches!(order, ContractOrder::Newest | ContractOrder::Oldest);
    let mut rows = all;
    if let Some((day, number)) = after {
        // years that a database does not know are in no cursor of ours
        if !(1..=9999).contains(&day.year()) {
            return Err(Error::invalid("after", Reason::BadCursor, "not a cursor of this list"));
        }
        let (key, last) = if by_day {
            (
                Expr::tuple([C::StartedOn.into_simple_expr(), C::Number.into_simple_expr()]),
                Expr::tuple([Expr::val(*day), Expr::val(number.as_str())]),
            )
        } else {
            (C::Number.into_simple_expr(), Expr::val(number.as_str()))
        };
        rows = rows.filter(if direction == Order::Asc {
            key.gt(last)
        } else {
            key.lt(last)
        });
    }
    if by_day {
        rows = rows.order_by(C::StartedOn, direction.clone());
    }
    Ok(rows.order_by(C::Number, direction))
}

/// The contracts that match as CSV in a language, in the order of the list; no cell is taken for a formula.
///
/// # Errors
/// As [`page`].
pub async fn csv(
    app: &App,
    actor: &Actor,
    filter: &Filter,
    order: ContractOrder,
    language: Language,
) -> Result<Vec<u8>> {
    let account = actor.require(Right::ManageContracts)?;
    let all = matching(account.id, filter)?;
    let heads = match language {
        Language::De => [
            "Vertragsnummer",
            "Produkt",
            "Bezeichnung",
            "Stand",
            "Beginn",
            "Ende",
            "Kündigen bis",
            "Nächstes Ende",
            "Mindestlaufzeit bis",
            "Preis netto",
            "Währung",
            "Preis je",
        ],
        Language::En => [
            "Contract number",
            "Product",
            "Label",
            "State",
            "First day",
            "Last day",
            "Notice by",
            "Next end",
            "First term until",
            "Net price",
            "Currency",
            "Price per",
        ],
    };
    let products: HashMap<ProductId, String> = product::Entity::find()
        .all(&app.db)
        .await?
        .into_iter()
        .map(|row| {
            (
                row.id,
                if language == Language::De {
                    row.name_de
                } else {
                    row.name_en
                },
            )
        })
        .collect();
    let mut lines = spreadsheet::lines([heads.map(Cow::Borrowed).to_vec()])?;
    let today = terms::today(app);
    let mut after: Option<Key> = None;
    let mut count = 0;
    loop {
        let part = in_order(all.clone(), order, after.as_ref())?
            .limit(STEP)
            .all(&app.db)
            .await?;
        count += part.len();
        let cells: Result<Vec<_>> = part.iter().map(|row| cells(row, &products, today, language)).collect();
        lines.extend(spreadsheet::lines(cells?)?);
        match part.last().filter(|_| part.len() as u64 == STEP) {
            Some(last) => after = Some((last.started_on, last.number.clone())),
            None => break,
        }
    }
    let tx = app.begin().await?;
    audit::record(&tx, app, Some(actor), "exportContracts", Some(count.to_string()), true).await?;
    tx.commit().await?;
    Ok(lines)
}

fn cells<'a>(
    row: &'a contract::Model,
    products: &'a HashMap<ProductId, String>,
    today: NaiveDate,
    language: Language,
) -> Result<Vec<Cow<'a, str>>> {
    let word = |de: &'static str, en: &'static str| Cow::Borrowed(if language == Language::De { de } else { en });
    let day = |day: Option<NaiveDate>| Cow::Owned(day.map(|day| day.to_string()).unwrap_or_default());
    let state = match row.state {
        ContractState::Active => word("aktiv", "active"),
        ContractState::Ordered => word("bestellt", "ordered"),
        ContractState::Cancelled => word("gekündigt", "cancelled"),
        ContractState::Ended => word("beendet", "ended"),
    };
    let period = match row.price_period {
        PricePeriod::Month => word("Monat", "month"),
        PricePeriod::Year => word("Jahr", "year"),
        PricePeriod::Usage => word("Verbrauch", "usage"),
    };
    let dates = terms::dates(row, today)?;
    Ok(vec![
        Cow::Borrowed(row.number.as_str()),
        Cow::Borrowed(products.get(&row.product_id).map(String::as_str).unwrap_or_default()),
        Cow::Borrowed(row.label.as_deref().unwrap_or_default()),
        state,
        day(Some(row.started_on)),
        day(row.ends_on),
        day(dates.notice_by),
        day(dates.next_end),
        day(dates.minimum_until),
        Cow::Owned(row.price.map(|price| price.to_string()).unwrap_or_default()),
        Cow::Borrowed(row.currency.as_str()),
        period,
    ])
}
