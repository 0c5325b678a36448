//! One line of a table: its cells, and the device that they make.
use super::{Candidate, Layout, MAX_COLUMNS, MAX_LINE_BYTES, manufacturer};
use crate::meter::{
    address::{Manufacturer, Serial},
    kem,
    key::MeterKey,
};
use shared::device::{KeyColumn, RowNote, RowVerdict};
use std::borrow::Cow;

/// The cells of a line. A cell may stand in quotation marks, within which two stand for one; none if one is not closed.
pub fn split(line: &str, delimiter: char) -> Option<Vec<Cow<'_, str>>> {
    let mut cells = Vec::new();
    let mut rest = if delimiter == ' ' { line.trim() } else { line };
    loop {
        let start = rest.trim_start_matches([' ', '\u{a0}']);
        let (cell, after) = match start.strip_prefix('"') {
            Some(quoted) => {
                let (cell, after) = unquote(quoted)?;
                (
                    cell,
                    after.find(delimiter).map(|at| &after[at + delimiter.len_utf8()..]),
                )
            }
            None => match rest.split_once(delimiter) {
                Some((cell, after)) => (Cow::Borrowed(cell.trim()), Some(after)),
                None => (Cow::Borrowed(rest.trim()), None),
            },
        };
        cells.push(cell);
        match after {
            Some(after) if cells.len() < MAX_COLUMNS => {
                rest = if delimiter == ' ' { after.trim_start() } else { after }
            }
            _ => return Some(cells),
        }
    }
}

fn unquote(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let mut cell = String::new();
    let mut rest = text;
    loop {
        let end = rest.find('"')?;
        cell.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                cell.push('"');
                rest = more;
            }
            None => return Some((Cow::Owned(cell.trim().to_owned()), rest)),
        }
    }
}

/// Reads the lines of a table.
#[derive(Debug)]
pub struct Reader<'a> {
    layout: &'a Layout,
    /// The names of the keys by column.
    names: Vec<Option<String>>,
    manufacturer: Option<Manufacturer>,
}

impl<'a> Reader<'a> {
    /// A reader for a layout; `first` is the first line of the file.
    pub fn new(layout: &'a Layout, first: &str) -> Self {
        let heads = if layout.has_header {
            split(first, layout.delimiter).unwrap_or_default()
        } else {
            Vec::new()
        };
        let names = heads.iter().map(|head| key_name(head)).collect();
        let manufacturer = layout.manufacturer.as_deref().and_then(manufacturer);
        Self {
            layout,
            names,
            manufacturer,
        }
    }

    /// The device of a line.
    pub fn read(&self, position: usize, line: &str) -> Candidate {
        let malformed = |serial: Option<&str>, note| Candidate::refused(position, serial, RowVerdict::Malformed, note);
        if line.len() > MAX_LINE_BYTES {
            return malformed(None, RowNote::Unreadable);
        }
        let Some(cells) = split(line, self.layout.delimiter) else {
            return malformed(None, RowNote::OpenQuote);
        };
        let of = |column: KeyColumn| {
            let at = self.layout.columns.iter().position(|held| *held == column)?;
            cells.get(at).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
        };
        let text = |column| of(column).map(|cell| cell.chars().take(kem::MAX_TEXT_BYTES / 4).collect::<String>());
        let Some(written) = of(KeyColumn::Serial) else {
            return malformed(None, RowNote::NoSerial);
        };
        let (of_number, digits) = number_of(written);
        let is_short = (1..8).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        let mut note = None;
        let serial: Serial = if is_short && self.layout.restores_zeros {
            note = Some(RowNote::ZerosRestored);
            match format!("{digits:0>8}").parse() {
                Ok(serial) => serial,
                Err(_) => return malformed(Some(written), RowNote::NotASerial),
            }
        } else if is_short {
            return Candidate::refused(position, Some(written), RowVerdict::LostZeros, RowNote::NotASerial);
        } else {
            match digits.parse() {
                Ok(serial) => serial,
                Err(_) => return malformed(Some(written), RowNote::NotASerial),
            }
        };
        let Some(manufacturer) = (match of(KeyColumn::Manufacturer) {
            Some(written) => manufacturer(written),
            None => of_number.or(self.manufacturer),
        }) else {
            return malformed(Some(written), RowNote::NoManufacturer);
        };
        let mut keys: Vec<(String, MeterKey)> = Vec::new();
        for (at, cell) in cells.iter().enumerate() {
            if self.layout.columns.get(at) != Some(&KeyColumn::Key) || cell.trim().is_empty() {
                continue;
            }
            let Some((pasted, key)) = read_key(cell) else {
                return malformed(Some(written), RowNote::NotAKey);
            };
            if pasted.is_some() {
                note = Some(RowNote::PasteRepaired);
            }
            let name = pasted
                .map(str::to_owned)
                .or_else(|| self.names.get(at).cloned().flatten())
                .or_else(|| of(KeyColumn::KeyName).and_then(key_name))
                .unwrap_or_else(|| "DEK".to_owned());
            if keys.iter().any(|(other, _)| *other == name) {
                return malformed(Some(written), RowNote::Unreadable);
            }
            keys.push((name, key));
        }
        if keys.is_empty() {
            return malformed(Some(written), RowNote::NoKey);
        }
        Candidate {
            position,
            version: of(KeyColumn::Version).and_then(version),
            device: Some(kem::Device {
                row: position,
                serial,
                manufacturer: Some(manufacturer),
                order: text(KeyColumn::OrderNumber),
                name: text(KeyColumn::Model),
                type_number: text(KeyColumn::TypeNumber),
                config_number: text(KeyColumn::ConfigNumber),
                own_number: text(KeyColumn::OwnNumber),
                consumption: text(KeyColumn::Medium),
                keys,
            }),
            serial_number: None,
            verdict: None,
            note,
        }
    }
}

