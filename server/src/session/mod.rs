//! Signing in and out, sessions, and proving again who one is.
pub mod device;
pub mod graphql;
pub mod history;
pub mod list;
mod notice;
pub mod own_password;
pub mod password;
pub mod sign_in;
pub mod throttle;

pub use sign_in::sign_in;

use crate::{
    actor::{Actor, Credential, InView, STEP_UP_WINDOW},
    app::App,
    audit,
    entity::{account, membership, session, user},
    error::{Error, Result},
    second_factor,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Set,
};
use sha2::{Digest, Sha256};
use shared::{
    account::AccountKind,
    error::Reason,
    id::{AccountId, UserId},
};

/// The name of the session's cookie. `__Host-` binds it to this host, https and the path / (RFC 6265bis section 4.1.3.2).
pub const COOKIE: &str = "__Host-keyhaus";

/// How long a session lives unused (security D04).
pub const IDLE: TimeDelta = TimeDelta::hours(1);

/// How long a session lives at most (security D04).
pub const ABSOLUTE: TimeDelta = TimeDelta::hours(24);

/// How exactly "last seen" is kept: a write a request would be too much.
const SEEN_STEP: TimeDelta = TimeDelta::minutes(1);

/// Where a request comes from, as far as it is known.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The address of the browser.
    pub ip: Option<String>,
    /// What the browser calls itself.
    pub user_agent: Option<String>,
    /// The session that the request came with, which a new one replaces.
    pub session: Option<Vec<u8>>,
}

/// The secret of a link or session: 256 random bits, shown once.
pub fn new_token(app: &App) -> String {
    URL_SAFE_NO_PAD.encode(app.rng.bytes::<32>())
}

/// What is stored of a token: its SHA-256.
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// How long the second factor may take after the password.
const HALF_LIFE: TimeDelta = TimeDelta::minutes(10);

/// What a right password gives.
#[derive(Debug)]
pub enum SignedIn {
    /// A session.
    Whole {
        /// Who.
        user: UserId,
        /// The session's token.
        token: String,
    },
    /// A token that is good for the second factor only (security C09).
    Half {
        /// That token.
        token: String,
    },
}

/// Opens a session for a user who has just proved who he is, in place of the one that the request came with.
///
/// # Errors
/// If the database refuses.
pub async fn open(db: &impl ConnectionTrait, app: &App, origin: &Origin, user: UserId) -> Result<String> {
    notice::tell_of_sign_in(db, app, origin, user).await?;
    begin(db, app, origin, user, false).await
}

/// Opens a session for a user who gave password and second factor.
///
/// # Errors
/// If the database refuses.
pub async fn open_verified(db: &impl ConnectionTrait, app: &App, origin: &Origin, user: UserId) -> Result<String> {
    notice::tell_of_sign_in(db, app, origin, user).await?;
    begin(db, app, origin, user, true).await
}

async fn begin(
    db: &impl ConnectionTrait,
    app: &App,
    origin: &Origin,
    user: UserId,
    has_second_factor: bool,
) -> Result<String> {
    let now = app.clock.now();
    let account = memberships(db, user, now).await?.first().map(|row| row.account_id);
    let new = New {
        user,
        account,
        created_at: now,
        authenticated_at: now,
        has_second_factor,
        id: None,
        act: "signIn",
    };
    replace(db, app, origin, new).await
}

/// Notes that the password was right: a row that is no session until the second factor is there.
async fn open_half(db: &impl ConnectionTrait, app: &App, origin: &Origin, user: UserId) -> Result<String> {
    if let Some(old) = &origin.session {
        session::Entity::delete_by_id(old.clone()).exec(db).await?;
    }
    let token = new_token(app);
    let now = app.clock.now();
    let row = session::Model {
        token_hash: token_hash(&token),
        id: app.new_id(),
        user_id: user,
        account_id: None,
        created_at: now,
        last_seen_at: now,
        authenticated_at: now,
        awaits_second_factor: true,
        has_second_factor: false,
        user_agent: origin.user_agent.clone(),
        ip: origin.ip.clone(),
    };
    row.into_active_model().insert(db).await?;
    Ok(token)
}

