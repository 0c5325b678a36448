//! Devices as the API offers them.
use super::{
    Scope, get, import,
    import::Row,
    kem::Format,
    list::{self, ImportDone},
    load::KeyNamesOf,
    reveal, summary,
};
use crate::{
    access::{
        ReadRight,
        load::{ReadRightsOf, Readable, ReadableOf},
    },
    actor::RequestActor,
    app::App,
    entity::{device, user},
    error::Result,
    file,
    page::{Connection, Page},
    user::graphql::UsersById,
};
use async_graphql::{Context, InputObject, Object, SimpleObject, dataloader::DataLoader};
use chrono::{DateTime, NaiveDate, Utc};
use shared::{
    account::{AccountKind, Right},
    device::{DeviceAssigned, DeviceKind, RowVerdict},
    id::{DeviceId, FileId, KeyImportId},
};

/// The most rows of a preview that are shown.
const ROWS_SHOWN: usize = 200;

/// The queries of this subject.
#[derive(Debug, Default)]
pub struct MeterQuery;

#[Object]
impl MeterQuery {
    /// The devices that the account in view holds or may read, by serial number. Only who may read or manage keys.
    async fn devices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that match.")] filter: Option<DeviceFilter>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<Device>> {
        let actor = ctx.actor()?;
        let page = Page::read(first, after)?;
        let (rows, total) = list::list(ctx.data_unchecked::<App>(), actor, &filter.unwrap_or_default(), &page).await?;
        let key = |device: &Device| (device.0.serial_number.clone(), device.0.id);
        Ok(Connection::new(
            &page,
            rows.into_iter().map(Device).collect(),
            total,
            key,
        ))
    }

    /// One device that the account in view holds or may read.
    async fn device(&self, ctx: &Context<'_>, #[graphql(desc = "Which.")] id: DeviceId) -> Result<Device> {
        let app = ctx.data_unchecked::<App>();
        Ok(Device(get(&app.db, app, ctx.actor()?, id).await?))
    }

    /// The values that filters of devices can take.
    async fn device_facets(&self, ctx: &Context<'_>) -> Result<DeviceFacets> {
        let list::Facets { models, order_numbers } = list::facets(ctx.data_unchecked::<App>(), ctx.actor()?).await?;
        Ok(DeviceFacets { models, order_numbers })
    }

    /// What a selection of devices holds. Only dealers who manage keys, and only devices that they hold.
    async fn device_selection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The devices.")] selection: DeviceSelection,
    ) -> Result<DeviceSelectionSummary> {
        let found = summary(ctx.data_unchecked::<App>(), ctx.actor()?, &selection).await?;
        Ok(DeviceSelectionSummary {
            count: found.count,
            assigned_count: found.assigned_count,
            sample: found.sample.into_iter().map(Device).collect(),
        })
    }

    /// What `importKeys` would do with the same input. Only dealers who manage keys.
    async fn key_import_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file and its password.")] input: ImportKeysInput,
    ) -> Result<KeyImportPreview> {
        let (app, actor) = (ctx.data_unchecked::<App>(), ctx.actor()?);
        actor.require_in(AccountKind::Dealer, Right::ManageKeys)?;
        let (file, bytes) = file::get(app, actor, input.file_id).await?;
        let preview = import::preview(app, actor, bytes, input.password).await?;
        Ok(KeyImportPreview {
            file_name: file.name,
            format: match preview.format {
                Format::Kem => "KEM",
                Format::Kem2 => "KEM2",
            },
            total_count: preview.rows.len(),
            new_count: preview.count(RowVerdict::New),
            same_count: preview.count(RowVerdict::Same),
            skipped_count: preview.skipped(),
            order_number: preview.order_number,
            rows: preview
                .rows
                .into_iter()
                .take(ROWS_SHOWN)
                .map(KeyImportRow::from)
                .collect(),
        })
    }

    /// The imports of the dealer in view, newest first. Only dealers who manage keys.
    async fn key_imports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<KeyImport>> {
        let actor = ctx.actor()?;
        let page = Page::read(first, after)?;
        let (rows, total) = list::imports(ctx.data_unchecked::<App>(), actor, &page).await?;
        Ok(Connection::new(
            &page,
            rows.into_iter().map(KeyImport::from).collect(),
            total,
            |row| row.id,
        ))
    }
}

/// The mutations of this subject.
#[derive(Debug, Default)]
pub struct MeterMutation;

#[Object]
impl MeterMutation {
    /// Adds the devices of a KEM or KEM2 file with their keys to the account in view. A stored key is never
    /// overwritten. Only dealers who manage keys. Refused with the reasons `NOT_A_KEM_FILE`, `BROKEN_FILE` and
    /// `WRONG_FILE_PASSWORD`.
    async fn import_keys(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The uploaded file and what opens it.")] input: ImportKeysInput,
    ) -> Result<ImportKeysPayload> {
        let (app, actor) = (ctx.data_unchecked::<App>(), ctx.actor()?);
        actor.require_in(AccountKind::Dealer, Right::ManageKeys)?;
        let (file, bytes) = file::get(app, actor, input.file_id).await?;
        let row = import::import(app, actor, &file.name, bytes, input.password).await?;
        let user: Option<user::Model> = ctx
            .data_unchecked::<DataLoader<UsersById>>()
            .load_one(row.user_id)
            .await?;
        Ok(ImportKeysPayload {
            import: ImportDone {
                row,
                by: list::called(user),
            }
            .into(),
        })
    }

