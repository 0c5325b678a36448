//! The second factor: an app that shows codes, and recovery codes for the day on which it is lost.
pub mod graphql;
mod recovery;
mod totp;

use crate::{
    account,
    actor::Actor,
    app::App,
    audit::{self, Entry},
    entity::{membership, second_factor, second_factor_setup, session as session_row, user},
    error::{Error, Result},
    face,
    mail::{self, Notice},
    office::reason,
    qr,
    seal::Sealed,
    session::{
        self,
        throttle::{self, Guess, Verdict},
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Set, sea_query::Expr,
};
use secrecy::zeroize::Zeroizing;
use shared::{
    account::{AccountKind, Right, Rights},
    error::{ErrorCode, Reason},
    id::{AccountId, UserId},
};

pub use recovery::COUNT as RECOVERY_CODES;

/// How long a secret that was shown waits for its first code (security C07).
pub const SETUP_LIFE: TimeDelta = TimeDelta::minutes(10);

/// So many wrong codes after a right password are told to the person (security B13).
const TELL_AFTER: i32 = 3;

/// What an app needs, shown once.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The secret as people type it.
    pub secret: String,
    /// The address that opens an app with it.
    pub uri: String,
    /// How many modules wide its picture is, quiet zone included.
    pub size: u32,
    /// The dark modules, as the path of an SVG.
    pub path: String,
    /// Until when the first code is awaited.
    pub expires_at: DateTime<Utc>,
}

/// Whether a user has a second factor.
///
/// # Errors
/// If the database refuses.
pub async fn is_on(db: &impl ConnectionTrait, user: UserId) -> Result<bool> {
    Ok(second_factor::Entity::find_by_id(user).one(db).await?.is_some())
}

/// How many recovery codes of a user are unused.
///
/// # Errors
/// If the database refuses.
pub async fn recovery_codes_left(db: &impl ConnectionTrait, user: UserId) -> Result<u64> {
    recovery::left(db, user).await
}

/// Makes a secret for the actor's app. Nothing is on until [`confirm`] has seen a code of it.
///
/// # Errors
/// [`Error::StepUpRequired`].
pub async fn begin(app: &App, actor: &Actor) -> Result<Setup> {
    actor.require_step_up(app.clock.now())?;
    let row = user::Entity::find_by_id(actor.user)
        .one(&app.db)
        .await?
        .ok_or(Error::Unauthenticated)?;
    let secret = totp::new_secret(app);
    let sealed = totp::seal(app, actor.user, &secret)?;
    let expires_at = app.clock.now() + SETUP_LIFE;
    let setup = second_factor_setup::Model {
        user_id: actor.user,
        sealed: sealed.bytes,
        key_version: sealed.version,
        expires_at,
    };
    let tx = app.begin().await?;
    second_factor_setup::Entity::delete_by_id(actor.user).exec(&tx).await?;
    setup.into_active_model().insert(&tx).await?;
    audit::record(&tx, app, Some(actor), "beginSecondFactor", None, true).await?;
    tx.commit().await?;
    let name = row.email.or(row.name).unwrap_or_else(|| actor.user.to_string());
    let uri = totp::uri(&face::current(app).await?.name, &name, &secret);
    let (size, path) = qr::picture(uri.as_bytes())?;
    Ok(Setup {
        secret: totp::text(&secret),
        uri,
        size,
        path,
        expires_at,
    })
}

/// Turns the second factor on, or replaces the one that is on, after a code of the new app; gives the recovery codes,
/// which are shown once. All other sessions of the user end.
///
/// # Errors
/// [`Error::StepUpRequired`]; [`Error::Invalid`] with `SETUP_EXPIRED` or `WRONG_CODE` at `code`, and at `currentCode`
/// where one is on already and its code is missing or wrong.
pub async fn confirm(app: &App, actor: &Actor, code: &str, current_code: Option<&str>) -> Result<Vec<String>> {
    actor.require_step_up(app.clock.now())?;
    let setup = second_factor_setup::Entity::find_by_id(actor.user)
        .one(&app.db)
        .await?
        .filter(|setup| setup.expires_at > app.clock.now())
        .ok_or_else(|| Error::invalid("code", Reason::SetupExpired, "begin again: the secret is too old"))?;
    let sealed = Sealed {
        bytes: setup.sealed.clone(),
        version: setup.key_version,
    };
    let secret = totp::open(app, actor.user, sealed)?;
    let step = totp::step(app, &secret, code)?.ok_or_else(|| wrong_code("code"))?;
    let is_replaced = is_on(&app.db, actor.user).await?;
    if is_replaced {
        check(app, actor.user, current_code.unwrap_or_default(), "currentCode").await?;
    }
    let sealed = totp::seal(app, actor.user, &secret)?;
    let tx = app.begin().await?;
    // of two at the same time one finds the setup
    let taken = second_factor_setup::Entity::delete_many()
        .filter(second_factor_setup::COLUMN.user_id.eq(actor.user))
        .filter(second_factor_setup::COLUMN.sealed.eq(setup.sealed))
        .exec(&tx)
        .await?;
    if taken.rows_affected != 1 {
        return Err(Error::Conflict("the second factor was set up in the meantime"));
    }
    second_factor::Entity::delete_by_id(actor.user).exec(&tx).await?;
    let row = second_factor::Model {
        user_id: actor.user,
        sealed: sealed.bytes,
        key_version: sealed.version,
        last_step: step,
        created_at: app.clock.now(),
    };
    row.into_active_model().insert(&tx).await?;
    let codes = recovery::replace(&tx, app, actor.user).await?;
    end_others(&tx, actor, true).await?;
    audit::record(&tx, app, Some(actor), "confirmSecondFactor", None, true).await?;
    let notice = if is_replaced {
        Notice::SecondFactorReplaced
    } else {
        Notice::SecondFactorOn
    };
    mail::notify(&tx, app, actor.user, notice).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(codes)
}

