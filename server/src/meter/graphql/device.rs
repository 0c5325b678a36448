//! A device as the API shows it.
use super::super::{
    Scope,
    address::Manufacturer,
    load::{KeyNamesOf, Origin, OriginsOf},
};
use crate::{
    access::{
        ReadRight,
        load::{ReadRightsOf, Readable, ReadableOf},
    },
    actor::RequestActor,
    entity::device,
    error::Result,
};
use async_graphql::{Context, Object, SimpleObject, dataloader::DataLoader};
use chrono::{DateTime, NaiveDate, Utc};
use shared::{
    account::Right,
    device::{DeviceKind, DeviceProof, Medium},
    id::{AccountId, DeviceId},
};

/// A meter, or a concentrator that collects the telegrams of meters.
#[derive(Clone, Debug)]
pub struct Device(pub device::Model);

/// A meter, or a concentrator that collects the telegrams of meters.
#[Object]
impl Device {
    /// Names the device.
    async fn id(&self) -> DeviceId {
        self.0.id
    }

    /// What it is.
    async fn kind(&self) -> DeviceKind {
        self.0.kind
    }

    /// What it measures.
    async fn medium(&self) -> Option<Medium> {
        self.0.medium
    }

    /// The version byte of its address, 0 to 255.
    async fn version(&self) -> Option<i32> {
        self.0.version
    }

    /// The manufacturer as telegrams say it, the M-field of its address (EN 13757-7), 0 to 32767.
    async fn manufacturer_field(&self) -> Option<u16> {
        let letters: Manufacturer = self.0.manufacturer.parse().ok()?;
        Some(letters.field())
    }

    /// Three letters (EN 13757-3 flag id), such as KAM.
    async fn manufacturer(&self) -> &str {
        &self.0.manufacturer
    }

    /// Eight digits.
    async fn serial_number(&self) -> &str {
        &self.0.serial_number
    }

    /// The name of its model, such as MC21 or flowIQ 2210.
    async fn model(&self) -> Option<&str> {
        self.0.model.as_deref()
    }

    /// The manufacturer's number of its type.
    async fn type_number(&self) -> Option<&str> {
        self.0.type_number.as_deref()
    }

    /// The manufacturer's number of how it is configured.
    async fn config_number(&self) -> Option<&str> {
        self.0.config_number.as_deref()
    }

    /// The order that it was delivered with.
    async fn order_number(&self) -> Option<&str> {
        self.0.order_number.as_deref()
    }

    /// The number that its holder gave it.
    async fn own_number(&self) -> Option<&str> {
        self.0.own_number.as_deref()
    }

    /// What its holder's telegrams said about its keys; null for those who do not hold it.
    async fn proof(&self, ctx: &Context<'_>) -> Result<Option<DeviceProof>> {
        Ok(Scope::of(ctx.actor()?)?.holds(&self.0).then_some(self.0.proof))
    }

    /// When a telegram said so last; null for those who do not hold it.
    async fn proven_at(&self, ctx: &Context<'_>) -> Result<Option<DateTime<Utc>>> {
        let holds = Scope::of(ctx.actor()?)?.holds(&self.0);
        Ok(self.0.proven_at.filter(|_| holds))
    }

    /// When it was added.
    async fn added_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// The names of its stored keys, such as DEK. The keys themselves are read by `revealKey`.
    async fn key_names(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        ctx.actor()?;
        Ok(ctx
            .data_unchecked::<DataLoader<KeyNamesOf>>()
            .load_one(self.0.id)
            .await?
            .unwrap_or_default())
    }

    /// Its stored keys and where each came from, by their names. Empty for those who do not hold the device.
    async fn keys(&self, ctx: &Context<'_>) -> Result<Vec<StoredKey>> {
        if !Scope::of(ctx.actor()?)?.holds(&self.0) {
            return Ok(Vec::new());
        }
        let rows = ctx
            .data_unchecked::<DataLoader<OriginsOf>>()
            .load_one(self.0.id)
            .await?;
        let holder = self.0.account_id;
        Ok(rows
            .into_iter()
            .flatten()
            .map(|row| StoredKey::of(row, holder))
            .collect())
    }

