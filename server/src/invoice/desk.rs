//! What staff does with invoices: those whose customer is not known, those that are held, and all others.
use super::{
    buyer_rule,
    intake::{customer, may_manage},
    read::InvoiceDocument,
    record,
};
use crate::{
    account,
    actor::Actor,
    app::App,
    audit,
    entity::{intake, invoice},
    error::{Error, Result},
    office::reason,
    page::Page,
};
use anyhow::Context;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, SqlErr,
    sea_query::{Expr, Func, LikeExpr},
};
use shared::{
    error::Reason,
    id::{AccountId, InvoiceId},
    invoice::{BuyerTerm, IntakeState, InvoiceStand},
};

/// Which invoices of all customers; what is not given does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Where it stands.
    pub stand: Option<InvoiceStand>,
    /// A part of its number, of the buyer's name or of the file's name, upper and lower case alike.
    pub text: Option<String>,
    /// The number of its customer.
    pub account_number: Option<String>,
}

/// The longest text that is searched for, in characters.
const TEXT_MAX: usize = 100;

/// That an invoice stands somewhere.
pub fn stands(stand: InvoiceStand) -> Condition {
    let (seen, held) = (invoice::COLUMN.account_id, invoice::COLUMN.held_account_id);
    match stand {
        InvoiceStand::Unmatched => Condition::all().add(seen.is_null()).add(held.is_null()),
        InvoiceStand::Held => Condition::all().add(held.is_not_null()),
        InvoiceStand::Published => Condition::all().add(seen.is_not_null()),
    }
}

/// A page of the invoices of all customers and of none, those that came last first, and how many there are.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages invoices; [`Error::Invalid`] at `text` if it is too long.
pub async fn page(
    app: &App,
    actor: &Actor,
    filter: &Filter,
    page: &Page<InvoiceId>,
) -> Result<(Vec<invoice::Model>, u64)> {
    use invoice::Column as C;
    may_manage(actor)?;
    let mut found = invoice::Entity::find();
    if let Some(stand) = filter.stand {
        found = found.filter(stands(stand));
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
        let has = |column: C| Expr::expr(Func::lower(Expr::col(column))).like(pattern.clone());
        found = found.filter(
            Condition::any()
                .add(has(C::Number))
                .add(has(C::BuyerName))
                .add(has(C::FileName)),
        );
    }
    if let Some(number) = filter.account_number.as_deref().filter(|number| !number.is_empty()) {
        let account = account::find_by_number(&app.db, number)
            .await?
            .map(|account| account.id);
        found = found.filter(
            Condition::any()
                .add(C::AccountId.eq(account))
                .add(C::HeldAccountId.eq(account)),
        );
    }
    let count = found.clone().count(&app.db).await?;
    let mut rows = found.order_by_desc(C::Id);
    if let Some(last) = page.after {
        rows = rows.filter(invoice::COLUMN.id.lt(last));
    }
    Ok((rows.limit(page.limit()).all(&app.db).await?, count))
}

/// One invoice of any customer, or of none.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages invoices; [`Error::NotFound`].
pub async fn get(app: &App, actor: &Actor, id: InvoiceId) -> Result<invoice::Model> {
    may_manage(actor)?;
    find(&app.db, id).await
}

/// The original of any invoice, byte for byte.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages invoices; [`Error::NotFound`].
pub async fn original(app: &App, actor: &Actor, id: InvoiceId) -> Result<(invoice::Model, Vec<u8>)> {
    let row = get(app, actor, id).await?;
    let bytes = app.files.get(&row.sha256).await?;
    Ok((row, bytes))
}