/// Turns the second factor off. All other sessions of the user end.
///
/// # Errors
/// [`Error::StepUpRequired`]; [`Error::NotFound`] if none is on; [`Error::Invalid`] with `WRONG_CODE`.
pub async fn disable(app: &App, actor: &Actor, code: &str) -> Result<()> {
    actor.require_step_up(app.clock.now())?;
    check(app, actor.user, code, "code").await?;
    let tx = app.begin().await?;
    remove(&tx, actor.user).await?;
    end_others(&tx, actor, false).await?;
    audit::record(&tx, app, Some(actor), "disableSecondFactor", None, true).await?;
    mail::notify(&tx, app, actor.user, Notice::SecondFactorOff).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(())
}

/// Gives new recovery codes; the former ones are worth nothing from here on.
///
/// # Errors
/// As with [`disable`].
pub async fn new_recovery_codes(app: &App, actor: &Actor, code: &str) -> Result<Vec<String>> {
    actor.require_step_up(app.clock.now())?;
    check(app, actor.user, code, "code").await?;
    let tx = app.begin().await?;
    let codes = recovery::replace(&tx, app, actor.user).await?;
    audit::record(&tx, app, Some(actor), "replaceRecoveryCodes", None, true).await?;
    mail::notify(&tx, app, actor.user, Notice::RecoveryCodesReplaced).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(codes)
}

/// Checks a code of a user's app or one of his recovery codes, and uses it up. Charged before it is looked at, across
/// all sessions and addresses (security C05).
///
/// # Errors
/// [`Error::NotFound`] if he has no second factor; [`Error::Invalid`] at `field` with `WRONG_CODE`, also while it is
/// locked.
pub async fn check(app: &App, user: UserId, code: &str, field: &'static str) -> Result<()> {
    let row = second_factor::Entity::find_by_id(user)
        .one(&app.db)
        .await?
        .ok_or(Error::NotFound("secondFactor"))?;
    let Verdict::Open(charge) = throttle::charge(app, Guess::SecondFactor, &user.to_string()).await? else {
        return Err(wrong_code(field));
    };
    let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let is_right = if typed.len() == 6 && typed.bytes().all(|byte| byte.is_ascii_digit()) {
        is_code(app, row, &typed).await?
    } else {
        is_recovery_code(app, user, &typed).await?
    };
    if !is_right {
        return Err(wrong_code(field));
    }
    charge.take_back(app).await
}

/// A code counts if its step comes after the last accepted one; moving that on is one statement, so that of fifty
/// requests with the same code one gets in (security C02, C03).
async fn is_code(app: &App, row: second_factor::Model, code: &str) -> Result<bool> {
    let sealed = Sealed {
        bytes: row.sealed,
        version: row.key_version,
    };
    let secret: Zeroizing<Vec<u8>> = totp::open(app, row.user_id, sealed)?;
    let Some(step) = totp::step(app, &secret, code)? else {
        return Ok(false);
    };
    let moved = second_factor::Entity::update_many()
        .col_expr(second_factor::Column::LastStep, Expr::value(step))
        .filter(second_factor::COLUMN.user_id.eq(row.user_id))
        .filter(second_factor::COLUMN.last_step.lt(step))
        .exec(&app.db)
        .await?;
    Ok(moved.rows_affected == 1)
}

async fn is_recovery_code(app: &App, user: UserId, code: &str) -> Result<bool> {
    let tx = app.begin().await?;
    if !recovery::take(&tx, app, user, code).await? {
        return Ok(false);
    }
    let left = recovery::left(&tx, user).await?;
    mail::notify(&tx, app, user, Notice::RecoveryCodeUsed { left }).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(true)
}

/// The second step of signing in: gives the session in place of the half one that the browser came with.
///
/// # Errors
/// [`Error::Unauthenticated`] without a half session; [`Error::Invalid`] at `code` with `WRONG_CODE`.
pub async fn verify_sign_in(app: &App, origin: &session::Origin, code: &str) -> Result<(UserId, String)> {
    let user = session::half(app, origin).await?.ok_or(Error::Unauthenticated)?;
    if let Err(error) = check(app, user, code, "code").await {
        if error.code() == ErrorCode::Invalid {
            note_wrong_code(app, origin, user).await?;
        }
        return Err(error);
    }
    let tx = app.begin().await?;
    let token = session::open_verified(&tx, app, origin, user).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok((user, token))
}

