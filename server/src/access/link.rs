//! The link of an offer: lets the person at its address accept the read rights, of one assignment or of several that were
//! given in one go.
use super::{account_name, author, dealer, in_state, revoke, rights, standing};
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
    mail::{self, Template, template::Ends},
};
use chrono::{NaiveDate, TimeDelta};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, sea_query::Expr,
};
use shared::{
    account::{AccountKind, Language, Right},
    device::ReadRightState,
    id::{AccountId, AssignmentId},
    link::LinkPurpose,
    name::EmailAddress,
};
use uuid::Uuid;

/// What these links are for.
pub(super) const PURPOSE: LinkPurpose = LinkPurpose::ReadRights;

/// How long a right that nobody has accepted may be offered again without the dealer (security F03).
const PENDING_LIFE: TimeDelta = TimeDelta::days(90);

/// How many mails about one offer there are in a day, the first among them.
pub const MAILS_A_DAY: u64 = 3;

/// What a mail offers.
pub(super) struct Offered<'a> {
    pub(super) dealer: &'a str,
    pub(super) device_count: u64,
    pub(super) ends: Ends,
    pub(super) shows_keys: bool,
}

impl Offered<'_> {
    fn letter(self, app: &App, token: &str) -> Template {
        Template::ReadRights {
            dealer: self.dealer.to_owned(),
            device_count: self.device_count,
            ends: self.ends,
            shows_keys: self.shows_keys,
            link: link::address(app, PURPOSE, token),
            link_days: link::life(PURPOSE).num_days(),
        }
    }
}

/// Offers rights: a mail with a link, the token of which is stored nowhere.
pub(super) async fn offer(
    db: &impl ConnectionTrait,
    app: &App,
    id: Uuid,
    email: &EmailAddress,
    language: Language,
    offered: Offered<'_>,
) -> Result<()> {
    let token = add(db, app, id, email.as_str(), language).await?;
    mail::enqueue(db, app, email, language, &offered.letter(app, &token)).await
}

async fn add(db: &impl ConnectionTrait, app: &App, offer: Uuid, email: &str, language: Language) -> Result<String> {
    let new = link::NewLink {
        purpose: PURPOSE,
        email,
        user: None,
        account: None,
        object: Some(offer),
        language,
    };
    link::add(db, app, new).await
}

/// A mail with a new link in place of one that was not used in time; none if the rights are no longer offered.
///
/// # Errors
/// If the database refuses.
pub async fn renewed(db: &impl ConnectionTrait, app: &App, old: &Model) -> Result<Option<Template>> {
    let Some(offer) = old.object_id else { return Ok(None) };
    let fresh = assignment::COLUMN.created_at.gt(app.clock.now() - PENDING_LIFE);
    let rows = pending(db, app, offer).await?;
    let is_fresh = pending_of(app, offer).filter(fresh).one(db).await?.is_some();
    let Some(first) = rows.first().filter(|_| is_fresh) else {
        return Ok(None);
    };
    link::end_for(db, app, offer).await?;
    let token = add(db, app, offer, &old.email, old.language).await?;
    let name = account_name(db, first.account_id).await?;
    let offered = Offered {
        dealer: &name,
        device_count: device_count(db, app, offer).await?,
        ends: Ends::of(rows.iter().map(|row| row.until)),
        shows_keys: rows.iter().any(|row| !row.verify_only),
    };
    Ok(Some(offered.letter(app, &token)))
}

/// Sends the mails of assignments that are pending once more; the links of the former mails end. All or none.
///
/// # Errors
/// [`Error::Forbidden`] for all but dealers who manage keys; [`Error::NotFound`] for assignments of others;
/// [`Error::Conflict`] for those that are not pending; [`Error::Throttled`] after [`MAILS_A_DAY`] of an offer in a day.
pub async fn resend(app: &App, actor: &Actor, ids: &[AssignmentId]) -> Result<Vec<assignment::Model>> {
    let dealer = dealer(actor)?;
    let today = app.clock.today();
    let tx = app.begin().await?;
    let named = revoke::named(&tx, dealer, ids).await?;
    if named
        .iter()
        .any(|row| super::state(row, today) != ReadRightState::Pending)
    {
        return Err(Error::Conflict("only what is pending is offered again"));
    }
    let name = account_name(&tx, dealer).await?;
    let author = author(&tx, actor).await?;
    let mut offers: Vec<Uuid> = named.iter().map(|row| row.offer_id).collect();
    offers.sort_unstable();
    offers.dedup();
    for offer_id in offers {
        let lately = Entity::find()
            .filter(crate::entity::link::COLUMN.object_id.eq(offer_id))
            .filter(
                crate::entity::link::COLUMN
                    .created_at
                    .gt(app.clock.now() - TimeDelta::days(1)),
            )
            .count(&tx)
            .await?;
        if lately >= MAILS_A_DAY {
            return Err(Error::Throttled);
        }
        let rows = pending(&tx, app, offer_id).await?;
        let Some(first) = rows.first() else { continue };
        let email = EmailAddress::parse(&first.email).map_err(anyhow::Error::from)?;
        link::end_for(&tx, app, offer_id).await?;
        let offered = Offered {
            dealer: &name,
            device_count: device_count(&tx, app, offer_id).await?,
            ends: Ends::of(rows.iter().map(|row| row.until)),
            shows_keys: rows.iter().any(|row| !row.verify_only),
        };
        offer(&tx, app, offer_id, &email, author.language, offered).await?;
        let object = Some(first.id.to_string());
        audit::record(&tx, app, Some(actor), "resendReadRights", object, true).await?;
    }
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(named)
}

