//! What becomes of rows: compared with what their holder has, a batch at a time.
use crate::{
    app::App,
    entity::{device, device_key},
    error::Result,
    meter::{
        import::CHUNK,
        key::{MeterKey, Weakness},
    },
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use shared::{
    device::{RowNote, RowVerdict},
    id::{AccountId, DeviceId},
};
use std::collections::HashMap;

/// How many devices share a key before it is said.
pub(super) const SHARED_BY: u64 = 5;

/// What names a device within an account: serial number and manufacturer.
pub(super) type Name = (String, String);

/// What the holder has of the devices of a batch.
#[derive(Debug, Default)]
pub(super) struct Stored {
    pub(super) devices: HashMap<Name, DeviceId>,
    /// The fingerprints of their keys by name.
    pub(super) keys: HashMap<DeviceId, HashMap<String, Vec<u8>>>,
}

impl Stored {
    /// Looks up the devices of at most [`CHUNK`] rows, in two statements.
    pub(super) async fn load(db: &impl ConnectionTrait, account: AccountId, serials: Vec<String>) -> Result<Self> {
        debug_assert!(serials.len() <= CHUNK);
        let mut stored = Self::default();
        if serials.is_empty() {
            return Ok(stored);
        }
        let rows: Vec<(DeviceId, String, String)> = device::Entity::find()
            .filter(device::COLUMN.account_id.eq(account))
            .filter(device::COLUMN.serial_number.is_in(serials))
            .select_only()
            .columns([
                device::Column::Id,
                device::Column::SerialNumber,
                device::Column::Manufacturer,
            ])
            .into_tuple()
            .all(db)
            .await?;
        let ids: Vec<DeviceId> = rows.iter().map(|(id, ..)| *id).collect();
        stored.devices = rows
            .into_iter()
            .map(|(id, serial, letters)| ((serial, letters), id))
            .collect();
        for ids in ids.chunks(CHUNK) {
            let keys: Vec<(DeviceId, String, Vec<u8>)> = device_key::Entity::find()
                .filter(device_key::COLUMN.device_id.is_in(ids.iter().copied()))
                .select_only()
                .columns([
                    device_key::Column::DeviceId,
                    device_key::Column::Name,
                    device_key::Column::Fingerprint,
                ])
                .into_tuple()
                .all(db)
                .await?;
            for (device, name, fingerprint) in keys {
                stored.keys.entry(device).or_default().insert(name, fingerprint);
            }
        }
        Ok(stored)
    }
}

/// What becomes of a readable row, why, and which key that is about.
pub(super) fn judge(
    app: &App,
    stored: &Stored,
    name: &Name,
    keys: &[(String, MeterKey)],
) -> Result<(RowVerdict, Option<RowNote>, Option<String>)> {
    if let Some((name, _)) = keys.iter().find(|(_, key)| is_refused(key)) {
        return Ok((RowVerdict::WeakKey, None, Some(name.clone())));
    }
    let known = stored.devices.get(name).and_then(|device| stored.keys.get(device));
    let mut adds = !stored.devices.contains_key(name);
    for (name, key) in keys {
        match known.and_then(|known| known.get(name)) {
            None => adds = true,
            Some(fingerprint) if *fingerprint != app.keys.fingerprint(key.expose())? => {
                return Ok((RowVerdict::DifferentKey, None, Some(name.clone())));
            }
            Some(_) => {}
        }
    }
    if !adds {
        return Ok((RowVerdict::Same, None, None));
    }
    let counting = keys.iter().find(|(_, key)| key.weakness().is_some());
    Ok(match counting {
        Some((name, _)) => (RowVerdict::New, Some(RowNote::CountingKey), Some(name.clone())),
        None => (RowVerdict::New, None, None),
    })
}

/// Whether a key is left out as guessable. Keys that count are let in with a word about it: sample files carry them.
fn is_refused(key: &MeterKey) -> bool {
    matches!(
        key.weakness(),
        Some(Weakness::Zero | Weakness::Constant | Weakness::Repeated)
    )
}
