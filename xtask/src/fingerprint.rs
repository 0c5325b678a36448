//! Work is skipped when nothing that goes into it has changed: a hash over the inputs, kept beside the output.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use walkdir::WalkDir;

/// A hash over the names and contents of the inputs, files and folders alike.
///
/// Folders that others write (`node_modules`, `target`) and hidden files do not count.
pub(crate) fn of(root: &Path, inputs: &[&str]) -> Result<String> {
    let mut hash = Sha256::new();
    for input in inputs {
        let walk = WalkDir::new(root.join(input)).sort_by_file_name().into_iter();
        for entry in walk.filter_entry(|entry| counts(entry.path())) {
            let entry = entry.with_context(|| format!("{input} cannot be read"))?;
            if entry.file_type().is_file() {
                let content =
                    fs::read(entry.path()).with_context(|| format!("{} cannot be read", entry.path().display()))?;
                let name = entry.path().strip_prefix(root).unwrap_or(entry.path());
                hash.update(name.as_os_str().as_encoded_bytes());
                hash.update([0]);
                hash.update(u64::try_from(content.len())?.to_le_bytes());
                hash.update(content);
            }
        }
    }
    Ok(hex::encode(hash.finalize()))
}

/// What was written down for this output the last time, if anything.
pub(crate) fn written(output: &Path) -> Option<String> {
    fs::read_to_string(beside(output)).ok()
}

/// Writes the fingerprint down; called once the output is complete.
pub(crate) fn write(output: &Path, fingerprint: &str) -> Result<()> {
    let file = beside(output);
    fs::write(&file, fingerprint).with_context(|| format!("{} cannot be written", file.display()))
}

fn beside(output: &Path) -> PathBuf {
    output.with_extension("fingerprint")
}

fn counts(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name != "node_modules" && name != "target" && !name.starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_byte_changes_the_fingerprint_and_a_foreign_folder_does_not() {
        let folder = std::env::temp_dir().join(format!("keyhaus-fingerprint-{}", std::process::id()));
        fs::create_dir_all(folder.join("in/node_modules")).unwrap();
        fs::write(folder.join("in/a.css"), "a").unwrap();
        let before = of(&folder, &["in"]).unwrap();
        fs::write(folder.join("in/node_modules/b.css"), "b").unwrap();
        let beside = of(&folder, &["in"]).unwrap();
        fs::write(folder.join("in/a.css"), "b").unwrap();
        let after = of(&folder, &["in"]).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(before, beside);
        assert_ne!(before, after);
    }
}
