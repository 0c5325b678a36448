//! More keys than the quota allows: a second person of the account approves, else the dealer who gave all the devices,
//! else a day has to pass, of which a mail tells. What was approved can be done once, within a day.
use super::{DeviceSelection, Scope, selection};
use crate::{
    actor::{Actor, InView},
    app::App,
    audit,
    entity::{account, device, key_request, key_request_device, membership, user},
    error::{Error, Result},
    mail,
    page::Page,
};
use anyhow::anyhow;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, Query, SelectStatement},
};
use shared::{
    account::Right,
    device::KeyRequestState,
    id::{AccountId, DeviceId, KeyRequestId, UserId},
};
use std::collections::BTreeSet;

/// How long what was approved can be done, and how long a request waits that nobody can decide.
pub const OPEN_FOR: TimeDelta = TimeDelta::hours(24);

/// How long somebody may take to decide.
pub const DECIDED_WITHIN: TimeDelta = TimeDelta::days(7);

/// The most devices of a request, and of an export.
pub const DEVICES_MAX: u64 = 10_000;

/// Where a request stands at a moment.
pub fn state(row: &key_request::Model, now: DateTime<Utc>) -> KeyRequestState {
    let opened = match row.is_approved {
        Some(false) => return KeyRequestState::Refused,
        Some(true) => row.decided_at,
        None => row.opens_at,
    };
    if row.used_at.is_some() {
        KeyRequestState::Used
    } else if row.cancelled_at.is_some() {
        KeyRequestState::Cancelled
    } else {
        match opened {
            Some(opened) if now < opened => KeyRequestState::Waiting,
            Some(opened) if now < opened + OPEN_FOR => KeyRequestState::Open,
            None if now < row.created_at + DECIDED_WITHIN => KeyRequestState::Pending,
            _ => KeyRequestState::Expired,
        }
    }
}

/// Asks for all keys of the devices of a selection, and tells whoever decides.
///
/// # Errors
/// [`Error::Forbidden`] without the right to read keys, and for a program's token; [`Error::NotFound`] for devices whose
/// keys the actor may not see; [`Error::Invalid`] for none; [`Error::TooLarge`] for more than [`DEVICES_MAX`].
pub async fn ask(app: &App, actor: &Actor, selection: &DeviceSelection) -> Result<key_request::Model> {
    let account = actor.require(Right::ReadKeys)?.id;
    actor.require_session()?;
    let today = app.clock.today();
    let seen = Scope::of(actor)?.revealable(today);
    let chosen = selection::choose_among(seen, account, selection, today)?;
    let tx = app.begin().await?;
    let count = device::Entity::find().filter(chosen.devices.clone()).count(&tx).await?;
    chosen.check(count)?;
    let device_count = i32::try_from(count)
        .ok()
        .filter(|_| count <= DEVICES_MAX)
        .ok_or(Error::TooLarge("a request has at most 10,000 devices"))?;
    let (approver, deciders) = deciders(&tx, app, actor, account, chosen.devices.clone()).await?;
    let now = app.clock.now();
    let row = key_request::Model {
        id: KeyRequestId(app.new_id()),
        account_id: account,
        user_id: actor.user,
        approver_account_id: approver,
        device_count,
        created_at: now,
        opens_at: approver.is_none().then_some(now + OPEN_FOR),
        decided_at: None,
        decided_by: None,
        is_approved: None,
        cancelled_at: None,
        used_at: None,
    };
    key_request::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(&tx)
        .await?;
    let devices = device::Entity::find()
        .select_only()
        .expr(Expr::val(row.id))
        .column(device::Column::Id)
        .filter(chosen.devices);
    let mut insert = Query::insert();
    insert
        .into_table(key_request_device::Entity)
        .columns([
            key_request_device::Column::RequestId,
            key_request_device::Column::DeviceId,
        ])
        .select_from(devices.into_query())
        .map_err(|error| anyhow!("devices of a request could not be added: {error}"))?;
    tx.execute(&insert).await?;
    let names = Names::of(&tx, &row).await?;
    let letter = if approver.is_some() {
        names.request(app, count)
    } else {
        names.waiting(app, count)
    };
    for user in deciders {
        mail::enqueue_to(&tx, app, user, &letter).await?;
    }
    let object = Some(format!("{} {count}", row.id));
    audit::record(&tx, app, Some(actor), "requestKeys", object, true).await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(row)
}

