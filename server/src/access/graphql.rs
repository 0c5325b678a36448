//! Read rights as the API offers them.
use super::{NewAssignment, accept_for, assign, invitation, list, load::DeviceCountOf, revoke, state};
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
use shared::{device::ReadRightState, id::AssignmentId};

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
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<Assignment>> {
        let actor = ctx.actor()?;
        let page = Page::read(first, after)?;
        let (rows, total) = list(ctx.data_unchecked::<App>(), actor, state, &page).await?;
        Ok(Connection::new(
            &page,
            rows.into_iter().map(Assignment).collect(),
            total,
            |row| row.0.id,
        ))
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
    /// Gives the person with an e-mail address the right to read the keys of devices: all that are selected, or
    /// none. A mail with a link goes to the address; until the right is accepted it is pending, whether somebody has
    /// this address or not. Only dealers who manage keys, and only devices that they hold.
    async fn assign_read_rights(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which devices, to whom and until when.")] input: AssignReadRightsInput,
    ) -> Result<AssignReadRightsPayload> {
        let AssignReadRightsInput {
            selection,
            email,
            starts_on,
            until,
            verify_only,
            note,
        } = input;
        let new = NewAssignment {
            selection,
            email,
            starts_on,
            until,
            verify_only: verify_only.unwrap_or_default(),
            note,
        };
        let row = assign(ctx.data_unchecked::<App>(), ctx.actor()?, new).await?;
        Ok(AssignReadRightsPayload {
            assignment: Assignment(row),
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

    /// Ends an assignment at once, pending or in force. Only dealers who manage keys, and only their own.
    async fn revoke_assignment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which assignment.")] input: RevokeAssignmentInput,
    ) -> Result<RevokeAssignmentPayload> {
        let row = revoke(ctx.data_unchecked::<App>(), ctx.actor()?, input.id).await?;
        Ok(RevokeAssignmentPayload {
            assignment: Assignment(row),
        })
    }
}

/// What `assignReadRights` takes.
#[derive(InputObject)]
pub struct AssignReadRightsInput {
    /// The devices.
    pub selection: DeviceSelection,
    /// The address of the person, registered or not.
    pub email: String,
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
    /// The new assignment, pending.
    pub assignment: Assignment,
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

/// What `revokeAssignment` takes.
#[derive(InputObject)]
pub struct RevokeAssignmentInput {
    /// The assignment.
    pub id: AssignmentId,
}

/// What `revokeAssignment` gives.
#[derive(SimpleObject)]
pub struct RevokeAssignmentPayload {
    /// The assignment, ended.
    pub assignment: Assignment,
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
        if state(&self.0, ctx.data_unchecked::<App>().clock.today()) == ReadRightState::Ended {
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

    /// When it was given.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
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
    /// The last day on which the rights count, in UTC; null without an end.
    pub until: Option<NaiveDate>,
    /// Whether the address cannot sign in yet, so that registering comes first.
    pub needs_registration: bool,
}
