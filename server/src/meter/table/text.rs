//! From bytes to lines.
use super::config;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// Bytes that are no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a text")]
pub struct NotText;

/// The line by which a spreadsheet learns the delimiter: `sep=;`.
const DELIMITER_LINE: &str = "sep=";

/// The text of bytes and the name of its encoding: by its byte order mark (UTF-8, UTF-16), else UTF-16 if one byte of
/// each of the first two signs is zero, else UTF-8 if it is that, else Windows-1252, in which spreadsheets of old save.
///
/// # Errors
/// [`NotText`] for what is empty or holds control characters that no text has.
pub fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, &'static str), NotText> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or(match bytes {
        [0, 1..=255, 0, 1..=255, ..] => (UTF_16BE, 0),
        [1..=255, 0, 1..=255, 0, ..] => (UTF_16LE, 0),
        _ => (UTF_8, 0),
    });
    let body = &bytes[mark..];
    let (text, encoding) = match encoding.decode_without_bom_handling(body) {
        (text, false) => (text, encoding),
        (_, true) => (WINDOWS_1252.decode_without_bom_handling(body).0, WINDOWS_1252),
    };
    let is_odd = |c: char| c.is_control() && !matches!(c, '\t' | '\r' | '\n' | '\u{c}' | '\u{80}'..='\u{9f}');
    if text.trim().is_empty() || text.contains(is_odd) {
        return Err(NotText);
    }
    Ok((config::as_table(text), encoding.name()))
}

/// The lines of a text with their numbers from 1, without the empty ones and a first one that only names the delimiter; they
/// end with CR, LF or both.
pub fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = Some(text);
    let mut number = 0;
    let all = std::iter::from_fn(move || {
        let current = rest?;
        number += 1;
        let line = match current.find(['\r', '\n']) {
            None => {
                rest = None;
                current
            }
            Some(end) => {
                let width = if current[end..].starts_with("\r\n") { 2 } else { 1 };
                rest = Some(&current[end + width..]);
                &current[..end]
            }
        };
        Some((number, line))
    });
    let names_delimiter = |line: &str| {
        line.get(..DELIMITER_LINE.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(DELIMITER_LINE))
            && line.trim_end().chars().count() <= DELIMITER_LINE.len() + 1
    };
    all.filter(move |(number, line)| !(line.trim().is_empty() || *number == 1 && names_delimiter(line)))
}
