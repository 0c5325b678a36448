//! Who may read which devices: dealers give rights by e-mail address, people accept them for an account.
pub mod graphql;
mod link;
pub mod load;

pub use graphql::{Assignment, ReadRight};
pub use link::{Invitation, accept, accept_for, find_link, invitation, take_link};

use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{account, assignment, device, link as link_row, read_right, user},
    error::{Error, Result},
    mail,
    meter::{self, DeviceSelection},
    page::Page,
};
use anyhow::anyhow;
use chrono::{NaiveDate, TimeDelta};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef, Select,
    sea_query::{Expr, Query, SelectStatement},
};
use shared::{
    account::{AccountKind, Right},
    device::ReadRightState,
    error::Reason,
    id::{AccountId, AssignmentId},
    name::EmailAddress,
};

/// The longest note of an assignment, in characters.
pub const NOTE_MAX: usize = 500;

/// What a dealer gives to whom.
#[derive(Clone, Debug)]
pub struct NewAssignment {
    /// The devices.
    pub selection: DeviceSelection,
    /// The address of the person, as typed.
    pub email: String,
    /// The first day on which the right counts; none for at once.
    pub starts_on: Option<NaiveDate>,
    /// The last day on which the right counts.
    pub until: Option<NaiveDate>,
    /// Whether it only lets prove keys, without seeing one.
    pub verify_only: bool,
    /// The dealer's own words about it.
    pub note: Option<String>,
}

/// Gives the right to read devices that the dealer holds. It is pending until the person accepts it by the link in
/// the mail; the answer is the same whether somebody has this address or not.
///
/// # Errors
/// [`Error::Forbidden`] for all but dealers who manage keys; [`Error::NotFound`] if one of the devices is not held,
/// nothing is given then; [`Error::Invalid`] for an empty selection, a wrong address, a past date or a long note.
pub async fn assign(app: &App, actor: &Actor, new: NewAssignment) -> Result<assignment::Model> {
    let dealer = actor.require_in(AccountKind::Dealer, Right::ManageKeys)?.id;
    let today = app.clock.today();
    let email = EmailAddress::parse(&new.email)
        .map_err(|error| Error::invalid("email", Reason::NotAnEmail, error.to_string()))?;
    if new.until.is_some_and(|until| until < today) {
        return Err(Error::invalid(
            "until",
            Reason::DateInPast,
            "the last day lies in the past",
        ));
    }
    if let (Some(first), Some(last)) = (new.starts_on, new.until)
        && first > last
    {
        return Err(Error::invalid(
            "startsOn",
            Reason::EndBeforeStart,
            "the first day lies behind the last",
        ));
    }
    let note = new
        .note
        .map(|note| note.trim().to_owned())
        .filter(|note| !note.is_empty());
    if note.as_ref().is_some_and(|note| note.chars().count() > NOTE_MAX) {
        return Err(Error::invalid(
            "note",
            Reason::TooLong,
            format!("a note has at most {NOTE_MAX} characters"),
        ));
    }
    let chosen = meter::choose(dealer, &new.selection, today)?;

    let tx = app.begin().await?;
    let row = assignment::Model {
        id: AssignmentId(app.new_id()),
        account_id: dealer,
        user_id: actor.user,
        email: email.to_string(),
        reader_account_id: None,
        starts_on: new.starts_on,
        until: new.until,
        verify_only: new.verify_only,
        note,
        created_at: app.clock.now(),
        accepted_at: None,
        revoked_at: None,
    };
    row.clone().into_active_model().insert(&tx).await?;
    let device_count = add_devices(&tx, row.id, chosen.devices).await?;
    if chosen.expected.is_some_and(|expected| expected != device_count) {
        return Err(Error::NotFound("device"));
    }
    if device_count == 0 {
        return Err(meter::nothing_selected());
    }
    let author = user::Entity::find_by_id(actor.user)
        .one(&tx)
        .await?
        .ok_or(Error::Unauthenticated)?;
    let token = link::add(&tx, app, &row, author.language).await?;
    let letter = letter(&tx, app, &row, device_count, &token).await?;
    mail::enqueue(&tx, app, &email, author.language, &letter).await?;
    audit::record(
        &tx,
        app,
        Some(actor),
        "assignReadRights",
        Some(row.id.to_string()),
        true,
    )
    .await?;
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(row)
}

