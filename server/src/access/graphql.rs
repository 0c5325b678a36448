//! Read rights as the API offers them.
use super::{
    NewAssignment, accept_for, assign, invitation,
    list::{self, Filter},
    load::DeviceCountOf,
    receipt, resend, revoke, state,
};
use crate::{
    actor::RequestActor,
    app::App,
    entity::assignment,
    error::Result,
    meter::DeviceSelection,
    page::{Connection, Page},
    user::graphql::Viewer,
};
use async_graphql::{Context, InputObject, Object, SimpleObject, dataloader::DataLoader};
use chrono::{DateTime, NaiveDate, Utc};
use shared::{
    device::{KeyUse, ReadRightState},
    id::AssignmentId,
};
use uuid::Uuid;

/// The queries of this subject.
#[derive(Debug, Default)]
pub struct AccessQuery;

#[Object]
impl AccessQuery {
    /// What the dealer in view has given others to read, newest first. Only dealers who manage keys.
    async fn assignments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that stand like this.")] state: Option<ReadRightState>,
        #[graphql(desc = "Only those to an address that holds this.")] email: Option<String>,
        #[graphql(desc = "Only those about a device whose serial number begins so.")] serial_prefix: Option<String>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<Assignment>> {
        let actor = ctx.actor()?;
        let page = Page::read(first, after)?;
        let filter = Filter {
            state,
            email,
            serial_prefix,
        };
        let (rows, total) = list::list(ctx.data_unchecked::<App>(), actor, &filter, &page).await?;
        Ok(Connection::new(
            &page,
            rows.into_iter().map(Assignment).collect(),
            total,
            |row| row.0.id,
        ))
    }

    /// One of the assignments of the dealer in view. Only dealers who manage keys.
    async fn assignment(&self, ctx: &Context<'_>, #[graphql(desc = "Which.")] id: AssignmentId) -> Result<Assignment> {
        let row = list::get(ctx.data_unchecked::<App>(), ctx.actor()?, id).await?;
        Ok(Assignment(row))
    }

    /// Who can read devices of a selection, or will once a pending right is accepted: by assignment, newest first. Only
    /// dealers who manage keys, and only devices that they hold.
    async fn selection_readers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The devices.")] selection: DeviceSelection,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<SelectionReader>> {
        let actor = ctx.actor()?;
        let page = Page::read(first, after)?;
        let (rows, total) = list::readers(ctx.data_unchecked::<App>(), actor, &selection, &page).await?;
        let rows = rows.into_iter().map(|(row, device_count)| SelectionReader {
            assignment: Assignment(row),
            device_count,
        });
        Ok(Connection::new(&page, rows.collect(), total, |row| row.assignment.0.id))
    }

    /// What a link out of a mail stands for. Looking at it changes nothing, and needs no sign-in. Refused with the
    /// reason `LINK_INVALID` once it is used, revoked or seven days old.
    async fn link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Out of the link: what follows `#`.")] token: String,
    ) -> Result<Link> {
        let found = invitation(ctx.data_unchecked::<App>(), &token).await?;
        Ok(Link {
            email: found.email,
            from: found.from,
            device_count: found.device_count,
            until: found.until,
            needs_registration: found.needs_registration,
        })
    }
}

/// The mutations of this subject.
#[derive(Debug, Default)]
pub struct AccessMutation;

#[Object]
impl AccessMutation {
    /// Gives the persons with these e-mail addresses the right to read the keys of devices: all that are selected, or
    /// none. A mail with a link goes to each address; until the right is accepted it is pending, whether somebody has
    /// this address or not. Only dealers who manage keys, and only devices that they hold.
    async fn assign_read_rights(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which devices, to whom and until when.")] input: AssignReadRightsInput,
    ) -> Result<AssignReadRightsPayload> {
        let AssignReadRightsInput {
            selection,
            emails,
            starts_on,
            until,
            verify_only,
            note,
        } = input;
        let new = NewAssignment {
            selection,
            emails,
            starts_on,
            until,
            verify_only: verify_only.unwrap_or_default(),
            note,
        };
        let rows = assign(ctx.data_unchecked::<App>(), ctx.actor()?, new).await?;
        Ok(AssignReadRightsPayload {
            assignments: rows.into_iter().map(Assignment).collect(),
        })
    }

    /// Accepts, for the account in view, the read rights that a link stands for, and uses the link up. Only for
    /// whoever has the address that it was sent to, and may read keys in the account in view.
    async fn accept_read_rights(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link's token.")] input: AcceptReadRightsInput,
    ) -> Result<AcceptReadRightsPayload> {
        let actor = ctx.actor()?;
        let device_count = accept_for(ctx.data_unchecked::<App>(), actor, &input.token).await?;
        Ok(AcceptReadRightsPayload {
            device_count,
            viewer: Viewer(actor.clone()),
        })
    }

