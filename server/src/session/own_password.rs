//! The password of somebody who is signed in: asked for again, and changed.
use super::{
    New, Origin, replace,
    throttle::{self, Guess, Verdict},
};
use crate::{
    actor::Actor,
    app::App,
    entity::{session, sign_in_name, user},
    error::{Error, Result},
    mail::{self, Notice},
    token,
    user::password::check_new,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};
use shared::{error::Reason, id::UserId};

/// That this is the user's password. Guesses count as those of signing in do: a stolen session is no way to guess on.
///
/// # Errors
/// [`Error::Invalid`] at `field` with `WRONG_PASSWORD`, also while it is locked.
pub async fn check(app: &App, user: UserId, password: &str, field: &'static str) -> Result<user::Model> {
    let row = user::Entity::find_by_id(user)
        .one(&app.db)
        .await?
        .ok_or(Error::Unauthenticated)?;
    let verdict = throttle::charge(app, Guess::Password, &user.to_string()).await?;
    let checked = app.hasher.verify(password, row.password_hash.clone()).await;
    match (checked, verdict) {
        (Ok(true), Verdict::Open(charge)) => {
            charge.take_back(app).await?;
            Ok(row)
        }
        (Err(error), Verdict::Open(charge)) => {
            charge.take_back(app).await?; // nothing was looked at
            Err(error)
        }
        (Err(error), Verdict::Locked) => Err(error),
        (Ok(_), _) => Err(Error::invalid(
            field,
            Reason::WrongPassword,
            "this is not your password",
        )),
    }
}

/// What changing the own password takes.
#[derive(Clone, Copy, Debug)]
pub struct PasswordChange<'a> {
    /// The password as it is.
    pub current: &'a str,
    /// The password as it shall be.
    pub new: &'a str,
    /// Whether all access tokens of the user end, too.
    pub ends_tokens: bool,
}

/// Changes the actor's password. All his other sessions end, this one gets a new token, which is given; he is told by
/// mail.
///
/// # Errors
/// [`Error::Invalid`] with `WRONG_PASSWORD` at `currentPassword`; at `newPassword` what [`check_new`] refuses.
pub async fn change(app: &App, actor: &Actor, origin: &Origin, change: PasswordChange<'_>) -> Result<String> {
    let PasswordChange {
        current,
        new,
        ends_tokens,
    } = change;
    let own = actor.require_session()?;
    let row = check(app, actor.user, current, "currentPassword").await?;
    let names = sign_in_name::Entity::find()
        .filter(sign_in_name::COLUMN.user_id.eq(actor.user))
        .all(&app.db)
        .await?;
    let names: Vec<&str> = names
        .iter()
        .map(|row| local_part(&row.name))
        .chain(row.name.as_deref())
        .collect();
    check_new(app, "newPassword", new, &names, actor.has_second_factor).await?;
    let hash = app.hasher.hash(new).await?;

    let tx = app.begin().await?;
    let old = session::Entity::find_by_id(own)
        .one(&tx)
        .await?
        .ok_or(Error::Unauthenticated)?;
    let now = app.clock.now();
    let changed = user::ActiveModel {
        id: Set(actor.user),
        password_hash: Set(Some(hash)),
        password_changed_at: Set(Some(now)),
        ..Default::default()
    };
    changed.update(&tx).await?;
    super::end_all(&tx, actor.user).await?;
    if ends_tokens {
        token::revoke_all(&tx, actor.user).await?;
    }
    let session = New {
        user: actor.user,
        account: old.account_id,
        created_at: old.created_at,
        authenticated_at: now,
        has_second_factor: old.has_second_factor,
        id: None,
        act: "changePassword",
    };
    let token = replace(&tx, app, origin, session).await?;
    mail::notify(&tx, app, actor.user, Notice::PasswordChanged).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(token)
}

/// What stands before the @ of an address; all of any other name.
fn local_part(name: &str) -> &str {
    name.split('@').next().unwrap_or_default()
}
