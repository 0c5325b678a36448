//! The files: CSV with a header line, or a JSON list of objects, told apart by their first sign.
//!
//! A column that is not there says nothing; a cell that is empty, and `null`, say that there is nothing. Columns that
//! are not known are left alone. What is written is canonical: all columns in their order, rows by their key, CSV as RFC
//! 4180 with CRLF, JSON with a row a line.
use crate::{
    error::{Error, Result},
    office::customer_file::{Lines, decode, delimiter},
    spreadsheet,
};
use anyhow::Context;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use shared::error::Reason;
use std::{borrow::Cow, collections::BTreeMap};

/// The most rows of a file, the header line aside.
pub const ROWS_MAX: usize = 20_000;

/// The largest file, in bytes.
pub const FILE_MAX: usize = 10 * 1024 * 1024;

/// A form of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Comma-separated values with a header line (RFC 4180).
    Csv,
    /// A list of objects (RFC 8259).
    Json,
}

/// A row as it was typed.
#[derive(Clone, Debug)]
pub struct Typed {
    /// Its line in a CSV file, the header line being the first; its place in a JSON list, from 1.
    pub line: u64,
    /// What it says of the columns that are there.
    cells: BTreeMap<&'static str, Option<String>>,
}

impl Typed {
    /// What is said of a column: none for nothing, and none inside for "there is none".
    pub fn said(&self, column: &str) -> Option<Option<&str>> {
        self.cells.get(column).map(|cell| cell.as_deref())
    }

    /// The text of a column; none if it is empty or not there.
    pub fn text(&self, column: &str) -> Option<&str> {
        self.said(column).flatten()
    }
}

/// Reads a file; `columns` are those that are known, the first one being the key.
///
/// # Errors
/// [`Error::TooLarge`] beyond [`FILE_MAX`] or [`ROWS_MAX`]; [`Error::Invalid`] at `fileId` with `NOT_A_TABLE` if it is
/// neither form or has no column with the key.
pub fn read(bytes: &[u8], columns: &'static [&'static str]) -> Result<Vec<Typed>> {
    if bytes.len() > FILE_MAX {
        return Err(Error::TooLarge("a file has at most 10 MiB"));
    }
    let text = decode(bytes);
    let rows = if text.trim_start().starts_with('[') {
        read_json(&text, columns)
    } else {
        read_csv(&text, columns)
    }?;
    if rows.len() > ROWS_MAX {
        return Err(Error::TooLarge("a file has at most 20,000 rows"));
    }
    Ok(rows)
}

fn unreadable(what: impl Into<String>) -> Error {
    Error::invalid("fileId", Reason::NotATable, what)
}

fn known(header: &str, columns: &'static [&'static str]) -> Option<&'static str> {
    let plain = |name: &str| -> String { name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect() };
    let header = plain(header);
    columns.iter().copied().find(|column| plain(column) == header)
}

fn read_csv(text: &str, columns: &'static [&'static str]) -> Result<Vec<Typed>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .flexible(true)
        .from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| unreadable(error.to_string()))?;
    let mut places: Vec<(usize, &'static str)> = Vec::new();
    for (place, header) in headers.iter().enumerate() {
        let Some(column) = known(header, columns) else { continue };
        if places.iter().any(|(_, other)| *other == column) {
            return Err(unreadable(format!("two columns are called {column}")));
        }
        places.push((place, column));
    }
    let key = columns.first().copied().unwrap_or_default();
    if !places.iter().any(|(_, column)| *column == key) {
        return Err(unreadable(format!("the first line names no column {key}")));
    }
    let mut lines = Lines::of(text);
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(error.to_string()))?;
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let cells = places.iter().map(|(place, column)| {
            let cell = cleaned(unguarded(record.get(*place).unwrap_or_default()));
            (*column, cell)
        });
        rows.push(Typed {
            line: lines.at(record.position().map_or(0, csv::Position::byte)),
            cells: cells.collect(),
        });
    }
    Ok(rows)
}

fn read_json(text: &str, columns: &'static [&'static str]) -> Result<Vec<Typed>> {
    let objects: Vec<BTreeMap<String, Value>> =
        serde_json::from_str(text.trim()).map_err(|_| unreadable("not a JSON list of objects"))?;
    let key = columns.first().copied().unwrap_or_default();
    let mut rows = Vec::new();
    for (place, object) in objects.into_iter().enumerate() {
        let mut cells = BTreeMap::new();
        for (name, value) in object {
            let Some(column) = known(&name, columns) else { continue };
            let cell = match value {
                Value::Null => None,
                Value::String(text) => cleaned(&text),
                Value::Number(number) => Some(number.to_string()),
                Value::Bool(yes) => Some(yes.to_string()),
                Value::Array(_) | Value::Object(_) => {
                    return Err(unreadable(format!("{column} is a text, a number, true, false or null")));
                }
            };
            cells.insert(column, cell);
        }
        if !cells.contains_key(key) {
            return Err(unreadable(format!("object {} has no {key}", place + 1)));
        }
        rows.push(Typed {
            line: place as u64 + 1,
            cells,
        });
    }
    Ok(rows)
}