/// Somebody knows the password and not the code: the person should know, once in a window.
async fn note_wrong_code(app: &App, origin: &session::Origin, user: UserId) -> Result<()> {
    let locked = throttle::is_locked(app, Guess::SecondFactor, &user.to_string()).await?;
    let entry = Entry {
        user: Some(user),
        account: session::memberships(&app.db, user, app.clock.now())
            .await?
            .first()
            .map(|row| row.account_id),
        act: "verifySecondFactor",
        object: Some(if locked { "TEMP_LOCKED" } else { "WRONG_CODE" }.to_owned()),
        reason: None,
        code: Some(ErrorCode::Invalid),
        ip: origin.ip.clone(),
        user_agent: origin.user_agent.clone(),
    };
    audit::refuse(app, entry).await;
    if throttle::charges(app, Guess::SecondFactor, &user.to_string()).await? == TELL_AFTER {
        mail::notify(&app.db, app, user, Notice::SecondFactorFailed).await?;
        app.mail_waits.notify_one();
    }
    Ok(())
}

/// Takes another user's second factor off, who has lost it: whoever manages users, of members of his account alone and
/// within his own rights; staff who manages customers, of all customers, with a reason that the customer reads. All sessions of that user end, and he is told.
///
/// # Errors
/// [`Error::StepUpRequired`]; [`Error::NotFound`] for users whom the actor does not look after, and those without one;
/// [`Error::Invalid`] at `reason`, which staff gives.
pub async fn reset(app: &App, actor: &Actor, user: UserId, reason: Option<&str>) -> Result<()> {
    let missing = || Error::NotFound("user");
    let by_staff = actor.require_in(AccountKind::Provider, Right::ManageCustomers).is_ok();
    if !by_staff {
        actor.require(Right::ManageUsers)?;
    }
    actor.require_step_up(app.clock.now())?;
    let view = actor.in_view()?;
    let tx = app.begin().await?;
    let memberships = membership::Entity::find()
        .filter(membership::COLUMN.user_id.eq(user))
        .all(&tx)
        .await?;
    let within = |rights: Rights| rights.to_vec().into_iter().all(|right| actor.may(right));
    let account: AccountId = match memberships.as_slice() {
        [only] if only.account_id == view.id && within(only.rights) && user != actor.user => only.account_id,
        [first, ..] if by_staff && memberships.iter().all(|row| row.account_id != view.id) => first.account_id,
        _ => return Err(missing()),
    };
    if !is_on(&tx, user).await? {
        return Err(missing());
    }
    let reason = if account == view.id {
        None
    } else {
        Some(reason::required(reason)?)
    };
    remove(&tx, user).await?;
    session::end_all(&tx, user).await?;
    let entry = Entry {
        user: Some(actor.user),
        account: Some(account),
        act: "resetSecondFactor",
        object: Some(user.to_string()),
        reason,
        ip: actor.ip.clone(),
        ..Entry::default()
    };
    audit::add(&tx, app, entry).await?;
    mail::notify(&tx, app, user, Notice::SecondFactorReset).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(())
}

/// Whether members of the account in view need a second factor. Only the owner says so, and has one himself.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::SecondFactorRequired`] if the owner has none; [`Error::StepUpRequired`].
pub async fn require(app: &App, actor: &Actor, is_required: bool) -> Result<()> {
    let view = actor.require(Right::Owner)?;
    if !actor.has_second_factor {
        return Err(Error::SecondFactorRequired);
    }
    actor.require_step_up(app.clock.now())?;
    let tx = app.begin().await?;
    account::require_second_factor(&tx, view.id, is_required).await?;
    let object = Some(is_required.to_string());
    audit::record(&tx, app, Some(actor), "requireSecondFactor", object, true).await?;
    tx.commit().await?;
    Ok(())
}

async fn remove(db: &impl ConnectionTrait, user: UserId) -> Result<()> {
    second_factor::Entity::delete_by_id(user).exec(db).await?;
    second_factor_setup::Entity::delete_by_id(user).exec(db).await?;
    recovery::remove(db, user).await
}

/// Ends the actor's other sessions and notes in this one whether it has a second factor.
async fn end_others(db: &impl ConnectionTrait, actor: &Actor, has_second_factor: bool) -> Result<()> {
    let own = actor.require_session()?;
    session_row::Entity::delete_many()
        .filter(session_row::COLUMN.user_id.eq(actor.user))
        .filter(session_row::COLUMN.token_hash.ne(own))
        .exec(db)
        .await?;
    let row = session_row::ActiveModel {
        token_hash: Set(own.to_vec()),
        has_second_factor: Set(has_second_factor),
        ..Default::default()
    };
    row.update(db).await?;
    Ok(())
}

fn wrong_code(field: &'static str) -> Error {
    Error::invalid(field, Reason::WrongCode, "this is not the code, or it was used already")
}
