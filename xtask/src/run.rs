//! `cargo xtask run`: the portal with demo data, from nothing to an address that can be opened.

use std::env;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{client, workspace};

/// What follows goes to `keyhaus serve --demo`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<OsString>,
}

/// Builds what has changed, then becomes the server.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    client::build()?;
    workspace::call(workspace::cargo().args(["build", "--quiet", "--package", "server", "--bin", "keyhaus"]))?;
    let mut server = Command::new(workspace::built("debug", "keyhaus")?);
    server.args(["serve", "--demo"]).args(&arguments.rest);
    if env::var_os("KEYHAUS_DATA_DIR").is_none() {
        server.env("KEYHAUS_DATA_DIR", workspace::root().join("target/demo"));
    }
    Err(server.exec()).context("the server could not be started")
}