/// A cell with one kind of line break and without what surrounds it; none if nothing is left.
fn cleaned(cell: &str) -> Option<String> {
    let text = cell.replace("\r\n", "\n").replace('\r', "\n");
    let text: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// A cell before a spreadsheet was kept from reading it as a formula.
fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with('\'') || spreadsheet::text(rest) != rest => rest,
        _ => cell,
    }
}

/// A cell that no spreadsheet reads as a formula, and that [`unguarded`] makes what it was.
fn guarded(cell: &str) -> Cow<'_, str> {
    if cell.starts_with('\'') {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell) // `spreadsheet::lines` does the rest
    }
}

/// A row as it is written: a cell for each column.
pub type Written = Vec<Option<String>>;

/// Writes rows in canonical form.
///
/// # Errors
/// If memory runs out.
pub fn write(format: Format, columns: &'static [&'static str], rows: &[Written]) -> Result<Vec<u8>> {
    match format {
        Format::Csv => {
            let head = columns.iter().map(|column| Cow::Borrowed(*column)).collect();
            let body = rows.iter().map(|row| {
                row.iter()
                    .map(|cell| guarded(cell.as_deref().unwrap_or_default()))
                    .collect()
            });
            spreadsheet::lines(std::iter::once(head).chain(body))
        }
        Format::Json => {
            let mut text = String::from("[");
            for (place, cells) in rows.iter().enumerate() {
                text.push_str(if place == 0 { "\n" } else { ",\n" });
                let object = Object { columns, cells };
                text.push_str(&serde_json::to_string(&object).context("a row could not be written as JSON")?);
            }
            text.push_str("\n]\n");
            Ok(text.into_bytes())
        }
    }
}

/// A row as a JSON object whose members stand in the order of the columns.
struct Object<'a> {
    columns: &'static [&'static str],
    cells: &'a Written,
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.columns.len()))?;
        for (column, cell) in self.columns.iter().zip(self.cells) {
            map.serialize_entry(column, cell)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[&str] = &["code", "name_de", "price"];

    fn cells(row: &Typed) -> Written {
        COLUMNS
            .iter()
            .map(|column| row.text(column).map(str::to_owned))
            .collect()
    }

    #[test]
    fn what_is_written_is_read_again_in_both_forms() {
        let rows: Vec<Written> = [
            "=1+1",
            "'=1",
            "''",
            "'plain",
            "-5",
            "a,\"b\"",
            "two\nlines",
            "ü;|",
            "+49",
        ]
        .iter()
        .enumerate()
        .map(|(place, text)| vec![Some(place.to_string()), Some((*text).to_owned()), None])
        .collect();
        for format in [Format::Csv, Format::Json] {
            let bytes = write(format, COLUMNS, &rows).unwrap();
            let again: Vec<_> = read(&bytes, COLUMNS).unwrap().iter().map(cells).collect();
            assert_eq!(again, rows, "{format:?}");
            assert_eq!(write(format, COLUMNS, &again).unwrap(), bytes);
        }
    }

    #[test]
    fn no_cell_of_csv_is_a_formula_h08() {
        let rows = [vec![Some("1".into()), Some("=HYPERLINK(1)".into()), Some("'=1".into())]];
        let text = String::from_utf8(write(Format::Csv, COLUMNS, &rows).unwrap()).unwrap();
        assert_eq!(text, "code,name_de,price\r\n1,'=HYPERLINK(1),''=1\r\n");
    }

    #[test]
    fn a_column_that_is_not_there_says_nothing_and_an_empty_cell_says_none() {
        for text in [
            "Name-DE;CODE;x\n;A1;y\n",
            r#"[{"code": "A1", "nameDe": null, "x": "y"}]"#,
        ] {
            let rows = read(text.as_bytes(), COLUMNS).unwrap();
            assert_eq!(
                (rows[0].said("name_de"), rows[0].said("price")),
                (Some(None), None),
                "{text}"
            );
            assert_eq!(rows[0].text("code"), Some("A1"));
        }
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for text in [
            "",
            "price\n1\n",
            "code,Code\n1,2\n",
            "[",
            "[1]",
            r#"[{"price": 1}]"#,
            r#"[{"code": {}}]"#,
            "PK\u{3}",
        ] {
            let refused = read(text.as_bytes(), COLUMNS);
            assert!(
                matches!(
                    refused,
                    Err(Error::Invalid {
                        field: "fileId",
                        reason: Reason::NotATable,
                        ..
                    })
                ),
                "{text}"
            );
        }
        let long = format!("code\n{}", "a\n".repeat(ROWS_MAX + 1));
        assert!(matches!(read(long.as_bytes(), COLUMNS), Err(Error::TooLarge(_))));
        assert!(matches!(
            read(&vec![b' '; FILE_MAX + 1], COLUMNS),
            Err(Error::TooLarge(_))
        ));
    }
}
