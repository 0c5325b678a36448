//! The catalogue as a file, with the terms for each kind of customer.
use super::{
    DESCRIPTION_MAX, NAME_MAX, RowReport,
    cell::{Fault, amount, code, currency, needed, tax_rate, text, word, yes},
    is_first, judged,
    table::{Typed, Written},
    terms,
};
use crate::{
    app::App,
    audit,
    entity::{audit as audit_row, product, product_term},
    error::{Error, Result},
    office::Author,
    product::{
        dates::{Terms, objections},
        terms as kept,
    },
};
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    Iterable, QueryFilter, QueryOrder, SqlErr, sea_query::OnConflict,
};
use shared::{exchange::ImportProblem, id::ProductId, product::PricePeriod, term::CustomerKind};
use std::collections::{HashMap, HashSet};

/// The columns of a file, in their order; the first one is the key.
pub const COLUMNS: &[&str] = &[
    "code",
    "name_de",
    "name_en",
    "description_de",
    "description_en",
    "price",
    "currency",
    "price_period",
    "setup_price",
    "tax_rate",
    "kind",
    "family",
    "is_orderable",
    "law",
    "consumer_minimum",
    "consumer_renewal",
    "consumer_renewal_term",
    "consumer_notice",
    "consumer_open_notice",
    "consumer_notice_to",
    "small_firm_minimum",
    "small_firm_renewal",
    "small_firm_renewal_term",
    "small_firm_notice",
    "small_firm_open_notice",
    "small_firm_notice_to",
    "large_firm_minimum",
    "large_firm_renewal",
    "large_firm_renewal_term",
    "large_firm_notice",
    "large_firm_open_notice",
    "large_firm_notice_to",
];

/// The kinds of customers with the columns of their terms.
const TERMS: [(CustomerKind, terms::Columns); 3] = [
    (
        CustomerKind::Consumer,
        [
            "consumer_minimum",
            "consumer_renewal",
            "consumer_renewal_term",
            "consumer_notice",
            "consumer_open_notice",
            "consumer_notice_to",
        ],
    ),
    (
        CustomerKind::SmallFirm,
        [
            "small_firm_minimum",
            "small_firm_renewal",
            "small_firm_renewal_term",
            "small_firm_notice",
            "small_firm_open_notice",
            "small_firm_notice_to",
        ],
    ),
    (
        CustomerKind::LargeFirm,
        [
            "large_firm_minimum",
            "large_firm_renewal",
            "large_firm_renewal_term",
            "large_firm_notice",
            "large_firm_open_notice",
            "large_firm_notice_to",
        ],
    ),
];

/// A product with its terms, in the order of [`TERMS`].
#[derive(Clone)]
struct Offer {
    row: product::Model,
    terms: [Option<Terms>; 3],
}

/// The cells of a product, in the order of [`COLUMNS`].
fn written(offer: &Offer) -> Written {
    let row = &offer.row;
    let mut cells = vec![
        Some(row.code.clone()),
        Some(row.name_de.clone()),
        Some(row.name_en.clone()),
        row.description_de.clone(),
        row.description_en.clone(),
        row.price.map(|price| price.to_string()),
        Some(row.currency.clone()),
        Some(row.price_period.to_value()),
        row.setup_price.map(|price| price.to_string()),
        Some(row.tax_rate.to_string()),
        Some(row.kind.to_value()),
        row.family.clone(),
        Some(row.is_orderable.to_string()),
        Some(row.law.to_value()),
    ];
    cells.extend(offer.terms.iter().flat_map(|terms| terms::written(terms.as_ref())));
    cells
}

/// Products with their terms, in one further statement.
async fn offers(db: &impl ConnectionTrait, rows: Vec<product::Model>) -> Result<Vec<Offer>> {
    let kept = product_term::Entity::find().all(db).await?;
    let mut by_product: HashMap<(ProductId, CustomerKind), Terms> = HashMap::new();
    for row in &kept {
        by_product.insert((row.product_id, row.customer_kind), kept::of_product(row)?);
    }
    Ok(rows
        .into_iter()
        .map(|row| Offer {
            terms: TERMS.map(|(kind, _)| by_product.get(&(row.id, kind)).copied()),
            row,
        })
        .collect())
}

/// All products, by their code.
pub(super) async fn all(app: &App) -> Result<Vec<Written>> {
    let rows = product::Entity::find()
        .order_by_asc(product::COLUMN.code)
        .all(&app.db)
        .await?;
    let mut rows = offers(&app.db, rows).await?;
    rows.sort_by(|one, other| one.row.code.cmp(&other.row.code));
    Ok(rows.iter().map(written).collect())
}

