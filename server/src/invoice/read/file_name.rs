//! File names and media types from strangers, made safe to show and to save under.

use std::collections::BTreeSet;

/// Most characters of a cleaned file name.
const NAME_LIMIT: usize = 120;

/// The last part of `name` without characters that a file system or a reader could be deceived by; a name is made up
/// from the media type if nothing is left.
pub(super) fn clean(name: &str, media_type: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| if is_reserved(c) { '_' } else { c })
        .collect();
    let kept = kept.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if kept.is_empty() {
        return format!("attachment.{}", extension_for(media_type));
    }
    let kept = if is_device(kept) {
        format!("_{kept}")
    } else {
        kept.to_owned()
    };
    shorten(&kept)
}

/// `name`, or with a number before the extension if `taken` has it already; the result is added to `taken`.
pub(super) fn unique(name: String, taken: &mut BTreeSet<String>) -> String {
    let mut candidate = name.clone();
    let mut number = 2;
    while !taken.insert(candidate.to_lowercase()) {
        let (stem, extension) = split(&name);
        candidate = if extension.is_empty() {
            format!("{stem}-{number}")
        } else {
            format!("{stem}-{number}.{extension}")
        };
        number += 1;
    }
    candidate
}

/// `stated` in lower case if it is a media type (RFC 6838, section 4.2), else `application/octet-stream`.
pub(super) fn media_type(stated: &str) -> String {
    let stated = stated.trim().to_ascii_lowercase();
    let is_token = |part: &str| {
        (1..=127).contains(&part.len())
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    match stated.split_once('/') {
        Some((kind, subtype)) if is_token(kind) && is_token(subtype) => stated,
        _ => "application/octet-stream".to_owned(),
    }
}

/// The media type that goes with the extension of a cleaned name.
pub(super) fn media_type_of(name: &str) -> &'static str {
    let (_, extension) = split(name);
    KNOWN
        .iter()
        .find(|(known, _)| extension.eq_ignore_ascii_case(known))
        .map_or("application/octet-stream", |(_, media_type)| media_type)
}

const KNOWN: [(&str, &str); 8] = [
    ("pdf", "application/pdf"),
    ("xml", "application/xml"),
    ("csv", "text/csv"),
    ("txt", "text/plain"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
];

fn extension_for(media_type: &str) -> &'static str {
    KNOWN
        .iter()
        .find(|(_, known)| *known == media_type)
        .map_or("bin", |(extension, _)| extension)
}

/// Control characters, and marks that change the direction or stay invisible.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{00AD}' | '\u{061C}')
}

/// Characters with a meaning to Windows, to shells or to HTML.
fn is_reserved(c: char) -> bool {
    matches!(
        c,
        '<' | '>' | ':' | '"' | '|' | '?' | '*' | '&' | '\'' | '`' | '$' | '%' | ';'
    )
}

/// Names that Windows takes for devices, whatever the extension.
fn is_device(name: &str) -> bool {
    let stem = name
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end()
        .to_ascii_uppercase();
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || (stem.len() == 4
            && (stem.starts_with("COM") || stem.starts_with("LPT"))
            && stem.ends_with(|c: char| c.is_ascii_digit()))
}

/// Stem and extension; the extension is at most ten characters.
fn split(name: &str) -> (&str, &str) {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && extension.chars().count() <= 10 => (stem, extension),
        _ => (name, ""),
    }
}

fn shorten(name: &str) -> String {
    if name.chars().count() <= NAME_LIMIT {
        return name.to_owned();
    }
    let (stem, extension) = split(name);
    let room = NAME_LIMIT - extension.chars().count() - 1;
    let stem: String = stem.chars().take(room).collect();
    if extension.is_empty() {
        stem
    } else {
        format!("{stem}.{extension}")
    }
}
