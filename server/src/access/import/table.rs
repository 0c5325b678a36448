//! The lines of a list of read rights: CSV with or without a first line that names the columns.
use super::super::{NOTE_MAX, Terms};
use crate::{
    error::{Error, Result},
    meter::table::{MAX_LINE_BYTES, decode, lines, split},
    spreadsheet,
};
use chrono::{Datelike, NaiveDate};
use shared::{device::AssignmentVerdict, error::Reason, name::EmailAddress};

/// The most rows of a list.
pub const MAX_ROWS: usize = 5_000;

/// How many lines are looked at to see whether there are addresses in a list without headings.
const LOOKED_AT: usize = 20;

/// The most characters of a cell that are kept of what cannot be read.
const SHOWN: usize = 100;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Device,
    Manufacturer,
    Email,
    From,
    Until,
    Note,
    VerifyOnly,
}

/// The columns of a list whose first line does not name them.
const UNNAMED: [Option<Column>; 6] = [
    Some(Column::Device),
    Some(Column::Email),
    Some(Column::From),
    Some(Column::Until),
    Some(Column::Note),
    Some(Column::VerifyOnly),
];

impl Column {
    fn named(head: &str) -> Option<Self> {
        let word: String = head.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        Some(match word.as_str() {
            "serial" | "serialnumber" | "device" | "deviceid" | "meter" | "id" | "seriennummer" | "gerätenummer"
            | "zählernummer" | "zähler" | "gerät" => Self::Device,
            "manufacturer" | "hersteller" => Self::Manufacturer,
            "email" | "emailaddress" | "mail" | "emailadresse" | "adresse" | "lesendarf" => Self::Email,
            "from" | "start" | "startson" | "von" | "ab" | "beginn" | "lesenab" => Self::From,
            "until" | "end" | "to" | "bis" | "ende" | "lesenbis" => Self::Until,
            "note" | "notiz" | "bemerkung" => Self::Note,
            "verifyonly" | "proveonly" | "nurprüfen" | "kind" | "art" => Self::VerifyOnly,
            _ => return None,
        })
    }
}

/// A row as the list has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    /// The line, from 1.
    pub(super) position: usize,
    pub(super) device: String,
    pub(super) manufacturer: Option<String>,
    /// In its canonical form if it is one.
    pub(super) email: String,
    pub(super) terms: Terms,
    /// What is wrong with it already.
    pub(super) fault: Option<AssignmentVerdict>,
}

fn unreadable(message: &str) -> Error {
    Error::invalid("fileId", Reason::NotATable, message)
}

/// Reads a list.
///
/// # Errors
/// [`Error::Invalid`] on `fileId`: with `NOT_A_TABLE` if it is no text or has no devices and addresses, with `TOO_MANY` for
/// more than [`MAX_ROWS`] rows.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Typed>> {
    let (text, _) = decode(bytes).map_err(|error| unreadable(&error.to_string()))?;
    let first = lines(&text).next().map_or("", |(_, line)| line);
    let delimiter = [';', '\t', ',']
        .into_iter()
        .max_by_key(|delimiter| (first.matches(*delimiter).count(), *delimiter == ';'))
        .unwrap_or(';');
    let heads = split(first, delimiter).unwrap_or_default();
    let named: Vec<_> = heads.iter().map(|head| Column::named(head)).collect();
    let has = |column| named.contains(&Some(column));
    let (columns, skipped) = if has(Column::Device) && has(Column::Email) {
        (named, 1)
    } else {
        let has_address = lines(&text).take(LOOKED_AT).any(|(_, line)| {
            let cells = split(line, delimiter).unwrap_or_default();
            cells.get(1).is_some_and(|cell| cell.contains('@'))
        });
        if !has_address {
            return Err(unreadable(
                "the first line names no columns `serial` and `email`, and the second column holds no addresses",
            ));
        }
        (UNNAMED.to_vec(), 0)
    };
    if lines(&text).count() > MAX_ROWS + skipped {
        let message = format!("a list has at most {MAX_ROWS} rows");
        return Err(Error::invalid("fileId", Reason::TooMany, message));
    }
    let rows = lines(&text).skip(skipped);
    let read: Vec<_> = rows
        .map(|(position, line)| read_line(position, line, delimiter, &columns))
        .collect();
    if read.is_empty() {
        return Err(unreadable("there is no row below the first line"));
    }
    Ok(read)
}

fn read_line(position: usize, line: &str, delimiter: char, columns: &[Option<Column>]) -> Typed {
    let mut row = Typed {
        position,
        device: String::new(),
        manufacturer: None,
        email: String::new(),
        terms: Terms {
            starts_on: None,
            until: None,
            verify_only: false,
            note: None,
        },
        fault: None,
    };
    let cells = if line.len() > MAX_LINE_BYTES {
        None
    } else {
        split(line, delimiter)
    };
    let Some(cells) = cells else {
        row.device = line.chars().take(SHOWN).collect();
        row.fault = Some(AssignmentVerdict::Malformed);
        return row;
    };
    let (mut is_dated, mut is_readable) = (true, true);
    for (cell, column) in cells.iter().zip(columns) {
        let Some(column) = column else { continue };
        let cell = unguarded(cell.trim());
        let is_clean = !cell.contains(char::is_control);
        let set = (!cell.is_empty()).then_some(cell);
        match column {
            Column::Device => row.device = cell.chars().take(SHOWN).collect(),
            Column::Manufacturer => row.manufacturer = set.map(str::to_ascii_uppercase),
            Column::Email => row.email = cell.chars().take(SHOWN * 3).collect(),
            Column::From => is_dated &= set.is_none_or(|cell| put(&mut row.terms.starts_on, day(cell))),
            Column::Until => is_dated &= set.is_none_or(|cell| put(&mut row.terms.until, day(cell))),
            Column::Note if is_clean && cell.chars().count() <= NOTE_MAX => row.terms.note = set.map(str::to_owned),
            Column::Note => is_readable = false,
            Column::VerifyOnly => match only_verifies(cell) {
                Some(verify_only) => row.terms.verify_only = verify_only,
                None => is_readable = false,
            },
        }
    }
    let address = EmailAddress::parse(&row.email);
    row.fault = if !is_readable {
        Some(AssignmentVerdict::Malformed)
    } else if address.is_err() {
        Some(AssignmentVerdict::NotAnEmail)
    } else if !is_dated {
        Some(AssignmentVerdict::ImpossibleDates)
    } else {
        None
    };
    if let Ok(address) = address {
        row.email = address.to_string();
    }
    row
}

