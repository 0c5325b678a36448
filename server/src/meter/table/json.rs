//! Keys as JSON: an array of objects, or an object with such an array under `devices`. docs/keys.md describes it.
use super::{
    Candidate,
    line::{key_name, read_key},
    manufacturer,
};
use crate::meter::kem;
use serde::Deserialize;
use shared::device::{RowNote, RowVerdict};
use std::collections::BTreeMap;

/// The most keys of one object.
pub const MAX_KEYS_OF_OBJECT: usize = kem::MAX_KEYS;

#[derive(Deserialize)]
#[serde(untagged)]
enum Document {
    Rows(Vec<serde_json::Value>),
    Object { devices: Vec<serde_json::Value> },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    #[serde(alias = "serial", alias = "id")]
    serial_number: Option<String>,
    manufacturer: Option<String>,
    version: Option<u8>,
    medium: Option<String>,
    model: Option<String>,
    type_number: Option<String>,
    config_number: Option<String>,
    order_number: Option<String>,
    own_number: Option<String>,
    /// The DEK.
    key: Option<String>,
    #[serde(default)]
    keys: BTreeMap<String, String>,
}

/// The rows of a JSON file.
///
/// # Errors
/// Where it is no such JSON, and never its content.
pub fn rows(text: &str) -> Result<Vec<Candidate>, String> {
    let rows = match serde_json::from_str(text) {
        Ok(Document::Rows(rows) | Document::Object { devices: rows }) => rows,
        Err(error) => {
            return Err(format!(
                "line {}, column {}: not an array of devices",
                error.line(),
                error.column()
            ));
        }
    };
    Ok(rows
        .into_iter()
        .enumerate()
        .map(|(at, row)| candidate(at + 1, row))
        .collect())
}

fn candidate(position: usize, row: serde_json::Value) -> Candidate {
    let malformed = |serial: Option<&str>, note| Candidate::refused(position, serial, RowVerdict::Malformed, note);
    let Ok(row) = serde_json::from_value::<Row>(row) else {
        return malformed(None, RowNote::Unreadable);
    };
    let Some(written) = row
        .serial_number
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty())
    else {
        return malformed(None, RowNote::NoSerial);
    };
    let Ok(serial) = written.parse() else {
        return malformed(Some(written), RowNote::NotASerial);
    };
    let Some(manufacturer) = row.manufacturer.as_deref().and_then(manufacturer) else {
        return malformed(Some(written), RowNote::NoManufacturer);
    };
    let mut keys = Vec::new();
    let dek = row.key.iter().map(|key| ("DEK", key.as_str()));
    for (name, written_key) in dek.chain(row.keys.iter().map(|(name, key)| (name.as_str(), key.as_str()))) {
        let Some(name) = key_name(name) else {
            return malformed(Some(written), RowNote::Unreadable);
        };
        let Some((_, key)) = read_key(written_key) else {
            return malformed(Some(written), RowNote::NotAKey);
        };
        if keys.len() == MAX_KEYS_OF_OBJECT || keys.iter().any(|(other, _)| *other == name) {
            return malformed(Some(written), RowNote::Unreadable);
        }
        keys.push((name, key));
    }
    if keys.is_empty() {
        return malformed(Some(written), RowNote::NoKey);
    }
    let short = |text: Option<String>| {
        text.map(|text| text.trim().chars().take(kem::MAX_TEXT_BYTES / 4).collect::<String>())
            .filter(|text| !text.is_empty())
    };
    Candidate {
        position,
        version: row.version,
        device: Some(kem::Device {
            row: position,
            serial,
            manufacturer: Some(manufacturer),
            order: short(row.order_number),
            name: short(row.model),
            type_number: short(row.type_number),
            config_number: short(row.config_number),
            own_number: short(row.own_number),
            consumption: short(row.medium),
            keys,
        }),
        serial_number: None,
        verdict: None,
        note: None,
    }
}
