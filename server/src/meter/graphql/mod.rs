//! Devices as the API offers them.
mod device;
mod history;
mod key_import;
mod proof;
mod use_of_keys;

use super::{get, history as past, import, kem::Format, list, list::ImportDone, prove, reveal, summary};
use crate::{
    actor::RequestActor,
    app::App,
    entity::user,
    error::Result,
    file,
    page::{Connection, Page},
    user::graphql::UsersById,
};
use async_graphql::{Context, InputObject, Object, SimpleObject, dataloader::DataLoader};
pub use device::{Device, DeviceFacets, DeviceSelectionSummary};
pub use history::DeviceEvent;
pub use key_import::{KeyImport, KeyImportPreview, KeyImportRow};
pub use proof::{MeterReading, ProveKeysInput, ProveKeysPayload, TelegramProof};
use shared::{
    account::{AccountKind, Right},
    device::{DeviceAssigned, DeviceKind, DeviceProof, Medium, RowVerdict},
    id::{DeviceId, FileId, KeyRequestId},
};
pub use use_of_keys::{KeyRequest, KeyUseMutation, KeyUseQuery};

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

    /// What happened with a device that the account in view holds or may read, newest first. Who holds it learns of its
    /// keys, of the rights that he gave and of what their readers did; who may read it, of his right, of new keys and of
    /// what was done in his own account. What others of an account did is shown to those who manage its users.
    async fn device_history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] id: DeviceId,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<DeviceEvent>> {
        let actor = ctx.actor()?;
        let page = Page::read(first, after)?;
        let (events, total) = past::of(ctx.data_unchecked::<App>(), actor, id, &page).await?;
        let events = events.into_iter().map(DeviceEvent::from).collect();
        Ok(Connection::new(&page, events, total, |event| event.place.clone()))
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

    /// The imports of the dealer in view, or of the stock of the provider, newest first. Only dealers who manage keys and staff
    /// that handles requests.
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
    /// the key's name and never the key. It counts for the quota of an hour (refused with the reason `KEY_QUOTA`). Only who may read keys, and only devices that the account in view holds or
    /// may read at this moment.
    async fn reveal_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which key of which device.")] input: RevealKeyInput,
    ) -> Result<RevealKeyPayload> {
        let (device, key) = reveal(
            ctx.data_unchecked::<App>(),
            ctx.actor()?,
            input.device_id,
            &input.name,
            input.request_id,
        )
        .await?;
        Ok(RevealKeyPayload {
            device: Device(device),
            key: key.to_string(),
            name: input.name,
        })
    }

    /// Proves the stored keys of devices by telegrams, and reads what these say, without showing a key. The telegrams
    /// find their devices by themselves. Written to the audit log with the devices, never the telegrams. Only who may
    /// read keys or was given the right to prove them, and only for devices that he sees.
    async fn prove_keys(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The telegrams.")] input: ProveKeysInput,
    ) -> Result<ProveKeysPayload> {
        let (app, actor) = (ctx.data_unchecked::<App>(), ctx.actor()?);
        let proofs = prove(app, actor, &input.telegrams, input.device_id).await?;
        Ok(ProveKeysPayload {
            proofs: proofs.into_iter().map(TelegramProof::from).collect(),
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
    /// Meters only, or concentrators only.
    pub kind: Option<DeviceKind>,
    /// Those that measure just this.
    pub medium: Option<Medium>,
    /// What telegrams said about its keys; leaves out devices that the account in view does not hold.
    pub proof: Option<DeviceProof>,
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
    /// How many devices were seen to match `filter`, exceptions taken off: if there are more or fewer by now, the act is
    /// refused with `CONFLICT`. Does not matter for `ids`.
    pub expected_count: Option<u64>,
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
    /// A request of the viewer's that is open and names the device: then the quota does not count.
    pub request_id: Option<KeyRequestId>,
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
