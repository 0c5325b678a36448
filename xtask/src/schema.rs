//! `cargo xtask schema`: the contract as the server has it, written to `schema.graphql`.

use std::fs;

use anyhow::{Context, Result};

use crate::{client, workspace};

/// Writes the file; it is left alone when the server does not build.
pub(crate) fn schema() -> Result<()> {
    client::make_folder()?;
    workspace::call(workspace::cargo().args(["build", "--package", "server", "--bin", "keyhaus"]))?;
    let sdl = workspace::read(std::process::Command::new(workspace::built("debug", "keyhaus")?).arg("schema"))?;
    fs::write(workspace::root().join("schema.graphql"), sdl + "\n").context("schema.graphql cannot be written")
}
