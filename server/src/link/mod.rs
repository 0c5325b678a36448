//! The links in mails: a random token of which only the hash is kept, good once, for one address, for a while
//! (security F01). Looking at a link changes nothing; the mutation that takes it uses it up (F04).
use crate::{
    app::App,
    entity::link,
    error::{Error, Result},
    session::{new_token, token_hash},
};
use chrono::TimeDelta;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::Expr,
};
use shared::{
    account::Language,
    error::Reason,
    id::{AccountId, UserId},
    link::LinkPurpose,
};
use uuid::Uuid;

/// How long a link of this purpose waits to be used (security F01).
pub fn life(purpose: LinkPurpose) -> TimeDelta {
    match purpose {
        LinkPurpose::PasswordReset => TimeDelta::hours(1),
        LinkPurpose::Registration | LinkPurpose::EmailChange | LinkPurpose::BillingEmail => TimeDelta::hours(24),
        LinkPurpose::ReadRights
        | LinkPurpose::FirstSignIn
        | LinkPurpose::Invitation
        | LinkPurpose::EmailUndo
        | LinkPurpose::BillingEmailUndo => TimeDelta::days(7),
    }
}

/// The page of the portal that a link of this purpose opens.
fn page(purpose: LinkPurpose) -> &'static str {
    match purpose {
        LinkPurpose::ReadRights | LinkPurpose::Invitation => "invitation",
        LinkPurpose::Registration => "registration",
        LinkPurpose::FirstSignIn | LinkPurpose::PasswordReset => "password",
        LinkPurpose::EmailChange | LinkPurpose::BillingEmail => "confirmation",
        LinkPurpose::EmailUndo | LinkPurpose::BillingEmailUndo => "undo",
    }
}

/// What a new link is made of.
#[derive(Clone, Debug)]
pub struct NewLink<'a> {
    /// What it is for.
    pub purpose: LinkPurpose,
    /// The address that it is sent to.
    pub email: &'a str,
    /// Whom it is about, if he is a user already.
    pub user: Option<UserId>,
    /// The account that it is about.
    pub account: Option<AccountId>,
    /// What it lets accept or confirm.
    pub object: Option<Uuid>,
    /// The language of the mail.
    pub language: Language,
}

/// Adds a link and gives its token, which is stored nowhere.
///
/// # Errors
/// If the database refuses.
pub async fn add(db: &impl ConnectionTrait, app: &App, new: NewLink<'_>) -> Result<String> {
    let token = new_token(app);
    let now = app.clock.now();
    let row = link::Model {
        token_hash: token_hash(&token),
        purpose: new.purpose,
        email: new.email.to_owned(),
        user_id: new.user,
        account_id: new.account,
        object_id: new.object,
        language: new.language,
        created_at: now,
        expires_at: now + life(new.purpose),
        used_at: None,
    };
    row.into_active_model().insert(db).await?;
    Ok(token)
}

/// Where a token is used: below the configured origin, never below what a request calls its host (security F05). The
/// token stands behind `#`, so that it reaches no server but in a mutation.
pub fn address(app: &App, purpose: LinkPurpose, token: &str) -> String {
    format!("{}/{}#{token}", app.settings.origin, page(purpose))
}

/// The refusal of every link that does not count.
pub fn invalid() -> Error {
    Error::invalid(
        "token",
        Reason::LinkInvalid,
        "the link was used, has expired or never existed",
    )
}

/// What makes the link of a token count: its purpose is one of these, it is unused and not expired.
pub fn good(app: &App, token: &str, purposes: &[LinkPurpose]) -> Condition {
    Condition::all()
        .add(link::COLUMN.token_hash.eq(token_hash(token)))
        .add(link::COLUMN.purpose.is_in(purposes.iter().copied()))
        .add(link::COLUMN.used_at.is_null())
        .add(link::COLUMN.expires_at.gt(app.clock.now()))
}

/// The link of a token; looking at it changes nothing.
///
/// # Errors
/// [`Error::Invalid`] with `LINK_INVALID` if it was used, has expired, or never existed.
pub async fn find(db: &impl ConnectionTrait, app: &App, token: &str, purposes: &[LinkPurpose]) -> Result<link::Model> {
    link::Entity::find()
        .filter(good(app, token, purposes))
        .one(db)
        .await?
        .ok_or_else(invalid)
}

/// Uses a link up, in one statement, so that of two at the same time one gets it.
///
/// # Errors
/// [`Error::Invalid`] with `LINK_INVALID`, as with [`find`].
pub async fn take(db: &impl ConnectionTrait, app: &App, token: &str, purposes: &[LinkPurpose]) -> Result<link::Model> {
    take_where(db, app, token, good(app, token, purposes)).await
}

/// Like [`take`], if more holds than [`good`].
///
/// # Errors
/// [`Error::Invalid`] with `LINK_INVALID`.
pub async fn take_where(
    db: &impl ConnectionTrait,
    app: &App,
    token: &str,
    condition: Condition,
) -> Result<link::Model> {
    let taken = link::Entity::update_many()
        .col_expr(link::Column::UsedAt, Expr::value(app.clock.now()))
        .filter(condition)
        .exec(db)
        .await?;
    if taken.rows_affected != 1 {
        return Err(invalid());
    }
    link::Entity::find_by_id(token_hash(token))
        .one(db)
        .await?
        .ok_or_else(invalid)
}

/// Ends all unused links that let accept or confirm one thing, such as an invitation.
///
/// # Errors
/// If the database refuses.
pub async fn end_for(db: &impl ConnectionTrait, app: &App, object: Uuid) -> Result<()> {
    link::Entity::update_many()
        .col_expr(link::Column::UsedAt, Expr::value(app.clock.now()))
        .filter(link::COLUMN.object_id.eq(object))
        .filter(link::COLUMN.used_at.is_null())
        .exec(db)
        .await?;
    Ok(())
}

/// Ends all unused links of these purposes to an address: a newer one, or the use of one, takes their place
/// (security F03).
///
/// # Errors
/// If the database refuses.
pub async fn end(db: &impl ConnectionTrait, app: &App, email: &str, purposes: &[LinkPurpose]) -> Result<()> {
    link::Entity::update_many()
        .col_expr(link::Column::UsedAt, Expr::value(app.clock.now()))
        .filter(link::COLUMN.email.eq(email))
        .filter(link::COLUMN.purpose.is_in(purposes.iter().copied()))
        .filter(link::COLUMN.used_at.is_null())
        .exec(db)
        .await?;
    Ok(())
}