    /// Ends assignments at once, pending or in force: all that are named, or none; with `devices` only as far as they are
    /// about these. What ends of an assignment that goes on is an assignment of its own from then on. Refused with
    /// `CONFLICT` for what has ended already or is not about the devices. Only dealers who manage keys, and only their own.
    async fn revoke_read_rights(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which assignments, and which of their devices.")] input: RevokeReadRightsInput,
    ) -> Result<AssignmentsPayload> {
        let (app, actor) = (ctx.data_unchecked::<App>(), ctx.actor()?);
        let rows = revoke(app, actor, &input.assignment_ids, input.devices.as_ref()).await?;
        Ok(rows.into())
    }

    /// Sends the mails of pending assignments once more, with new links; the former links end. Three mails of an offer a
    /// day, the first among them. Only dealers who manage keys, and only their own.
    async fn resend_read_rights(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which assignments.")] input: ResendReadRightsInput,
    ) -> Result<AssignmentsPayload> {
        let rows = resend(ctx.data_unchecked::<App>(), ctx.actor()?, &input.assignment_ids).await?;
        Ok(rows.into())
    }
}

/// What `assignReadRights` takes.
#[derive(InputObject)]
pub struct AssignReadRightsInput {
    /// The devices.
    pub selection: DeviceSelection,
    /// The addresses of the persons, registered or not; at most 20, each gets the same.
    pub emails: Vec<String>,
    /// The first day on which the right counts, in UTC; without it the right counts as soon as it is accepted.
    pub starts_on: Option<NaiveDate>,
    /// The last day on which the right counts, in UTC; without it the right has no end.
    pub until: Option<NaiveDate>,
    /// Whether the right only lets prove keys (`proveKey`), without seeing one; false if it is not given.
    pub verify_only: Option<bool>,
    /// The dealer's own words about it, at most 500 characters. The person does not see them.
    pub note: Option<String>,
}

/// What `assignReadRights` gives.
#[derive(SimpleObject)]
pub struct AssignReadRightsPayload {
    /// The new assignments, pending, in the order of the addresses.
    pub assignments: Vec<Assignment>,
}

/// What `acceptReadRights` takes.
#[derive(InputObject)]
pub struct AcceptReadRightsInput {
    /// Out of the link: what follows `#`.
    pub token: String,
}

/// What `acceptReadRights` gives.
#[derive(SimpleObject)]
pub struct AcceptReadRightsPayload {
    /// How many devices the account in view may read by it.
    pub device_count: u64,
    /// The viewer, whose devices these are now too.
    pub viewer: Viewer,
}

/// What `revokeReadRights` takes.
#[derive(InputObject)]
pub struct RevokeReadRightsInput {
    /// The assignments, at most 100.
    pub assignment_ids: Vec<AssignmentId>,
    /// Only as far as they are about these; all their devices if it is not given.
    pub devices: Option<DeviceSelection>,
}

/// What `resendReadRights` takes.
#[derive(InputObject)]
pub struct ResendReadRightsInput {
    /// The assignments, at most 100.
    pub assignment_ids: Vec<AssignmentId>,
}

/// What `revokeReadRights` and `resendReadRights` give.
#[derive(SimpleObject)]
pub struct AssignmentsPayload {
    /// The assignments, newest first.
    pub assignments: Vec<Assignment>,
}

impl From<Vec<assignment::Model>> for AssignmentsPayload {
    fn from(rows: Vec<assignment::Model>) -> Self {
        Self {
            assignments: rows.into_iter().map(Assignment).collect(),
        }
    }
}

/// Who can read some of the devices of a selection.
#[derive(Clone, Debug, SimpleObject)]
pub struct SelectionReader {
    /// By which assignment.
    pub assignment: Assignment,
    /// How many of the selected devices it is about.
    pub device_count: i64,
}

/// Read rights given to one address in one go.
#[derive(Clone, Debug)]
pub struct Assignment(pub assignment::Model);

/// Read rights given to one address in one go.
#[Object]
impl Assignment {
    /// Names the assignment.
    async fn id(&self) -> AssignmentId {
        self.0.id
    }

    /// The address that it was given to.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// Where it stands.
    async fn state(&self, ctx: &Context<'_>) -> ReadRightState {
        state(&self.0, ctx.data_unchecked::<App>().clock.today())
    }

