//! Devices that go from one dealer to another, as the API offers it.
use super::{
    Listed, NewOffer, TransferDevice as Row, accept, decline, devices, give_back, list, offer, state, withdraw,
};
use crate::{
    actor::RequestActor,
    app::App,
    entity::transfer,
    error::Result,
    meter::DeviceSelection,
    page::{Connection, Page},
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use shared::{
    device::{RightsThen, TransferKind, TransferState},
    id::{DeviceId, TransferId},
};

/// The queries of this part.
#[derive(Debug, Default)]
pub struct TransferQuery;

#[Object]
impl TransferQuery {
    /// The offers of devices that the dealer in view made or got, newest first. Only dealers who manage keys.
    async fn transfers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<Transfer>> {
        let (app, actor) = (ctx.data_unchecked::<App>(), ctx.actor()?);
        let page = Page::read(first, after)?;
        let (rows, total) = list(app, actor, &page).await?;
        let now = app.clock.now();
        let rows = rows.into_iter().map(|row| Transfer::of(row, now)).collect();
        Ok(Connection::new(&page, rows, total, |row| row.id))
    }

    /// The devices of an offer that the dealer in view made or got, by serial number; none of one that came to nothing.
    /// Only dealers who manage keys.
    async fn transfer_devices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which offer.")] id: TransferId,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<TransferDevice>> {
        let actor = ctx.actor()?;
        let page = Page::read(first, after)?;
        let (rows, total) = devices(ctx.data_unchecked(), actor, id, &page).await?;
        let rows = rows.into_iter().map(TransferDevice::from).collect();
        let key = |row: &TransferDevice| (row.serial_number.clone(), row.key);
        Ok(Connection::new(&page, rows, total, key))
    }
}

/// The mutations of this part.
#[derive(Debug, Default)]
pub struct TransferMutation;

#[Object]
impl TransferMutation {
    /// Offers devices that the dealer in view holds to another dealer, who is told by mail; all of them or none. Nothing
    /// changes until he accepts; after 30 days he cannot any more. Needs the password given lately (`stepUp`). Only dealers
    /// who manage keys.
    async fn offer_transfer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which devices, and to whom.")] input: OfferTransferInput,
    ) -> Result<TransferPayload> {
        let new = NewOffer {
            selection: input.selection,
            account_number: input.account_number,
            kind: input.kind,
            rights: input.rights,
            note: input.note,
        };
        let row = offer(ctx.data_unchecked(), ctx.actor()?, new).await?;
        Ok(TransferPayload::of(ctx, row))
    }

    /// Takes the devices of an offer over: all or none. Whoever offered is told by mail. Only dealers who manage keys.
    async fn accept_transfer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which offer.")] input: TransferInput,
    ) -> Result<TransferPayload> {
        let row = accept(ctx.data_unchecked(), ctx.actor()?, input.id).await?;
        Ok(TransferPayload::of(ctx, row))
    }

    /// Says no to an offer; whoever offered is told by mail. Only dealers who manage keys.
    async fn decline_transfer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which offer, and why.")] input: DeclineTransferInput,
    ) -> Result<TransferPayload> {
        let row = decline(ctx.data_unchecked(), ctx.actor()?, input.id, input.reason).await?;
        Ok(TransferPayload::of(ctx, row))
    }

    /// Takes an offer back that nobody answered. Only dealers who manage keys.
    async fn withdraw_transfer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which offer.")] input: TransferInput,
    ) -> Result<TransferPayload> {
        let row = withdraw(ctx.data_unchecked(), ctx.actor()?, input.id).await?;
        Ok(TransferPayload::of(ctx, row))
    }

    /// Gives devices that were passed on back to whoever passed them on: taken back by him, or given back by the sub-dealer.
    /// The other side is told by mail. Needs the password given lately (`stepUp`). Only dealers who manage keys.
    async fn give_devices_back(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which devices.")] input: GiveDevicesBackInput,
    ) -> Result<GiveDevicesBackPayload> {
        let (app, actor) = (ctx.data_unchecked(), ctx.actor()?);
        let device_count = give_back(app, actor, input.id, input.serials.as_deref(), input.rights).await?;
        Ok(GiveDevicesBackPayload { device_count })
    }
}

