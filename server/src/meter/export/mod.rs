//! Keys on their way out: files that other programs read, each with a manifest and the mark of who got it.
//!
//! Every format is a ZIP of its files and `manifest.json`, which names each file with its SHA-256. The mark, which no two
//! exports share, stands in each file, so that a leaked one names its source.
mod driver;
mod texts;

use super::kem::{self, Container, Device, Format, KeyFile};
use crate::{error::Result, file::sha256};
use anyhow::Context;
use chrono::{DateTime, SecondsFormat, Utc};
use secrecy::zeroize::Zeroizing;
use serde_json::json;
use shared::device::KeyExportFormat;
use std::io::{Cursor, Write};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// Whose export it is.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// What no other export has.
    pub mark: String,
    /// The account that gets it: number and name.
    pub recipient: String,
    /// The portal's address.
    pub origin: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
}

/// A file to hand out, whose content is a secret.
pub struct Package {
    /// Its name, with the day and time.
    pub name: String,
    /// A ZIP.
    pub bytes: Zeroizing<Vec<u8>>,
}

/// A file of a package: its path, and its content, which is a secret.
type Entry = (String, Zeroizing<Vec<u8>>);

/// The devices with their keys in a format. `password` seals a key file; other formats do not look at it.
///
/// # Errors
/// If memory alone does not suffice, or the password is not one of a key file.
pub fn package(format: KeyExportFormat, devices: &[Device], password: &str, stamp: &Stamp) -> Result<Package> {
    let entries = match format {
        KeyExportFormat::Csv => vec![("keys.csv".to_owned(), texts::table(devices, stamp)?)],
        KeyExportFormat::Json => vec![("keys.json".to_owned(), texts::json(devices, stamp)?)],
        KeyExportFormat::Kem => vec![key_file(devices, password, stamp)?],
        KeyExportFormat::Wmbusmeters => texts::wmbusmeters(devices, stamp),
        KeyExportFormat::HomeAssistant => vec![("wmbusmeters-addon.json".to_owned(), texts::home_assistant(devices)?)],
        KeyExportFormat::Esphome => texts::esphome(devices, stamp),
    };
    let word = match format {
        KeyExportFormat::Csv => "csv",
        KeyExportFormat::Json => "json",
        KeyExportFormat::Kem => "kem",
        KeyExportFormat::Wmbusmeters => "wmbusmeters",
        KeyExportFormat::HomeAssistant => "home-assistant",
        KeyExportFormat::Esphome => "esphome",
    };
    let manifest = manifest(word, devices.len(), &entries, stamp)?;
    let bytes = zipped(
        entries.into_iter().chain([("manifest.json".to_owned(), manifest)]),
        stamp,
    )
    .context("a package of keys could not be written")?;
    Ok(Package {
        name: format!("keys-{word}-{}.zip", stamp.made_at.format("%Y%m%d-%H%M")),
        bytes,
    })
}

/// A KEM file named as Kamstrup's service names them.
fn key_file(devices: &[Device], password: &str, stamp: &Stamp) -> Result<Entry> {
    let orders: Vec<_> = devices.iter().map(|device| &device.order).collect();
    let common = orders
        .first()
        .filter(|first| orders.iter().all(|order| order == *first));
    let file = KeyFile {
        format: Format::Kem,
        order: common.and_then(|order| (*order).clone()),
        devices: devices.to_vec(),
        problems: Vec::new(),
    };
    let bytes = kem::write(&file, password, Container::Zip).context("a key file could not be written")?;
    let name = format!(
        "{}_selected_DownloadMeters.zip.kem",
        stamp.made_at.format("%Y%m%d_%H%M")
    );
    Ok((name, Zeroizing::new(bytes)))
}

/// What is in the package, for whom, and how to tell that nothing was changed.
fn manifest(format: &str, count: usize, entries: &[Entry], stamp: &Stamp) -> Result<Zeroizing<Vec<u8>>> {
    let files: Vec<_> = entries
        .iter()
        .map(|(name, bytes)| json!({ "name": name, "bytes": bytes.len(), "sha256": sha256(bytes) }))
        .collect();
    let text = json!({
        "format": format,
        "devices": count,
        "recipient": stamp.recipient,
        "mark": stamp.mark,
        "origin": stamp.origin,
        "madeAt": stamp.made_at.to_rfc3339_opts(SecondsFormat::Secs, true),
        "files": files,
    });
    let bytes = serde_json::to_vec_pretty(&text).context("a manifest could not be written")?;
    Ok(Zeroizing::new(bytes))
}

fn zipped(entries: impl Iterator<Item = Entry>, stamp: &Stamp) -> zip::result::ZipResult<Zeroizing<Vec<u8>>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::DEFAULT);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.set_comment(format!("Keyhaus {}", stamp.mark))?;
    for (name, bytes) in entries {
        zip.start_file(name, options)?;
        zip.write_all(&bytes)?;
    }
    Ok(Zeroizing::new(zip.finish()?.into_inner()))
}
