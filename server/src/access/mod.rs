//! Who may read which devices: dealers give rights by e-mail address, people accept them for an account.
pub mod ending;
pub mod export;
pub mod graphql;
pub mod import;
mod link;
pub mod list;
pub mod load;
mod moved;
pub mod receipt;
mod revoke;

pub use graphql::{Assignment, ReadRight};
pub use link::{Invitation, accept, accept_for, find_link, invitation, renewed, resend, take_link};
pub(crate) use moved::follow;
pub use revoke::revoke;

use crate::{
    account::take_turn,
    actor::Actor,
    app::App,
    audit,
    entity::{account, assignment, device, read_right, user},
    error::{Error, Result},
    mail::template::Ends,
    meter::{self, DeviceSelection},
};
use anyhow::anyhow;
use chrono::NaiveDate;
use link::{Offered, offer};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType, QueryFilter,
    QuerySelect, QueryTrait, RelationDef, Select,
    sea_query::{Expr, Query, SelectStatement},
};
use shared::{
    account::{AccountKind, Right},
    device::ReadRightState,
    error::Reason,
    id::{AccountId, AssignmentId, UserId},
    name::EmailAddress,
};
use uuid::Uuid;

/// The longest note of an assignment, in characters.
pub const NOTE_MAX: usize = 500;

/// The most addresses of one act.
pub const EMAILS_MAX: usize = 20;

/// What a dealer gives to whom.
#[derive(Clone, Debug)]
pub struct NewAssignment {
    /// The devices.
    pub selection: DeviceSelection,
    /// The addresses of the persons, as typed; each gets all devices.
    pub emails: Vec<String>,
    /// The first day on which the right counts; none for at once.
    pub starts_on: Option<NaiveDate>,
    /// The last day on which the right counts.
    pub until: Option<NaiveDate>,
    /// Whether it only lets prove keys, without seeing one.
    pub verify_only: bool,
    /// The dealer's own words about it.
    pub note: Option<String>,
}

/// From when until when, in whole days of UTC, how far, and the dealer's own words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Terms {
    starts_on: Option<NaiveDate>,
    until: Option<NaiveDate>,
    verify_only: bool,
    note: Option<String>,
}

impl Terms {
    /// That the days are possible.
    fn check(&self, today: NaiveDate) -> Result<()> {
        if self.until.is_some_and(|until| until < today) {
            return Err(Error::invalid(
                "until",
                Reason::DateInPast,
                "the last day lies in the past",
            ));
        }
        if let (Some(first), Some(last)) = (self.starts_on, self.until)
            && first > last
        {
            return Err(Error::invalid(
                "startsOn",
                Reason::EndBeforeStart,
                "the first day lies behind the last",
            ));
        }
        Ok(())
    }

    /// An assignment of them to an address, pending.
    fn row(
        self,
        app: &App,
        dealer: AccountId,
        giver: UserId,
        email: &EmailAddress,
        offer: Option<Uuid>,
    ) -> assignment::Model {
        let id = AssignmentId(app.new_id());
        assignment::Model {
            id,
            account_id: dealer,
            user_id: giver,
            email: email.to_string(),
            reader_account_id: None,
            starts_on: self.starts_on,
            until: self.until,
            verify_only: self.verify_only,
            note: self.note,
            created_at: app.clock.now(),
            accepted_at: None,
            revoked_at: None,
            revoked_by: None,
            offer_id: offer.unwrap_or(id.0),
            end_told_at: None,
        }
    }
}

