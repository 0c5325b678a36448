//! Inviting people by e-mail address. The answers are the same whether somebody has the address or not; until the
//! person accepts, an invitation is no right at all.
use super::{
    Authority, Terms, end_of, is_taken, managed,
    name::{person_name, user_name},
};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{account, invitation, link as link_row, membership, user},
    error::{Error, Result},
    link, mail,
    page::Page,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef, sea_query::Expr,
};
use shared::{
    account::{Language, Rights},
    error::Reason,
    id::{AccountId, InvitationId, UserId},
    link::LinkPurpose,
    name::EmailAddress,
};

/// The most invitations of an account that wait at a time.
pub const PENDING_MAX: u64 = 100;

/// How long an invitation outlives its newest link, which can be sent again in that time (security F03).
pub const OUTLIVES_LINK: TimeDelta = TimeDelta::days(90);

/// Who is invited, and to what.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// The address of the person, as typed.
    pub email: String,
    /// What the person will sign in with, as typed: the account's number, a slash and a name.
    pub user_name: String,
    /// What the person is called.
    pub name: Option<String>,
    /// What the person may do.
    pub rights: Rights,
    /// The last day on which the access counts.
    pub until: Option<NaiveDate>,
}

/// What makes an invitation one that can still be accepted: neither accepted nor withdrawn nor forgotten.
pub(super) fn pending(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(invitation::COLUMN.accepted_at.is_null())
        .add(invitation::COLUMN.withdrawn_at.is_null())
        .add(
            invitation::COLUMN
                .sent_at
                .gt(now - link::life(LinkPurpose::Invitation) - OUTLIVES_LINK),
        )
}

/// When the newest link of an invitation ends.
pub fn link_ends(row: &invitation::Model) -> DateTime<Utc> {
    row.link_sent_at + link::life(LinkPurpose::Invitation)
}

/// Invites somebody into the account in view, by a mail with a link. An invitation to the same address that waits
/// already is withdrawn: the newer one takes its place.
///
/// # Errors
/// [`Error::Forbidden`] for all who do not manage members, and for rights that the actor does not have;
/// [`Error::StepUpRequired`]; [`Error::Invalid`] for what cannot be read, a taken user name, a member's address, a
/// past date or one beyond the actor's own; [`Error::TooLarge`] with too many invitations waiting.
pub async fn invite(app: &App, actor: &Actor, new: NewInvitation) -> Result<invitation::Model> {
    managed(actor)?;
    actor.require_step_up(app.clock.now())?;
    let email = EmailAddress::parse(&new.email)
        .map_err(|error| Error::invalid("email", Reason::NotAnEmail, error.to_string()))?;
    let name = person_name(new.name)?;
    let terms = Terms {
        rights: new.rights,
        expires_at: end_of(app, new.until)?,
    };
    let now = app.clock.now();

    let tx = app.begin().await?;
    let authority = Authority::of(&tx, app, actor).await?;
    authority.check(terms)?;
    let account = authority.account;
    let user_name = user_name(&new.user_name, &account.number)?;
    let member = membership::Entity::find()
        .join(JoinType::InnerJoin, to_user())
        .filter(membership::COLUMN.account_id.eq(account.id))
        .filter(user::COLUMN.email.eq(email.as_str()));
    if member.one(&tx).await?.is_some() {
        return Err(Error::invalid(
            "email",
            Reason::AlreadyMember,
            "this address belongs to a member",
        ));
    }
    withdraw_where(&tx, app, account.id, invitation::COLUMN.email.eq(email.as_str())).await?;
    let waiting = invitation::Entity::find()
        .filter(invitation::COLUMN.account_id.eq(account.id))
        .filter(pending(now));
    check_free(&tx, app, account.id, &user_name).await?;
    if waiting.count(&tx).await? >= PENDING_MAX {
        return Err(Error::TooLarge("at most 100 invitations wait at a time"));
    }
    let row = invitation::Model {
        id: InvitationId(app.new_id()),
        account_id: account.id,
        invited_by: actor.user,
        email: email.to_string(),
        user_name,
        name,
        rights: terms.rights,
        expires_at: terms.expires_at,
        created_at: now,
        sent_at: now,
        link_sent_at: now,
        accepted_at: None,
        withdrawn_at: None,
    };
    row.clone().into_active_model().insert(&tx).await?;
    send(&tx, app, &row, &account.name).await?;
    audit::record(&tx, app, Some(actor), "inviteMember", Some(row.id.to_string()), true).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(row)
}