/// Who can decide: other people of the account who read keys; else those of the one dealer who holds all the devices;
/// else nobody, and the person himself hears of it.
async fn deciders(
    db: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    account: AccountId,
    devices: Condition,
) -> Result<(Option<AccountId>, Vec<UserId>)> {
    let own = people(db, app, account, Right::ReadKeys, Some(actor.user)).await?;
    if !own.is_empty() {
        return Ok((Some(account), own));
    }
    let holders: Vec<AccountId> = device::Entity::find()
        .select_only()
        .column(device::Column::AccountId)
        .distinct()
        .filter(devices)
        .limit(2)
        .into_tuple()
        .all(db)
        .await?;
    if let [dealer] = holders.as_slice()
        && *dealer != account
    {
        let people = people(db, app, *dealer, Right::ManageKeys, Some(actor.user)).await?;
        if !people.is_empty() {
            return Ok((Some(*dealer), people));
        }
    }
    Ok((None, vec![actor.user]))
}

/// The members of an account who have a right now, but for one person if one is named.
pub(crate) async fn people(
    db: &impl ConnectionTrait,
    app: &App,
    account: AccountId,
    right: Right,
    but: Option<UserId>,
) -> Result<Vec<UserId>> {
    let members = membership::Entity::find()
        .filter(membership::COLUMN.account_id.eq(account))
        .apply_if(but, |members, but| members.filter(membership::COLUMN.user_id.ne(but)))
        .filter(membership::COLUMN.blocked_at.is_null())
        .filter(
            Condition::any()
                .add(membership::COLUMN.expires_at.is_null())
                .add(membership::COLUMN.expires_at.gt(app.clock.now())),
        )
        .all(db)
        .await?;
    let able = members.into_iter().filter(|member| member.rights.allow(right));
    Ok(able.map(|member| member.user_id).collect())
}

/// Whether the actor may decide a request: another person of the account that decides.
fn decides(actor: &Actor, row: &key_request::Model) -> bool {
    let Ok(InView { id, .. }) = actor.in_view() else {
        return false;
    };
    let right = if row.approver_account_id == Some(row.account_id) {
        Right::ReadKeys
    } else {
        Right::ManageKeys
    };
    row.approver_account_id == Some(*id) && row.user_id != actor.user && actor.may(right)
}

/// What the actor can do with a request at a moment: decide it, take it back.
pub fn abilities(app: &App, actor: &Actor, row: &key_request::Model) -> (bool, bool) {
    let state = state(row, app.clock.now());
    let is_own = actor.in_view().is_ok_and(|account| account.id == row.account_id);
    let stands = matches!(
        state,
        KeyRequestState::Pending | KeyRequestState::Waiting | KeyRequestState::Open
    );
    (
        state == KeyRequestState::Pending && decides(actor, row),
        stands && is_own && actor.may(Right::ReadKeys),
    )
}

/// The requests that the actor sees: those of his account, and those that his account decides.
fn visible(actor: &Actor) -> Result<Condition> {
    let account = actor.in_view()?.id;
    let (reads, manages) = (actor.may(Right::ReadKeys), actor.may(Right::ManageKeys));
    if !reads && !manages {
        return Err(Error::Forbidden);
    }
    Ok(Condition::any()
        .add_option(reads.then(|| key_request::COLUMN.account_id.eq(account)))
        .add_option(manages.then(|| key_request::COLUMN.approver_account_id.eq(account))))
}

/// A page of the requests that the actor made or may decide, newest first, and how many there are.
///
/// # Errors
/// [`Error::Forbidden`] for who neither reads nor manages keys.
pub async fn list(app: &App, actor: &Actor, page: &Page<KeyRequestId>) -> Result<(Vec<key_request::Model>, u64)> {
    let matching = key_request::Entity::find().filter(visible(actor)?);
    let total = matching.clone().count(&app.db).await?;
    let rows = matching
        .apply_if(page.after, |rows, after| rows.filter(key_request::COLUMN.id.lt(after)))
        .order_by_desc(key_request::Column::Id)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    Ok((rows, total))
}