/// Which devices are offered, to whom and how.
#[derive(Debug, InputObject)]
pub struct OfferTransferInput {
    /// The customer number of the dealer who is to have them.
    pub account_number: String,
    /// For good, or to a sub-dealer.
    pub kind: TransferKind,
    /// What there is to say; at most 500 characters.
    pub note: Option<String>,
    /// What becomes of the rights to read the devices.
    pub rights: RightsThen,
    /// The devices; the number that was seen goes along.
    pub selection: DeviceSelection,
}

/// Which offer.
#[derive(Debug, InputObject)]
pub struct TransferInput {
    /// Which.
    pub id: TransferId,
}

/// Which offer is declined, and why.
#[derive(Debug, InputObject)]
pub struct DeclineTransferInput {
    /// Which.
    pub id: TransferId,
    /// Why; at most 500 characters.
    pub reason: Option<String>,
}

/// Which devices go back.
#[derive(Debug, InputObject)]
pub struct GiveDevicesBackInput {
    /// The offer by which they were passed on.
    pub id: TransferId,
    /// What becomes of the rights to read that the sub-dealer gave.
    pub rights: RightsThen,
    /// Their serial numbers, with blanks, commas, semicolons or new lines between them; all that are left if it is not
    /// given.
    pub serials: Option<String>,
}

/// What went back.
#[derive(Debug, SimpleObject)]
pub struct GiveDevicesBackPayload {
    /// How many devices.
    pub device_count: u64,
}

/// The offer after a change.
#[derive(Debug, SimpleObject)]
pub struct TransferPayload {
    /// How many devices it is about.
    pub device_count: i32,
    /// Names it.
    pub id: TransferId,
    /// Where it stands.
    pub state: TransferState,
}

impl TransferPayload {
    fn of(ctx: &Context<'_>, row: transfer::Model) -> Self {
        let now = ctx.data_unchecked::<App>().clock.now();
        Self {
            device_count: row.device_count,
            id: row.id,
            state: state(&row, now),
        }
    }
}

/// An offer of devices from one dealer to another, as one of the two sees it.
#[derive(Clone, Debug, SimpleObject)]
pub struct Transfer {
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was accepted, declined or withdrawn.
    pub decided_at: Option<DateTime<Utc>>,
    /// How many devices it is about.
    pub device_count: i32,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
    /// Of what was passed on, how many devices the sub-dealer holds still; 0 for all else.
    pub held_count: u64,
    /// Names it.
    pub id: TransferId,
    /// Whether it is one to the account in view.
    pub is_incoming: bool,
    /// For good, or to a sub-dealer.
    pub kind: TransferKind,
    /// What the one who offers says.
    pub note: Option<String>,
    /// The name of the dealer on the other side.
    pub other_name: String,
    /// The customer number of the dealer on the other side.
    pub other_number: String,
    /// Why it was declined.
    pub reason: Option<String>,
    /// What becomes of the rights to read.
    pub rights: RightsThen,
    /// Where it stands.
    pub state: TransferState,
}

impl Transfer {
    fn of(found: Listed, now: DateTime<Utc>) -> Self {
        let Listed {
            row,
            is_incoming,
            other,
            other_number,
            held_count,
        } = found;
        Self {
            state: state(&row, now),
            created_at: row.created_at,
            decided_at: row.decided_at,
            device_count: row.device_count,
            expires_at: row.expires_at,
            held_count,
            id: row.id,
            is_incoming,
            kind: row.kind,
            note: row.note,
            other_name: other,
            other_number,
            reason: row.reason,
            rights: row.rights,
        }
    }
}

/// A device of an offer.
#[derive(Clone, Debug, SimpleObject)]
pub struct TransferDevice {
    /// The name of its model, such as MC21.
    pub model: Option<String>,
    /// The order that it was delivered with.
    pub order_number: Option<String>,
    /// Eight digits.
    pub serial_number: String,
    /// Its place in the list.
    #[graphql(skip)]
    key: DeviceId,
}

impl From<Row> for TransferDevice {
    fn from(row: Row) -> Self {
        Self {
            model: row.model,
            order_number: row.order_number,
            serial_number: row.serial_number,
            key: row.id,
        }
    }
}