/// That a user name of an account is neither signed in with nor promised to somebody who is invited.
///
/// # Errors
/// [`Error::Invalid`] with `NAME_TAKEN` at `userName`.
pub(super) async fn check_free(tx: &DatabaseTransaction, app: &App, account: AccountId, name: &str) -> Result<()> {
    let promised = invitation::Entity::find()
        .filter(invitation::COLUMN.account_id.eq(account))
        .filter(pending(app.clock.now()))
        .filter(invitation::COLUMN.user_name.eq(name));
    if !is_taken(tx, name).await? && promised.one(tx).await?.is_none() {
        return Ok(());
    }
    Err(Error::invalid(
        "userName",
        Reason::NameTaken,
        "the account has this user name already",
    ))
}

/// Sends an invitation of the account in view again. The link that was sent before is worth nothing from here on,
/// and the actor stands behind the invitation instead of whoever did.
///
/// # Errors
/// [`Error::Forbidden`] as with [`invite`]; [`Error::StepUpRequired`]; [`Error::NotFound`] for the invitations of
/// others, and those that no longer wait.
pub async fn resend(app: &App, actor: &Actor, id: InvitationId) -> Result<invitation::Model> {
    managed(actor)?;
    actor.require_step_up(app.clock.now())?;
    let tx = app.begin().await?;
    let authority = Authority::of(&tx, app, actor).await?;
    let row = waiting(&tx, app, authority.account.id, id).await?;
    authority.check(Terms {
        rights: row.rights,
        expires_at: row.expires_at,
    })?;
    let row = invitation::Model {
        invited_by: actor.user,
        sent_at: app.clock.now(),
        link_sent_at: app.clock.now(),
        ..row
    };
    row.clone().into_active_model().reset_all().update(&tx).await?;
    link::end_for(&tx, app, id.0).await?;
    send(&tx, app, &row, &authority.account.name).await?;
    audit::record(&tx, app, Some(actor), "resendInvitation", Some(id.to_string()), true).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(row)
}

/// Withdraws an invitation of the account in view. Its link is worth nothing from here on.
///
/// # Errors
/// As with [`resend`].
pub async fn withdraw(app: &App, actor: &Actor, id: InvitationId) -> Result<()> {
    managed(actor)?;
    actor.require_step_up(app.clock.now())?;
    let tx = app.begin().await?;
    let authority = Authority::of(&tx, app, actor).await?;
    let row = waiting(&tx, app, authority.account.id, id).await?;
    if !authority.terms.rights.cover(row.rights) {
        return Err(Error::Forbidden);
    }
    withdraw_where(&tx, app, row.account_id, invitation::COLUMN.id.eq(id)).await?;
    audit::record(&tx, app, Some(actor), "withdrawInvitation", Some(id.to_string()), true).await?;
    tx.commit().await?;
    Ok(())
}

/// A page of the invitations of the account in view that wait, newest first, and how many there are.
///
/// # Errors
/// [`Error::Forbidden`] for all who do not manage members.
pub async fn list(app: &App, actor: &Actor, page: &Page<InvitationId>) -> Result<(Vec<invitation::Model>, u64)> {
    let account = managed(actor)?.id;
    let matching = invitation::Entity::find()
        .filter(invitation::COLUMN.account_id.eq(account))
        .filter(pending(app.clock.now()));
    let total = matching.clone().count(&app.db).await?;
    let rows = matching
        .apply_if(page.after, |rows, after| rows.filter(invitation::COLUMN.id.lt(after)))
        .order_by_desc(invitation::Column::Id)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    Ok((rows, total))
}

/// Withdraws what waits of an account and fits; links die with it.
pub(super) async fn withdraw_where(tx: &DatabaseTransaction, app: &App, account: AccountId, which: Expr) -> Result<()> {
    let now = app.clock.now();
    let chosen = invitation::Entity::find()
        .filter(invitation::COLUMN.account_id.eq(account))
        .filter(which)
        .filter(pending(now))
        .select_only()
        .column(invitation::Column::Id)
        .into_query();
    link_row::Entity::update_many()
        .col_expr(link_row::Column::UsedAt, Expr::value(now))
        .filter(link_row::COLUMN.object_id.in_subquery(chosen.clone()))
        .filter(link_row::COLUMN.used_at.is_null())
        .exec(tx)
        .await?;
    invitation::Entity::update_many()
        .col_expr(invitation::Column::WithdrawnAt, Expr::value(now))
        .filter(invitation::COLUMN.id.in_subquery(chosen))
        .exec(tx)
        .await?;
    Ok(())
}

/// An invitation of an account that waits.
async fn waiting(
    db: &impl ConnectionTrait,
    app: &App,
    account: AccountId,
    id: InvitationId,
) -> Result<invitation::Model> {
    invitation::Entity::find_by_id(id)
        .filter(invitation::COLUMN.account_id.eq(account))
        .filter(pending(app.clock.now()))
        .one(db)
        .await?
        .ok_or(Error::NotFound("invitation"))
}

