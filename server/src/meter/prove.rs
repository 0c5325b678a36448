//! Proving stored keys by pasted telegrams: verdicts and readings, never a key.
use super::{
    Scope, import,
    key::MeterKey,
    telegram::{Content, MAX_TEXT_BYTES, Reading, Telegram, Verdict, repair},
    usage,
};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{device, device_key},
    error::{Error, Result},
    seal::Sealed,
    session::throttle::{self, Guess, Verdict as Room},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use shared::{
    account::Right,
    device::{DeviceProof, KeyUse},
    error::Reason,
    id::DeviceId,
    telegram::Repair,
};
use std::collections::{BTreeSet, HashMap};

/// How many telegrams are judged at once.
pub const TELEGRAMS_MAX: usize = 50;
/// How many keys of the same order are tried where the device's own do not fit.
const NEIGHBOURS: u64 = 500;

/// What became of one pasted telegram.
#[derive(Clone, Debug)]
pub struct Proof {
    /// Its place among the pasted ones, from 1.
    pub position: usize,
    /// The number of the meter that sent it, or for which an adapter sent it; none for what is no telegram.
    pub serial_number: Option<String>,
    /// The letters of the manufacturer.
    pub manufacturer: Option<String>,
    /// The device among those that the actor sees.
    pub device: Option<device::Model>,
    /// What it says about the device's keys.
    pub judged: Judged,
    /// The name of the key that fits.
    pub key_name: Option<String>,
    /// What the meter says; empty where no key fits.
    pub readings: Vec<Reading>,
    /// Whether it is a compact frame, whose values only an earlier full one explains.
    pub is_compact: bool,
    /// What went wrong with the stored key, if a usual change of it fits all telegrams of the device.
    pub repair: Option<Repair>,
    /// Another device of the same order whose key fits.
    pub fits_device: Option<device::Model>,
}

/// A verdict about the keys of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judged {
    /// What the telegram says.
    Verdict(Verdict),
    /// No device that the actor sees has this number.
    UnknownDevice,
    /// The device has no key that could be judged.
    NoKey,
}

/// Judges the stored keys of the devices that sent some telegrams, one a line or in one piece, by these. `only` lets
/// nothing but this device count. Keys are opened for it, and none is shown; who may only prove keys may do it too.
///
/// # Errors
/// [`Error::Forbidden`] without the right to read keys, and for what the actor sees none of; [`Error::NotFound`] for a
/// device in `only` that he does not see; [`Error::Invalid`] on `telegrams` for nothing or too many of them;
/// [`Error::Throttled`] for a person who proves more often than 60 times an hour.
pub async fn prove(app: &App, actor: &Actor, text: &str, only: Option<DeviceId>) -> Result<Vec<Proof>> {
    actor.require(Right::ReadKeys)?;
    let parsed = parse(text)?;
    if let Room::Locked = throttle::charge(app, Guess::KeyProof, &actor.user.to_string()).await? {
        return Err(Error::Throttled);
    }
    let tx = app.begin().await?;
    let devices = match only {
        Some(id) => vec![super::get(&tx, app, actor, id).await?],
        None => devices_of(&tx, app, actor, &parsed).await?,
    };
    let keys = keys_of(&tx, app, devices.iter().map(|device| device.id).collect()).await?;

    let mut proofs: Vec<Proof> = parsed
        .iter()
        .enumerate()
        .map(|(at, telegram)| proof(at + 1, telegram, &devices, &keys, only.is_some()))
        .collect();
    for device in &devices {
        explain(&tx, app, actor, device, &parsed, &keys, &mut proofs).await?;
    }
    keep(&tx, app, Scope::of(actor)?, &proofs).await?;
    let tried: BTreeSet<(DeviceId, String)> = proofs
        .iter()
        .filter_map(|proof| Some((proof.device.as_ref()?.id, proof.key_name.clone()?)))
        .collect();
    usage::note(&tx, app, actor, KeyUse::Proved, None, tried).await?;
    let named: BTreeSet<String> = proofs
        .iter()
        .filter_map(|proof| proof.device.as_ref())
        .map(|device| device.id.to_string())
        .collect();
    let object = (!named.is_empty()).then(|| named.into_iter().collect::<Vec<_>>().join(" "));
    audit::record(&tx, app, Some(actor), "proveKeys", object, true).await?;
    tx.commit().await?;
    Ok(proofs)
}