/// Whose second factor the request's cookie waits for; none if it is a session, or too old.
///
/// # Errors
/// If the database refuses.
pub async fn half(app: &App, origin: &Origin) -> Result<Option<UserId>> {
    let Some(hash) = &origin.session else { return Ok(None) };
    let row = session::Entity::find_by_id(hash.clone()).one(&app.db).await?;
    let now = app.clock.now();
    Ok(row
        .filter(|row| row.awaits_second_factor && now - row.created_at < HALF_LIFE)
        .map(|row| row.user_id))
}

/// Ends all sessions of a user.
///
/// # Errors
/// If the database refuses.
pub async fn end_all(db: &impl ConnectionTrait, user: UserId) -> Result<()> {
    session::Entity::delete_many()
        .filter(session::COLUMN.user_id.eq(user))
        .exec(db)
        .await?;
    Ok(())
}

/// Opens a session for a user who has just registered. The link was proof of his address; for risky acts he gives
/// the password once more, which also shows that he knows it.
///
/// # Errors
/// If the database refuses.
pub async fn open_registered(db: &impl ConnectionTrait, app: &App, origin: &Origin, user: UserId) -> Result<String> {
    let now = app.clock.now();
    let account = memberships(db, user, now).await?.first().map(|row| row.account_id);
    let authenticated_at = now - STEP_UP_WINDOW;
    replace(
        db,
        app,
        origin,
        New {
            user,
            account,
            created_at: now,
            authenticated_at,
            has_second_factor: false,
            id: None,
            act: "completeRegistration",
        },
    )
    .await
}

/// What a new session is made of.
struct New {
    user: UserId,
    account: Option<AccountId>,
    created_at: DateTime<Utc>,
    authenticated_at: DateTime<Utc>,
    has_second_factor: bool,
    /// The name of the session that goes on with a new token; none for one that begins.
    id: Option<uuid::Uuid>,
    /// What the audit log calls it.
    act: &'static str,
}

/// One row for another: the old token is dead from here on (security D03).
async fn replace(db: &impl ConnectionTrait, app: &App, origin: &Origin, new: New) -> Result<String> {
    if let Some(old) = &origin.session {
        session::Entity::delete_by_id(old.clone()).exec(db).await?;
    }
    let token = new_token(app);
    let now = app.clock.now();
    let row = session::Model {
        token_hash: token_hash(&token),
        id: new.id.unwrap_or_else(|| app.new_id()),
        user_id: new.user,
        account_id: new.account,
        created_at: new.created_at,
        last_seen_at: now,
        authenticated_at: new.authenticated_at,
        awaits_second_factor: false,
        has_second_factor: new.has_second_factor,
        user_agent: origin.user_agent.clone(),
        ip: origin.ip.clone(),
    };
    row.into_active_model().insert(db).await?;
    let entry = audit::Entry {
        user: Some(new.user),
        account: new.account,
        act: new.act,
        ip: origin.ip.clone(),
        user_agent: origin.user_agent.clone(),
        ..audit::Entry::default()
    };
    audit::add(db, app, entry).await?;
    Ok(token)
}

/// The memberships of a user that count now, the oldest first.
///
/// # Errors
/// If the database refuses.
pub async fn memberships(
    db: &impl ConnectionTrait,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<Vec<membership::Model>> {
    let counts = Condition::any()
        .add(membership::COLUMN.expires_at.is_null())
        .add(membership::COLUMN.expires_at.gt(now));
    Ok(membership::Entity::find()
        .filter(membership::COLUMN.user_id.eq(user))
        .filter(membership::COLUMN.blocked_at.is_null())
        .filter(counts)
        .order_by_asc(membership::Column::CreatedAt)
        .all(db)
        .await?)
}

/// Those whom staff has blocked.
fn blocked_users() -> sea_orm::sea_query::SelectStatement {
    user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::COLUMN.blocked_at.is_not_null())
        .into_query()
}