    /// Pending and active rights, at most the 10 newest. Empty for those who do not hold the device.
    async fn read_rights(&self, ctx: &Context<'_>) -> Result<Vec<ReadRight>> {
        if !Scope::of(ctx.actor()?)?.holds(&self.0) {
            return Ok(Vec::new());
        }
        let rows = ctx
            .data_unchecked::<DataLoader<ReadRightsOf>>()
            .load_one(self.0.id)
            .await?;
        Ok(rows.into_iter().flatten().map(ReadRight).collect())
    }

    /// Until when the account in view may read the device by a right, in UTC; null where it has none or it has no end.
    async fn readable_until(&self, ctx: &Context<'_>) -> Result<Option<NaiveDate>> {
        Ok(self.readable(ctx).await?.and_then(|readable| readable.until))
    }

    /// Who gave the account in view the right to read; null for devices of its own.
    async fn readable_through(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(self.readable(ctx).await?.map(|readable| readable.through))
    }

    /// When the right was given by which the account in view may read the device; null for devices of its own.
    async fn read_right_given_at(&self, ctx: &Context<'_>) -> Result<Option<DateTime<Utc>>> {
        Ok(self.readable(ctx).await?.map(|readable| readable.given_at))
    }

    /// To which e-mail address that right was given; null for devices of its own.
    async fn read_right_email(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(self.readable(ctx).await?.map(|readable| readable.email))
    }

    /// Whether the viewer may give others the right to read.
    async fn viewer_can_assign(&self, ctx: &Context<'_>) -> Result<bool> {
        let actor = ctx.actor()?;
        Ok(Scope::of(actor)?.holds(&self.0) && actor.may(Right::ManageKeys))
    }

    /// Whether the viewer may read its keys; without it he may only prove them (`proveKeys`).
    async fn viewer_can_reveal(&self, ctx: &Context<'_>) -> Result<bool> {
        if !ctx.actor()?.may(Right::ReadKeys) {
            return Ok(false);
        }
        let readable = self.readable(ctx).await?;
        Ok(readable.is_none_or(|readable| readable.shows_keys))
    }
}

impl Device {
    /// By which right the account in view may read it, if it is not its own.
    async fn readable(&self, ctx: &Context<'_>) -> Result<Option<Readable>> {
        let Some(account) = &ctx.actor()?.account else {
            return Ok(None);
        };
        if account.id == self.0.account_id {
            return Ok(None);
        }
        ctx.data_unchecked::<DataLoader<ReadableOf>>()
            .load_one((account.id, self.0.id))
            .await
    }
}

/// A stored key of a device, without the key.
#[derive(Clone, Debug, SimpleObject)]
pub struct StoredKey {
    /// Such as DEK.
    pub name: String,
    /// When it was imported.
    pub imported_at: DateTime<Utc>,
    /// Who imported it; null if it was not in the holder's account.
    pub imported_by: Option<String>,
    /// The name of the file that it was in; null if another account imported it.
    pub file_name: Option<String>,
    /// The SHA-256 of that file, 64 hexadecimal digits; null if another account imported it.
    pub file_sha256: Option<String>,
}

impl StoredKey {
    fn of(origin: Origin, holder: AccountId) -> Self {
        let is_own = origin.account_id == holder;
        Self {
            name: origin.name,
            imported_at: origin.created_at,
            imported_by: origin.user_name.or(origin.user_email).filter(|_| is_own),
            file_name: is_own.then_some(origin.file_name),
            file_sha256: is_own.then_some(origin.sha256),
        }
    }
}

/// The values that filters of devices can take, at most 200 of each.
#[derive(Clone, Debug, SimpleObject)]
pub struct DeviceFacets {
    /// The names of models.
    pub models: Vec<String>,
    /// The numbers of orders.
    pub order_numbers: Vec<String>,
}

/// What a selection of devices holds.
#[derive(Clone, Debug, SimpleObject)]
pub struct DeviceSelectionSummary {
    /// How many devices.
    pub count: u64,
    /// How many of them somebody may read, or will once a pending right is accepted.
    pub assigned_count: u64,
    /// The first 10 of them.
    pub sample: Vec<Device>,
}
