//! Terms as rows keep them, and the dates that follow for a contract.
use super::dates::{Dates, Terms};
use crate::{
    app::App,
    entity::{contract, product_term},
    error::Result,
};
use anyhow::Context;
use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, EntityTrait};
use shared::{
    id::ProductId,
    product::Detail,
    term::{CustomerKind, Span},
};

/// The row of a product's terms for a kind of customer.
pub fn row(product_id: ProductId, customer_kind: CustomerKind, terms: &Terms) -> product_term::Model {
    product_term::Model {
        product_id,
        customer_kind,
        minimum: terms.minimum.map(text),
        renewal: terms.renewal,
        renewal_term: terms.renewal_term.map(text),
        notice: text(terms.notice),
        open_notice: text(terms.open_notice),
        notice_to: terms.notice_to,
    }
}

/// Writes what was agreed into a contract, or that nothing is known of it.
pub fn agree(row: &mut contract::Model, terms: Option<&Terms>) {
    row.minimum = terms.and_then(|terms| terms.minimum).map(text);
    row.renewal = terms.map(|terms| terms.renewal);
    row.renewal_term = terms.and_then(|terms| terms.renewal_term).map(text);
    row.notice = terms.map(|terms| text(terms.notice));
    row.open_notice = terms.map(|terms| text(terms.open_notice));
    row.notice_to = terms.map(|terms| terms.notice_to);
}

fn text(span: Span) -> String {
    span.to_string()
}

/// The terms of a row of a product.
///
/// # Errors
/// If the row was written by somebody else and says nothing that makes sense.
pub fn of_product(row: &product_term::Model) -> Result<Terms> {
    Ok(Terms {
        minimum: span(row.minimum.as_deref())?,
        renewal: row.renewal,
        renewal_term: span(row.renewal_term.as_deref())?,
        notice: needed(&row.notice)?,
        open_notice: needed(&row.open_notice)?,
        notice_to: row.notice_to,
    })
}

/// What was agreed in a contract; none where that is not known.
///
/// # Errors
/// If the row was written by somebody else and says nothing that makes sense.
pub fn of_contract(row: &contract::Model) -> Result<Option<Terms>> {
    let (Some(renewal), Some(notice), Some(open_notice), Some(notice_to)) =
        (row.renewal, &row.notice, &row.open_notice, row.notice_to)
    else {
        return Ok(None);
    };
    Ok(Some(Terms {
        minimum: span(row.minimum.as_deref())?,
        renewal,
        renewal_term: span(row.renewal_term.as_deref())?,
        notice: needed(notice)?,
        open_notice: needed(open_notice)?,
        notice_to,
    }))
}

fn span(text: Option<&str>) -> Result<Option<Span>> {
    text.map(needed).transpose()
}

fn needed(text: &str) -> Result<Span> {
    Ok(text.parse().with_context(|| format!("{text:?} in a row of terms"))?)
}

/// The terms that a product has for a kind of customer; none where the catalogue says nothing.
///
/// # Errors
/// If the database refuses.
pub async fn offered(db: &impl ConnectionTrait, product: ProductId, customer: CustomerKind) -> Result<Option<Terms>> {
    let row = product_term::Entity::find_by_id((product, customer)).one(db).await?;
    row.as_ref().map(of_product).transpose()
}

/// What matters of a contract on a day of the provider's: by its terms, unless it has an end already. Where the terms
/// are not known it says what another program said.
///
/// # Errors
/// If the row was written by somebody else and says nothing that makes sense.
pub fn dates(row: &contract::Model, today: NaiveDate) -> Result<Dates> {
    let terms = of_contract(row)?;
    if let Some(end) = row.ends_on {
        return Ok(Dates {
            minimum_until: terms.and_then(|terms| terms.dates(row.started_on, today).minimum_until),
            term_until: Some(end),
            next_end: Some(end),
            notice_by: row.notice_by.filter(|_| terms.is_none()),
            following_end: None,
        });
    }
    Ok(terms.map_or_else(
        || Dates {
            notice_by: row.notice_by,
            ..Dates::default()
        },
        |terms| terms.dates(row.started_on, today),
    ))
}

/// Today, where the provider is.
pub fn today(app: &App) -> NaiveDate {
    app.clock.now().with_timezone(&app.settings.time_zone).date_naive()
}

/// Details as a row keeps them.
pub(super) fn details_text(details: &[Detail]) -> Result<String> {
    Ok(serde_json::to_string(details).context("details could not be written")?)
}

/// The details of a row.
///
/// # Errors
/// If the row was written by somebody else and says nothing that makes sense.
pub fn details(row: &contract::Model) -> Result<Vec<Detail>> {
    Ok(serde_json::from_str(&row.details).context("details of a contract")?)
}
