//! Other bytes of an invoice that a customer has: a person decides which of the two counts.
use super::may_manage;
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{intake, invoice},
    error::{Error, Result},
    invoice::{import::read_apart, record},
    office::reason,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    sea_query::Expr,
};
use shared::{
    id::IntakeId,
    invoice::{ConflictDecision, IntakeState},
};

/// Decides a conflict. The invoice that is replaced keeps its address, its payments and its place; its former bytes
/// stay in the file store under the SHA-256 that the row names. Its customer reads the reason in his log.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages invoices; [`Error::NotFound`]; [`Error::Invalid`] at `reason`;
/// [`Error::Conflict`] if it is decided, or if the invoice is no longer there.
pub async fn decide(
    app: &App,
    actor: &Actor,
    id: IntakeId,
    decision: ConflictDecision,
    reason: &str,
) -> Result<intake::Model> {
    may_manage(actor)?;
    let reason = reason::required(Some(reason))?;
    let row = intake::Entity::find_by_id(id).one(&app.db).await?;
    let row = row.ok_or(Error::NotFound("intake"))?;
    if row.state != IntakeState::Conflict {
        return Err(Error::Conflict("this conflict is decided"));
    }
    let there = match row.invoice_id {
        Some(there) => invoice::Entity::find_by_id(there).one(&app.db).await?,
        None => None,
    };
    let there = there.ok_or(Error::Conflict("the invoice is no longer there"))?;
    // read before the transaction: it takes its time
    let renewed = match decision {
        ConflictDecision::Keep => None,
        ConflictDecision::Replace => Some(renewed(app, &row, &there, &reason).await?),
    };
    let tx = app.begin().await?;
    let state = if renewed.is_some() {
        IntakeState::Replaced
    } else {
        IntakeState::Kept
    };
    if !close(&tx, &row, state, &reason, renewed.is_some().then_some(&there.sha256)).await? {
        return Err(Error::Conflict("this conflict is decided"));
    }
    if let Some(renewed) = renewed {
        let still = invoice::Entity::find_by_id(there.id).lock_exclusive().one(&tx).await?;
        if still.is_none_or(|still| still.sha256 != there.sha256) {
            return Err(Error::Conflict("the invoice was changed meanwhile"));
        }
        renewed.into_active_model().reset_all().update(&tx).await?;
    }
    let entry = audit::Entry {
        user: Some(actor.user),
        account: there.account_id.or(there.held_account_id),
        act: "decideInvoiceConflict",
        object: Some(there.id.to_string()),
        reason: Some(reason),
        ip: actor.ip.clone(),
        ..audit::Entry::default()
    };
    audit::add(&tx, app, entry).await?;
    tx.commit().await?;
    super::list::get(app, actor, id).await
}

/// The row of the invoice with what the new bytes say; what people know of it stays.
async fn renewed(app: &App, row: &intake::Model, there: &invoice::Model, reason: &str) -> Result<invoice::Model> {
    let bytes = app.files.get(&row.sha256).await?;
    let (bytes, read) = read_apart(bytes).await;
    let unreadable = |_| Error::Conflict("the new file can no longer be read");
    let document = read.map_err(unreadable)?;
    let head = record::head(&document).map_err(unreadable)?;
    let fresh = record::row(app, &document, head, &row.file_name, &bytes)?;
    let same = (&fresh.seller_identity, &fresh.number, &fresh.type_code);
    if same != (&there.seller_identity, &there.number, &there.type_code) {
        return Err(Error::Conflict("the new file is another invoice"));
    }
    let account = there.account_id.or(there.held_account_id);
    let mut fresh = invoice::Model {
        id: there.id,
        paid_total: there.paid_total,
        paid_on: there.paid_on,
        created_at: there.created_at,
        told_at: there.told_at,
        told_count: there.told_count,
        release_reason: document.contradicts_itself().then(|| reason.to_owned()),
        ..fresh
    };
    record::place(&app.db, app, &mut fresh, &document, account, false).await?;
    fresh.visible_at = there.visible_at.or(fresh.visible_at);
    Ok(fresh)
}

async fn close(
    tx: &DatabaseTransaction,
    row: &intake::Model,
    state: IntakeState,
    reason: &str,
    replaced: Option<&String>,
) -> Result<bool> {
    use intake::Column as C;
    let closed = intake::Entity::update_many()
        .col_expr(C::State, Expr::value(state))
        .col_expr(C::DecisionReason, Expr::value(Some(reason)))
        .col_expr(C::ReplacedSha256, Expr::value(replaced.cloned()))
        .filter(C::Id.eq(row.id))
        .filter(C::State.eq(IntakeState::Conflict))
        .exec(tx)
        .await?;
    Ok(closed.rows_affected == 1)
}
