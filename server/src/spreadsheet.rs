//! Tables for spreadsheets: CSV (RFC 4180) in which no cell is ever taken for a formula (security H08).
use crate::error::Result;
use anyhow::{Context, anyhow};
use std::borrow::Cow;

/// What makes a spreadsheet read a cell as a formula (OWASP, "CSV Injection").
const FORMULA: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\0'];

/// A cell that is text whatever it begins with: an apostrophe goes before what would be a formula.
pub fn text(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(FORMULA) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// Rows as CSV lines: comma, CRLF, quotes where they are needed. Every cell passes through [`text`].
///
/// # Errors
/// If a row cannot be written, which memory alone could cause.
pub fn lines<'a>(rows: impl IntoIterator<Item = Vec<Cow<'a, str>>>) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(Vec::new());
    for row in rows {
        writer
            .write_record(row.iter().map(|cell| text(cell).into_owned()))
            .context("a line of CSV could not be written")?;
    }
    Ok(writer
        .into_inner()
        .map_err(|error| anyhow!("CSV could not be finished: {error}"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula_h08() {
        for cell in ["=1+1", "+49 30", "-5", "@SUM(A1)", "\t=1", "\r=1", "\0x"] {
            assert_eq!(text(cell), format!("'{cell}"));
        }
        for cell in ["", "a=b", "104233", " =x", "'=1"] {
            assert_eq!(text(cell), cell);
        }
    }

    #[test]
    fn lines_follow_rfc_4180() {
        let rows = [
            vec!["a".into(), "x, \"y\"".into()],
            vec!["=cmd".into(), "two\nlines".into()],
        ];
        assert_eq!(
            String::from_utf8(lines(rows).unwrap()).unwrap(),
            "a,\"x, \"\"y\"\"\"\r\n'=cmd,\"two\nlines\"\r\n"
        );
    }
}
