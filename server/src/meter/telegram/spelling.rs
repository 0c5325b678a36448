//! The ways in which people paste telegrams.
use super::{BadFrame, MAX_TEXT_BYTES};

/// The bytes behind a pasted text: plain hexadecimal with separators, a wmbusmeters log (`telegram=|…|`), an rtl_wmbus
/// line (`T1;1;1;…;0x…`) or a CUL line (`b…`, `bY…`). Sync words in front and bytes behind the frame are left on.
pub(super) fn bytes(text: &str) -> Result<Vec<u8>, BadFrame> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(BadFrame::TooLong);
    }
    let digits: Vec<u8> = payload(text.trim())
        .bytes()
        .filter(|byte| !is_separator(*byte))
        .collect();
    let digits = without_marker(&digits);
    if digits.is_empty() || digits.len() % 2 == 1 {
        return Err(BadFrame::NotHex);
    }
    digits
        .chunks_exact(2)
        .map(|pair| Some(value(pair[0])? << 4 | value(pair[1])?))
        .collect::<Option<_>>()
        .ok_or(BadFrame::NotHex)
}

/// The part of a log line that is the telegram.
fn payload(text: &str) -> &str {
    if text.contains('|') {
        return between_bars(text);
    }
    if text.contains(';') {
        let fields = || text.split(';').map(str::trim);
        return fields()
            .find(|field| field.starts_with("0x") || field.starts_with("0X"))
            .or_else(|| fields().max_by_key(|field| field.len()))
            .unwrap_or(text);
    }
    text
}

/// The telegram in `telegram=|…|+3`. Bars may stand within it, too: wmbusmeters draws them between header and content.
fn between_bars(text: &str) -> &str {
    let is_part = |part: &str| part.bytes().all(|byte| is_separator(byte) || byte.is_ascii_hexdigit());
    let start = match text.split_once('|') {
        Some((before, rest)) if !is_part(before) => rest,
        _ => text,
    };
    let mut end = 0;
    for part in start.split_inclusive('|') {
        if !is_part(part) {
            end += if end == 0 { part.len() } else { 0 };
            break;
        }
        end += part.len();
    }
    &start[..end]
}

fn is_separator(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'_' | b'-' | b':' | b'.' | b',' | b'|' | b'#')
}

/// Without `0x`, and without the `b` (frame format A) or `bY` (format B) of a CUL, which makes the digits odd or unreadable.
fn without_marker(digits: &[u8]) -> &[u8] {
    match digits {
        [b'0', b'x' | b'X', rest @ ..] | [b'b', b'Y' | b'y', rest @ ..] => rest,
        [b'b' | b'B', rest @ ..] if digits.len() % 2 == 1 => rest,
        _ => digits,
    }
}

fn value(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}
