//! Importing key files: a verdict for each row, then everything in one transaction; nothing is ever overwritten.
use super::kem::{self, Format, KemError, KeyFile};
use super::key::{MeterKey, Weakness};
use super::model::{is_concentrator, model_name};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{device, device_key, key_import},
    error::{Error, Result},
    file,
    seal::{Place, Sealed},
};
use anyhow::Context;
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, SqlErr,
};
use secrecy::zeroize::Zeroizing;
use shared::{
    account::{AccountKind, Right},
    device::{DeviceKind, RowVerdict},
    error::Reason,
    id::{AccountId, DeviceId, KeyImportId},
};
use std::collections::{HashMap, HashSet};

/// How many rows go into one statement: 11 values each stay below what SQLite (32,766) and PostgreSQL (65,535) take.
const CHUNK: usize = 500;

/// What an import would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The layout of the file.
    pub format: Format,
    /// The order that all its devices belong to.
    pub order_number: Option<String>,
    /// Its rows, in the order of the file.
    pub rows: Vec<Row>,
}

impl Preview {
    /// How many rows have a verdict.
    pub fn count(&self, verdict: RowVerdict) -> usize {
        self.rows.iter().filter(|row| row.verdict == verdict).count()
    }

    /// How many rows are left out.
    pub fn skipped(&self) -> usize {
        self.rows.len() - self.count(RowVerdict::New) - self.count(RowVerdict::Same)
    }
}

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
struct Judged<'a> {
    row: Row,
    source: Option<&'a kem::Device>,
    /// The device, if it is known.
    known: Option<DeviceId>,
    /// The keys that are not stored yet; none unless the row is new.
    added: Vec<&'a (String, MeterKey)>,
}

/// The sealed place of a device's key.
pub(super) fn place<'a>(device: &'a DeviceId, name: &'a str) -> Place<'a> {
    Place {
        column: "device_key.sealed",
        row: device.0.as_bytes(),
        name,
    }
}

/// Says what [`import`] would do with a file, and does nothing.
///
/// # Errors
/// [`Error::Forbidden`] for all but dealers who manage keys; [`Error::Invalid`] on `fileId` or `password` if the file
/// cannot be read; [`Error::TooLarge`].
pub async fn preview(app: &App, actor: &Actor, bytes: Vec<u8>, password: String) -> Result<Preview> {
    let dealer = actor.require_in(AccountKind::Dealer, Right::ManageKeys)?.id;
    let file = read(bytes, password).await?;
    let rows = judge(&app.db, app, dealer, &file)
        .await?
        .into_iter()
        .map(|judged| judged.row)
        .collect();
    Ok(Preview {
        format: file.format,
        order_number: file.order,
        rows,
    })
}

/// Adds the devices of a file with their keys to the account in view: all rows whose verdict is new, or none if
/// anything fails. Importing a file twice is the same as importing it once. A device that is known gets keys under
/// names that it has none under yet; its row counts as new, too.
///
/// # Errors
/// Those of [`preview`]; [`Error::Conflict`] if another import of the same devices came between.
pub async fn import(
    app: &App,
    actor: &Actor,
    file_name: &str,
    bytes: Vec<u8>,
    password: String,
) -> Result<key_import::Model> {
    let dealer = actor.require_in(AccountKind::Dealer, Right::ManageKeys)?.id;
    let sha256 = file::sha256(&bytes);
    let file = read(bytes, password).await?;

    let tx = app.begin().await?;
    let judged = judge(&tx, app, dealer, &file).await?;
    let count = |verdict| judged.iter().filter(|judged| judged.row.verdict == verdict).count();
    let (new, same) = (count(RowVerdict::New), count(RowVerdict::Same));
    let number = |count: usize| i32::try_from(count).context("a file has too many rows");
    let done = key_import::Model {
        id: KeyImportId(app.new_id()),
        account_id: dealer,
        user_id: actor.user,
        file_name: file::clean_name(file_name),
        sha256,
        order_number: file.order.clone(),
        new_count: number(new)?,
        same_count: number(same)?,
        skipped_count: number(judged.len() - new - same)?,
        created_at: app.clock.now(),
    };
    done.clone().into_active_model().insert(&tx).await?;
    let (devices, keys) = rows(app, &done, judged)?;
    insert::<device::Entity, _>(&tx, devices).await?;
    insert::<device_key::Entity, _>(&tx, keys).await?;
    audit::record(&tx, app, Some(actor), "importKeys", Some(done.id.to_string()), true).await?;
    tx.commit().await?;
    Ok(done)
}

