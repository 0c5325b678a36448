//! The link of an assignment: lets the person at its address accept the read rights.
use super::{account_name, in_state, standing};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{
        assignment,
        link::{Column, Entity, Model},
        read_right, user,
    },
    error::{Error, Result},
    link,
};
use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::Expr,
};
use shared::{
    account::{AccountKind, Language, Right},
    device::ReadRightState,
    id::{AccountId, AssignmentId},
    link::LinkPurpose,
};

/// What these links are for.
pub(super) const PURPOSE: LinkPurpose = LinkPurpose::ReadRights;

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
pub(super) async fn add(
    db: &impl ConnectionTrait,
    app: &App,
    assignment: &assignment::Model,
    language: Language,
) -> Result<String> {
    let new = link::NewLink {
        purpose: PURPOSE,
        email: &assignment.email,
        user: None,
        account: None,
        object: Some(assignment.id.0),
        language,
    };
    link::add(db, app, new).await
}

/// The link of a token, if it still counts: unused, not expired, its assignment still pending.
fn good(app: &App, token: &str) -> Condition {
    let pending = assignment::Entity::find()
        .select_only()
        .column(assignment::Column::Id)
        .filter(in_state(ReadRightState::Pending, app.clock.today()));
    link::good(app, token, &[PURPOSE]).add(Column::ObjectId.in_subquery(pending.into_query()))
}

/// The link of a token; looking at it changes nothing.
///
/// # Errors
/// [`Error::Invalid`] with `LINK_INVALID` if it was used, has expired, was revoked or never existed.
pub async fn find_link(db: &impl ConnectionTrait, app: &App, token: &str) -> Result<Model> {
    Entity::find()
        .filter(good(app, token))
        .one(db)
        .await?
        .ok_or_else(link::invalid)
}

/// Uses a link up, in one statement, so that of two at the same time one gets it.
///
/// # Errors
/// [`Error::Invalid`] with `LINK_INVALID`, as with [`find_link`].
pub async fn take_link(db: &impl ConnectionTrait, app: &App, token: &str) -> Result<Model> {
    link::take_where(db, app, token, good(app, token)).await
}

/// The assignment that a link of this subject lets accept.
fn assignment_of(link: &Model) -> Result<AssignmentId> {
    link.object_id.map(AssignmentId).ok_or_else(link::invalid)
}

/// What the holder of a token may know of it. No actor: the token is the proof.
///
/// # Errors
/// [`Error::Invalid`] with `LINK_INVALID`, as with [`find_link`].
pub async fn invitation(app: &App, token: &str) -> Result<Invitation> {
    let link = find_link(&app.db, app, token).await?;
    let row = assignment::Entity::find_by_id(assignment_of(&link)?)
        .one(&app.db)
        .await?
        .ok_or_else(link::invalid)?;
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
pub async fn accept(db: &impl ConnectionTrait, app: &App, link: &Model, account: AccountId) -> Result<u64> {
    let batch = assignment_of(link)?;
    let accepted = assignment::Entity::update_many()
        .col_expr(assignment::Column::ReaderAccountId, Expr::value(account))
        .col_expr(assignment::Column::AcceptedAt, Expr::value(app.clock.now()))
        .filter(assignment::COLUMN.id.eq(batch))
        .filter(assignment::COLUMN.accepted_at.is_null())
        .filter(standing(app.clock.today()))
        .exec(db)
        .await?;
    if accepted.rows_affected == 1 {
        device_count(db, batch).await
    } else {
        Err(link::invalid())
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
        Some(assignment_of(&link)?.to_string()),
        true,
    )
    .await?;
    tx.commit().await?;
    Ok(device_count)
}

pub(super) async fn device_count(db: &impl ConnectionTrait, assignment: AssignmentId) -> Result<u64> {
    Ok(read_right::Entity::find()
        .filter(read_right::COLUMN.assignment_id.eq(assignment))
        .count(db)
        .await?)
}
