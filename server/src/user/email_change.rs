//! Another e-mail address for a user: the new one confirms it, the old one is told and can take it back (security F07).
use crate::{
    actor::{Actor, Credential},
    app::App,
    audit,
    entity::{link as link_row, session, sign_in_name, user},
    error::{Error, Result},
    link::{self, NewLink},
    mail::{self, Template},
    session::throttle::{self, Guess, Verdict},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter, QuerySelect, Set,
    sea_query::{Expr, OnConflict},
};
use shared::{error::Reason, id::UserId, link::LinkPurpose, name::EmailAddress};

/// Sends a link to an address that shall become the actor's; nothing changes until it is used. The answer says nothing
/// of whether somebody else has the address (security B09): so does the mail, and only its reader learns it.
///
/// # Errors
/// [`Error::StepUpRequired`]; [`Error::Invalid`] at `email` with `NOT_AN_EMAIL`, or with `ADDRESS_LISTED` for the
/// address that the actor has; [`Error::Throttled`] after several mails to it.
pub async fn ask(app: &App, actor: &Actor, email: &str) -> Result<EmailAddress> {
    actor.require_step_up(app.clock.now())?;
    let email =
        EmailAddress::parse(email).map_err(|_| Error::invalid("email", Reason::NotAnEmail, "not an e-mail address"))?;
    let row = user::Entity::find_by_id(actor.user)
        .one(&app.db)
        .await?
        .ok_or(Error::Unauthenticated)?;
    if row.email.as_deref() == Some(email.as_str()) {
        return Err(Error::invalid(
            "email",
            Reason::AddressListed,
            "this is your address already",
        ));
    }
    if let Verdict::Locked = throttle::charge(app, Guess::MailTo, email.as_str()).await? {
        return Err(Error::Throttled);
    }
    let purpose = LinkPurpose::EmailChange;
    let tx = app.begin().await?;
    end(&tx, app, actor.user, &[purpose], None).await?;
    let new = NewLink {
        purpose,
        email: email.as_str(),
        user: Some(actor.user),
        account: None,
        object: None,
        language: row.language,
    };
    let token = link::add(&tx, app, new).await?;
    let template = Template::EmailChange {
        link: link::address(app, purpose, &token),
        link_hours: link::life(purpose).num_hours(),
    };
    mail::enqueue(&tx, app, &email, row.language, &template).await?;
    let object = Some(actor.user.to_string());
    audit::record(&tx, app, Some(actor), "changeEmail", object, true).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(email)
}

/// The address that waits to be confirmed, if there is one.
///
/// # Errors
/// If the database refuses.
pub async fn pending(app: &App, db: &impl ConnectionTrait, user: UserId) -> Result<Option<String>> {
    let row = link_row::Entity::find()
        .filter(link_row::COLUMN.user_id.eq(user))
        .filter(link_row::COLUMN.purpose.eq(LinkPurpose::EmailChange))
        .filter(link_row::COLUMN.used_at.is_null())
        .filter(link_row::COLUMN.expires_at.gt(app.clock.now()))
        .one(db)
        .await?;
    Ok(row.map(|row| row.email))
}