/// Keeps what the telegrams said of the devices that the account in view holds; a reader's telegrams say nothing of
/// them to their holder.
async fn keep(db: &impl ConnectionTrait, app: &App, scope: Scope, proofs: &[Proof]) -> Result<()> {
    let held = || {
        proofs
            .iter()
            .filter_map(|proof| Some((proof, proof.device.as_ref()?)))
            .filter(|(_, device)| scope.holds(device))
    };
    let of = |wanted: fn(&Judged) -> bool| -> BTreeSet<DeviceId> {
        let found = held().filter(|(proof, _)| wanted(&proof.judged));
        found.map(|(_, device)| device.id).collect()
    };
    let proven = of(|judged| matches!(judged, Judged::Verdict(Verdict::Ok { .. })));
    let doubtful = of(|judged| matches!(judged, Judged::Verdict(Verdict::WrongKey)));
    let doubtful: BTreeSet<DeviceId> = doubtful.difference(&proven).copied().collect();
    for (proof, devices) in [(DeviceProof::Proven, proven), (DeviceProof::Doubtful, doubtful)] {
        if devices.is_empty() {
            continue;
        }
        device::Entity::update_many()
            .col_expr(device::Column::Proof, Expr::value(proof))
            .col_expr(device::Column::ProvenAt, Expr::value(app.clock.now()))
            .filter(device::COLUMN.id.is_in(devices))
            .exec(db)
            .await?;
    }
    Ok(())
}

type Parsed = Result<Telegram, Verdict>;

/// The pasted telegrams: the lines, unless only all of them together are one.
fn parse(text: &str) -> Result<Vec<Parsed>> {
    let refused = |reason, message: &str| Err(Error::invalid("telegrams", reason, message));
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() {
        return refused(Reason::Missing, "paste a telegram");
    }
    if lines.len() > 1
        && text.len() <= MAX_TEXT_BYTES
        && lines.iter().any(|line| Telegram::parse(line).is_err())
        && let Ok(whole) = Telegram::parse(&lines.concat())
    {
        return Ok(vec![Ok(whole)]); // one telegram, wrapped
    }
    if lines.len() > TELEGRAMS_MAX {
        return refused(Reason::TooMany, "at most 50 telegrams are judged at once");
    }
    let parsed = lines.iter().map(|line| Telegram::parse(line).map_err(Verdict::from));
    Ok(parsed.collect())
}

/// The devices that the actor sees and that some telegram names.
async fn devices_of(
    db: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    parsed: &[Parsed],
) -> Result<Vec<device::Model>> {
    let seen = Scope::of(actor)?.devices(app.clock.today());
    let numbers: BTreeSet<String> = parsed
        .iter()
        .flatten()
        .flat_map(|telegram| [Some(telegram.address()), telegram.meter_address()])
        .flatten()
        .filter_map(|address| address.serial().ok())
        .map(|serial| serial.to_string())
        .collect();
    Ok(device::Entity::find()
        .filter(seen)
        .filter(device::COLUMN.serial_number.is_in(numbers))
        .order_by_asc(device::Column::Id)
        .limit(NEIGHBOURS)
        .all(db)
        .await?)
}

/// Opened keys by device, in the order of their names.
type Keys = HashMap<DeviceId, Vec<(String, MeterKey)>>;

/// The keys of devices that can be judged: those of 16 bytes.
async fn keys_of(db: &impl ConnectionTrait, app: &App, devices: Vec<DeviceId>) -> Result<Keys> {
    let rows = device_key::Entity::find()
        .filter(device_key::COLUMN.device_id.is_in(devices))
        .order_by_asc(device_key::Column::Name)
        .all(db)
        .await?;
    let mut keys = Keys::new();
    for row in rows {
        let sealed = Sealed {
            bytes: row.sealed,
            version: row.key_version,
        };
        let opened = app.keys.open(import::place(&row.device_id, &row.name), &sealed)?;
        if let Ok(bytes) = opened.as_slice().try_into() {
            keys.entry(row.device_id)
                .or_default()
                .push((row.name, MeterKey::new(bytes)));
        }
    }
    Ok(keys)
}