/// How many requests wait for the decision of the actor.
///
/// # Errors
/// If the database refuses.
pub async fn waiting(app: &App, actor: &Actor) -> Result<u64> {
    let Ok(InView { id, .. }) = actor.in_view() else {
        return Ok(0);
    };
    let (reads, manages) = (actor.may(Right::ReadKeys), actor.may(Right::ManageKeys));
    if !reads && !manages {
        return Ok(0);
    }
    let decides = Condition::any()
        .add_option(reads.then(|| key_request::COLUMN.account_id.eq(*id)))
        .add_option(manages.then(|| key_request::COLUMN.account_id.ne(*id)));
    Ok(key_request::Entity::find()
        .filter(key_request::COLUMN.approver_account_id.eq(*id))
        .filter(key_request::COLUMN.user_id.ne(actor.user))
        .filter(decides)
        .filter(key_request::COLUMN.decided_at.is_null())
        .filter(key_request::COLUMN.cancelled_at.is_null())
        .filter(key_request::COLUMN.created_at.gt(app.clock.now() - DECIDED_WITHIN))
        .count(&app.db)
        .await?)
}

/// A request that the actor sees.
async fn find(db: &impl ConnectionTrait, actor: &Actor, id: KeyRequestId) -> Result<key_request::Model> {
    key_request::Entity::find_by_id(id)
        .filter(visible(actor)?)
        .one(db)
        .await?
        .ok_or(Error::NotFound("keyRequest"))
}

/// Approves or refuses a request, and tells who made it.
///
/// # Errors
/// [`Error::NotFound`] for requests that the actor does not see; [`Error::Forbidden`] for those that another has to
/// decide, one's own above all; [`Error::Conflict`] if it was decided or is over; [`Error::StepUpRequired`] if the actor
/// did not prove lately who he is.
pub async fn decide(app: &App, actor: &Actor, id: KeyRequestId, is_approved: bool) -> Result<key_request::Model> {
    let now = app.clock.now();
    let tx = app.begin().await?;
    let row = find(&tx, actor, id).await?;
    if !decides(actor, &row) {
        return Err(Error::Forbidden);
    }
    if state(&row, now) != KeyRequestState::Pending {
        return Err(Error::Conflict("the request was decided already, or is over"));
    }
    actor.require_step_up(now)?;
    let decided = key_request::Entity::update_many()
        .col_expr(key_request::Column::DecidedAt, Expr::value(now))
        .col_expr(key_request::Column::DecidedBy, Expr::value(actor.user))
        .col_expr(key_request::Column::IsApproved, Expr::value(is_approved))
        .filter(key_request::COLUMN.id.eq(id))
        .filter(key_request::COLUMN.account_id.eq(row.account_id))
        .filter(key_request::COLUMN.decided_at.is_null())
        .filter(key_request::COLUMN.cancelled_at.is_null())
        .exec(&tx)
        .await?;
    if decided.rows_affected != 1 {
        return Err(Error::Conflict("the request was decided already, or is over"));
    }
    let count = u64::try_from(row.device_count).unwrap_or_default();
    let letter = Names::of(&tx, &row).await?.decided(app, count, is_approved);
    mail::enqueue_to(&tx, app, row.user_id, &letter).await?;
    let act = if is_approved {
        "approveKeyRequest"
    } else {
        "refuseKeyRequest"
    };
    // Both accounts see it: the one that decides, and the one that it is decided for.
    let accounts = BTreeSet::from_iter([row.account_id].into_iter().chain(row.approver_account_id));
    for account in accounts {
        let entry = audit::Entry {
            user: Some(actor.user),
            account: Some(account),
            act,
            object: Some(id.to_string()),
            ip: actor.ip.clone(),
            ..audit::Entry::default()
        };
        audit::add(&tx, app, entry).await?;
    }
    tx.commit().await?;
    app.mail_waits.notify_one();
    get_again(app, actor, id).await
}