/// Withdraws the address that waits to be confirmed: its link counts no longer.
///
/// # Errors
/// [`Error::NotFound`] if none waits; [`Error::Forbidden`] for a token.
pub async fn withdraw(app: &App, actor: &Actor) -> Result<()> {
    actor.require_session()?;
    let tx = app.begin().await?;
    if pending(app, &tx, actor.user).await?.is_none() {
        return Err(Error::NotFound("address"));
    }
    end(&tx, app, actor.user, &[LinkPurpose::EmailChange], None).await?;
    let object = Some(actor.user.to_string());
    audit::record(&tx, app, Some(actor), "withdrawEmailChange", object, true).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes the address of a link the user's: the one that he signs in with, too. His other sessions end, links to the
/// former address count no longer, and that address is told.
///
/// # Errors
/// [`Error::Invalid`] with `LINK_INVALID`, or with `ALREADY_REGISTERED` if somebody has the address by now.
pub(crate) async fn confirm(
    tx: &DatabaseTransaction,
    app: &App,
    actor: Option<&Actor>,
    found: &link_row::Model,
    token: &str,
) -> Result<()> {
    let row = of_link(tx, found).await?;
    link::take(tx, app, token, &[LinkPurpose::EmailChange]).await?;
    let former = set_email(tx, row.clone(), &found.email).await?;
    end(tx, app, row.id, &PASSWORDS, None).await?;
    let others = match actor
        .filter(|actor| actor.user == row.id)
        .map(|actor| &actor.credential)
    {
        Some(Credential::Session(own)) => Condition::all().add(session::COLUMN.token_hash.ne(own.as_slice())),
        _ => Condition::all(),
    };
    session::Entity::delete_many()
        .filter(session::COLUMN.user_id.eq(row.id))
        .filter(others)
        .exec(tx)
        .await?;
    let Some(Ok(former)) = former.as_deref().map(EmailAddress::parse) else {
        return Ok(());
    };
    let purpose = LinkPurpose::EmailUndo;
    let new = NewLink {
        purpose,
        email: former.as_str(),
        user: Some(row.id),
        account: None,
        object: None,
        language: row.language,
    };
    let token = link::add(tx, app, new).await?;
    let template = Template::EmailChanged {
        email: found.email.clone(),
        link: link::address(app, purpose, &token),
        link_days: link::life(purpose).num_days(),
    };
    mail::enqueue(tx, app, &former, row.language, &template).await
}

/// Gives a user his former address back. Whoever changed it knows the password and was signed in: all sessions and
/// tokens end, the password counts no longer, and a link to choose another one goes to the former address. What was
/// sent to the addresses after it counts no longer either.
///
/// # Errors
/// [`Error::Invalid`] with `LINK_INVALID`, or with `ALREADY_REGISTERED` if somebody else has the address by now.
pub(crate) async fn undo(tx: &DatabaseTransaction, app: &App, found: &link_row::Model, token: &str) -> Result<()> {
    let row = of_link(tx, found).await?;
    link::take(tx, app, token, &[LinkPurpose::EmailUndo]).await?;
    let former = EmailAddress::parse(&found.email).map_err(|_| link::invalid())?;
    let (id, language) = (row.id, row.language);
    set_email(tx, row, former.as_str()).await?;
    let changed = user::ActiveModel {
        id: Set(id),
        password_hash: Set(None),
        ..Default::default()
    };
    changed.update(tx).await?;
    crate::session::end_all(tx, id).await?;
    crate::token::revoke_all(tx, id).await?;
    end(tx, app, id, &PASSWORDS, None).await?;
    end(tx, app, id, &[LinkPurpose::EmailChange], None).await?;
    // A later change would be taken back to an address that this one has just taken away.
    end(tx, app, id, &[LinkPurpose::EmailUndo], Some(found.created_at)).await?;
    let purpose = LinkPurpose::PasswordReset;
    let new = NewLink {
        purpose,
        email: former.as_str(),
        user: Some(id),
        account: None,
        object: None,
        language,
    };
    let token = link::add(tx, app, new).await?;
    let template = Template::EmailRestored {
        link: link::address(app, purpose, &token),
        link_minutes: link::life(purpose).num_minutes(),
        page: format!("{}/forgotten", app.settings.origin),
    };
    mail::enqueue(tx, app, &former, language, &template).await
}

/// Links by which a password is chosen.
const PASSWORDS: [LinkPurpose; 2] = [LinkPurpose::PasswordReset, LinkPurpose::FirstSignIn];

/// The user of a link, whose row two who use links of his get one after the other.
async fn of_link(tx: &DatabaseTransaction, link: &link_row::Model) -> Result<user::Model> {
    let id = link.user_id.ok_or_else(link::invalid)?;
    let row = user::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    row.filter(|row| row.blocked_at.is_none()).ok_or_else(link::invalid)
}

/// Ends unused links of a user; only those made since then, if that is said.
async fn end(
    db: &impl ConnectionTrait,
    app: &App,
    user: UserId,
    purposes: &[LinkPurpose],
    since: Option<DateTime<Utc>>,
) -> Result<()> {
    let since = Condition::all().add_option(since.map(|since| link_row::COLUMN.created_at.gte(since)));
    link_row::Entity::update_many()
        .col_expr(link_row::Column::UsedAt, Expr::value(app.clock.now()))
        .filter(link_row::COLUMN.user_id.eq(user))
        .filter(link_row::COLUMN.purpose.is_in(purposes.iter().copied()))
        .filter(link_row::COLUMN.used_at.is_null())
        .filter(since)
        .exec(db)
        .await?;
    Ok(())
}

/// Sets address and sign-in name of a user and gives the former address.
async fn set_email(tx: &DatabaseTransaction, row: user::Model, email: &str) -> Result<Option<String>> {
    let (id, former) = (row.id, row.email.clone());
    let name = sign_in_name::Model {
        name: email.to_owned(),
        user_id: id,
    };
    let added = sign_in_name::Entity::insert(name.into_active_model())
        .on_conflict(OnConflict::column(sign_in_name::Column::Name).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    let is_own = || sign_in_name::Entity::find_by_id(email).filter(sign_in_name::COLUMN.user_id.eq(id));
    if added == 0 && is_own().one(tx).await?.is_none() {
        return Err(Error::invalid(
            "token",
            Reason::AlreadyRegistered,
            "somebody has this address",
        ));
    }
    if let Some(former) = former.as_deref().filter(|former| *former != email) {
        sign_in_name::Entity::delete_many()
            .filter(sign_in_name::COLUMN.name.eq(former))
            .filter(sign_in_name::COLUMN.user_id.eq(id))
            .exec(tx)
            .await?;
    }
    let mut changed = row.into_active_model();
    changed.email = Set(Some(email.to_owned()));
    changed.update(tx).await?;
    Ok(former)
}
