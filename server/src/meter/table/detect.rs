//! Finds out how a table is written: its delimiter, whether the first line names the columns, and what they hold.
use super::{
    Layout, MAX_LINE_BYTES,
    line::{key_name, number_of, read_key, split},
    lines, manufacturer,
};
use shared::device::KeyColumn;
use std::borrow::Cow;

/// How many lines are looked at.
const SAMPLE: usize = 50;

/// What stands between columns, the likelier first.
const DELIMITERS: [char; 5] = [';', '\t', ',', '|', ' '];

/// The manufacturer of the devices that most dealers of Keyhaus hand out; the page shows it for correction.
const USUAL_MANUFACTURER: &str = "KAM";

/// The layout that fits the first lines of a text best; columns that nothing tells are ignored.
pub fn detect(text: &str) -> Layout {
    let sample: Vec<&str> = lines(text)
        .map(|(_, line)| line)
        .filter(|line| line.len() <= MAX_LINE_BYTES)
        .take(SAMPLE)
        .collect();
    let delimiter = DELIMITERS
        .into_iter()
        .rev()
        .max_by_key(|delimiter| score(&sample, *delimiter))
        .unwrap_or(';');
    let rows: Vec<_> = sample
        .iter()
        .map(|line| split(line, delimiter).unwrap_or_default())
        .collect();
    let has_key = |row: &Vec<Cow<'_, str>>| row.iter().any(|cell| read_key(cell).is_some());
    let has_header = rows.first().is_some_and(|first| {
        !has_key(first) && first.iter().any(|cell| by_heading(cell).is_some())
            || (rows.len() > 1 && !has_key(first) && has_key(&rows[1]) && !first.iter().any(|cell| is_serial(cell)))
    });
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    let body = &rows[usize::from(has_header)..];
    let heading = |at: usize| rows.first().filter(|_| has_header).and_then(|first| first.get(at));
    let mut columns: Vec<KeyColumn> = (0..width)
        .map(|at| {
            let by_cells = by_cells(body, at);
            match heading(at).and_then(|head| by_heading(head)) {
                // a heading "Key" above words is the name of a key, not a key
                Some(KeyColumn::Key) if by_cells != Some(KeyColumn::Key) && by_cells.is_some() => {
                    by_cells.unwrap_or(KeyColumn::Ignored)
                }
                Some(named) => named,
                None => by_cells.unwrap_or(KeyColumn::Ignored),
            }
        })
        .collect();
    // only keys may stand in several columns; a heading counts more than the cells
    for kind in [KeyColumn::Serial, KeyColumn::Manufacturer, KeyColumn::KeyName] {
        let held: Vec<usize> = (0..width).filter(|at| columns[*at] == kind).collect();
        let named = held
            .iter()
            .copied()
            .find(|at| heading(*at).and_then(|head| by_heading(head)) == Some(kind));
        let kept = named.or(held.first().copied());
        for at in held {
            if Some(at) != kept {
                columns[at] = KeyColumn::Ignored;
            }
        }
    }
    Layout {
        delimiter,
        has_header,
        columns,
        manufacturer: Some(USUAL_MANUFACTURER.to_owned()),
        restores_zeros: false,
    }
}

/// How well a delimiter fits: in how many lines a cell is a key and another a serial number.
fn score(sample: &[&str], delimiter: char) -> usize {
    let line_score = |line: &&str| {
        let cells = split(line, delimiter).unwrap_or_default();
        let has_key = cells.iter().any(|cell| read_key(cell).is_some());
        let has_serial = cells.iter().any(|cell| is_serial(cell));
        4 * usize::from(has_key && has_serial) + usize::from(has_key) + usize::from(cells.len() > 1 && delimiter != ' ')
    };
    sample.iter().map(line_score).sum()
}

fn is_serial(cell: &str) -> bool {
    let (_, cell) = number_of(cell);
    (5..=8).contains(&cell.len()) && cell.bytes().all(|byte| byte.is_ascii_digit())
}

/// What a heading says, German or English.
fn by_heading(head: &str) -> Option<KeyColumn> {
    let word: String = head
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    let is = |words: &[&str]| words.contains(&word.as_str());
    if is(&[
        "serial",
        "serialno",
        "serialnumber",
        "seriennummer",
        "seriennr",
        "zählernummer",
        "zaehlernummer",
        "meterno",
        "meternumber",
        "id",
        "meterid",
        "gerätenummer",
        "nummer",
    ]) {
        Some(KeyColumn::Serial)
    } else if is(&[
        "manufacturer",
        "hersteller",
        "vendor",
        "vendorid",
        "man",
        "manufacturerid",
        "mfct",
    ]) {
        Some(KeyColumn::Manufacturer)
    } else if is(&["keyname", "keytype", "schlüsselname", "schlüsselart"]) {
        Some(KeyColumn::KeyName)
    } else if key_name(head).is_some_and(|_| !head.trim().bytes().all(|byte| byte.is_ascii_digit()))
        || is(&[
            "key",
            "aeskey",
            "aes",
            "schlüssel",
            "encryptionkey",
            "aesschlüssel",
            "deckey",
            "hex",
        ])
    {
        Some(KeyColumn::Key)
    } else if is(&["model", "modell", "metername", "shortname", "name", "gerät", "device"]) {
        Some(KeyColumn::Model)
    } else if is(&["typeno", "typenumber", "typnummer", "typenr"]) {
        Some(KeyColumn::TypeNumber)
    } else if is(&["configno", "confignumber", "konfiguration", "config"]) {
        Some(KeyColumn::ConfigNumber)
    } else if is(&[
        "order",
        "orderno",
        "ordernumber",
        "auftrag",
        "auftragsnummer",
        "orderid",
        "bestellung",
    ]) {
        Some(KeyColumn::OrderNumber)
    } else if is(&["ownnumber", "eigenenummer", "customerdevicenumber", "inventarnummer"]) {
        Some(KeyColumn::OwnNumber)
    } else if is(&["version", "ver", "generation"]) {
        Some(KeyColumn::Version)
    } else if is(&["medium", "art", "type", "typ", "devicetype", "consumptiontype"]) {
        Some(KeyColumn::Medium)
    } else {
        None
    }
}

/// What most cells of a column are.
fn by_cells(rows: &[Vec<Cow<'_, str>>], at: usize) -> Option<KeyColumn> {
    let cells: Vec<&str> = rows
        .iter()
        .filter_map(|row| row.get(at).map(|cell| cell.trim()))
        .filter(|cell| !cell.is_empty())
        .collect();
    let most = |fits: &dyn Fn(&str) -> bool| {
        !cells.is_empty() && 2 * cells.iter().filter(|cell| fits(cell)).count() > cells.len()
    };
    if most(&|cell| read_key(cell).is_some()) {
        Some(KeyColumn::Key)
    } else if most(&is_serial) {
        Some(KeyColumn::Serial)
    } else if most(&|cell| key_name(cell).is_some()) {
        Some(KeyColumn::KeyName)
    } else if most(&|cell| cell.len() == 3 && manufacturer(cell).is_some()) {
        Some(KeyColumn::Manufacturer)
    } else {
        None
    }
}
