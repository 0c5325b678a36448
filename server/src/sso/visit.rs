//! Visits: sessions of the portal that went on to another place, until they are over there too.
use crate::{
    actor::Actor,
    app::App,
    entity::{membership, session, sso_code, sso_token, sso_visit, user},
    error::{Error, Result},
    session::{ABSOLUTE, IDLE},
};
use chrono::TimeDelta;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    QueryTrait,
    sea_query::{Expr, ExprTrait, SelectStatement},
};
use shared::{
    account::{Right, Rights},
    id::AccountId,
};

/// How many visits are ended at once.
const BATCH: u64 = 200;

/// How long it is kept that a visit was.
const KEPT: TimeDelta = TimeDelta::days(7);

/// The visit of the actor's session at a client; begun if there is none.
///
/// # Errors
/// [`Error::Unauthenticated`] if the session is gone in the meantime.
pub(super) async fn begin(
    db: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    account: AccountId,
    client: &str,
) -> Result<sso_visit::Model> {
    let session = session::Entity::find_by_id(actor.require_session()?).one(db).await?;
    let session = session.ok_or(Error::Unauthenticated)?;
    let known = sso_visit::Entity::find()
        .filter(sso_visit::COLUMN.session_id.eq(session.id))
        .filter(sso_visit::COLUMN.client_id.eq(client))
        .filter(sso_visit::COLUMN.ended_at.is_null())
        .one(db)
        .await?;
    if let Some(visit) = known {
        sso_visit::Entity::update_many()
            .col_expr(sso_visit::Column::AccountId, Expr::value(account.0))
            .filter(sso_visit::COLUMN.id.eq(visit.id))
            .exec(db)
            .await?;
        return Ok(sso_visit::Model {
            account_id: account,
            ..visit
        });
    }
    let visit = sso_visit::Model {
        id: app.new_id(),
        session_id: session.id,
        client_id: client.to_owned(),
        user_id: actor.user,
        account_id: account,
        started_at: app.clock.now(),
        ended_at: None,
        due_at: None,
        attempts: 0,
        last_error: None,
    };
    visit.clone().into_active_model().insert(db).await?;
    Ok(visit)
}

/// What the person of a visit may do in `account` now; none if the visit is over: session gone or too old, person or
/// membership blocked, ended, or without the right to manage contracts.
///
/// # Errors
/// If the database refuses.
pub(super) async fn rights(app: &App, visit: &sso_visit::Model, account: AccountId) -> Result<Option<Rights>> {
    let now = app.clock.now();
    if visit.ended_at.is_some() {
        return Ok(None);
    }
    let session = session::Entity::find()
        .filter(session::COLUMN.id.eq(visit.session_id))
        .filter(session::COLUMN.user_id.eq(visit.user_id))
        .filter(session::COLUMN.awaits_second_factor.eq(false))
        .one(&app.db)
        .await?;
    let Some(session) = session.filter(|row| now - row.last_seen_at < IDLE && now - row.created_at < ABSOLUTE) else {
        return Ok(None);
    };
    let user = user::Entity::find_by_id(visit.user_id).one(&app.db).await?;
    if user.is_none_or(|user| user.blocked_at.is_some()) {
        return Ok(None);
    }
    let in_view = crate::session::in_view(app, visit.user_id, account, now).await?;
    Ok(in_view
        .filter(|view| view.rights.allow(Right::ManageContracts))
        .filter(|view| session.has_second_factor || !view.needs_second_factor)
        .map(|view| view.rights))
}

/// Ends the visits whose session is over, or whose person may no longer be there; a client that can be told is told
/// next. That a visit is over is read from the tables, so that no way to end a session can forget to say so. Gives how
/// many ended.
///
/// # Errors
/// If the database refuses.
pub async fn end_over(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let over = Condition::any()
        .add(Expr::exists(live_session(app)).not())
        .add(Expr::exists(open_membership(app)).not())
        .add(Expr::exists(blocked_user()));
    let visits = sso_visit::Entity::find()
        .filter(sso_visit::COLUMN.ended_at.is_null())
        .filter(over)
        .limit(BATCH)
        .all(&app.db)
        .await?;
    for visit in &visits {
        let is_told = app
            .settings
            .sso
            .find(&visit.client_id)
            .is_some_and(|client| client.backchannel_logout_uri.is_some());
        let tx = app.begin().await?;
        sso_visit::Entity::update_many()
            .col_expr(sso_visit::Column::EndedAt, Expr::value(now))
            .col_expr(sso_visit::Column::DueAt, Expr::value(is_told.then_some(now)))
            .filter(sso_visit::COLUMN.id.eq(visit.id))
            .filter(sso_visit::COLUMN.ended_at.is_null())
            .exec(&tx)
            .await?;
        sso_token::Entity::delete_many()
            .filter(sso_token::COLUMN.visit_id.eq(visit.id))
            .exec(&tx)
            .await?;
        tx.commit().await?;
    }
    Ok(visits.len())
}

/// The session of a visit, if it still counts.
fn live_session(app: &App) -> SelectStatement {
    let now = app.clock.now();
    session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(of_visit(sso_visit::Column::SessionId).equals((session::Entity, session::Column::Id)))
        .filter(session::COLUMN.last_seen_at.gt(now - IDLE))
        .filter(session::COLUMN.created_at.gt(now - ABSOLUTE))
        .into_query()
}

/// The membership of a visit's person in its account, if it still opens contracts.
fn open_membership(app: &App) -> SelectStatement {
    let needed = Rights::of(&[Right::Owner, Right::ManageContracts]).0;
    let is_current = Condition::any()
        .add(membership::COLUMN.expires_at.is_null())
        .add(membership::COLUMN.expires_at.gt(app.clock.now()));
    membership::Entity::find()
        .select_only()
        .column(membership::Column::UserId)
        .filter(of_visit(sso_visit::Column::UserId).equals((membership::Entity, membership::Column::UserId)))
        .filter(of_visit(sso_visit::Column::AccountId).equals((membership::Entity, membership::Column::AccountId)))
        .filter(membership::COLUMN.blocked_at.is_null())
        .filter(is_current)
        .filter(
            Expr::col((membership::Entity, membership::Column::Rights))
                .bit_and(needed)
                .ne(0),
        )
        .into_query()
}

/// The person of a visit, if staff has blocked him.
fn blocked_user() -> SelectStatement {
    user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(of_visit(sso_visit::Column::UserId).equals((user::Entity, user::Column::Id)))
        .filter(user::COLUMN.blocked_at.is_not_null())
        .into_query()
}

fn of_visit(column: sso_visit::Column) -> Expr {
    Expr::col((sso_visit::Entity, column))
}

/// Forgets what is over: codes and tokens an hour later (until then a code that comes twice is noticed), visits after
/// a week.
///
/// # Errors
/// If the database refuses.
pub async fn forget(app: &App) -> Result<()> {
    let now = app.clock.now();
    let over = now - TimeDelta::hours(1);
    sso_token::Entity::delete_many()
        .filter(sso_token::COLUMN.expires_at.lt(over))
        .exec(&app.db)
        .await?;
    sso_code::Entity::delete_many()
        .filter(sso_code::COLUMN.expires_at.lt(over))
        .exec(&app.db)
        .await?;
    sso_visit::Entity::delete_many()
        .filter(sso_visit::COLUMN.ended_at.lt(now - KEPT))
        .exec(&app.db)
        .await?;
    Ok(())
}