/// Takes a request back: whoever reads keys in its account can, not only who made it.
///
/// # Errors
/// [`Error::NotFound`] for requests that the actor does not see; [`Error::Forbidden`] for those of other accounts;
/// [`Error::Conflict`] if it is over.
pub async fn cancel(app: &App, actor: &Actor, id: KeyRequestId) -> Result<key_request::Model> {
    let tx = app.begin().await?;
    let row = find(&tx, actor, id).await?;
    if actor.require(Right::ReadKeys)?.id != row.account_id {
        return Err(Error::Forbidden);
    }
    if !abilities(app, actor, &row).1 {
        return Err(Error::Conflict("the request is over already"));
    }
    let cancelled = key_request::Entity::update_many()
        .col_expr(key_request::Column::CancelledAt, Expr::value(app.clock.now()))
        .filter(key_request::COLUMN.id.eq(id))
        .filter(key_request::COLUMN.account_id.eq(row.account_id))
        .filter(key_request::COLUMN.used_at.is_null())
        .filter(key_request::COLUMN.cancelled_at.is_null())
        .exec(&tx)
        .await?;
    if cancelled.rows_affected != 1 {
        return Err(Error::Conflict("the request is over already"));
    }
    audit::record(&tx, app, Some(actor), "cancelKeyRequest", Some(id.to_string()), true).await?;
    tx.commit().await?;
    get_again(app, actor, id).await
}

async fn get_again(app: &App, actor: &Actor, id: KeyRequestId) -> Result<key_request::Model> {
    find(&app.db, actor, id).await
}

/// Uses an open request of the actor up, in one statement, so that of two at the same time one gets it.
///
/// # Errors
/// [`Error::NotFound`] for the requests of others; [`Error::Conflict`] for one that is not open, or was used.
pub async fn take(db: &impl ConnectionTrait, app: &App, actor: &Actor, id: KeyRequestId) -> Result<()> {
    let account = actor.require(Right::ReadKeys)?.id;
    let own = key_request::Entity::find_by_id(id)
        .filter(key_request::COLUMN.account_id.eq(account))
        .filter(key_request::COLUMN.user_id.eq(actor.user))
        .one(db)
        .await?
        .ok_or(Error::NotFound("keyRequest"))?;
    let closed = Error::Conflict("the request is not open: it was used, taken back or refused, or its time is over");
    if state(&own, app.clock.now()) != KeyRequestState::Open {
        return Err(closed);
    }
    let used = key_request::Entity::update_many()
        .col_expr(key_request::Column::UsedAt, Expr::value(app.clock.now()))
        .filter(key_request::COLUMN.id.eq(id))
        .filter(key_request::COLUMN.account_id.eq(account))
        .filter(key_request::COLUMN.used_at.is_null())
        .filter(key_request::COLUMN.cancelled_at.is_null())
        .exec(db)
        .await?;
    if used.rows_affected == 1 { Ok(()) } else { Err(closed) }
}

/// The ids of the devices of a request.
pub fn devices(id: KeyRequestId) -> SelectStatement {
    key_request_device::Entity::find()
        .select_only()
        .column(key_request_device::Column::DeviceId)
        .filter(key_request_device::COLUMN.request_id.eq(id))
        .into_query()
}

/// Whether a request is about a device.
///
/// # Errors
/// If the database refuses.
pub async fn names(db: &impl ConnectionTrait, id: KeyRequestId, device: DeviceId) -> Result<bool> {
    Ok(key_request_device::Entity::find_by_id((id, device))
        .one(db)
        .await?
        .is_some())
}

/// What mails say of a request.
struct Names {
    account: String,
    person: String,
}

impl Names {
    async fn of(db: &impl ConnectionTrait, row: &key_request::Model) -> Result<Self> {
        let account = account::Entity::find_by_id(row.account_id).one(db).await?;
        let person = user::Entity::find_by_id(row.user_id).one(db).await?;
        Ok(Self {
            account: account.map(|account| account.name).unwrap_or_default(),
            person: person
                .and_then(|person| person.name.or(person.email))
                .unwrap_or_default(),
        })
    }

    fn request(self, app: &App, device_count: u64) -> mail::Template {
        mail::Template::KeyRequest {
            account: self.account,
            person: self.person,
            device_count,
            page: page(app),
        }
    }

    fn waiting(self, app: &App, device_count: u64) -> mail::Template {
        mail::Template::KeyRequestWaits {
            account: self.account,
            device_count,
            page: page(app),
        }
    }

    fn decided(self, app: &App, device_count: u64, is_approved: bool) -> mail::Template {
        mail::Template::KeyRequestDecided {
            account: self.account,
            device_count,
            is_approved,
            page: page(app),
        }
    }
}

fn page(app: &App) -> String {
    format!("{}/approvals", app.settings.origin)
}
