//! The text of an XML file, from its bytes (XML 1.0, section 4.3.3 and appendix F).

use std::borrow::Cow;

use super::unreadable::{Unreadable, shortened};

/// A decoded file.
pub(super) struct Text<'a> {
    /// The document without byte order mark and without XML declaration.
    pub body: Cow<'a, str>,
    /// The encoding that the file declares although it is none or another one, where the bytes are plain UTF-8.
    pub misdeclared: Option<String>,
}

/// Decodes UTF-8 and UTF-16 by their marks, ISO 8859-1, ISO 8859-15 and Windows-1252 by their declaration. A file that declares
/// nonsense and is valid UTF-8 is read as that.
///
/// # Errors
/// [`Unreadable::BadEncoding`] if the bytes are not in the encoding that they are marked or declared to be in.
pub(super) fn decode(bytes: &[u8]) -> Result<Text<'_>, Unreadable> {
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return utf16(rest, u16::from_le_bytes).map(undeclared);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return utf16(rest, u16::from_be_bytes).map(undeclared);
    }
    if bytes.starts_with(b"<\0") {
        return utf16(bytes, u16::from_le_bytes).map(undeclared);
    }
    if bytes.starts_with(b"\0<") {
        return utf16(bytes, u16::from_be_bytes).map(undeclared);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let declared = declared(bytes);
    let is_single_byte = declared.as_deref().is_some_and(|name| {
        ["iso-8859-1", "latin1", "windows-1252", "cp1252"]
            .iter()
            .any(|single| name.eq_ignore_ascii_case(single))
    });
    if is_single_byte {
        return Ok(undeclared(windows_1252(bytes)));
    }
    let is_latin_9 = declared.as_deref().is_some_and(|name| {
        ["iso-8859-15", "latin-9", "latin9"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
    });
    if is_latin_9 {
        return Ok(undeclared(bytes.iter().copied().map(latin_9).collect()));
    }
    let refuse = || Unreadable::BadEncoding {
        found: shortened(declared.as_deref().unwrap_or("UTF-8")),
    };
    let text = std::str::from_utf8(bytes).map_err(|_| refuse())?;
    let misdeclared =
        declared.filter(|name| !name.eq_ignore_ascii_case("UTF-8") && !name.eq_ignore_ascii_case("US-ASCII"));
    Ok(Text {
        body: Cow::Borrowed(without_declaration(text)),
        misdeclared,
    })
}

fn undeclared(text: String) -> Text<'static> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    Text {
        body: Cow::Owned(without_declaration(text).to_owned()),
        misdeclared: None,
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Unreadable> {
    let (units, rest) = bytes.as_chunks::<2>();
    let text = char::decode_utf16(units.iter().map(|pair| unit(*pair))).collect::<Result<String, _>>();
    match text {
        Ok(text) if rest.is_empty() => Ok(text),
        _ => Err(Unreadable::BadEncoding {
            found: "UTF-16".to_owned(),
        }),
    }
}

/// The name in `encoding="…"` of the XML declaration.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..200.min(bytes.len()))?;
    let head = String::from_utf8_lossy(head);
    let declaration = head.trim_start().strip_prefix("<?xml")?;
    let declaration = declaration.split_once("?>")?.0;
    let value = declaration
        .split_once("encoding")?
        .1
        .trim_start()
        .strip_prefix('=')?
        .trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let name = value.get(1..)?.split_once(quote)?.0;
    Some(name.to_owned())
}

/// The text after the XML declaration, which speaks of bytes that are decoded by now.
fn without_declaration(text: &str) -> &str {
    let text = text.trim_start();
    text.strip_prefix("<?xml")
        .filter(|rest| rest.starts_with(char::is_whitespace))
        .and_then(|rest| rest.split_once("?>"))
        .map_or(text, |(_, body)| body)
}

/// Windows-1252, which agrees with ISO 8859-1 on all characters that XML allows outside 0x80 to 0x9F.
fn windows_1252(bytes: &[u8]) -> String {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
    ];
    bytes
        .iter()
        .map(|byte| match byte {
            0x80..=0x9F => HIGH
                .get(usize::from(byte - 0x80))
                .copied()
                .unwrap_or(char::REPLACEMENT_CHARACTER),
            _ => char::from(*byte),
        })
        .collect()
}

/// ISO 8859-15, which is ISO 8859-1 but for eight characters, the euro sign among them.
fn latin_9(byte: u8) -> char {
    match byte {
        0xA4 => '€',
        0xA6 => 'Š',
        0xA8 => 'š',
        0xB4 => 'Ž',
        0xB8 => 'ž',
        0xBC => 'Œ',
        0xBD => 'œ',
        0xBE => 'Ÿ',
        _ => char::from(byte),
    }
}
