//! The texts of an export: tables, JSON, and configurations of programs that receive telegrams.
use super::{Entry, Stamp, driver::driver};
use crate::{error::Result, meter::kem::Device, spreadsheet};
use anyhow::Context;
use secrecy::zeroize::Zeroizing;
use serde_json::{Value, json};
use std::{borrow::Cow, fmt::Write};

/// The name of the key that opens telegrams.
const TELEGRAM_KEY: &str = "DEK";

/// A row for each key, for spreadsheets; no cell is a formula (security H08).
pub(super) fn table(devices: &[Device], stamp: &Stamp) -> Result<Zeroizing<Vec<u8>>> {
    let head = [
        "serial_number",
        "manufacturer",
        "model",
        "type_number",
        "config_number",
        "order_number",
        "own_number",
        "key_name",
        "key",
        "mark",
    ];
    let rows = devices.iter().flat_map(|device| {
        device.keys.iter().map(|(name, key)| {
            let optional = |cell: &Option<String>| Cow::Owned(cell.clone().unwrap_or_default());
            vec![
                Cow::Owned(device.serial.to_string()),
                Cow::Owned(manufacturer(device).unwrap_or_default()),
                optional(&device.name),
                optional(&device.type_number),
                optional(&device.config_number),
                optional(&device.order),
                optional(&device.own_number),
                Cow::Borrowed(name.as_str()),
                Cow::Owned(key.to_hex().to_string()),
                Cow::Borrowed(stamp.mark.as_str()),
            ]
        })
    });
    let lines = spreadsheet::lines([head.map(Cow::Borrowed).to_vec()].into_iter().chain(rows))?;
    Ok(Zeroizing::new(lines))
}

/// All that is known of each device, for programs.
pub(super) fn json(devices: &[Device], stamp: &Stamp) -> Result<Zeroizing<Vec<u8>>> {
    let devices: Vec<Value> = devices
        .iter()
        .map(|device| {
            let keys: serde_json::Map<String, Value> = device
                .keys
                .iter()
                .map(|(name, key)| (name.clone(), Value::String(key.to_hex().to_string())))
                .collect();
            json!({
                "serialNumber": device.serial.to_string(),
                "manufacturer": manufacturer(device),
                "model": device.name,
                "typeNumber": device.type_number,
                "configNumber": device.config_number,
                "orderNumber": device.order,
                "ownNumber": device.own_number,
                "keys": keys,
            })
        })
        .collect();
    pretty(&json!({ "mark": stamp.mark, "devices": devices }))
}

/// The meters of the wmbusmeters add-on for Home Assistant, as its configuration takes them.
pub(super) fn home_assistant(devices: &[Device]) -> Result<Zeroizing<Vec<u8>>> {
    let meters: Vec<Value> = with_telegram_key(devices)
        .map(|(device, key)| {
            json!({
                "name": name(device),
                "driver": driver_of(device),
                "id": device.serial.to_string(),
                "key": *key,
            })
        })
        .collect();
    pretty(&json!({ "meters": meters }))
}

/// A file a meter for `/etc/wmbusmeters.d`, named by its number.
pub(super) fn wmbusmeters(devices: &[Device], stamp: &Stamp) -> Vec<Entry> {
    with_telegram_key(devices)
        .map(|(device, key)| {
            let about = [&device.name, &device.type_number, &device.config_number];
            let about: Vec<_> = about.into_iter().flatten().map(|part| line(part)).collect();
            let text = format!(
                "# {}\n# {}\nname={}\ndriver={}\nid={}\nkey={}\n",
                about.join(" "),
                stamp.mark,
                name(device),
                driver_of(device),
                device.serial,
                *key,
            );
            let path = format!("wmbusmeters.d/{}", device.serial);
            (path, Zeroizing::new(text.into_bytes()))
        })
        .collect()
}

/// Sensors for the component `wmbus_meter` of ESPHome; the keys stand in a file of their own, which is not shared.
pub(super) fn esphome(devices: &[Device], stamp: &Stamp) -> Vec<Entry> {
    let mut config = format!("# {}\nwmbus_meter:\n", stamp.mark);
    let mut secrets = Zeroizing::new(format!("# {}\n", stamp.mark));
    for (device, key) in with_telegram_key(devices) {
        let id = &device.serial;
        // a String takes everything
        let _ = write!(
            config,
            "  - id: meter_{id}\n    meter_id: 0x{id}\n    type: {}\n    key: !secret meter_{id}_key\n",
            driver_of(device)
        );
        let _ = writeln!(secrets, "meter_{id}_key: \"{}\"", *key);
    }
    vec![
        ("wmbus-meters.yaml".to_owned(), Zeroizing::new(config.into_bytes())),
        ("secrets.yaml".to_owned(), Zeroizing::new(secrets.as_bytes().to_vec())),
    ]
}

/// The devices that have a key for telegrams, with its digits.
fn with_telegram_key(devices: &[Device]) -> impl Iterator<Item = (&Device, Zeroizing<String>)> {
    devices.iter().filter_map(|device| {
        let (_, key) = device.keys.iter().find(|(name, _)| name == TELEGRAM_KEY)?;
        Some((device, key.to_hex()))
    })
}

fn driver_of(device: &Device) -> &'static str {
    driver(
        manufacturer(device).as_deref(),
        device.name.as_deref(),
        device.type_number.as_deref(),
    )
    .word()
}

fn manufacturer(device: &Device) -> Option<String> {
    device.manufacturer.map(|letters| letters.to_string())
}

/// What a receiver calls the meter: the holder's own number, else the serial number; without what its files separate by.
fn name(device: &Device) -> String {
    let own = device.own_number.as_deref().map(line).filter(|own| !own.is_empty());
    own.unwrap_or_else(|| device.serial.to_string())
}

/// A text that keeps to its line and its field.
fn line(text: &str) -> String {
    text.trim()
        .chars()
        .filter(|sign| !sign.is_control() && !matches!(sign, ':' | '=' | '#'))
        .collect()
}

fn pretty(value: &Value) -> Result<Zeroizing<Vec<u8>>> {
    let bytes = serde_json::to_vec_pretty(value).context("keys could not be written as JSON")?;
    Ok(Zeroizing::new(bytes))
}
