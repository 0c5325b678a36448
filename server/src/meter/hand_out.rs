//! Taking keys in a file. The file is made once, lies sealed for a few minutes, and is fetched once, by the session that
//! asked for it; what stays is whose mark it bears.
use super::{
    DeviceSelection, Scope,
    export::{Stamp, package},
    import, kem,
    key::MeterKey,
    nothing_selected, request, selection, usage,
};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{account, device, device_key, key_export},
    error::{Error, Result},
    file::sha256,
    seal::{Place, Sealed},
};
use anyhow::{Context, anyhow};
use chrono::TimeDelta;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use secrecy::zeroize::Zeroizing;
use shared::{
    account::Right,
    device::{KeyExportFormat, KeyUse},
    error::Reason,
    id::{DeviceId, KeyExportId, KeyRequestId},
};
use std::collections::HashMap;

/// How long a file waits to be fetched.
pub const FETCHED_WITHIN: TimeDelta = TimeDelta::minutes(5);

/// Letters and digits that nobody confuses: 32, so that each of the 16 signs of a password has 5 bits.
const SIGNS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// How many ids go into one statement.
const CHUNK: usize = 500;

/// What somebody wants in a file.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// The devices of a selection, within the quota.
    Selection(DeviceSelection),
    /// Those of a request that is open.
    Request(KeyRequestId),
}

/// A file that waits to be fetched.
pub struct HandedOut {
    /// Which.
    pub row: key_export::Model,
    /// What opens a key file. It is nowhere else.
    pub password: Option<Zeroizing<String>>,
}

fn place(id: &KeyExportId) -> Place<'_> {
    Place {
        column: "key_export.sealed",
        row: id.0.as_bytes(),
        name: "",
    }
}

/// Makes a file of all keys of the devices. Its audit row is written in the same transaction: without it there is no
/// file (security H05).
///
/// # Errors
/// [`Error::Forbidden`] without the right to read keys, and for a program's token; [`Error::NotFound`] for devices whose
/// keys the actor may not see; [`Error::Invalid`] for none, and with `KEY_QUOTA` for more than the quota allows;
/// [`Error::TooLarge`] for more than [`request::DEVICES_MAX`]; [`Error::Conflict`] for a request that is not open;
/// [`Error::SecondFactorRequired`] and [`Error::StepUpRequired`] as with a single key.
pub async fn hand_out(app: &App, actor: &Actor, wanted: Wanted, format: KeyExportFormat) -> Result<HandedOut> {
    let view = actor.require(Right::ReadKeys)?.clone();
    let session = actor.require_session()?.to_vec();
    let (now, today) = (app.clock.now(), app.clock.today());
    let seen = Scope::of(actor)?.revealable(today);
    let (chosen, devices, by) = match &wanted {
        Wanted::Selection(chosen) => {
            let chosen = selection::choose_among(seen, view.id, chosen, today)?;
            let devices = chosen.devices.clone();
            (Some(chosen), devices, None)
        }
        Wanted::Request(id) => {
            let named = device::Column::Id.in_subquery(request::devices(*id));
            (None, Condition::all().add(seen).add(named), Some(*id))
        }
    };
    let tx = app.begin().await?;
    let rows = device::Entity::find()
        .filter(devices)
        .order_by_asc(device::Column::SerialNumber)
        .order_by_asc(device::Column::Id)
        .limit(request::DEVICES_MAX + 1)
        .all(&tx)
        .await?;
    let count = rows.len() as u64;
    if count > request::DEVICES_MAX {
        return Err(Error::TooLarge("a file holds the keys of at most 10,000 devices"));
    }
    if let Some(chosen) = chosen {
        chosen.compare(count)?;
    }
    if let Some(id) = by {
        request::take(&tx, app, actor, id).await?;
    }
    let (devices, names) = opened(&tx, app, rows).await?;
    if devices.is_empty() {
        return Err(nothing_selected());
    }
    if app.settings.require_second_factor && !actor.has_second_factor {
        return Err(Error::SecondFactorRequired);
    }
    actor.require_step_up(now)?;
    if by.is_none() {
        usage::require_room(&tx, app, actor, "selection", names.len() as u64).await?;
    }
    let recipient = account::Entity::find_by_id(view.id)
        .one(&tx)
        .await?
        .ok_or(Error::NotFound("account"))?;
    let id = KeyExportId(app.new_id());
    let stamp = Stamp {
        mark: format!("keyhaus-{}", hex::encode(app.rng.bytes::<8>())),
        recipient: format!("{} {}", recipient.number, recipient.name),
        origin: app.settings.origin.clone(),
        made_at: now,
    };
    let password = (format == KeyExportFormat::Kem).then(|| password(app));
    let sealing = password.clone();
    let (packed, stamp) = tokio::task::spawn_blocking(move || {
        let sealing = sealing.as_ref().map_or("", |password| password.as_str());
        (package(format, &devices, sealing, &stamp), stamp)
    })
    .await
    .context("a file of keys could not be made")?;
    let packed = packed?;
    let sealed = app.keys.seal(&app.rng, place(&id), &packed.bytes)?;
    let row = key_export::Model {
        id,
        account_id: view.id,
        user_id: actor.user,
        session_hash: session,
        mark: stamp.mark,
        format,
        device_count: i32::try_from(count).unwrap_or(i32::MAX),
        file_name: packed.name,
        sha256: sha256(&packed.bytes),
        sealed: Some(sealed.bytes),
        key_version: sealed.version,
        created_at: now,
        expires_at: now + FETCHED_WITHIN,
        fetched_at: None,
    };
    forget(&tx, app).await?;
    key_export::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(&tx)
        .await?;
    usage::note(&tx, app, actor, KeyUse::Exported, by, names).await?;
    let object = format!("{id} {format:?} {count} {}", row.mark);
    audit::record(&tx, app, Some(actor), "exportKeys", Some(object), true).await?;
    tx.commit().await?;
    Ok(HandedOut { row, password })
}

