//! Personal access tokens: a program acts in its user's name, in one account, with no more rights than were ticked
//! and than the user has at that moment. It asks by `Authorization: Bearer` (RFC 6750) and never gets a session.
mod bearer;
pub mod graphql;
mod secret;

pub use bearer::{OPEN, Scopes, actor};

use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{account, token, user},
    error::{Error, Result},
    mail, session,
};
use chrono::{Days, NaiveDate};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use shared::{
    account::{Right, Rights},
    error::Reason,
    id::{AccountId, TokenId},
};

/// How many tokens a user may have, those that have ended included.
pub const TOKENS_MAX: u64 = 50;

/// The longest name of a token, in characters.
pub const NAME_MAX: usize = 100;

/// How many days a token may count at most, from the day on which it is made.
pub const DAYS_MAX: u64 = 365;

/// What a token is made of.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What the user calls it.
    pub name: String,
    /// What it may do at most.
    pub scopes: Vec<Right>,
    /// In which account; the one in view otherwise.
    pub account: Option<AccountId>,
    /// Its last day, in UTC.
    pub expires_on: NaiveDate,
}

/// Makes a token and gives it with its secret, which is shown this once and stored nowhere.
///
/// # Errors
/// [`Error::Forbidden`] for a token that asks for another one, and for rights that the user does not have;
/// [`Error::StepUpRequired`]; [`Error::NotFound`] for an account that the user does not belong to;
/// [`Error::SecondFactorRequired`] if the account is open with a second factor only; [`Error::Invalid`] for an empty
/// or long name, no right at all, or a last day in the past or more than [`DAYS_MAX`] days away;
/// [`Error::TooLarge`] if the user has [`TOKENS_MAX`] tokens.
pub async fn create(app: &App, actor: &Actor, new: NewToken) -> Result<(token::Model, String)> {
    let (now, today) = (app.clock.now(), app.clock.today());
    actor.require_step_up(now)?;
    let name = checked_name(&new.name)?;
    if new.scopes.is_empty() {
        return Err(Error::invalid("scopes", Reason::Missing, "tick at least one right"));
    }
    if new.expires_on < today {
        return Err(Error::invalid(
            "expiresOn",
            Reason::DateInPast,
            "the last day lies in the past",
        ));
    }
    if today
        .checked_add_days(Days::new(DAYS_MAX))
        .is_none_or(|last| new.expires_on > last)
    {
        return Err(Error::invalid(
            "expiresOn",
            Reason::DateTooFar,
            format!("a token counts for {DAYS_MAX} days at most"),
        ));
    }
    let account = match new.account {
        None => actor.in_view()?.clone(),
        Some(id) => session::in_view(app, actor.user, id, now)
            .await?
            .ok_or(Error::NotFound("account"))?,
    };
    if account.needs_second_factor && !actor.has_second_factor {
        return Err(Error::SecondFactorRequired);
    }
    let scopes = Rights::of(&new.scopes);
    if !account.rights.cover(scopes) {
        return Err(Error::Forbidden);
    }

    let tx = app.begin().await?;
    // Whoever makes two at once waits here, so that both are counted.
    user::Entity::find_by_id(actor.user)
        .lock_exclusive()
        .one(&tx)
        .await?
        .ok_or(Error::Unauthenticated)?;
    let count = token::Entity::find()
        .filter(token::COLUMN.user_id.eq(actor.user))
        .count(&tx)
        .await?;
    if count >= TOKENS_MAX {
        return Err(Error::TooLarge("you have 50 tokens; remove one first"));
    }
    let secret = secret::new(app);
    let row = token::Model {
        id: TokenId(app.new_id()),
        token_hash: session::token_hash(&secret),
        user_id: actor.user,
        account_id: account.id,
        name,
        scopes,
        expires_on: new.expires_on,
        created_at: now,
        last_used_at: None,
        last_used_from: None,
    };
    row.clone().into_active_model().insert(&tx).await?;
    note(&tx, app, actor, &row, "createToken").await?;
    let held = account::Entity::find_by_id(account.id)
        .one(&tx)
        .await?
        .ok_or(Error::NotFound("account"))?;
    let letter = mail::Template::TokenCreated {
        token: row.name.clone(),
        account: held.name,
        last_day: row.expires_on,
        page: format!("{}/security", app.settings.origin),
    };
    mail::enqueue_to(&tx, app, actor.user, &letter).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok((row, secret))
}

fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Error::invalid("name", Reason::Missing, "give the token a name"));
    }
    if name.chars().count() > NAME_MAX {
        return Err(Error::invalid(
            "name",
            Reason::TooLong,
            format!("a name has at most {NAME_MAX} characters"),
        ));
    }
    Ok(name.to_owned())
}

/// The tokens of the user, the newest first, those that have ended included; at most [`TOKENS_MAX`].
///
/// # Errors
/// [`Error::Forbidden`] for a token: it is told nothing of the others.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<token::Model>> {
    actor.require_session()?;
    Ok(token::Entity::find()
        .filter(token::COLUMN.user_id.eq(actor.user))
        .order_by_desc(token::Column::Id)
        .all(&app.db)
        .await?)
}

/// Ends a token of the user's own; its next request is refused.
///
/// # Errors
/// [`Error::Forbidden`] for a token; [`Error::NotFound`] for the tokens of others, and for one that is gone.
pub async fn revoke(app: &App, actor: &Actor, id: TokenId) -> Result<()> {
    actor.require_session()?;
    let tx = app.begin().await?;
    let row = token::Entity::find_by_id(id)
        .filter(token::COLUMN.user_id.eq(actor.user))
        .one(&tx)
        .await?
        .ok_or(Error::NotFound("token"))?;
    let gone = token::Entity::delete_by_id(id).exec(&tx).await?;
    if gone.rows_affected == 0 {
        return Err(Error::NotFound("token"));
    }
    note(&tx, app, actor, &row, "revokeToken").await?;
    tx.commit().await?;
    Ok(())
}

/// Ends all tokens of a user; who may do so is the caller's to check.
///
/// # Errors
/// If the database refuses.
pub(crate) async fn revoke_all(tx: &impl sea_orm::ConnectionTrait, user: shared::id::UserId) -> Result<()> {
    token::Entity::delete_many()
        .filter(token::COLUMN.user_id.eq(user))
        .exec(tx)
        .await?;
    Ok(())
}

/// The audit row: in the Protokoll of the account that the token opens, whichever is in view.
async fn note(
    db: &impl sea_orm::ConnectionTrait,
    app: &App,
    actor: &Actor,
    row: &token::Model,
    act: &'static str,
) -> Result<()> {
    let entry = audit::Entry {
        user: Some(actor.user),
        account: Some(row.account_id),
        act,
        object: Some(row.id.to_string()),
        ip: actor.ip.clone(),
        ..audit::Entry::default()
    };
    audit::add(db, app, entry).await
}
