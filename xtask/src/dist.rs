//! `cargo xtask dist`: the one binary for machines that only run it, with the client's files in it.

use std::fs;

use anyhow::{Context, Result};

use crate::{client, workspace};

/// Builds the release binary into `dist/keyhaus` and says how large it is.
pub(crate) fn dist() -> Result<()> {
    client::build()?;
    workspace::call(workspace::cargo().args(["build", "--release", "--package", "server", "--bin", "keyhaus"]))?;
    let folder = workspace::root().join("dist");
    let binary = folder.join("keyhaus");
    fs::create_dir_all(&folder)?;
    fs::copy(workspace::built("release", "keyhaus")?, &binary)
        .context("the binary cannot be copied to dist/keyhaus")?;
    let size = fs::metadata(&binary)?.len();
    eprintln!("dist/keyhaus: {}.{} MB", size / 1_000_000, size / 100_000 % 10);
    Ok(())
}