/// Adds the chosen devices in one statement, however many there are, and says how many it added.
async fn add_devices(db: &impl ConnectionTrait, assignment: AssignmentId, devices: Condition) -> Result<u64> {
    let chosen = device::Entity::find()
        .select_only()
        .expr(Expr::val(assignment))
        .column(device::Column::Id)
        .filter(devices);
    let mut insert = Query::insert();
    insert
        .into_table(read_right::Entity)
        .columns([read_right::Column::AssignmentId, read_right::Column::DeviceId])
        .select_from(chosen.into_query())
        .map_err(|error| anyhow!("read rights could not be added: {error}"))?;
    Ok(db.execute(&insert).await?.rows_affected())
}

/// Ends an assignment of the dealer at once; a link that still waits dies with it.
///
/// # Errors
/// [`Error::Forbidden`] for all but dealers who manage keys; [`Error::NotFound`] for the assignments of others;
/// [`Error::Conflict`] if it was revoked already.
pub async fn revoke(app: &App, actor: &Actor, id: AssignmentId) -> Result<assignment::Model> {
    let dealer = actor.require_in(AccountKind::Dealer, Right::ManageKeys)?.id;
    let now = app.clock.now();
    let tx = app.begin().await?;
    let revoked = assignment::Entity::update_many()
        .col_expr(assignment::Column::RevokedAt, Expr::value(now))
        .filter(assignment::COLUMN.id.eq(id))
        .filter(assignment::COLUMN.account_id.eq(dealer))
        .filter(assignment::COLUMN.revoked_at.is_null())
        .exec(&tx)
        .await?;
    let own = assignment::Entity::find_by_id(id)
        .filter(assignment::COLUMN.account_id.eq(dealer))
        .one(&tx)
        .await?;
    let row = own.ok_or(Error::NotFound("assignment"))?;
    if revoked.rows_affected == 0 {
        return Err(Error::Conflict("the assignment was revoked already"));
    }
    link_row::Entity::update_many()
        .col_expr(link_row::Column::UsedAt, Expr::value(now))
        .filter(link_row::COLUMN.object_id.eq(id.0))
        .filter(link_row::COLUMN.used_at.is_null())
        .exec(&tx)
        .await?;
    audit::record(&tx, app, Some(actor), "revokeAssignment", Some(id.to_string()), true).await?;
    tx.commit().await?;
    Ok(row)
}

async fn letter(
    db: &impl ConnectionTrait,
    app: &App,
    assignment: &assignment::Model,
    device_count: u64,
    token: &str,
) -> Result<mail::Template> {
    Ok(mail::Template::ReadRights {
        dealer: account_name(db, assignment.account_id).await?,
        device_count,
        until: assignment.until,
        link: crate::link::address(app, link::PURPOSE, token),
        link_days: crate::link::life(link::PURPOSE).num_days(),
    })
}

/// How long a right that nobody has accepted may be offered again (security F03).
const PENDING_LIFE: TimeDelta = TimeDelta::days(90);

/// A mail with a new link in place of one that was not used in time; none if the rights are no longer offered.
///
/// # Errors
/// If the database refuses.
pub async fn renewed(db: &impl ConnectionTrait, app: &App, old: &link_row::Model) -> Result<Option<mail::Template>> {
    let Some(id) = old.object_id.map(AssignmentId) else {
        return Ok(None);
    };
    let row = assignment::Entity::find_by_id(id)
        .filter(in_state(ReadRightState::Pending, app.clock.today()))
        .filter(assignment::COLUMN.created_at.gt(app.clock.now() - PENDING_LIFE))
        .one(db)
        .await?;
    let Some(row) = row else { return Ok(None) };
    link_row::Entity::update_many()
        .col_expr(link_row::Column::UsedAt, Expr::value(app.clock.now()))
        .filter(link_row::COLUMN.object_id.eq(id.0))
        .filter(link_row::COLUMN.used_at.is_null())
        .exec(db)
        .await?;
    let token = link::add(db, app, &row, old.language).await?;
    let device_count = link::device_count(db, id).await?;
    Ok(Some(letter(db, app, &row, device_count, &token).await?))
}