/// Judges a batch and, unless it is a rehearsal, writes it.
pub(super) async fn take(
    tx: &DatabaseTransaction,
    app: &App,
    author: Author<'_>,
    batch: &[Typed],
    seen: &mut HashSet<String>,
    is_dry: bool,
) -> Result<Vec<RowReport>> {
    let codes = batch.iter().filter_map(|row| row.text("code"));
    let known = product::Entity::find()
        .filter(product::COLUMN.code.is_in(codes))
        .all(tx)
        .await?;
    let known = offers(tx, known).await?.into_iter();
    let known: HashMap<_, _> = known.map(|offer| (offer.row.code.clone(), offer)).collect();
    let judged: Vec<_> = batch
        .iter()
        .map(|row| judged(row, COLUMNS, judge(app, &known, seen, row)))
        .collect();
    let changed: Vec<Offer> = judged.iter().filter_map(|judged| judged.after.clone()).collect();
    if !is_dry && !changed.is_empty() {
        write(tx, app, author, changed).await?;
    }
    Ok(judged.into_iter().map(|judged| judged.report).collect())
}

/// Writes products and their terms, in four statements.
async fn write(tx: &DatabaseTransaction, app: &App, author: Author<'_>, changed: Vec<Offer>) -> Result<()> {
    let acts = changed
        .iter()
        .map(|offer| audit::row(app, author.own_entry("importProducts", Some(offer.row.id.to_string()))));
    audit_row::Entity::insert_many(acts.map(IntoActiveModel::into_active_model))
        .exec_without_returning(tx)
        .await?;
    let terms: Vec<_> = changed
        .iter()
        .flat_map(|offer| {
            let pairs = TERMS.iter().zip(&offer.terms);
            pairs.filter_map(|((kind, _), terms)| terms.as_ref().map(|terms| kept::row(offer.row.id, *kind, terms)))
        })
        .collect();
    let ids: Vec<_> = changed.iter().map(|offer| offer.row.id).collect();
    let others = product::Column::iter().filter(|column| !matches!(column, product::Column::Id));
    let instead = OnConflict::column(product::Column::Id)
        .update_columns(others)
        .to_owned();
    let rows = changed
        .into_iter()
        .map(|offer| offer.row.into_active_model().reset_all());
    product::Entity::insert_many(rows)
        .on_conflict(instead)
        .exec_without_returning(tx)
        .await
        .map_err(|error| match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Error::Conflict("somebody else brings products in"),
            _ => error.into(),
        })?;
    product_term::Entity::delete_many()
        .filter(product_term::COLUMN.product_id.is_in(ids))
        .exec(tx)
        .await?;
    if !terms.is_empty() {
        product_term::Entity::insert_many(terms.into_iter().map(IntoActiveModel::into_active_model))
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

fn judge(
    app: &App,
    known: &HashMap<String, Offer>,
    seen: &mut HashSet<String>,
    row: &Typed,
) -> Result<(Option<Written>, Written, Offer), Fault> {
    let code = code(row, "code")?;
    is_first(seen, "code", &code)?;
    let offer = known.get(&code);
    let before = offer.map(|offer| &offer.row);
    let of = |field: fn(&product::Model) -> &String| before.map(|row| field(row).clone());
    let may = |field: fn(&product::Model) -> &Option<String>| before.and_then(|row| field(row).clone());
    let after = product::Model {
        id: before.map_or_else(|| ProductId(app.new_id()), |row| row.id),
        name_de: needed(row, "name_de", NAME_MAX, of(|row| &row.name_de))?,
        name_en: needed(row, "name_en", NAME_MAX, of(|row| &row.name_en))?,
        description_de: text(row, "description_de", DESCRIPTION_MAX, may(|row| &row.description_de))?,
        description_en: text(row, "description_en", DESCRIPTION_MAX, may(|row| &row.description_en))?,
        price: amount(row, "price", before.and_then(|row| row.price))?,
        currency: currency(row, "currency", of(|row| &row.currency))?,
        price_period: word::<PricePeriod>(row, "price_period", before.map(|row| row.price_period))?
            .ok_or(("price_period", ImportProblem::Missing))?,
        setup_price: amount(row, "setup_price", before.and_then(|row| row.setup_price))?,
        tax_rate: tax_rate(row, "tax_rate", before.map(|row| row.tax_rate))?.unwrap_or_default(),
        kind: word(row, "kind", before.map(|row| row.kind))?.unwrap_or_default(),
        family: text(row, "family", NAME_MAX, may(|row| &row.family))?,
        is_orderable: yes(row, "is_orderable", before.is_some_and(|row| row.is_orderable))?,
        law: word(row, "law", before.map(|row| row.law))?.unwrap_or_default(),
        code,
    };
    let mut agreed = offer.map_or([None; 3], |offer| offer.terms);
    for (place, (kind, columns)) in agreed.iter_mut().zip(&TERMS) {
        let read = terms::read(row, columns, *place)?;
        let is_new = read != *place;
        if is_new && read.is_some_and(|terms| !objections(&terms, *kind, after.law).is_empty()) {
            return Err((columns[0], ImportProblem::AgainstTheLaw));
        }
        *place = read;
    }
    let after = Offer {
        row: after,
        terms: agreed,
    };
    Ok((offer.map(written), written(&after), after))
}