/// The devices with their keys, opened, and the names of these; devices without a key are left out.
async fn opened(
    db: &impl ConnectionTrait,
    app: &App,
    rows: Vec<device::Model>,
) -> Result<(Vec<kem::Device>, Vec<(DeviceId, String)>)> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut keys: HashMap<DeviceId, Vec<(String, MeterKey)>> = HashMap::new();
    let mut names = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let found = device_key::Entity::find()
            .filter(device_key::COLUMN.device_id.is_in(chunk.iter().copied()))
            .order_by_asc(device_key::Column::Name)
            .all(db)
            .await?;
        for row in found {
            let sealed = Sealed {
                bytes: row.sealed,
                version: row.key_version,
            };
            let opened = app.keys.open(import::place(&row.device_id, &row.name), &sealed)?;
            let key = opened
                .as_slice()
                .try_into()
                .map_err(|_| anyhow!("a stored key has not 16 bytes"))?;
            names.push((row.device_id, row.name.clone()));
            keys.entry(row.device_id)
                .or_default()
                .push((row.name, MeterKey::new(key)));
        }
    }
    let mut devices = Vec::new();
    for row in rows {
        let Some(keys) = keys.remove(&row.id) else { continue };
        devices.push(kem::Device {
            row: devices.len() + 1,
            serial: row
                .serial_number
                .parse()
                .map_err(|_| anyhow!("a stored serial number is none"))?,
            manufacturer: row.manufacturer.parse().ok(),
            order: row.order_number,
            name: row.model,
            type_number: row.type_number,
            config_number: row.config_number,
            own_number: row.own_number,
            consumption: None,
            keys,
        });
    }
    Ok((devices, names))
}

/// 16 random signs, 80 bits.
fn password(app: &App) -> Zeroizing<String> {
    let bytes = Zeroizing::new(app.rng.bytes::<16>());
    let mut text = Zeroizing::new(String::with_capacity(16));
    for byte in bytes.iter() {
        text.push(char::from(SIGNS[usize::from(byte & 31)]));
    }
    text
}

/// The bytes of a file that waits, and its name; they are gone afterwards.
///
/// # Errors
/// [`Error::NotFound`] for all but the session that asked for it, and once it was fetched or its time was over.
pub async fn fetch(app: &App, actor: &Actor, id: KeyExportId) -> Result<(String, Zeroizing<Vec<u8>>)> {
    let missing = || Error::NotFound("keyExport");
    let session = actor.require_session()?.to_vec();
    let account = actor.require(Right::ReadKeys)?.id;
    let tx = app.begin().await?;
    let row = key_export::Entity::find_by_id(id)
        .filter(key_export::COLUMN.account_id.eq(account))
        .filter(key_export::COLUMN.user_id.eq(actor.user))
        .filter(key_export::COLUMN.session_hash.eq(session))
        .filter(key_export::COLUMN.expires_at.gt(app.clock.now()))
        .one(&tx)
        .await?
        .ok_or_else(missing)?;
    let taken = key_export::Entity::update_many()
        .col_expr(key_export::Column::Sealed, Expr::value(None::<Vec<u8>>))
        .col_expr(key_export::Column::FetchedAt, Expr::value(app.clock.now()))
        .filter(key_export::COLUMN.id.eq(id))
        .filter(key_export::COLUMN.account_id.eq(account))
        .filter(key_export::COLUMN.sealed.is_not_null())
        .exec(&tx)
        .await?;
    let Some(bytes) = row.sealed.filter(|_| taken.rows_affected == 1) else {
        return Err(missing());
    };
    let sealed = Sealed {
        bytes,
        version: row.key_version,
    };
    let opened = app.keys.open(place(&id), &sealed)?;
    audit::record(&tx, app, Some(actor), "fetchKeys", Some(id.to_string()), true).await?;
    tx.commit().await?;
    Ok((row.file_name, opened))
}

/// Deletes the bytes of files that nobody fetched in time.
///
/// # Errors
/// If the database refuses.
pub async fn forget(db: &impl ConnectionTrait, app: &App) -> Result<()> {
    key_export::Entity::update_many()
        .col_expr(key_export::Column::Sealed, Expr::value(None::<Vec<u8>>))
        .filter(key_export::COLUMN.expires_at.lte(app.clock.now()))
        .filter(key_export::COLUMN.sealed.is_not_null())
        .exec(db)
        .await?;
    Ok(())
}

/// What `exportKeys` takes, as one of its two ways.
///
/// # Errors
/// [`Error::Invalid`] unless exactly one of them is given.
pub fn wanted(selection: Option<DeviceSelection>, request: Option<KeyRequestId>) -> Result<Wanted> {
    match (selection, request) {
        (Some(selection), None) => Ok(Wanted::Selection(selection)),
        (None, Some(request)) => Ok(Wanted::Request(request)),
        _ => Err(Error::invalid(
            "selection",
            Reason::NothingSelected,
            "give either a selection or a request",
        )),
    }
}