    /// How many of its rights are pending or in force.
    async fn device_count(&self, ctx: &Context<'_>) -> Result<i64> {
        let state = state(&self.0, ctx.data_unchecked::<App>().clock.today());
        if matches!(state, ReadRightState::Ended | ReadRightState::Revoked) {
            return Ok(0);
        }
        let count = ctx
            .data_unchecked::<DataLoader<DeviceCountOf>>()
            .load_one(self.0.id)
            .await?;
        Ok(count.unwrap_or_default())
    }

    /// The first day on which it counts, in UTC; null if it counts as soon as it is accepted.
    async fn starts_on(&self) -> Option<NaiveDate> {
        self.0.starts_on
    }

    /// The last day on which it counts, in UTC; null without an end.
    async fn until(&self) -> Option<NaiveDate> {
        self.0.until
    }

    /// Whether it only lets prove keys, without seeing one.
    async fn verify_only(&self) -> bool {
        self.0.verify_only
    }

    /// The dealer's own words about it.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// When it was accepted.
    async fn accepted_at(&self) -> Option<DateTime<Utc>> {
        self.0.accepted_at
    }

    /// When it was taken back.
    async fn revoked_at(&self) -> Option<DateTime<Utc>> {
        self.0.revoked_at
    }

    /// What is known of the keys of all its devices: what the account that accepted it saw and took, at whatever time and
    /// by whatever right.
    async fn receipt(&self, ctx: &Context<'_>) -> Result<ReadRightsReceipt> {
        let found = receipt::of(ctx.data_unchecked::<App>(), &self.0).await?;
        Ok(ReadRightsReceipt {
            device_count: found.device_count,
            shown_count: found.shown_count,
            exported_count: found.exported_count,
            seen_count: found.seen_count,
            still_readable_count: found.still_readable_count,
        })
    }

    /// Each time that the account that accepted it used a key of one of its devices, newest first.
    async fn key_uses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<ReadRightsUse>> {
        let page = Page::read(first, after)?;
        let (rows, total) = receipt::used(ctx.data_unchecked::<App>(), &self.0, &page).await?;
        let rows = rows.into_iter().map(ReadRightsUse::from).collect();
        Ok(Connection::new(&page, rows, total, |row| row.key))
    }

    /// When it was given.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

/// What is known of the keys of an assignment's devices, in numbers of devices.
#[derive(Clone, Debug, SimpleObject)]
pub struct ReadRightsReceipt {
    /// All that the assignment is, or was, about.
    pub device_count: i64,
    /// Those of which a key was shown on a page.
    pub shown_count: i64,
    /// Those of which a key left in a file.
    pub exported_count: i64,
    /// Those of which a key was shown or left in a file.
    pub seen_count: i64,
    /// Those that the same account may still read by another right.
    pub still_readable_count: i64,
}

/// A time that a key was used.
#[derive(Clone, Debug, SimpleObject)]
pub struct ReadRightsUse {
    /// The device's serial number.
    pub serial_number: String,
    /// The name of the key.
    pub name: String,
    /// What was done.
    pub how: KeyUse,
    /// When.
    pub at: DateTime<Utc>,
    #[graphql(skip)]
    key: Uuid,
}

impl From<receipt::Used> for ReadRightsUse {
    fn from(used: receipt::Used) -> Self {
        Self {
            serial_number: used.serial_number,
            name: used.name,
            how: used.how,
            at: used.at,
            key: used.id,
        }
    }
}

/// Somebody's right to read one device.
#[derive(Clone, Debug)]
pub struct ReadRight(pub assignment::Model);

/// Somebody's right to read one device.
#[Object]
impl ReadRight {
    /// What it was given by.
    async fn assignment(&self) -> Assignment {
        Assignment(self.0.clone())
    }

    /// Where it stands.
    async fn state(&self, ctx: &Context<'_>) -> ReadRightState {
        state(&self.0, ctx.data_unchecked::<App>().clock.today())
    }

    /// The address that it was given to.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// The last day on which it counts, in UTC; null without an end.
    async fn until(&self) -> Option<NaiveDate> {
        self.0.until
    }
}

/// What a link out of a mail stands for.
#[derive(Clone, Debug, SimpleObject)]
pub struct Link {
    /// The address that it was sent to.
    pub email: String,
    /// Who gave it.
    pub from: String,
    /// How many devices it lets read.
    pub device_count: u64,
    /// The last day of the right that lasts longest, in UTC; null without an end.
    pub until: Option<NaiveDate>,
    /// Whether the address cannot sign in yet, so that registering comes first.
    pub needs_registration: bool,
}