/// Puts a value where it belongs, if there is one.
fn put<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    let is_there = value.is_some();
    *place = value;
    is_there
}

/// A day as people and programs write it: `2026-12-31`, `31.12.2026`; in this century.
fn day(cell: &str) -> Option<NaiveDate> {
    let day = ["%Y-%m-%d", "%d.%m.%Y"]
        .iter()
        .find_map(|form| NaiveDate::parse_from_str(cell, form).ok())?;
    (2000..2100).contains(&day.year()).then_some(day)
}

fn only_verifies(cell: &str) -> Option<bool> {
    let word: String = cell.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    match word.as_str() {
        "" | "nein" | "no" | "false" | "0" | "lesen" | "read" => Some(false),
        "ja" | "yes" | "true" | "1" | "x" | "prüfen" | "nurprüfen" | "verify" | "verifyonly" | "prove" => Some(true),
        _ => None,
    }
}

/// A cell before a spreadsheet was kept from reading it as a formula.
fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) || spreadsheet::text(rest) != rest => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day_of(text: &str) -> Option<NaiveDate> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn headings_in_both_languages_and_any_order_are_found() {
        let german = "Notiz;E-Mail-Adresse;Seriennummer;Lesen bis;Ab;Nur prüfen\r\n\"Haus 4; links\";Anna@Example.org;'00000001;31.12.2026;2026-12-01;ja\r\n";
        let rows = read(german.as_bytes()).unwrap();
        let expected = Typed {
            position: 2,
            device: "00000001".into(),
            manufacturer: None,
            email: "anna@example.org".into(),
            terms: Terms {
                starts_on: day_of("2026-12-01"),
                until: day_of("2026-12-31"),
                verify_only: true,
                note: Some("Haus 4; links".into()),
            },
            fault: None,
        };
        assert_eq!(rows, [expected]);
        let english = "serial,email,until\n76348701,anna@example.org,2026-12-31\n";
        assert_eq!(read(english.as_bytes()).unwrap()[0].terms.until, day_of("2026-12-31"));
        let unnamed = "76348701\tanna@example.org\t\t2026-12-31\n";
        let rows = read(unnamed.as_bytes()).unwrap();
        assert_eq!((rows[0].position, rows[0].terms.until), (1, day_of("2026-12-31")));
    }

    #[test]
    fn what_is_wrong_with_a_row_is_named_and_spoils_no_other() {
        use AssignmentVerdict::{ImpossibleDates, Malformed, NotAnEmail};
        let long = "x".repeat(NOTE_MAX + 1);
        for (row, fault) in [
            ("76348701;anna@example.org;;;;".to_owned(), None),
            ("76348701;anna;;;;".to_owned(), Some(NotAnEmail)),
            ("76348701;;;;;".to_owned(), Some(NotAnEmail)),
            (
                "76348701;anna@example.org;;31.02.2026;;".to_owned(),
                Some(ImpossibleDates),
            ),
            (
                "76348701;anna@example.org;;12/31/2026;;".to_owned(),
                Some(ImpossibleDates),
            ),
            (
                "76348701;anna@example.org;;31.12.9999;;".to_owned(),
                Some(ImpossibleDates),
            ),
            ("76348701;anna@example.org;bald;;;".to_owned(), Some(ImpossibleDates)),
            ("76348701;anna@example.org;;;;vielleicht".to_owned(), Some(Malformed)),
            ("\"76348701;anna@example.org".to_owned(), Some(Malformed)),
            (format!("76348701;anna@example.org;;;{long};"), Some(Malformed)),
            (
                format!("76348701;anna@example.org;;;{};", "x".repeat(5000)),
                Some(Malformed),
            ),
        ] {
            let text = format!("serial;email;from;until;note;verify only\n{row}\n76348702;bert@example.org;;;;\n");
            let rows = read(text.as_bytes()).unwrap();
            assert_eq!((rows[0].fault, rows[1].fault, rows.len()), (fault, None, 2), "{row}");
        }
    }

    #[test]
    fn what_is_no_list_is_refused_whole() {
        let many = format!("serial;email\n{}", "76348701;a@example.org\n".repeat(MAX_ROWS + 1));
        for (bytes, reason) in [
            (&b""[..], Reason::NotATable),
            (b"\x00\x01\x02", Reason::NotATable),
            (b"serial;email\n", Reason::NotATable),
            (b"a;b\n1;2\n", Reason::NotATable),
            (many.as_bytes(), Reason::TooMany),
        ] {
            let Err(Error::Invalid {
                field, reason: found, ..
            }) = read(bytes)
            else {
                panic!("{reason:?}");
            };
            assert_eq!((field, found), ("fileId", reason));
        }
        let most = format!("serial;email\n{}", "76348701;a@example.org\n".repeat(MAX_ROWS));
        assert_eq!(read(most.as_bytes()).unwrap().len(), MAX_ROWS);
    }
}