/// The verdict of one telegram about the keys of the devices that could have sent it.
fn proof(position: usize, parsed: &Parsed, devices: &[device::Model], keys: &Keys, only: bool) -> Proof {
    let mut proof = Proof {
        position,
        serial_number: None,
        manufacturer: None,
        device: None,
        judged: Judged::UnknownDevice,
        key_name: None,
        readings: Vec::new(),
        is_compact: false,
        repair: None,
        fits_device: None,
    };
    let telegram = match parsed {
        Ok(telegram) => telegram,
        Err(verdict) => {
            proof.judged = Judged::Verdict(*verdict);
            return proof;
        }
    };
    let address = telegram.meter_address().unwrap_or(telegram.address());
    proof.serial_number = address.serial().ok().map(|serial| serial.to_string());
    proof.manufacturer = address.manufacturer().ok().map(|letters| letters.to_string());
    for device in devices.iter().filter(|device| sent_by(telegram, device)) {
        proof.device.get_or_insert_with(|| device.clone());
        let Some(keys) = keys.get(&device.id) else {
            if proof.judged == Judged::UnknownDevice {
                proof.judged = Judged::NoKey;
            }
            continue;
        };
        for (name, key) in keys {
            let opened = telegram.open(key);
            let fits = matches!(opened.verdict, Verdict::Ok { .. });
            proof.judged = Judged::Verdict(opened.verdict);
            match opened.content {
                Content::Full(readings) => proof.readings = readings,
                Content::Compact => proof.is_compact = true,
                Content::Closed => {}
            }
            if fits {
                proof.key_name = Some(name.clone());
                proof.device = Some(device.clone());
                return proof;
            }
        }
    }
    if only && proof.device.is_none() {
        proof.judged = Judged::Verdict(Verdict::WrongMeter);
    }
    proof
}

fn sent_by(telegram: &Telegram, device: &device::Model) -> bool {
    device
        .serial_number
        .parse()
        .is_ok_and(|serial| telegram.is_from(serial))
}

/// Says why the keys of a device do not fit, where none does and something usual explains it.
async fn explain(
    db: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    device: &device::Model,
    parsed: &[Parsed],
    keys: &Keys,
    proofs: &mut [Proof],
) -> Result<()> {
    let wrong: Vec<usize> = (0..proofs.len())
        .filter(|at| {
            proofs[*at].judged == Judged::Verdict(Verdict::WrongKey)
                && proofs[*at].device.as_ref().is_some_and(|found| found.id == device.id)
        })
        .collect();
    let telegrams: Vec<Telegram> = wrong.iter().filter_map(|at| parsed[*at].clone().ok()).collect();
    if telegrams.is_empty() {
        return Ok(());
    }
    let own = keys.get(&device.id).into_iter().flatten();
    if let Some(found) = own.into_iter().find_map(|(_, key)| repair(key, &telegrams)) {
        for at in wrong {
            proofs[at].repair = Some(found.repair);
        }
        return Ok(());
    }
    let Some(order) = &device.order_number else {
        return Ok(());
    };
    let neighbours = device::Entity::find()
        .filter(Scope::of(actor)?.devices(app.clock.today()))
        .filter(device::COLUMN.order_number.eq(order.as_str()))
        .filter(device::COLUMN.account_id.eq(device.account_id))
        .filter(device::COLUMN.id.ne(device.id))
        .order_by_asc(device::Column::Id)
        .limit(NEIGHBOURS)
        .all(db)
        .await?;
    let others = keys_of(db, app, neighbours.iter().map(|device| device.id).collect()).await?;
    let fits = |key: &MeterKey| {
        let all = || telegrams.iter().map(|telegram| telegram.verify(key));
        all().all(|verdict| matches!(verdict, Verdict::Ok { .. }))
    };
    let found = neighbours.iter().find(|other| {
        let keys = others.get(&other.id).into_iter().flatten();
        keys.into_iter().any(|(_, key)| fits(key))
    });
    for at in wrong {
        proofs[at].fits_device = found.cloned();
    }
    Ok(())
}
