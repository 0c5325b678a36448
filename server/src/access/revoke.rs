//! Taking read rights back: whole assignments, or some of their devices.
use super::{dealer, moved::apart, state};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{assignment, device},
    error::{Error, Result},
    meter::{self, DeviceSelection},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::Expr,
};
use shared::{
    device::ReadRightState,
    error::Reason,
    id::{AccountId, AssignmentId},
};
use std::collections::HashSet;

/// The most assignments that one act ends.
pub const MANY_MAX: usize = 100;

/// Assignments of the dealer, locked until the transaction ends, newest first; all that are named, or none.
pub(super) async fn named(
    db: &impl ConnectionTrait,
    dealer: AccountId,
    ids: &[AssignmentId],
) -> Result<Vec<assignment::Model>> {
    let ids: HashSet<_> = ids.iter().copied().collect();
    if ids.is_empty() {
        let message = "name an assignment";
        return Err(Error::invalid("assignmentIds", Reason::NothingSelected, message));
    }
    if ids.len() > MANY_MAX {
        return Err(Error::TooLarge("at most 100 assignments at once"));
    }
    let rows = assignment::Entity::find()
        .filter(assignment::COLUMN.account_id.eq(dealer))
        .filter(assignment::COLUMN.id.is_in(ids.iter().copied()))
        .order_by_desc(assignment::Column::Id)
        .lock_exclusive()
        .all(db)
        .await?;
    if rows.len() == ids.len() {
        Ok(rows)
    } else {
        Err(Error::NotFound("assignment"))
    }
}

/// Ends assignments at once, pending or in force; with `devices` only as far as they are about these. What ends of an
/// assignment that goes on becomes an assignment of its own, so that there is a receipt of it. All or nothing. A link that
/// still waits counts for what is left.
///
/// # Errors
/// [`Error::Forbidden`] for all but dealers who manage keys; [`Error::NotFound`] for assignments and devices of others;
/// [`Error::Conflict`] for what has ended already, is not about the devices, or is not what was seen.
pub async fn revoke(
    app: &App,
    actor: &Actor,
    ids: &[AssignmentId],
    devices: Option<&DeviceSelection>,
) -> Result<Vec<assignment::Model>> {
    let dealer = dealer(actor)?;
    let (now, today) = (app.clock.now(), app.clock.today());
    let tx = app.begin().await?;
    let rows = named(&tx, dealer, ids).await?;
    let is_over = |row| matches!(state(row, today), ReadRightState::Ended | ReadRightState::Revoked);
    if rows.iter().any(is_over) {
        return Err(Error::Conflict("the assignment has ended already"));
    }
    let mut ended = Vec::new();
    match devices {
        None => ended.extend(rows.iter().map(|row| row.id)),
        Some(selection) => {
            let chosen = meter::choose(dealer, selection, today)?;
            let selected = device::Entity::find().filter(chosen.devices.clone());
            chosen.check(selected.clone().count(&tx).await?)?;
            let selected = selected.select_only().column(device::Column::Id).into_query();
            for row in &rows {
                // what is set apart stands like the former until all are: the selection may be about who reads what
                match apart(&tx, app, row, &selected).await? {
                    Some(id) => ended.push(id),
                    None => return Err(Error::Conflict("the assignment is not about these devices")),
                }
            }
        }
    }
    assignment::Entity::update_many()
        .col_expr(assignment::Column::RevokedAt, Expr::value(now))
        .col_expr(assignment::Column::RevokedBy, Expr::value(actor.user))
        .filter(assignment::COLUMN.account_id.eq(dealer))
        .filter(assignment::COLUMN.id.is_in(ended.iter().copied()))
        .exec(&tx)
        .await?;
    for id in &ended {
        audit::record(&tx, app, Some(actor), "revokeReadRights", Some(id.to_string()), true).await?;
    }
    let rows = named(&tx, dealer, &ended).await?;
    tx.commit().await?;
    Ok(rows)
}
