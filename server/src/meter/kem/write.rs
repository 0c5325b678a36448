//! Writing key files, in the layouts that other programs read.
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{Device, Format, KemError, KeyFile, envelope};

/// Whether the envelope stands alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// As one member of a ZIP, the usual form.
    Zip,
    /// Alone.
    Bare,
}

/// Writes `file` in its format, sealed with `password`. The same input gives the same bytes.
///
/// KEM has one order for the whole file: that of [`KeyFile::order`]; the orders of single devices are only in KEM2.
///
/// # Errors
/// [`KemError::PasswordLength`], or [`KemError::BrokenContainer`] if the ZIP cannot be written.
pub fn write(file: &KeyFile, password: &str, container: Container) -> Result<Vec<u8>, KemError> {
    let key = envelope::key_of(password)?;
    let content = match file.format {
        Format::Kem => meters_in_order(file),
        Format::Kem2 => devices(file),
    };
    let sealed = envelope::seal(&content, &key);
    match container {
        Container::Bare => Ok(sealed.into_bytes()),
        Container::Zip => zipped(&sealed, file.format).map_err(|_| KemError::BrokenContainer),
    }
}

/// One member without compression and without a date, so that the bytes depend on nothing but the content.
fn zipped(sealed: &str, format: Format) -> zip::result::ZipResult<Vec<u8>> {
    let suffix = match format {
        Format::Kem => "kem",
        Format::Kem2 => "kem2",
    };
    let mut name = String::new();
    for byte in &Sha256::digest(sealed)[..16] {
        let _ = write!(name, "{byte:02X}"); // a String takes everything
    }
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::DEFAULT);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file(format!("{name}.{suffix}"), options)?;
    zip.write_all(sealed.as_bytes())?;
    Ok(zip.finish()?.into_inner())
}

/// The KEM layout: one order, elements that are always there even if empty.
fn meters_in_order(file: &KeyFile) -> Zeroizing<String> {
    let order = escaped(file.order.as_deref().unwrap_or_default());
    let mut xml = Zeroizing::new(format!(r#"<MetersInOrder orderid="{order}  1" schemaVersion="2.0">"#));
    for device in &file.devices {
        xml.push_str("<Meter>");
        element(&mut xml, "MeterNo", device.own_number.as_deref());
        element(&mut xml, "SerialNo", Some(&device.serial.to_string()));
        xml.push_str("<EncKeys>");
        for (name, key) in &device.keys {
            element(&mut xml, name, Some(&key.to_hex()));
        }
        xml.push_str("</EncKeys>");
        element(&mut xml, "MeterName", device.name.as_deref());
        element(&mut xml, "ConsumptionType", device.consumption.as_deref());
        element(&mut xml, "ConfigNo", device.config_number.as_deref());
        element(&mut xml, "ProgramNo", None);
        element(&mut xml, "TypeNo", device.type_number.as_deref());
        element(&mut xml, "VendorId", manufacturer(device).as_deref());
        xml.push_str("</Meter>");
    }
    xml.push_str("</MetersInOrder>");
    xml
}

/// The KEM2 layout as far as it is known: an order for each device, named keys.
fn devices(file: &KeyFile) -> Zeroizing<String> {
    let mut xml = Zeroizing::new(String::from(r#"<Devices schemaVersion="1.0">"#));
    for device in &file.devices {
        xml.push_str("<Device>");
        element(&mut xml, "OrderNumber", device.order.as_deref());
        element(&mut xml, "SerialNumber", Some(&device.serial.to_string()));
        element(&mut xml, "CustomerDeviceNumber", device.own_number.as_deref());
        element(&mut xml, "ShortName", device.name.as_deref());
        element(&mut xml, "ConsumptionTypeName", device.consumption.as_deref());
        element(&mut xml, "ManufacturerId", manufacturer(device).as_deref());
        element(&mut xml, "ConfigNumber", device.config_number.as_deref());
        element(&mut xml, "TypeNumber", device.type_number.as_deref());
        xml.push_str("<Keys>");
        for (name, key) in &device.keys {
            xml.push_str("<Key>");
            element(&mut xml, "Name", Some(name));
            element(&mut xml, "Value", Some(&key.to_hex()));
            xml.push_str("</Key>");
        }
        xml.push_str("</Keys></Device>");
    }
    xml.push_str("</Devices>");
    xml
}

fn manufacturer(device: &Device) -> Option<String> {
    device.manufacturer.map(|letters| letters.to_string())
}

fn element(xml: &mut String, name: &str, text: Option<&str>) {
    let text = escaped(text.unwrap_or_default());
    for part in ["<", name, ">", &text, "</", name, ">"] {
        xml.push_str(part);
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
