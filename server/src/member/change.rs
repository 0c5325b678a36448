//! Changing, blocking and removing members. The person is told by mail; sessions that are open see it at their next
//! request (security E05).
use super::{Authority, Member, chief, end_of, invitation, managed, names_of, show};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{membership, sign_in_name},
    error::{Error, Result},
    mail::{self, Template},
};
use chrono::NaiveDate;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, sea_query::Expr,
};
use shared::{
    account::{AccountKind, Rights},
    error::Reason,
    id::UserId,
};

/// What to change of a member; what is none stays.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// What he may do.
    pub rights: Option<Rights>,
    /// The last day on which his access counts; none inside takes the end away.
    pub until: Option<Option<NaiveDate>>,
}

/// Changes what a member of the account in view may do, and until when.
///
/// # Errors
/// [`Error::Forbidden`] for all who do not manage members, for rights that the actor does not have, and for members
/// who have such; [`Error::StepUpRequired`]; [`Error::NotFound`] if he is no member; [`Error::Invalid`] with
/// `LAST_OWNER`, `DATE_IN_PAST`, `END_TOO_LATE` or `MISSING`.
pub async fn change(app: &App, actor: &Actor, user: UserId, change: Change) -> Result<Member> {
    let (tx, authority, member) = begin(app, actor, user).await?;
    let mut changed = member.clone();
    if let Some(rights) = change.rights {
        authority.check_rights(rights)?;
        changed.rights = rights;
    }
    if let Some(until) = change.until {
        changed.expires_at = end_of(app, until)?;
        authority.check_end(changed.expires_at)?;
    }
    let field = if changed.rights.cover(member.rights) {
        "until"
    } else {
        "rights"
    };
    keep_a_chief(&tx, authority.account.kind, &member, Some(&changed), field).await?;
    if !changed.rights.cover(member.rights) {
        invitation::withdraw_of(&tx, app, member.account_id, user).await?;
    }
    let letter = Template::RightsChanged {
        account: authority.account.name,
    };
    finish(tx, app, actor, "changeMember", Some(changed), user, letter).await?;
    show(app, managed(actor)?, user).await
}

/// Shuts a member of the account in view out, until he is let in again.
///
/// # Errors
/// As with [`change`]; [`Error::Conflict`] if he is shut out already.
pub async fn block(app: &App, actor: &Actor, user: UserId) -> Result<Member> {
    let (tx, authority, member) = begin(app, actor, user).await?;
    if member.blocked_at.is_some() {
        return Err(Error::Conflict("the member is blocked already"));
    }
    let blocked = membership::Model {
        blocked_at: Some(app.clock.now()),
        ..member.clone()
    };
    keep_a_chief(&tx, authority.account.kind, &member, Some(&blocked), "userId").await?;
    invitation::withdraw_of(&tx, app, member.account_id, user).await?;
    let letter = Template::AccessBlocked {
        account: authority.account.name,
    };
    finish(tx, app, actor, "blockMember", Some(blocked), user, letter).await?;
    show(app, managed(actor)?, user).await
}

/// Lets a member of the account in view in again.
///
/// # Errors
/// As with [`change`]; [`Error::Conflict`] if he is not shut out.
pub async fn unblock(app: &App, actor: &Actor, user: UserId) -> Result<Member> {
    let (tx, authority, member) = begin(app, actor, user).await?;
    if member.blocked_at.is_none() {
        return Err(Error::Conflict("the member is not blocked"));
    }
    let open = membership::Model {
        blocked_at: None,
        ..member
    };
    let letter = Template::AccessUnblocked {
        account: authority.account.name,
    };
    finish(tx, app, actor, "unblockMember", Some(open), user, letter).await?;
    show(app, managed(actor)?, user).await
}

/// Removes a member from the account in view, with the names by which he signs in to it. Other accounts of the
/// person, and his address, stay.
///
/// # Errors
/// As with [`change`].
pub async fn remove(app: &App, actor: &Actor, user: UserId) -> Result<()> {
    let (tx, authority, member) = begin(app, actor, user).await?;
    keep_a_chief(&tx, authority.account.kind, &member, None, "userId").await?;
    invitation::withdraw_of(&tx, app, member.account_id, user).await?;
    sign_in_name::Entity::delete_many()
        .filter(sign_in_name::COLUMN.user_id.eq(user))
        .filter(names_of(&authority.account.number))
        .exec(&tx)
        .await?;
    membership::Entity::delete_by_id((user, member.account_id))
        .exec(&tx)
        .await?;
    let letter = Template::AccessRemoved {
        account: authority.account.name,
    };
    finish(tx, app, actor, "removeMember", None, user, letter).await
}

/// Begins a change of a member: who may do it, and whom it is about, both read while the account is held.
pub(super) async fn begin(
    app: &App,
    actor: &Actor,
    user: UserId,
) -> Result<(DatabaseTransaction, Authority, membership::Model)> {
    managed(actor)?;
    actor.require_step_up(app.clock.now())?;
    let tx = app.begin().await?;
    let authority = Authority::of(&tx, app, actor).await?;
    let member = membership::Entity::find_by_id((user, authority.account.id))
        .one(&tx)
        .await?
        .ok_or(Error::NotFound("member"))?;
    if authority.terms.rights.cover(member.rights) {
        Ok((tx, authority, member))
    } else {
        Err(Error::Forbidden)
    }
}

/// Writes the member, the audit row and the mail, and commits.
pub(super) async fn finish(
    tx: DatabaseTransaction,
    app: &App,
    actor: &Actor,
    act: &'static str,
    member: Option<membership::Model>,
    user: UserId,
    letter: Template,
) -> Result<()> {
    if let Some(member) = member {
        member.into_active_model().reset_all().update(&tx).await?;
    }
    audit::record(&tx, app, Some(actor), act, Some(user.to_string()), true).await?;
    mail::enqueue_to(&tx, app, user, &letter).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(())
}

/// That after a change somebody is left who may do everything in the account, for good.
async fn keep_a_chief(
    tx: &DatabaseTransaction,
    kind: AccountKind,
    before: &membership::Model,
    after: Option<&membership::Model>,
    field: &'static str,
) -> Result<()> {
    let stays = after.is_some_and(|after| is_chief(kind, after));
    if stays || !is_chief(kind, before) {
        return Ok(());
    }
    let right = Rights::of(&[chief(kind)]);
    let others = membership::Entity::find()
        .filter(membership::COLUMN.account_id.eq(before.account_id))
        .filter(membership::COLUMN.user_id.ne(before.user_id))
        .filter(membership::COLUMN.blocked_at.is_null())
        .filter(membership::COLUMN.expires_at.is_null())
        .filter(Expr::col(membership::Column::Rights).bit_and(right.0).ne(0))
        .count(tx)
        .await?;
    if others > 0 {
        return Ok(());
    }
    Err(Error::invalid(
        field,
        Reason::LastOwner,
        "somebody has to stay who may do everything, without an end and not blocked",
    ))
}

/// Whether a member may do everything, for good.
fn is_chief(kind: AccountKind, row: &membership::Model) -> bool {
    row.rights.allow(chief(kind)) && row.blocked_at.is_none() && row.expires_at.is_none()
}
