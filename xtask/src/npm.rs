//! Packages from npm, installed by their lock file and only when it has changed.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{fingerprint, workspace};

/// Makes `node_modules` of the folder what its lock file says.
pub(crate) fn install(folder: &Path) -> Result<()> {
    let wanted = fingerprint::of(folder, &["package.json", "package-lock.json"])?;
    let stamp = folder.join("node_modules/.keyhaus-lock");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    require_node()?;
    workspace::call(
        npm(folder)
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
    )?;
    fs::write(&stamp, wanted).with_context(|| format!("{} cannot be written", stamp.display()))
}

/// A program of the folder's packages, such as `vite` or `playwright`.
pub(crate) fn program(folder: &Path, name: &str) -> Command {
    let mut command = Command::new("node");
    command
        .arg(folder.join("node_modules/.bin").join(name))
        .current_dir(folder);
    command
}

fn npm(folder: &Path) -> Command {
    let mut command = Command::new("npm");
    command.current_dir(folder);
    command
}

fn require_node() -> Result<()> {
    let version = workspace::read(Command::new("node").arg("--version"))
        .context("Node.js is missing: install version 20.19 or later (Debian: apt-get install nodejs npm)")?;
    let mut numbers = version
        .trim_start_matches('v')
        .split('.')
        .map(|number| number.parse().unwrap_or(0_u32));
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if found < (20, 19) {
        bail!("Node.js {version} is too old: version 20.19 or later is needed");
    }
    Ok(())
}