/// Says whose an invoice is that waits; if its sums contradict themselves, it is held for him from then on. With
/// `remember`, a rule is made of what stands in this term: such invoices find him from then on, and those that wait do
/// so now.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages invoices; [`Error::NotFound`]; [`Error::Invalid`] at
/// `accountNumber` if there is no such customer; [`Error::Conflict`] if it no longer waits, or if the customer has
/// another invoice of this seller, number and type; [`Error::Invalid`] at `remember` if nothing stands in the term, or
/// there is a rule for it.
pub async fn assign(
    app: &App,
    actor: &Actor,
    id: InvoiceId,
    account_number: &str,
    remember: Option<BuyerTerm>,
) -> Result<invoice::Model> {
    may_manage(actor)?;
    let tx = app.begin().await?;
    let mut row = find(&tx, id).await?;
    let account = customer(&tx, account_number).await?;
    if row.account_id.or(row.held_account_id).is_some() {
        return Err(Error::Conflict("this invoice has a customer"));
    }
    let document: InvoiceDocument =
        serde_json::from_str(&row.document).with_context(|| format!("the document of invoice {id}"))?;
    let is_held = app.settings.hold_invoices && document.contradicts_itself();
    record::place(&tx, app, &mut row, &document, Some(account.id), is_held).await?;
    if record::find(&tx, &row, true)
        .await?
        .is_some_and(|found| !found.is_waiting(id))
    {
        return Err(Error::Conflict("the customer has this invoice"));
    }
    if !record::take(&tx, id, &row).await? {
        return Err(Error::Conflict("this invoice has a customer"));
    }
    log(&tx, app, actor, "assignInvoice", Some(account.id), id, None).await?;
    let rule = match remember {
        Some(term) => {
            let value = buyer_rule::values(&document, term).first().copied().unwrap_or_default();
            Some(buyer_rule::insert(&tx, app, actor, term, value, account.id, "remember").await?)
        }
        None => None,
    };
    tx.commit().await?;
    if let Some(rule) = rule {
        buyer_rule::apply(app, actor, &rule).await?;
    }
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
    let reason = reason::required(Some(reason))?;
    let tx = app.begin().await?;
    let mut row = find(&tx, id).await?;
    let account = row.held_account_id.ok_or(Error::Conflict("this invoice is not held"))?;
    let visible_at = app.clock.now();
    let published = invoice::Entity::update_many()
        .col_expr(C::AccountId, Expr::value(Some(account)))
        .col_expr(C::HeldAccountId, Expr::value(None::<AccountId>))
        .col_expr(C::VisibleAt, Expr::value(Some(visible_at)))
        .col_expr(C::ReleaseReason, Expr::value(Some(reason.clone())))
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
    log(
        &tx,
        app,
        actor,
        "publishInvoice",
        Some(account),
        id,
        Some(reason.clone()),
    )
    .await?;
    tx.commit().await?;
    (row.account_id, row.held_account_id) = (Some(account), None);
    row.visible_at = Some(visible_at);
    row.release_reason = Some(reason);
    Ok(row)
}

/// Takes an invoice away that no customer sees: it is none of the provider's, or a wrong one. The bytes stay in the
/// file store; taken in again, they wait again.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages invoices; [`Error::NotFound`]; [`Error::Invalid`] at `reason`;
/// [`Error::Conflict`] if a customer sees it.
pub async fn discard(app: &App, actor: &Actor, id: InvoiceId, reason: &str) -> Result<()> {
    may_manage(actor)?;
    let reason = reason::required(Some(reason))?;
    let tx = app.begin().await?;
    let row = find(&tx, id).await?;
    let removed = invoice::Entity::delete_many()
        .filter(invoice::COLUMN.id.eq(id))
        .filter(invoice::COLUMN.account_id.is_null())
        .exec(&tx)
        .await?;
    if removed.rows_affected == 0 {
        return Err(Error::Conflict("the customer sees this invoice"));
    }
    intake::Entity::update_many()
        .col_expr(intake::Column::State, Expr::value(IntakeState::Refused))
        .col_expr(intake::Column::InvoiceId, Expr::value(None::<InvoiceId>))
        .col_expr(intake::Column::DecisionReason, Expr::value(Some(reason.clone())))
        .filter(intake::COLUMN.invoice_id.eq(id))
        .exec(&tx)
        .await?;
    // nobody's log but the provider's: its customer never saw it
    let provider = actor.in_view()?.id;
    log(&tx, app, actor, "discardInvoice", Some(provider), row.id, Some(reason)).await?;
    tx.commit().await?;
    Ok(())
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
    account: Option<AccountId>,
    id: InvoiceId,
    reason: Option<String>,
) -> Result<()> {
    let entry = audit::Entry {
        user: Some(actor.user),
        account,
        reason,
        act,
        object: Some(id.to_string()),
        ip: actor.ip.clone(),
        ..audit::Entry::default()
    };
    audit::add(db, app, entry).await
}
