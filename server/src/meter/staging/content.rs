//! What a row that waits holds: the device and its keys, sealed together.
use crate::{
    app::App,
    error::Result,
    meter::{address::Serial, import, kem, key::MeterKey, model},
    seal::{Place, Sealed},
};
use anyhow::Context;
use secrecy::zeroize::{Zeroize, Zeroizing};
use serde::{Deserialize, Serialize};
use shared::{
    device::{DeviceKind, Medium},
    id::StagedImportId,
};

/// A device with its keys as hexadecimal digits.
#[derive(Serialize, Deserialize)]
pub(super) struct Content {
    pub(super) serial: String,
    pub(super) manufacturer: String,
    pub(super) model: Option<String>,
    pub(super) kind: DeviceKind,
    pub(super) version: Option<u8>,
    pub(super) medium: Option<Medium>,
    pub(super) type_number: Option<String>,
    pub(super) config_number: Option<String>,
    pub(super) order_number: Option<String>,
    pub(super) own_number: Option<String>,
    keys: Vec<(String, Digits)>,
}

/// A key's digits, wiped from memory when dropped.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Digits(String);

impl Drop for Digits {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl Content {
    pub(super) fn of(source: &kem::Device, manufacturer: String, version: Option<u8>) -> Self {
        let serial: Serial = source.serial;
        Self {
            serial: serial.to_string(),
            manufacturer,
            model: source.name.as_deref().map(model::model_name),
            kind: import::kind(source),
            version,
            medium: source.consumption.as_deref().and_then(model::medium),
            type_number: source.type_number.clone(),
            config_number: source.config_number.clone(),
            order_number: source.order.clone(),
            own_number: source.own_number.clone(),
            keys: source
                .keys
                .iter()
                .map(|(name, key)| (name.clone(), Digits(key.to_hex().to_string())))
                .collect(),
        }
    }

    /// Its keys by name.
    pub(super) fn keys(&self) -> Result<Vec<(String, MeterKey)>> {
        let keys = self.keys.iter().map(|(name, hex)| {
            let key = MeterKey::from_hex(&hex.0).context("a key that waits is none")?;
            Ok((name.clone(), key))
        });
        keys.collect()
    }

    pub(super) fn seal(&self, app: &App, import: &StagedImportId, position: i32) -> Result<Sealed> {
        let plain = Zeroizing::new(serde_json::to_vec(self).context("a row has a text")?);
        app.keys.seal(&app.rng, place(import, &position.to_string()), &plain)
    }

    pub(super) fn open(app: &App, import: &StagedImportId, position: i32, sealed: &Sealed) -> Result<Self> {
        let plain = app.keys.open(place(import, &position.to_string()), sealed)?;
        Ok(serde_json::from_slice(&plain).context("a row that waits cannot be read")?)
    }
}

fn place<'a>(import: &'a StagedImportId, position: &'a str) -> Place<'a> {
    Place {
        column: "staged_row.sealed",
        row: import.0.as_bytes(),
        name: position,
    }
}