/// Mails a new link of an invitation, in the language of whoever invites.
async fn send(tx: &DatabaseTransaction, app: &App, row: &invitation::Model, account: &str) -> Result<()> {
    let inviter = user::Entity::find_by_id(row.invited_by)
        .one(tx)
        .await?
        .ok_or(Error::Unauthenticated)?;
    let language = inviter.language;
    let letter = letter(tx, app, row, account, inviter.name, language).await?;
    let recipient = EmailAddress::parse(&row.email).map_err(|_| link::invalid())?;
    mail::enqueue(tx, app, &recipient, language, &letter).await
}

/// A mail with a new link of an invitation.
async fn letter(
    db: &impl ConnectionTrait,
    app: &App,
    row: &invitation::Model,
    account: &str,
    inviter: Option<String>,
    language: Language,
) -> Result<mail::Template> {
    let new = link::NewLink {
        purpose: LinkPurpose::Invitation,
        email: &row.email,
        user: None,
        account: Some(row.account_id),
        object: Some(row.id.0),
        language,
    };
    let token = link::add(db, app, new).await?;
    Ok(mail::Template::Invitation {
        account: account.to_owned(),
        inviter: inviter.unwrap_or_else(|| account.to_owned()),
        user_name: row.user_name.clone(),
        link: link::address(app, LinkPurpose::Invitation, &token),
        link_days: link::life(LinkPurpose::Invitation).num_days(),
    })
}

/// A mail with a new link in place of one that was not used in time; none if the invitation no longer waits. The
/// link ends later then, the invitation does not: that only the inviter moves, by sending it again. No actor: the expired link is the
/// proof, and the mail goes to its address.
///
/// # Errors
/// If the database refuses.
pub async fn renewed(db: &impl ConnectionTrait, app: &App, old: &link_row::Model) -> Result<Option<mail::Template>> {
    let row = match invited_by(db, app, old).await {
        Ok(row) => row,
        Err(Error::Invalid { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let account = account::Entity::find_by_id(row.account_id).one(db).await?;
    let Some(account) = account else { return Ok(None) };
    let inviter = user::Entity::find_by_id(row.invited_by).one(db).await?;
    link::end_for(db, app, row.id.0).await?;
    invitation::Entity::update_many()
        .col_expr(invitation::Column::LinkSentAt, Expr::value(app.clock.now()))
        .filter(invitation::COLUMN.id.eq(row.id))
        .exec(db)
        .await?;
    let name = inviter.and_then(|inviter| inviter.name);
    Ok(Some(letter(db, app, &row, &account.name, name, old.language).await?))
}

/// What the holder of a link is told about his invitation.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The invitation.
    pub invitation: invitation::Model,
    /// The account.
    pub account: account::Model,
    /// What the person is called who invites.
    pub inviter: Option<String>,
    /// Whether nobody can sign in with the address yet.
    pub needs_registration: bool,
}

/// What the link of a token stands for. No actor: the token is the proof, and looking at it changes nothing.
///
/// # Errors
/// [`Error::Invalid`] with `LINK_INVALID` if it was used, has expired, was withdrawn or never existed.
pub async fn offer(app: &App, token: &str) -> Result<Offer> {
    let link = link::find(&app.db, app, token, &[LinkPurpose::Invitation]).await?;
    let invitation = invited_by(&app.db, app, &link).await?;
    let account = account::Entity::find_by_id(invitation.account_id)
        .one(&app.db)
        .await?
        .ok_or_else(link::invalid)?;
    let inviter = user::Entity::find_by_id(invitation.invited_by).one(&app.db).await?;
    let registered = user::Entity::find()
        .filter(user::COLUMN.email.eq(link.email.as_str()))
        .one(&app.db)
        .await?;
    Ok(Offer {
        invitation,
        account,
        inviter: inviter.and_then(|user| user.name),
        needs_registration: registered.is_none(),
    })
}

/// The invitation that a link lets accept, if it still waits.
pub(super) async fn invited_by(
    db: &impl ConnectionTrait,
    app: &App,
    link: &link_row::Model,
) -> Result<invitation::Model> {
    let id = link.object_id.map(InvitationId).ok_or_else(link::invalid)?;
    invitation::Entity::find_by_id(id)
        .filter(pending(app.clock.now()))
        .one(db)
        .await?
        .ok_or_else(link::invalid)
}

/// Withdraws what a member who loses rights has invited others to.
pub(super) async fn withdraw_of(
    tx: &DatabaseTransaction,
    app: &App,
    account: AccountId,
    inviter: UserId,
) -> Result<()> {
    withdraw_where(tx, app, account, invitation::COLUMN.invited_by.eq(inviter)).await
}

fn to_user() -> RelationDef {
    membership::Entity::belongs_to(user::Entity)
        .from(membership::Column::UserId)
        .to(user::Column::Id)
        .into()
}