/// The digits of a serial number as tables write it: guarded against spreadsheets (`'00012345`, `="00012345"`), or as the
/// device's number of DIN 43863-5, which is medium, maker, block and serial number (`8DME0712345678`) and names the maker.
pub(super) fn number_of(cell: &str) -> (Option<Manufacturer>, &str) {
    let cell = cell.trim().trim_start_matches(['\'', '=']).trim_matches(['"', ' ']);
    let parts = || Some((cell.get(..1)?, cell.get(1..4)?, cell.get(4..6)?));
    match (parts(), cell.get(6..)) {
        (Some((medium, maker, block)), Some(digits)) if digits.len() == 8 => {
            let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
            let is_number = is_hex(medium) && is_hex(block) && digits.bytes().all(|byte| byte.is_ascii_digit());
            match maker.to_ascii_uppercase().parse() {
                Ok(maker) if is_number => (Some(maker), digits),
                _ => (None, cell),
            }
        }
        _ => (None, cell),
    }
}

/// The name that a heading or a cell gives a key, in the writing of key files; `64` and `65` are the numbers under which
/// electricity meters list theirs.
pub(super) fn key_name(text: &str) -> Option<String> {
    let name: String = text
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_uppercase();
    match name.as_str() {
        "DEK" => Some(name),
        "64" | "GUEK" | "ENCRYPTIONKEY" => Some("GPK60".to_owned()),
        "65" | "GAK" | "AUTHENTICATIONKEY" => Some("GPK61".to_owned()),
        _ => {
            let number = name.strip_prefix("GPK").or_else(|| name.strip_prefix("PK"))?;
            let is_number = (1..=2).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then_some(name)
        }
    }
}

/// A key as tables write it: 32 hexadecimal digits, with blanks, dashes or colons between them, `0x` before them; or
/// pasted with type and generation, which name it: `64 1 0x…`.
pub(super) fn read_key(cell: &str) -> Option<(Option<&'static str>, MeterKey)> {
    let cell = cell.trim();
    for (kind, name) in [("64 ", "GPK60"), ("65 ", "GPK61")] {
        let pasted = cell.strip_prefix(kind).and_then(|rest| {
            let (generation, key) = rest.trim_start().split_once(' ')?;
            let is_number = !generation.is_empty() && generation.bytes().all(|byte| byte.is_ascii_digit());
            let key = key.trim_start().strip_prefix("0x").or_else(|| {
                let key = key.trim();
                (key.len() == 32).then_some(key)
            })?;
            is_number.then(|| bare_key(key)).flatten()
        });
        if let Some(key) = pasted {
            return Some((Some(name), key));
        }
    }
    let bare = cell
        .strip_prefix("0x")
        .or_else(|| cell.strip_prefix("0X"))
        .unwrap_or(cell);
    bare_key(bare).map(|key| (None, key))
}

fn bare_key(text: &str) -> Option<MeterKey> {
    let digits: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '\u{a0}' | '-' | ':'))
        .take(40)
        .collect();
    MeterKey::from_hex(&digits).ok()
}

fn version(cell: &str) -> Option<u8> {
    let hex = cell.strip_prefix("0x").or((cell.len() == 2).then_some(cell));
    hex.map_or_else(|| cell.parse().ok(), |hex| u8::from_str_radix(hex, 16).ok())
}
