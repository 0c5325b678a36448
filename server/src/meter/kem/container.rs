//! The outermost layer: a ZIP with one key file among its members, or that member alone.
use std::borrow::Cow;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::{KemError, MAX_ENTRIES, MAX_FILE_BYTES, MAX_RATIO};

/// The first bytes of a ZIP with at least one member.
const ZIP_MAGIC: &[u8] = b"PK\x03\x04";
/// The first bytes of a ZIP without members.
const EMPTY_ZIP_MAGIC: &[u8] = b"PK\x05\x06";

/// Takes the key file out of its ZIP; bytes that are no ZIP are the key file themselves.
pub(super) fn unpack(bytes: &[u8]) -> Result<Cow<'_, [u8]>, KemError> {
    if !bytes.starts_with(ZIP_MAGIC) && !bytes.starts_with(EMPTY_ZIP_MAGIC) {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| KemError::BrokenContainer)?;
    if zip.len() > MAX_ENTRIES {
        return Err(KemError::TooManyEntries);
    }
    let member = key_file(&mut zip)?;
    let file = zip.by_index(member).map_err(|_| KemError::BrokenContainer)?;
    let allowed = MAX_FILE_BYTES.min(file.compressed_size().saturating_mul(MAX_RATIO));
    let mut unpacked = Vec::new();
    file.take(allowed + 1)
        .read_to_end(&mut unpacked)
        .map_err(|_| KemError::BrokenContainer)?;
    if unpacked.len() as u64 > allowed {
        Err(KemError::TooLarge)
    } else {
        Ok(Cow::Owned(unpacked))
    }
}

/// The place of the one member that is a key file. No member is unpacked to find it.
fn key_file(zip: &mut ZipArchive<Cursor<&[u8]>>) -> Result<usize, KemError> {
    let mut found = None;
    for index in 0..zip.len() {
        let member = zip.by_index_raw(index).map_err(|_| KemError::BrokenContainer)?;
        let name = member.name_raw().to_ascii_lowercase();
        if !name.ends_with(b".kem") && !name.ends_with(b".kem2") {
            continue;
        }
        if found.replace(index).is_some() {
            return Err(KemError::SeveralKeyFilesInside);
        }
    }
    found.ok_or(KemError::NoKeyFileInside)
}
