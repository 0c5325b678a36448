//! What becomes of the rows of a key file.
use super::{
    import::{CHUNK, place},
    kem::{self, KeyFile},
    key::{MeterKey, Weakness},
    model::model_name,
};
use crate::{
    app::App,
    entity::{device, device_key},
    error::Result,
    seal::Sealed,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use secrecy::zeroize::Zeroizing;
use shared::{
    device::RowVerdict,
    id::{AccountId, DeviceId},
};
use std::collections::{HashMap, HashSet};

/// A row of a key file and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its place in the file, from 1.
    pub position: usize,
    /// The serial number, as far as it can be read.
    pub serial_number: Option<String>,
    /// The letters of the manufacturer.
    pub manufacturer: Option<String>,
    /// The name of the model.
    pub model: Option<String>,
    /// What becomes of it.
    pub verdict: RowVerdict,
    /// What is odd about it, in English.
    pub problem: Option<String>,
}

/// A row with what it adds.
pub(super) struct Judged<'a> {
    pub(super) row: Row,
    pub(super) source: Option<&'a kem::Device>,
    /// The device, if it is known.
    pub(super) known: Option<DeviceId>,
    /// The keys that are not stored yet; none unless the row is new.
    pub(super) added: Vec<&'a (String, MeterKey)>,
}

/// What names a device within an account: serial number and manufacturer.
type Name = (String, String);

/// The verdicts of all rows, in the order of the file. The number of statements grows with the file only by one for
/// each 500 devices.
pub(super) async fn judge<'a>(
    db: &impl ConnectionTrait,
    app: &App,
    account: AccountId,
    file: &'a KeyFile,
) -> Result<Vec<Judged<'a>>> {
    let known = known_devices(db, account, file).await?;
    let keys = stored_keys(db, app, known.values().copied().collect()).await?;
    let mut seen = HashSet::new();
    let mut judged = Vec::with_capacity(file.devices.len() + file.problems.len());
    for source in &file.devices {
        let mut row = Row {
            position: source.row,
            serial_number: Some(source.serial.to_string()),
            manufacturer: source.manufacturer.map(|letters| letters.to_string()),
            model: source.name.as_deref().map(model_name),
            verdict: RowVerdict::New,
            problem: None,
        };
        let Some(manufacturer) = row.manufacturer.clone() else {
            row.verdict = RowVerdict::Malformed;
            row.problem = Some("the manufacturer is not three letters".to_owned());
            judged.push(Judged {
                row,
                source: None,
                known: None,
                added: Vec::new(),
            });
            continue;
        };
        let name = (source.serial.to_string(), manufacturer);
        let device = known.get(&name).copied();
        let stored = device.and_then(|device| keys.get(&device));
        let added: Vec<_> = source
            .keys
            .iter()
            .filter(|(name, _)| stored.is_none_or(|stored| !stored.contains_key(name)))
            .collect();
        let differs = |(name, key): &(String, MeterKey)| {
            stored
                .and_then(|stored| stored.get(name))
                .is_some_and(|stored| stored.as_slice() != key.expose())
        };
        (row.verdict, row.problem) = if !seen.insert(name) {
            (RowVerdict::Duplicate, None)
        } else if let Some((name, _)) = source.keys.iter().find(|(_, key)| is_refused(key)) {
            (
                RowVerdict::WeakKey,
                Some(format!("the key {name} is one that anybody could guess")),
            )
        } else if let Some((name, _)) = source.keys.iter().find(|key| differs(key)) {
            (
                RowVerdict::DifferentKey,
                Some(format!("another key {name} is stored and is kept")),
            )
        } else if device.is_some() && added.is_empty() {
            (RowVerdict::Same, None)
        } else {
            let counting = source.keys.iter().find(|(_, key)| key.weakness().is_some());
            (
                RowVerdict::New,
                counting.map(|(name, _)| format!("the key {name} counts up or down: an example, not a secret")),
            )
        };
        let added = if row.verdict == RowVerdict::New {
            added
        } else {
            Vec::new()
        };
        judged.push(Judged {
            row,
            source: Some(source),
            known: device,
            added,
        });
    }
    judged.extend(file.problems.iter().map(|problem| {
        let row = Row {
            position: problem.row,
            serial_number: problem.serial.clone(),
            manufacturer: None,
            model: None,
            verdict: RowVerdict::Malformed,
            problem: Some(problem.fault.to_string()),
        };
        Judged {
            row,
            source: None,
            known: None,
            added: Vec::new(),
        }
    }));
    judged.sort_by_key(|judged| judged.row.position);
    Ok(judged)
}

/// Whether a key is left out as guessable. Keys that count are let in with a word about it: the sample files that
/// vendors and programs publish carry them, and whoever tries the portal starts with such a file.
fn is_refused(key: &MeterKey) -> bool {
    matches!(
        key.weakness(),
        Some(Weakness::Zero | Weakness::Constant | Weakness::Repeated)
    )
}

/// The devices of a file that the account holds already.
async fn known_devices(
    db: &impl ConnectionTrait,
    account: AccountId,
    file: &KeyFile,
) -> Result<HashMap<Name, DeviceId>> {
    let mut known = HashMap::new();
    for devices in file.devices.chunks(CHUNK) {
        let rows = device::Entity::find()
            .filter(device::COLUMN.account_id.eq(account))
            .filter(
                device::COLUMN
                    .serial_number
                    .is_in(devices.iter().map(|device| device.serial.to_string())),
            )
            .all(db)
            .await?;
        known.extend(
            rows.into_iter()
                .map(|row| ((row.serial_number, row.manufacturer), row.id)),
        );
    }
    Ok(known)
}

/// The opened keys of devices by name.
type Opened = HashMap<DeviceId, HashMap<String, Zeroizing<Vec<u8>>>>;

async fn stored_keys(db: &impl ConnectionTrait, app: &App, devices: Vec<DeviceId>) -> Result<Opened> {
    let mut keys = Opened::new();
    for devices in devices.chunks(CHUNK) {
        let rows = device_key::Entity::find()
            .filter(device_key::COLUMN.device_id.is_in(devices.iter().copied()))
            .all(db)
            .await?;
        for row in rows {
            let sealed = Sealed {
                bytes: row.sealed,
                version: row.key_version,
            };
            let opened = app.keys.open(place(&row.device_id, &row.name), &sealed)?;
            keys.entry(row.device_id).or_default().insert(row.name, opened);
        }
    }
    Ok(keys)
}