    /// Reads one key of a device. It needs the password given lately (`stepUp`) and is written to the audit log, with
    /// the key's name and never the key. Only who may read keys, and only devices that the account in view holds or
    /// may read at this moment.
    async fn reveal_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which key of which device.")] input: RevealKeyInput,
    ) -> Result<RevealKeyPayload> {
        let (device, key) = reveal(ctx.data_unchecked::<App>(), ctx.actor()?, input.device_id, &input.name).await?;
        Ok(RevealKeyPayload {
            device: Device(device),
            key: key.to_string(),
            name: input.name,
        })
    }
}

/// Which devices; what is left out does not matter.
#[derive(Clone, Debug, Default, InputObject)]
pub struct DeviceFilter {
    /// The beginning of the serial number, digits only.
    pub serial_prefix: Option<String>,
    /// The whole order number.
    pub order_number: Option<String>,
    /// The whole name of the model.
    pub model: Option<String>,
    /// Whether others may read it; leaves out devices that the account in view does not hold.
    pub assigned: Option<DeviceAssigned>,
}

/// Devices named one by one (at most 100), or all that match a filter but for exceptions. Exactly one of `ids` and
/// `filter` is given.
#[derive(Clone, Debug, Default, InputObject)]
pub struct DeviceSelection {
    /// These.
    pub ids: Option<Vec<DeviceId>>,
    /// All that match.
    pub filter: Option<DeviceFilter>,
    /// But not these, at most 1000.
    pub except: Option<Vec<DeviceId>>,
}

/// What `importKeys` and `keyImportPreview` take.
#[derive(InputObject)]
pub struct ImportKeysInput {
    /// The file, as `POST /files` named it.
    pub file_id: FileId,
    /// The password of the file, 1 to 16 bytes.
    pub password: String,
}

/// What `importKeys` gives.
#[derive(SimpleObject)]
pub struct ImportKeysPayload {
    /// What was done.
    pub import: KeyImport,
}

/// What `revealKey` takes.
#[derive(InputObject)]
pub struct RevealKeyInput {
    /// The device.
    pub device_id: DeviceId,
    /// The name of the key, one of the device's `keyNames`.
    pub name: String,
}

/// What `revealKey` gives.
#[derive(SimpleObject)]
pub struct RevealKeyPayload {
    /// The device.
    pub device: Device,
    /// The name of the key.
    pub name: String,
    /// 32 hexadecimal digits, upper case.
    pub key: String,
}

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

    /// Whether the viewer may give others the right to read.
    async fn viewer_can_assign(&self, ctx: &Context<'_>) -> Result<bool> {
        let actor = ctx.actor()?;
        Ok(Scope::of(actor)?.holds(&self.0) && actor.may(Right::ManageKeys))
    }

    /// Whether the viewer may read its keys.
    async fn viewer_can_reveal(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(ctx.actor()?.may(Right::ReadKeys))
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

/// What an import would do.
#[derive(Clone, Debug, SimpleObject)]
pub struct KeyImportPreview {
    /// The name of the file.
    pub file_name: String,
    /// KEM or KEM2.
    pub format: &'static str,
    /// The order that all its devices belong to.
    pub order_number: Option<String>,
    /// How many rows it has.
    pub total_count: usize,
    /// How many rows would be added.
    pub new_count: usize,
    /// How many are known already.
    pub same_count: usize,
    /// How many would be left out.
    pub skipped_count: usize,
    /// At most the first 200 rows.
    pub rows: Vec<KeyImportRow>,
}

/// A row of a key file and what would become of it.
#[derive(Clone, Debug, SimpleObject)]
pub struct KeyImportRow {
    /// Its place in the file, from 1.
    pub position: usize,
    /// Its serial number, as far as it can be read.
    pub serial_number: Option<String>,
    /// The letters of its manufacturer.
    pub manufacturer: Option<String>,
    /// The name of its model.
    pub model: Option<String>,
    /// What would become of it.
    pub verdict: RowVerdict,
    /// What is odd about it, in English.
    pub problem: Option<String>,
}

impl From<Row> for KeyImportRow {
    fn from(row: Row) -> Self {
        let Row {
            position,
            serial_number,
            manufacturer,
            model,
            verdict,
            problem,
        } = row;
        Self {
            position,
            serial_number,
            manufacturer,
            model,
            verdict,
            problem,
        }
    }
}

/// An import of device keys: where keys came from.
#[derive(Clone, Debug, SimpleObject)]
pub struct KeyImport {
    /// Names the import.
    pub id: KeyImportId,
    /// The name of the file.
    pub file_name: String,
    /// The order that all its devices belong to.
    pub order_number: Option<String>,
    /// How many rows were added.
    pub new_count: i32,
    /// How many were known already.
    pub same_count: i32,
    /// How many were left out.
    pub skipped_count: i32,
    /// Who did it.
    pub imported_by: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl From<ImportDone> for KeyImport {
    fn from(ImportDone { row, by }: ImportDone) -> Self {
        Self {
            id: row.id,
            file_name: row.file_name,
            order_number: row.order_number,
            new_count: row.new_count,
            same_count: row.same_count,
            skipped_count: row.skipped_count,
            imported_by: by,
            created_at: row.created_at,
        }
    }
}
