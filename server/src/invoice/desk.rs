//! What staff does with invoices that nobody sees yet: those whose customer is not known, and those that are held.
use super::{read::InvoiceDocument, record};
use crate::{
    account,
    actor::Actor,
    app::App,
    audit,
    entity::invoice,
    error::{Error, Result},
    page::Page,
};
use anyhow::Context;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, SqlErr,
    sea_query::Expr,
};
use shared::{
    account::{AccountKind, Right},
    error::Reason,
    id::{AccountId, InvoiceId},
};

/// The longest reason, in characters.
const REASON_MAX: usize = 500;

fn may_manage(actor: &Actor) -> Result<()> {
    actor
        .require_in(AccountKind::Provider, Right::ManageInvoices)
        .map(|_| ())
}

/// A page of the invoices that no customer sees yet, those that came last first, and how many there are.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages invoices.
pub async fn unseen(app: &App, actor: &Actor, page: &Page<InvoiceId>) -> Result<(Vec<invoice::Model>, u64)> {
    may_manage(actor)?;
    let found = invoice::Entity::find().filter(invoice::COLUMN.account_id.is_null());
    let count = found.clone().count(&app.db).await?;
    let mut rows = found.order_by_desc(invoice::Column::Id);
    if let Some(last) = page.after {
        rows = rows.filter(invoice::COLUMN.id.lt(last));
    }
    Ok((rows.limit(page.limit()).all(&app.db).await?, count))
}

/// Says whose an invoice is that waits; if its sums contradict themselves, it is held for him from then on.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages invoices; [`Error::NotFound`]; [`Error::Invalid`] at
/// `accountNumber` if there is no such customer; [`Error::Conflict`] if it no longer waits, or if the customer has
/// another invoice of this seller, number and type.
pub async fn assign(app: &App, actor: &Actor, id: InvoiceId, account_number: &str) -> Result<invoice::Model> {
    may_manage(actor)?;
    let tx = app.begin().await?;
    let mut row = find(&tx, id).await?;
    let account = account::find_by_number(&tx, account_number).await?;
    let account = account.filter(|account| account.kind != AccountKind::Provider);
    let account =
        account.ok_or_else(|| Error::invalid("accountNumber", Reason::NotANumber, "no customer has this number"))?;
    if row.account_id.or(row.held_account_id).is_some() {
        return Err(Error::Conflict("this invoice has a customer"));
    }
    let document: InvoiceDocument =
        serde_json::from_str(&row.document).with_context(|| format!("the document of invoice {id}"))?;
    let is_held = app.settings.hold_invoices && document.contradicts_itself();
    record::place(&tx, &mut row, &document, Some(account.id), is_held).await?;
    if record::find(&tx, &row, true)
        .await?
        .is_some_and(|found| !found.is_waiting(id))
    {
        return Err(Error::Conflict("the customer has this invoice"));
    }
    if !record::take(&tx, id, &row).await? {
        return Err(Error::Conflict("this invoice has a customer"));
    }
    log(&tx, app, actor, "assignInvoice", account.id, id).await?;
    tx.commit().await?;
    Ok(row)
}

/// Shows an invoice that is held to its customer, in spite of its findings.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages invoices; [`Error::NotFound`]; [`Error::Invalid`] at `reason` if
/// there is none or it is too long; [`Error::Conflict`] if the invoice is not held.
pub async fn publish(app: &App, actor: &Actor, id: InvoiceId, reason: &str) -> Result<invoice::Model> {
    use invoice::Column as C;
    may_manage(actor)?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::invalid("reason", Reason::Missing, "say why"));
    }
    if reason.chars().count() > REASON_MAX {
        let message = format!("at most {REASON_MAX} characters");
        return Err(Error::invalid("reason", Reason::TooLong, message));
    }
    let tx = app.begin().await?;
    let mut row = find(&tx, id).await?;
    let account = row.held_account_id.ok_or(Error::Conflict("this invoice is not held"))?;
    let published = invoice::Entity::update_many()
        .col_expr(C::AccountId, Expr::value(Some(account)))
        .col_expr(C::HeldAccountId, Expr::value(None::<AccountId>))
        .col_expr(C::ReleaseReason, Expr::value(Some(reason)))
        .filter(C::Id.eq(id))
        .filter(C::HeldAccountId.eq(account))
        .exec(&tx)
        .await;
    let published = published.map_err(|error| match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Error::Conflict("the customer has this invoice"),
        _ => error.into(),
    })?;
    if published.rows_affected != 1 {
        return Err(Error::Conflict("this invoice is not held"));
    }
    log(&tx, app, actor, "publishInvoice", account, id).await?;
    tx.commit().await?;
    (row.account_id, row.held_account_id) = (Some(account), None);
    row.release_reason = Some(reason.to_owned());
    Ok(row)
}

async fn find(db: &impl ConnectionTrait, id: InvoiceId) -> Result<invoice::Model> {
    let found = invoice::Entity::find_by_id(id).one(db).await?;
    found.ok_or(Error::NotFound("invoice"))
}

/// In the log of the customer whose invoice it is.
async fn log(
    db: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    act: &'static str,
    account: AccountId,
    id: InvoiceId,
) -> Result<()> {
    let entry = audit::Entry {
        user: Some(actor.user),
        account: Some(account),
        act,
        object: Some(id.to_string()),
        ip: actor.ip.clone(),
        ..audit::Entry::default()
    };
    audit::add(db, app, entry).await
}
