//! Keys in tables and lists: CSV and TXT of any of the seen forms, `MAN;ID;HEX` lines, files of wmbusmeters, JSON. Lines are read one by one,
//! so that a broken one spoils no other.
mod config;
mod detect;
mod json;
mod line;
mod text;

pub use detect::detect;
pub use json::{MAX_KEYS_OF_OBJECT, rows as json_rows};
pub use line::{Reader, split};
pub use text::{NotText, decode, lines};

use super::{address::Manufacturer, kem};
use serde::{Deserialize, Serialize};
use shared::device::{KeyColumn, RowNote, RowVerdict};

/// The most columns of a line; what is behind them does not count.
pub const MAX_COLUMNS: usize = 40;

/// The longest line that is read, in bytes; real ones stay below 300.
pub const MAX_LINE_BYTES: usize = 4000;

/// The most rows of a file.
pub const MAX_ROWS: usize = 250_000;

/// How the lines of a table are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// What stands between two columns: `;`, `,`, a tab, `|` or a blank.
    pub delimiter: char,
    /// Whether the first line names the columns.
    pub has_header: bool,
    /// What each column holds.
    pub columns: Vec<KeyColumn>,
    /// The manufacturer of devices for which the file names none.
    pub manufacturer: Option<String>,
    /// Whether serial numbers that are too short get zeros in front.
    pub restores_zeros: bool,
}

/// A row of a key file, before it is compared with what is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The line or the place in the file, from 1.
    pub position: usize,
    /// The device; none if the row cannot be read.
    pub device: Option<kem::Device>,
    /// The version of its address.
    pub version: Option<u8>,
    /// The serial number as written, if there is no device.
    pub serial_number: Option<String>,
    /// What is known to be wrong with it already.
    pub verdict: Option<RowVerdict>,
    /// What is odd about it.
    pub note: Option<RowNote>,
}

impl Candidate {
    /// A row that cannot be read.
    pub fn refused(position: usize, serial_number: Option<&str>, verdict: RowVerdict, note: RowNote) -> Self {
        let shown = |text: &str| text.chars().take(40).collect::<String>();
        Self {
            position,
            device: None,
            version: None,
            serial_number: serial_number.filter(|text| !text.is_empty()).map(shown),
            verdict: Some(verdict),
            note: Some(note),
        }
    }
}

/// The letters of a manufacturer as a table writes them: three letters, or the M-field in four hexadecimal digits.
pub fn manufacturer(text: &str) -> Option<Manufacturer> {
    let text = text.trim();
    text.to_ascii_uppercase().parse().ok().or_else(|| {
        let digits = text.trim_start_matches("0x");
        let field = (digits.len() == 4).then(|| u16::from_str_radix(digits, 16).ok())??;
        Manufacturer::from_field(field).ok()
    })
}