/// Who a session's token stands for; none if it is unknown or has ended.
///
/// # Errors
/// If the database refuses.
pub async fn actor(app: &App, token: &str, ip: Option<String>) -> Result<Option<Actor>> {
    let now = app.clock.now();
    let Some(row) = session::Entity::find_by_id(token_hash(token))
        .filter(session::COLUMN.user_id.not_in_subquery(blocked_users()))
        .one(&app.db)
        .await?
    else {
        return Ok(None);
    };
    if now - row.last_seen_at >= IDLE || now - row.created_at >= ABSOLUTE {
        session::Entity::delete_by_id(row.token_hash).exec(&app.db).await?;
        return Ok(None);
    }
    if row.awaits_second_factor {
        return Ok(None);
    }
    let account = match row.account_id {
        Some(account) => in_view(app, row.user_id, account, now).await?,
        None => None,
    };
    if now - row.last_seen_at >= SEEN_STEP {
        let mut seen = row.clone().into_active_model();
        seen.last_seen_at = Set(now);
        seen.update(&app.db).await?;
    }
    Ok(Some(Actor {
        user: row.user_id,
        account,
        authenticated_at: row.authenticated_at,
        has_second_factor: row.has_second_factor,
        credential: Credential::Session(row.token_hash),
        ip,
    }))
}

/// What a user may do in an account now; none if he is no member of it, or no longer.
///
/// # Errors
/// If the database refuses.
pub async fn in_view(app: &App, user: UserId, account: AccountId, now: DateTime<Utc>) -> Result<Option<InView>> {
    let member = membership::Entity::find_by_id((user, account)).one(&app.db).await?;
    let Some(member) = member.filter(|row| row.blocked_at.is_none() && row.expires_at.is_none_or(|end| end > now))
    else {
        return Ok(None);
    };
    let row = account::Entity::find_by_id(account).one(&app.db).await?;
    Ok(row.map(|row| InView {
        id: account,
        kind: row.kind,
        rights: member.rights,
        needs_second_factor: row.requires_second_factor
            || (app.settings.require_second_factor && row.kind != AccountKind::Customer),
    }))
}

/// Ends the actor's session.
///
/// # Errors
/// If the database refuses.
pub async fn sign_out(app: &App, actor: &Actor) -> Result<()> {
    let session = actor.require_session()?;
    let tx = app.begin().await?;
    session::Entity::delete_by_id(session).exec(&tx).await?;
    audit::record(&tx, app, Some(actor), "signOut", None, true).await?;
    tx.commit().await?;
    app.visits_wait.notify_one();
    Ok(())
}

/// Proves again who the actor is; gives a new token in place of the old one. Where a second factor is on, its code is
/// needed too.
///
/// # Errors
/// [`Error::Invalid`] with `WRONG_PASSWORD` at `password`; with `MISSING` or `WRONG_CODE` at `code`.
pub async fn step_up(app: &App, actor: &Actor, origin: &Origin, password: &str, code: Option<&str>) -> Result<String> {
    let session = actor.require_session()?;
    own_password::check(app, actor.user, password, "password").await?;
    let needs_code = second_factor::is_on(&app.db, actor.user).await?;
    if needs_code {
        let code = code.map(str::trim).filter(|code| !code.is_empty());
        let code = code.ok_or_else(|| Error::invalid("code", Reason::Missing, "give a code of your second factor"))?;
        second_factor::check(app, actor.user, code, "code").await?;
    }
    let tx = app.begin().await?;
    let old = session::Entity::find_by_id(session)
        .one(&tx)
        .await?
        .ok_or(Error::Unauthenticated)?;
    let new = New {
        user: actor.user,
        account: old.account_id,
        created_at: old.created_at,
        authenticated_at: app.clock.now(),
        has_second_factor: old.has_second_factor || needs_code,
        id: Some(old.id),
        act: "stepUp",
    };
    let token = replace(&tx, app, origin, new).await?;
    tx.commit().await?;
    Ok(token)
}

/// Takes another account of the actor's into view.
///
/// # Errors
/// [`Error::NotFound`] for an account that the actor does not belong to, or that does not exist.
pub async fn switch_account(app: &App, actor: &Actor, account: AccountId) -> Result<Actor> {
    let session = actor.require_session()?;
    let in_view = in_view(app, actor.user, account, app.clock.now())
        .await?
        .ok_or(Error::NotFound("account"))?;
    session::Entity::update_many()
        .col_expr(session::Column::AccountId, sea_orm::sea_query::Expr::value(account.0))
        .filter(session::COLUMN.token_hash.eq(session))
        .exec(&app.db)
        .await?;
    Ok(Actor {
        account: Some(in_view),
        ..actor.clone()
    })
}
