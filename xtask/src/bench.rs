//! `cargo xtask bench`: what the project promises in numbers, measured.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::assets::wire_size;
use crate::{bench_invoices, bench_meters, bench_sign_in, client, workspace};

/// The most that sign-in and start may cost over the wire, in bytes.
const FIRST_LOAD_LIMIT: u64 = 350_000;

/// The files of the first load by their names before the hash: sign-in and start need no other.
const FIRST_LOAD: &[&str] = &[
    "index.html",
    "loader.js",
    "keyhaus.js",
    "keyhaus_bg.wasm",
    "keyhaus.css",
    "icons.svg",
    "mark.svg",
    "keyline.svg",
    client::FIRST_FONT,
    "atkinson-hyperlegible-mono-latin-wght-normal.woff2",
];

/// A part of what is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Part {
    /// What is sent before anything is seen.
    FirstLoad,
    /// A burst of people who sign in.
    SignIn,
    /// Taking in invoices, and the list of very many.
    Invoices,
    /// Lists of very many devices, and taking in keys.
    Meters,
}

/// Measures everything or one part, and fails where a promise is broken.
pub(crate) fn bench(only: Option<Part>) -> Result<()> {
    let is_asked = |part| only.is_none_or(|only| only == part);
    if is_asked(Part::FirstLoad) {
        bench_first_load()?;
    }
    if is_asked(Part::SignIn) {
        bench_sign_in::bench()?;
    }
    if is_asked(Part::Invoices) {
        bench_invoices::bench()?;
    }
    if is_asked(Part::Meters) {
        bench_meters::bench()?;
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the table is this command's answer")]
fn bench_first_load() -> Result<()> {
    client::build()?;
    let sizes = first_load(&workspace::client())?;
    println!("first load over the wire (brotli)");
    for (name, bytes) in &sizes {
        println!("{bytes:>10}  {name}");
    }
    let total: u64 = sizes.iter().map(|(_, bytes)| bytes).sum();
    println!("{total:>10}  in all, of {FIRST_LOAD_LIMIT} allowed");
    if total > FIRST_LOAD_LIMIT {
        bail!(
            "the first load costs {total} bytes, {} more than allowed",
            total - FIRST_LOAD_LIMIT
        );
    }
    Ok(())
}

#[derive(Deserialize)]
struct Listed {
    path: String,
}

/// The files of the first load, each with its bytes over the wire.
fn first_load(folder: &Path) -> Result<Vec<(&'static str, u64)>> {
    let manifest = fs::read(folder.join("manifest.json")).context("target/client has no manifest.json")?;
    let files: Vec<Listed> = serde_json::from_slice(&manifest)?;
    let mut sizes = Vec::new();
    for &name in FIRST_LOAD {
        let file = files.iter().find(|file| plain_name(&file.path) == Some(name));
        let file = file.with_context(|| format!("the client has no {name}"))?;
        sizes.push((name, wire_size(folder, &file.path)?));
    }
    Ok(sizes)
}

/// The name without folder and hash: `assets/keyhaus-0123456789abcdef.js` is `keyhaus.js`; `None` in other folders.
fn plain_name(path: &str) -> Option<&str> {
    let Some(file) = path.strip_prefix("assets/") else {
        return (path == "index.html").then_some(path);
    };
    FIRST_LOAD.iter().copied().find(|name| {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let hash = file
            .strip_prefix(stem)
            .and_then(|rest| rest.strip_prefix('-'))
            .and_then(|rest| rest.strip_suffix(extension));
        hash.and_then(|hash| hash.strip_suffix('.'))
            .is_some_and(|hash| hash.len() == 16)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hashed_name_is_known_by_its_plain_name() {
        assert_eq!(plain_name("assets/keyhaus-0123456789abcdef.js"), Some("keyhaus.js"));
        assert_eq!(
            plain_name("assets/keyhaus_bg-0123456789abcdef.wasm"),
            Some("keyhaus_bg.wasm")
        );
        assert_eq!(plain_name("index.html"), Some("index.html"));
        assert_eq!(plain_name("playground/index.html"), None);
    }
}
