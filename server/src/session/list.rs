//! The signed-in browsers of a person: seen and ended by himself; ended by the provider's staff too.
use super::{ABSOLUTE, IDLE};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{membership, session},
    error::{Error, Result},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, prelude::Uuid};
use shared::{
    account::{AccountKind, Right},
    id::UserId,
};

/// The sessions of the actor that have not ended, the last seen first; whether each is the one of this request.
///
/// # Errors
/// [`Error::Forbidden`] for a personal access token.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<(session::Model, bool)>> {
    let own = actor.require_session()?;
    let now = app.clock.now();
    let rows = session::Entity::find()
        .filter(session::COLUMN.user_id.eq(actor.user))
        .filter(session::COLUMN.awaits_second_factor.eq(false))
        .filter(session::COLUMN.last_seen_at.gt(now - IDLE))
        .filter(session::COLUMN.created_at.gt(now - ABSOLUTE))
        .order_by_desc(session::Column::LastSeenAt)
        .order_by_desc(session::Column::Id)
        .all(&app.db)
        .await?;
    let mut rows: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let is_own = row.token_hash == own;
            (row, is_own)
        })
        .collect();
    rows.sort_by_key(|(_, is_own)| !is_own);
    Ok(rows)
}

/// Ends one session of the actor's at once.
///
/// # Errors
/// [`Error::NotFound`] for those of others, and those that have ended.
pub async fn end(app: &App, actor: &Actor, id: Uuid) -> Result<()> {
    actor.require_session()?;
    let tx = app.begin().await?;
    let ended = session::Entity::delete_many()
        .filter(session::COLUMN.id.eq(id))
        .filter(session::COLUMN.user_id.eq(actor.user))
        .exec(&tx)
        .await?;
    if ended.rows_affected != 1 {
        return Err(Error::NotFound("session"));
    }
    audit::record(&tx, app, Some(actor), "endSession", Some(id.to_string()), true).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends all sessions of the actor but this one; gives how many.
///
/// # Errors
/// [`Error::Forbidden`] for a personal access token.
pub async fn end_others(app: &App, actor: &Actor) -> Result<u64> {
    let own = actor.require_session()?;
    let tx = app.begin().await?;
    let ended = session::Entity::delete_many()
        .filter(session::COLUMN.user_id.eq(actor.user))
        .filter(session::COLUMN.token_hash.ne(own))
        .exec(&tx)
        .await?
        .rows_affected;
    audit::record(&tx, app, Some(actor), "endOtherSessions", Some(ended.to_string()), true).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Ends all sessions of somebody, as the provider's staff does when it is told of a stolen device.
///
/// # Errors
/// [`Error::Forbidden`] unless the actor is staff who manages customers; [`Error::StepUpRequired`];
/// [`Error::NotFound`] for nobody.
pub async fn end_of(app: &App, actor: &Actor, user: UserId) -> Result<u64> {
    actor.require_in(AccountKind::Provider, Right::ManageCustomers)?;
    actor.require_step_up(app.clock.now())?;
    let tx = app.begin().await?;
    let belongs = membership::Entity::find()
        .filter(membership::COLUMN.user_id.eq(user))
        .order_by_asc(membership::Column::CreatedAt)
        .one(&tx)
        .await?
        .ok_or(Error::NotFound("user"))?;
    let ended = session::Entity::delete_many()
        .filter(session::COLUMN.user_id.eq(user))
        .exec(&tx)
        .await?
        .rows_affected;
    let entry = audit::Entry {
        user: Some(actor.user),
        account: Some(belongs.account_id),
        act: "endSessionsOfUser",
        object: Some(user.to_string()),
        ip: actor.ip.clone(),
        ..audit::Entry::default()
    };
    audit::add(&tx, app, entry).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Forgets the sessions of everybody that have ended by themselves.
///
/// # Errors
/// If the database refuses.
pub async fn forget(app: &App) -> Result<()> {
    let now = app.clock.now();
    let has_ended = Condition::any()
        .add(session::COLUMN.last_seen_at.lte(now - IDLE))
        .add(session::COLUMN.created_at.lte(now - ABSOLUTE));
    session::Entity::delete_many().filter(has_ended).exec(&app.db).await?;
    Ok(())
}
