//! Debian packages, installed where this user may.

use std::process::Command;

use anyhow::{Result, bail};

use crate::workspace;

/// Installs the packages, or says in one sentence what to type.
pub(crate) fn install(packages: &[&str], purpose: &str) -> Result<()> {
    let by_hand = format!(
        "{purpose} needs the Debian packages {0}: run `apt-get install {0}` as root",
        packages.join(" ")
    );
    if workspace::find_program("apt-get").is_none() {
        bail!(
            "{purpose} needs {}, which this system has to install by its own means",
            packages.join(", ")
        );
    }
    let apt = |arguments: &[&str]| match as_root("env") {
        Some(mut command) => workspace::call(
            command
                .args(["DEBIAN_FRONTEND=noninteractive", "apt-get"])
                .args(arguments),
        ),
        None => bail!("{by_hand}"),
    };
    let wanted = [&["install", "-y", "-qq", "--no-install-recommends"], packages].concat();
    if apt(&wanted).is_err() {
        apt(&["update", "-qq"])?; // a fresh machine has no lists, an old one lists that are gone
        if apt(&wanted).is_err() {
            bail!("{by_hand}");
        }
    }
    Ok(())
}

/// A call of the program as root: directly, or by `sudo` where it asks for no password; `None` otherwise.
pub(crate) fn as_root(program: &str) -> Option<Command> {
    if is_root() {
        return Some(Command::new(program));
    }
    workspace::read(Command::new("sudo").args(["-n", "true"])).ok()?;
    let mut command = Command::new("sudo");
    command.args(["-n", program]);
    Some(command)
}

/// Whether this process runs as root.
pub(crate) fn is_root() -> bool {
    workspace::read(Command::new("id").arg("-u")).is_ok_and(|user| user == "0")
}
