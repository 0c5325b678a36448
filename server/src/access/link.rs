//! The link in a mail: a random token of which only the hash is kept, good once, for one address, for seven days.
use super::{account_name, in_state, standing};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{assignment, link, read_right, user},
    error::{Error, Result},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{NaiveDate, TimeDelta};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QuerySelect, QueryTrait, sea_query::Expr,
};
use sha2::{Digest, Sha256};
use shared::{
    account::{AccountKind, Right},
    device::ReadRightState,
    error::Reason,
    id::{AccountId, AssignmentId},
};

/// How long a link waits to be used.
pub const LINK_LIFE: TimeDelta = TimeDelta::days(7);

/// Bytes of a token: 256 bits.
const TOKEN: usize = 32;

/// What the holder of a link is told about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The address that it was sent to.
    pub email: String,
    /// The dealer that gave the rights.
    pub from: String,
    /// How many devices it lets read.
    pub device_count: u64,
    /// The last day on which the rights count.
    pub until: Option<NaiveDate>,
    /// Whether nobody can sign in with the address yet.
    pub needs_registration: bool,
}

/// Adds a link for an assignment and gives its token, which is stored nowhere.
pub(super) async fn add(db: &impl ConnectionTrait, app: &App, assignment: &assignment::Model) -> Result<String> {
    let token = URL_SAFE_NO_PAD.encode(app.rng.bytes::<TOKEN>());
    let now = app.clock.now();
    let row = link::Model {
        token_hash: hash(&token),
        email: assignment.email.clone(),
        assignment_id: assignment.id,
        created_at: now,
        expires_at: now + LINK_LIFE,
        used_at: None,
    };
    row.into_active_model().insert(db).await?;
    Ok(token)
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}

fn invalid() -> Error {
    Error::invalid(
        "token",
        Reason::LinkInvalid,
        "the link was used, has expired or never existed",
    )
}

/// The link of a token, if it still counts: unused, not expired, its assignment still pending.
fn good(app: &App, token: &str) -> Condition {
    let pending = assignment::Entity::find()
        .select_only()
        .column(assignment::Column::Id)
        .filter(in_state(ReadRightState::Pending, app.clock.today()));
    Condition::all()
        .add(link::COLUMN.token_hash.eq(hash(token)))
        .add(link::COLUMN.used_at.is_null())
        .add(link::COLUMN.expires_at.gt(app.clock.now()))
        .add(link::Column::AssignmentId.in_subquery(pending.into_query()))
}

/// The link of a token; looking at it changes nothing.
///
/// # Errors
/// [`Error::Invalid`] with `LINK_INVALID` if it was used, has expired, was revoked or never existed.
pub async fn find_link(db: &impl ConnectionTrait, app: &App, token: &str) -> Result<link::Model> {
    link::Entity::find()
        .filter(good(app, token))
        .one(db)
        .await?
        .ok_or_else(invalid)
}

/// Uses a link up, in one statement, so that of two at the same time one gets it.
///
/// # Errors
/// [`Error::Invalid`] with `LINK_INVALID`, as with [`find_link`].
pub async fn take_link(db: &impl ConnectionTrait, app: &App, token: &str) -> Result<link::Model> {
    let taken = link::Entity::update_many()
        .col_expr(link::Column::UsedAt, Expr::value(app.clock.now()))
        .filter(good(app, token))
        .exec(db)
        .await?;
    if taken.rows_affected != 1 {
        return Err(invalid());
    }
    link::Entity::find_by_id(hash(token)).one(db).await?.ok_or_else(invalid)
}

/// What the holder of a token may know of it. No actor: the token is the proof.
///
/// # Errors
/// [`Error::Invalid`] with `LINK_INVALID`, as with [`find_link`].
pub async fn invitation(app: &App, token: &str) -> Result<Invitation> {
    let link = find_link(&app.db, app, token).await?;
    let row = assignment::Entity::find_by_id(link.assignment_id)
        .one(&app.db)
        .await?
        .ok_or_else(invalid)?;
    let registered = user::Entity::find()
        .filter(user::COLUMN.email.eq(link.email.as_str()))
        .one(&app.db)
        .await?;
    Ok(Invitation {
        from: account_name(&app.db, row.account_id).await?,
        device_count: device_count(&app.db, row.id).await?,
        until: row.until,
        needs_registration: registered.is_none(),
        email: link.email,
    })
}

/// Accepts for `account` what a link, already taken, stands for, and says how many devices that are.
///
/// # Errors
/// [`Error::Invalid`] with `LINK_INVALID` if the rights were revoked, accepted or ended in the meantime.
pub async fn accept(db: &impl ConnectionTrait, app: &App, link: &link::Model, account: AccountId) -> Result<u64> {
    let accepted = assignment::Entity::update_many()
        .col_expr(assignment::Column::ReaderAccountId, Expr::value(account))
        .col_expr(assignment::Column::AcceptedAt, Expr::value(app.clock.now()))
        .filter(assignment::COLUMN.id.eq(link.assignment_id))
        .filter(assignment::COLUMN.accepted_at.is_null())
        .filter(standing(app.clock.today()))
        .exec(db)
        .await?;
    if accepted.rows_affected == 1 {
        device_count(db, link.assignment_id).await
    } else {
        Err(invalid())
    }
}

/// Accepts for the actor's account in view the rights that were sent to his confirmed address; says how many devices
/// he may read by them.
///
/// # Errors
/// [`Error::Forbidden`] if the link was sent to another address, or the actor may not read keys in the account in
/// view, or it is the provider's; the link stays good then. [`Error::Invalid`] with `LINK_INVALID`.
pub async fn accept_for(app: &App, actor: &Actor, token: &str) -> Result<u64> {
    let tx = app.begin().await?;
    let link = take_link(&tx, app, token).await?;
    let account = actor.require(Right::ReadKeys)?;
    if account.kind == AccountKind::Provider {
        return Err(Error::Forbidden);
    }
    let user = user::Entity::find_by_id(actor.user)
        .one(&tx)
        .await?
        .ok_or(Error::Unauthenticated)?;
    if user.email.as_ref() != Some(&link.email) {
        return Err(Error::Forbidden);
    }
    let device_count = accept(&tx, app, &link, account.id).await?;
    audit::record(
        &tx,
        app,
        Some(actor),
        "acceptReadRights",
        Some(link.assignment_id.to_string()),
        true,
    )
    .await?;
    tx.commit().await?;
    Ok(device_count)
}

async fn device_count(db: &impl ConnectionTrait, assignment: AssignmentId) -> Result<u64> {
    Ok(read_right::Entity::find()
        .filter(read_right::COLUMN.assignment_id.eq(assignment))
        .count(db)
        .await?)
}