/// A page of what the dealer has given, newest first, and how many there are.
///
/// # Errors
/// [`Error::Forbidden`] for all but dealers who manage keys.
pub async fn list(
    app: &App,
    actor: &Actor,
    state: Option<ReadRightState>,
    page: &Page<AssignmentId>,
) -> Result<(Vec<assignment::Model>, u64)> {
    let dealer = actor.require_in(AccountKind::Dealer, Right::ManageKeys)?.id;
    let matching = assignment::Entity::find()
        .filter(assignment::COLUMN.account_id.eq(dealer))
        .apply_if(state, |rows, state| rows.filter(in_state(state, app.clock.today())));
    let total = matching.clone().count(&app.db).await?;
    let rows = matching
        .apply_if(page.after, |rows, after| rows.filter(assignment::COLUMN.id.lt(after)))
        .order_by_desc(assignment::Column::Id)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    Ok((rows, total))
}

/// Where an assignment stands on a day.
pub fn state(row: &assignment::Model, today: NaiveDate) -> ReadRightState {
    if row.revoked_at.is_some() || row.until.is_some_and(|until| until < today) {
        ReadRightState::Ended
    } else if row.accepted_at.is_none() {
        ReadRightState::Pending
    } else if row.starts_on.is_some_and(|first| first > today) {
        ReadRightState::Upcoming
    } else {
        ReadRightState::Active
    }
}

/// The same as [`state`], for the database.
fn in_state(state: ReadRightState, today: NaiveDate) -> Condition {
    match state {
        ReadRightState::Pending => standing(today).add(assignment::COLUMN.accepted_at.is_null()),
        ReadRightState::Upcoming => accepted(today).add(assignment::COLUMN.starts_on.gt(today)),
        ReadRightState::Active => accepted(today).add(
            Condition::any()
                .add(assignment::COLUMN.starts_on.is_null())
                .add(assignment::COLUMN.starts_on.lte(today)),
        ),
        ReadRightState::Ended => standing(today).not(),
    }
}

/// Those of [`standing`] that were accepted.
fn accepted(today: NaiveDate) -> Condition {
    standing(today).add(assignment::COLUMN.accepted_at.is_not_null())
}

/// Assignments that are neither revoked nor past their last day.
fn standing(today: NaiveDate) -> Condition {
    Condition::all().add(assignment::COLUMN.revoked_at.is_null()).add(
        Condition::any()
            .add(assignment::COLUMN.until.is_null())
            .add(assignment::COLUMN.until.gte(today)),
    )
}

fn to_assignment() -> RelationDef {
    read_right::Entity::belongs_to(assignment::Entity)
        .from(read_right::Column::AssignmentId)
        .to(assignment::Column::Id)
        .into()
}

/// Rights of assignments in a state.
fn rights(assignments: Condition) -> Select<read_right::Entity> {
    read_right::Entity::find()
        .join(JoinType::InnerJoin, to_assignment())
        .filter(assignments)
}

fn devices_of(rights: Select<read_right::Entity>) -> SelectStatement {
    rights.select_only().column(read_right::Column::DeviceId).into_query()
}

/// The ids of the devices that an account may read on a day by rights that it accepted.
pub fn readable_by(account: AccountId, today: NaiveDate) -> SelectStatement {
    let own = assignment::COLUMN.reader_account_id.eq(account);
    devices_of(rights(in_state(ReadRightState::Active, today)).filter(own))
}

/// The ids of the devices whose keys an account may see on a day by rights that it accepted: those of [`readable_by`]
/// but for rights that only let prove keys.
pub fn revealable_by(account: AccountId, today: NaiveDate) -> SelectStatement {
    let own = assignment::COLUMN.reader_account_id.eq(account);
    let whole = assignment::COLUMN.verify_only.eq(false);
    devices_of(
        rights(in_state(ReadRightState::Active, today))
            .filter(own)
            .filter(whole),
    )
}

/// The ids of the devices that a dealer has given others to read: by rights in this state, or pending or active.
pub fn given_by(dealer: AccountId, state: Option<ReadRightState>, today: NaiveDate) -> SelectStatement {
    let state = state.map_or_else(|| standing(today), |state| in_state(state, today));
    devices_of(rights(state).filter(assignment::COLUMN.account_id.eq(dealer)))
}

/// The name of an account that is there because a row refers to it.
async fn account_name(db: &impl ConnectionTrait, id: AccountId) -> Result<String> {
    let row = account::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound("account"))?;
    Ok(row.name)
}
