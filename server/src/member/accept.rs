//! Accepting an invitation: as the user who has its address, or by becoming one.
use super::{
    Authority, Terms,
    invitation::{invited_by, offer, pending},
    is_taken,
    name::person_name,
};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{invitation, membership, sign_in_name, user as user_row},
    error::{Error, Result},
    link,
    session::{self, Origin},
    user::{self, NewUser, password::check_new},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr,
};
use shared::{account::Language, error::Reason, id::UserId, link::LinkPurpose, name::EmailAddress};

/// What somebody who is invited and no user yet fills in.
#[derive(Clone, Debug)]
pub struct Completion {
    /// Out of the link of the mail.
    pub token: String,
    /// What the person wants to be called.
    pub name: Option<String>,
    /// The password, as typed.
    pub password: String,
    /// The language of the form.
    pub language: Language,
}

/// Makes a user out of an invitation, with the address that the link confirms, lets him into the account and signs
/// him in; gives the session's token. All or nothing.
///
/// # Errors
/// [`Error::Invalid`] with `LINK_INVALID`, `ALREADY_REGISTERED`, `NAME_TAKEN` or `TOO_LONG`; [`Error::WeakPassword`].
pub async fn complete(app: &App, origin: &Origin, completion: Completion) -> Result<(UserId, String)> {
    let found = offer(app, &completion.token).await?;
    let email = EmailAddress::parse(&found.invitation.email).map_err(|_| link::invalid())?;
    let name = person_name(completion.name)?;
    if !found.needs_registration {
        return Err(Error::invalid(
            "token",
            Reason::AlreadyRegistered,
            "sign in, then open the link again",
        ));
    }
    let local = email.as_str().split('@').next().unwrap_or_default();
    let own = found.invitation.user_name.rsplit('/').next().unwrap_or_default();
    let names = [name.as_deref().unwrap_or_default(), local, &found.account.number, own];
    check_new(app, "password", &completion.password, &names, false).await?;
    let password_hash = app.hasher.hash(&completion.password).await?;

    let tx = app.begin().await?;
    let invitation = take(&tx, app, &completion.token).await?;
    let new = NewUser {
        name,
        email: Some(email),
        password_hash: Some(password_hash),
        language: completion.language,
        sign_in_names: vec![invitation.user_name.clone()],
    };
    let user = user::add(&tx, app, new).await?;
    join(&tx, app, &invitation, user).await?;
    let token = session::open_registered(&tx, app, origin, user).await?;
    let entry = audit::Entry {
        user: Some(user),
        account: Some(invitation.account_id),
        act: "completeInvitation",
        object: Some(invitation.id.to_string()),
        ip: origin.ip.clone(),
        user_agent: origin.user_agent.clone(),
        ..audit::Entry::default()
    };
    audit::add(&tx, app, entry).await?;
    tx.commit().await?;
    Ok((user, token))
}

/// Accepts an invitation as the user whose confirmed address it was sent to, and takes the account into view.
///
/// # Errors
/// [`Error::Forbidden`] if it was sent to another address, and for personal access tokens; the link stays good then.
/// [`Error::Invalid`] with `LINK_INVALID` or `NAME_TAKEN`.
pub async fn accept(app: &App, actor: &Actor, token: &str) -> Result<Actor> {
    actor.require_session()?;
    let tx = app.begin().await?;
    let link = link::find(&tx, app, token, &[LinkPurpose::Invitation]).await?;
    let user = user_row::Entity::find_by_id(actor.user)
        .one(&tx)
        .await?
        .ok_or(Error::Unauthenticated)?;
    if user.email.as_ref() != Some(&link.email) {
        return Err(Error::Forbidden);
    }
    let invitation = take(&tx, app, token).await?;
    let name = sign_in_name::Model {
        name: invitation.user_name.clone(),
        user_id: user.id,
    };
    name.into_active_model().insert(&tx).await?;
    join(&tx, app, &invitation, user.id).await?;
    let entry = audit::Entry {
        user: Some(user.id),
        account: Some(invitation.account_id),
        act: "acceptInvitation",
        object: Some(invitation.id.to_string()),
        ip: actor.ip.clone(),
        ..audit::Entry::default()
    };
    audit::add(&tx, app, entry).await?;
    tx.commit().await?;
    session::switch_account(app, actor, invitation.account_id).await
}

/// Uses up a link and its invitation, which must still wait; and whoever stands behind it must still be able to give
/// what it promises.
async fn take(tx: &DatabaseTransaction, app: &App, token: &str) -> Result<invitation::Model> {
    let row = invited_by(tx, app, &link::find(tx, app, token, &[LinkPurpose::Invitation]).await?).await?;
    // First the account, then the link: in the order of those who send or withdraw it.
    let account = super::held(tx, row.account_id).await?;
    link::take(tx, app, token, &[LinkPurpose::Invitation]).await?;
    let terms = Terms {
        rights: row.rights,
        expires_at: row.expires_at,
    };
    let now = app.clock.now();
    let authority = Authority::of_member(tx, app, account, row.invited_by).await?;
    let may_give = authority.is_some_and(|authority| authority.check(terms).is_ok());
    if !may_give || row.expires_at.is_some_and(|end| end <= now) {
        return Err(link::invalid());
    }
    if is_taken(tx, &row.user_name).await? {
        return Err(Error::invalid(
            "token",
            Reason::NameTaken,
            "the user name is taken; ask for another invitation",
        ));
    }
    let taken = invitation::Entity::update_many()
        .col_expr(invitation::Column::AcceptedAt, Expr::value(now))
        .filter(invitation::COLUMN.id.eq(row.id))
        .filter(pending(now))
        .exec(tx)
        .await?;
    if taken.rows_affected == 1 {
        Ok(row)
    } else {
        Err(link::invalid())
    }
}

/// Lets a user into the account of an invitation.
async fn join(tx: &DatabaseTransaction, app: &App, invitation: &invitation::Model, user: UserId) -> Result<()> {
    let is_member = membership::Entity::find_by_id((user, invitation.account_id))
        .one(tx)
        .await?;
    if is_member.is_some() {
        return Err(link::invalid());
    }
    let row = membership::Model {
        user_id: user,
        account_id: invitation.account_id,
        rights: invitation.rights,
        expires_at: invitation.expires_at,
        blocked_at: None,
        created_at: app.clock.now(),
    };
    row.into_active_model().insert(tx).await?;
    Ok(())
}
