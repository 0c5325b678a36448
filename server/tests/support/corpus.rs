//! Files of others that lie beside the project and are not part of it: tested where they are, named as skipped where not.
use std::path::PathBuf;

/// Where the files are, unless the environment variable `KEYHAUS_CORPUS` says otherwise.
const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data");

/// The path of a corpus file; where it is missing, prints `skipped: …` and gives none.
pub(crate) fn file(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("KEYHAUS_CORPUS")
        .map_or_else(|| PathBuf::from(CORPUS), PathBuf::from)
        .join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {name} is not in the corpus folder");
    None
}
