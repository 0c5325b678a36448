//! Embedded files of a PDF whose file specifications stand within other objects, or do not say their type: ISO 32000-1,
//! section 7.11.3, allows the first, and some programs do the second.

use lopdf::{Dictionary, Document, Object};

use super::unreadable::Unreadable;
use super::{EMBEDDED_LIMIT, INFLATED_LIMIT};

/// How deep objects are looked into that stand within each other.
const NESTING_LIMIT: usize = 16;

/// Name and bytes of every file that any dictionary of the PDF embeds, unpacked to at most `limit` bytes in all.
///
/// # Errors
/// [`Unreadable::InflatedTooLarge`] or [`Unreadable::TooComplex`].
pub(super) fn files(document: &Document, limit: usize) -> Result<Vec<(String, Vec<u8>)>, Unreadable> {
    let mut specifications = Vec::new();
    for object in document.objects.values() {
        collect(object, NESTING_LIMIT, &mut specifications);
    }
    if specifications.len() > EMBEDDED_LIMIT {
        return Err(Unreadable::TooComplex { what: "files in a PDF" });
    }
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut left = limit;
    for specification in specifications {
        let Some((name, stream)) = file(document, specification) else {
            continue;
        };
        if files.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let bytes = match stream.get_plain_content_with_limit(left) {
            Ok(bytes) => bytes,
            Err(lopdf::Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded { .. })) => {
                return Err(Unreadable::InflatedTooLarge { limit: INFLATED_LIMIT });
            }
            Err(_) => continue,
        };
        left = left.saturating_sub(bytes.len());
        files.push((name, bytes));
    }
    Ok(files)
}

/// Dictionaries with `/EF` in `object` and in what stands directly within it; references are not followed, as every
/// object is looked at anyway.
fn collect<'a>(object: &'a Object, levels: usize, found: &mut Vec<&'a Dictionary>) {
    let Some(levels) = levels.checked_sub(1) else { return };
    let dictionary = match object {
        Object::Array(parts) => {
            for part in parts {
                collect(part, levels, found);
            }
            return;
        }
        Object::Dictionary(dictionary) => dictionary,
        Object::Stream(stream) => &stream.dict,
        _ => return,
    };
    if dictionary.has(b"EF") {
        found.push(dictionary);
    }
    for (_, part) in dictionary {
        collect(part, levels, found);
    }
}

fn file<'a>(document: &'a Document, specification: &'a Dictionary) -> Option<(String, &'a lopdf::Stream)> {
    let resolved = |dictionary: &'a Dictionary, key: &[u8]| {
        let (_, object) = document.dereference(dictionary.get(key).ok()?).ok()?;
        Some(object)
    };
    let names = [&b"UF"[..], b"F"].into_iter();
    let name = names
        .clone()
        .filter_map(|key| lopdf::decode_text_string(resolved(specification, key)?).ok())
        .find(|name| !name.is_empty())?;
    let embedded = resolved(specification, b"EF")?.as_dict().ok()?;
    let stream = names
        .clone()
        .find_map(|key| resolved(embedded, key)?.as_stream().ok())?;
    Some((name, stream))
}
