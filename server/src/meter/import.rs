//! Importing key files: a verdict for each row, then everything in one transaction; nothing is ever overwritten.
use super::{
    importer,
    kem::{self, Format, KemError, KeyFile},
    model::{self, is_concentrator},
    verdict::{Judged, Row, judge},
};
use crate::{
    account::take_turn,
    actor::Actor,
    app::App,
    audit,
    entity::{device, device_key, key_import},
    error::{Error, Result},
    file,
    seal::Place,
};
use anyhow::Context;
use sea_orm::{ActiveModelBehavior, ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, SqlErr};
use secrecy::zeroize::Zeroizing;
use shared::{
    device::{DeviceKind, DeviceProof, RowVerdict},
    error::Reason,
    id::{DeviceId, KeyImportId},
};

/// How many rows go into one statement: 11 values each stay below what SQLite (32,766) and PostgreSQL (65,535) take.
pub(super) const CHUNK: usize = 500;

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
/// [`Error::Forbidden`] for those who import no devices; [`Error::Invalid`] on `fileId` or `password` if the file
/// cannot be read; [`Error::TooLarge`].
pub async fn preview(app: &App, actor: &Actor, bytes: Vec<u8>, password: String) -> Result<Preview> {
    let dealer = importer(actor)?;
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
    let dealer = importer(actor)?;
    let sha256 = file::sha256(&bytes);
    let file = read(bytes, password).await?;

    let tx = app.begin().await?;
    take_turn(&tx, &[dealer]).await?;
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
        replaced_count: 0,
        undone_at: None,
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
pub(super) async fn read(bytes: Vec<u8>, password: String) -> Result<KeyFile> {
    let password = Zeroizing::new(password);
    let read = tokio::task::spawn_blocking(move || kem::read(&bytes, &password)).await;
    read.context("reading a key file broke off")?.map_err(refusal)
}

pub(super) fn refusal(error: KemError) -> Error {
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
                proof: DeviceProof::Unproven,
                proven_at: None,
                created_at: import.created_at,
                version: None,
                medium: source.consumption.as_deref().and_then(model::medium),
                import_id: Some(import.id),
                passed_by: None,
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
                fingerprint: app.keys.fingerprint(key.expose())?,
            });
        }
    }
    Ok((devices, keys))
}

pub(super) fn kind(device: &kem::Device) -> DeviceKind {
    if device.name.as_deref().is_some_and(is_concentrator) {
        DeviceKind::Concentrator
    } else {
        DeviceKind::Meter
    }
}

/// Adds rows by the batch.
pub(super) async fn insert<E, A>(db: &impl ConnectionTrait, mut rows: Vec<E::Model>) -> Result<()>
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