fn pending_of(app: &App, offer: Uuid) -> sea_orm::Select<assignment::Entity> {
    assignment::Entity::find()
        .filter(assignment::COLUMN.offer_id.eq(offer))
        .filter(in_state(ReadRightState::Pending, app.clock.today()))
}

/// The assignments of an offer that nobody has accepted; its caller knows the offer by a token or by the dealer's row.
async fn pending(db: &impl ConnectionTrait, app: &App, offer: Uuid) -> Result<Vec<assignment::Model>> {
    let rows = pending_of(app, offer).order_by_asc(assignment::Column::Id);
    Ok(rows.all(db).await?)
}

/// What the holder of a link is told about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The address that it was sent to.
    pub email: String,
    /// The dealer that gave the rights.
    pub from: String,
    /// How many devices it lets read.
    pub device_count: u64,
    /// The last day of the right that lasts longest.
    pub until: Option<NaiveDate>,
    /// Whether nobody can sign in with the address yet.
    pub needs_registration: bool,
}

/// The link of a token, if it still counts: unused, not expired, its assignment still pending.
fn good(app: &App, token: &str) -> Condition {
    let pending = assignment::Entity::find()
        .select_only()
        .column(assignment::Column::OfferId)
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

/// The offer that a link of this subject lets accept.
fn offer_of(link: &Model) -> Result<Uuid> {
    link.object_id.ok_or_else(link::invalid)
}

/// What the holder of a token may know of it. No actor: the token is the proof.
///
/// # Errors
/// [`Error::Invalid`] with `LINK_INVALID`, as with [`find_link`].
pub async fn invitation(app: &App, token: &str) -> Result<Invitation> {
    let link = find_link(&app.db, app, token).await?;
    let offer = offer_of(&link)?;
    let rows = pending(&app.db, app, offer).await?;
    let first = rows.first().ok_or_else(link::invalid)?;
    let registered = user::Entity::find()
        .filter(user::COLUMN.email.eq(link.email.as_str()))
        .one(&app.db)
        .await?;
    let until = rows.iter().map(|row| row.until.unwrap_or(NaiveDate::MAX)).max();
    Ok(Invitation {
        from: account_name(&app.db, first.account_id).await?,
        device_count: device_count(&app.db, app, offer).await?,
        until: until.filter(|until| *until != NaiveDate::MAX),
        needs_registration: registered.is_none(),
        email: link.email,
    })
}

/// Accepts for `account` what a link, already taken, stands for, and says how many devices that are.
///
/// # Errors
/// [`Error::Invalid`] with `LINK_INVALID` if the rights were revoked, accepted or ended in the meantime.
pub async fn accept(db: &impl ConnectionTrait, app: &App, link: &Model, account: AccountId) -> Result<u64> {
    let offer = offer_of(link)?;
    let accepted = assignment::Entity::update_many()
        .col_expr(assignment::Column::ReaderAccountId, Expr::value(account))
        .col_expr(assignment::Column::AcceptedAt, Expr::value(app.clock.now()))
        .filter(assignment::COLUMN.offer_id.eq(offer))
        .filter(assignment::COLUMN.accepted_at.is_null())
        .filter(standing(app.clock.today()))
        .exec(db)
        .await?;
    if accepted.rows_affected > 0 {
        device_count(db, app, offer).await
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
        Some(offer_of(&link)?.to_string()),
        true,
    )
    .await?;
    tx.commit().await?;
    Ok(device_count)
}

/// How many devices the rights of an offer that are neither revoked nor over are about.
async fn device_count(db: &impl ConnectionTrait, app: &App, offer: Uuid) -> Result<u64> {
    let count: Option<i64> = rights(standing(app.clock.today()).add(assignment::COLUMN.offer_id.eq(offer)))
        .select_only()
        .expr(Expr::col((read_right::Entity, read_right::Column::DeviceId)).count_distinct())
        .into_tuple()
        .one(db)
        .await?;
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
}