/// The addresses, each once, in their order.
fn addresses(typed: &[String]) -> Result<Vec<EmailAddress>> {
    let mut addresses = Vec::new();
    for text in typed {
        let address = EmailAddress::parse(text)
            .map_err(|error| Error::invalid("emails", Reason::NotAnEmail, format!("{text}: {error}")))?;
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    match addresses.len() {
        0 => Err(Error::invalid("emails", Reason::Missing, "an address is missing")),
        1..=EMAILS_MAX => Ok(addresses),
        _ => Err(Error::invalid(
            "emails",
            Reason::TooMany,
            format!("at most {EMAILS_MAX} addresses at once"),
        )),
    }
}

fn dealer(actor: &Actor) -> Result<AccountId> {
    Ok(actor.require_in(AccountKind::Dealer, Right::ManageKeys)?.id)
}

/// Gives the right to read devices that the dealer holds to each of the addresses. It is pending until the person
/// accepts it by the link in the mail; the answer is the same whether somebody has this address or not.
///
/// # Errors
/// [`Error::Forbidden`] for all but dealers who manage keys; [`Error::NotFound`] if one of the devices is not held,
/// nothing is given then; [`Error::Conflict`] if the selection is not what was seen; [`Error::Invalid`] for an empty
/// selection, a wrong address, a past date or a long note.
pub async fn assign(app: &App, actor: &Actor, new: NewAssignment) -> Result<Vec<assignment::Model>> {
    let dealer = dealer(actor)?;
    let today = app.clock.today();
    let addresses = addresses(&new.emails)?;
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
    let terms = Terms {
        starts_on: new.starts_on,
        until: new.until,
        verify_only: new.verify_only,
        note,
    };
    terms.check(today)?;
    let chosen = meter::choose(dealer, &new.selection, today)?;

    let tx = app.begin().await?;
    take_turn(&tx, &[dealer]).await?;
    let author = author(&tx, actor).await?;
    let name = account_name(&tx, dealer).await?;
    let rows: Vec<_> = addresses
        .iter()
        .map(|address| terms.clone().row(app, dealer, actor.user, address, None))
        .collect();
    for row in &rows {
        row.clone().into_active_model().insert(&tx).await?;
    }
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let device_count = add_devices(&tx, &ids, chosen.devices.clone()).await?;
    chosen.check(device_count)?;
    for (row, address) in rows.iter().zip(&addresses) {
        let offered = Offered {
            dealer: &name,
            device_count,
            ends: Ends::Same(row.until),
            shows_keys: !row.verify_only,
        };
        offer(&tx, app, row.offer_id, address, author.language, offered).await?;
        audit::record(
            &tx,
            app,
            Some(actor),
            "assignReadRights",
            Some(row.id.to_string()),
            true,
        )
        .await?;
    }
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(rows)
}

/// Whose language the mails are in, for nobody knows that of the readers.
async fn author(db: &impl ConnectionTrait, actor: &Actor) -> Result<user::Model> {
    user::Entity::find_by_id(actor.user)
        .one(db)
        .await?
        .ok_or(Error::Unauthenticated)
}

/// Adds the chosen devices to assignments, one statement each however many there are, and says how many it added to each:
/// the devices are chosen once, so that what one right changes does not change what the next is about.
async fn add_devices(db: &impl ConnectionTrait, assignments: &[AssignmentId], devices: Condition) -> Result<u64> {
    let Some((first, others)) = assignments.split_first() else {
        return Ok(0);
    };
    let chosen = device::Entity::find()
        .select_only()
        .expr(Expr::val(*first))
        .column(device::Column::Id)
        .filter(devices);
    let count = insert_rights(db, chosen.into_query()).await?;
    for other in others {
        let same = read_right::Entity::find()
            .select_only()
            .expr(Expr::val(*other))
            .column(read_right::Column::DeviceId)
            .filter(read_right::COLUMN.assignment_id.eq(*first));
        insert_rights(db, same.into_query()).await?;
    }
    Ok(count)
}

async fn insert_rights(db: &impl ConnectionTrait, rights: SelectStatement) -> Result<u64> {
    let mut insert = Query::insert();
    insert
        .into_table(read_right::Entity)
        .columns([read_right::Column::AssignmentId, read_right::Column::DeviceId])
        .select_from(rights)
        .map_err(|error| anyhow!("read rights could not be added: {error}"))?;
    Ok(db.execute(&insert).await?.rows_affected())
}

/// Where an assignment stands on a day.
pub fn state(row: &assignment::Model, today: NaiveDate) -> ReadRightState {
    if row.revoked_at.is_some() {
        ReadRightState::Revoked
    } else if row.until.is_some_and(|until| until < today) {
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
        ReadRightState::Ended => Condition::all()
            .add(assignment::COLUMN.revoked_at.is_null())
            .add(assignment::COLUMN.until.lt(today)),
        ReadRightState::Revoked => Condition::all().add(assignment::COLUMN.revoked_at.is_not_null()),
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
