//! The GraphQL playground: GraphiQL bundled by Vite, under `/playground/`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use walkdir::WalkDir;

use crate::assets::Assets;
use crate::{fingerprint, npm, workspace};

/// Bundles the playground, unless its sources are as they were, and gives the folder of the bundle.
pub(crate) fn bundle() -> Result<PathBuf> {
    let source = workspace::root().join("web/playground");
    let output = workspace::root().join("target/playground");
    let wanted = fingerprint::of(&source, &["."])?;
    if output.is_dir() && fingerprint::written(&output).is_some_and(|written| written == wanted) {
        return Ok(output);
    }
    npm::install(&source)?;
    workspace::call(
        npm::program(&source, "vite")
            .args(["build", "--logLevel", "warn", "--outDir"])
            .arg(&output),
    )?;
    fingerprint::write(&output, &wanted)?;
    Ok(output)
}

/// Adds the bundle to the browser's files.
pub(crate) fn add(bundle: &Path, assets: &mut Assets) -> Result<()> {
    for entry in WalkDir::new(bundle).sort_by_file_name() {
        let entry = entry?;
        if entry.file_type().is_file() {
            let path = entry
                .path()
                .strip_prefix(bundle)?
                .to_str()
                .context("a file of the bundle has a strange name")?;
            let hashed = path.starts_with("assets/"); // Vite names these by their content
            assets.write(&format!("playground/{path}"), &fs::read(entry.path())?, hashed)?;
        }
    }
    Ok(())
}