/// Reads a file where it does not hold up others: unpacking and decrypting megabytes takes a while.
async fn read(bytes: Vec<u8>, password: String) -> Result<KeyFile> {
    let password = Zeroizing::new(password);
    let read = tokio::task::spawn_blocking(move || kem::read(&bytes, &password)).await;
    read.context("reading a key file broke off")?.map_err(refusal)
}

fn refusal(error: KemError) -> Error {
    let text = error.to_string();
    match error {
        KemError::TooLarge => Error::TooLarge("a key file has at most 8 MiB, packed or not"),
        KemError::PasswordLength | KemError::WrongPassword => {
            Error::invalid("password", Reason::WrongFilePassword, text)
        }
        KemError::NotAKemFile | KemError::NoKeyFileInside => Error::invalid("fileId", Reason::NotAKemFile, text),
        KemError::TooManyEntries
        | KemError::BrokenContainer
        | KemError::SeveralKeyFilesInside
        | KemError::BrokenEnvelope(_)
        | KemError::UnknownCipher(_)
        | KemError::BrokenContent(_) => Error::invalid("fileId", Reason::BrokenFile, text),
    }
}

/// What names a device within an account: serial number and manufacturer.
type Name = (String, String);

/// The verdicts of all rows, in the order of the file. The number of statements grows with the file only by one for
/// each 500 devices.
async fn judge<'a>(
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

/// The rows that an import adds, the keys sealed for their device and name.
fn rows(
    app: &App,
    import: &key_import::Model,
    judged: Vec<Judged<'_>>,
) -> Result<(Vec<device::Model>, Vec<device_key::Model>)> {
    let (mut devices, mut keys) = (Vec::new(), Vec::new());
    for Judged {
        row,
        source,
        known,
        added,
    } in judged
    {
        let (Some(source), Some(manufacturer), RowVerdict::New) = (source, row.manufacturer, row.verdict) else {
            continue;
        };
        let id = known.unwrap_or_else(|| DeviceId(app.new_id()));
        if known.is_none() {
            devices.push(device::Model {
                id,
                account_id: import.account_id,
                kind: kind(source),
                manufacturer,
                serial_number: source.serial.to_string(),
                model: row.model,
                type_number: source.type_number.clone(),
                config_number: source.config_number.clone(),
                order_number: source.order.clone(),
                own_number: source.own_number.clone(),
                created_at: import.created_at,
            });
        }
        for (name, key) in added {
            let sealed = app.keys.seal(&app.rng, place(&id, name), key.expose())?;
            keys.push(device_key::Model {
                device_id: id,
                name: name.clone(),
                sealed: sealed.bytes,
                key_version: sealed.version,
                import_id: import.id,
                created_at: import.created_at,
            });
        }
    }
    Ok((devices, keys))
}

fn kind(device: &kem::Device) -> DeviceKind {
    if device.name.as_deref().is_some_and(is_concentrator) {
        DeviceKind::Concentrator
    } else {
        DeviceKind::Meter
    }
}

/// Adds rows by the batch.
async fn insert<E, A>(db: &impl ConnectionTrait, mut rows: Vec<E::Model>) -> Result<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send,
{
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(CHUNK));
        E::insert_many(rows.into_iter().map(IntoActiveModel::into_active_model))
            .exec_without_returning(db)
            .await
            .map_err(taken)?;
        rows = rest;
    }
    Ok(())
}

fn taken(error: DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Error::Conflict("another import added these devices; repeat it"),
        _ => error.into(),
    }
}
