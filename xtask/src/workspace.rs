//! Where things lie in the workspace, and how other programs are called from it.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// The browser's files: always here, whatever `CARGO_TARGET_DIR` says, because the server embeds this folder.
pub(crate) fn client() -> PathBuf {
    root().join("target/client")
}

/// The corpus of real files, which is not part of the project: `KEYHAUS_CORPUS`, else `../shared/data`.
pub(crate) fn corpus() -> PathBuf {
    env::var_os("KEYHAUS_CORPUS").map_or_else(|| root().join("../shared/data"), PathBuf::from)
}

/// A call of cargo in the workspace.
///
/// What cargo has set for this process about its own package is taken away again: build scripts that watch these
/// variables would otherwise run anew whenever cargo is called from here and from a shell in turn.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        let about_package = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"]
            .iter()
            .any(|start| text.starts_with(start));
        if about_package || text == "CARGO_CRATE_NAME" || text == "CARGO_PRIMARY_PACKAGE" {
            command.env_remove(&name);
        }
    }
    command
}

/// Shows the command, runs it with its output visible, and fails when it fails.
pub(crate) fn call(command: &mut Command) -> Result<()> {
    announce(command);
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| not_found(command))?;
    if !status.success() {
        bail!("`{}` failed ({status})", words(command));
    }
    Ok(())
}

/// Runs the command quietly and gives what it printed, trimmed.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| not_found(command))?;
    if !output.status.success() {
        bail!(
            "`{}` failed ({}): {}",
            words(command),
            output.status,
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` printed no UTF-8", words(command)))?
        .trim()
        .to_owned())
}

/// Shows the command as it could be typed.
pub(crate) fn announce(command: &Command) {
    eprintln!("$ {}", words(command));
}

/// The first program of this name in `PATH`.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// The program in the folder of what cargo builds in its dev profile.
pub(crate) fn built(profile: &str, name: &str) -> Result<PathBuf> {
    let metadata = read(cargo().args(["metadata", "--no-deps", "--offline", "--format-version", "1"]))?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata).context("cargo metadata printed no JSON")?;
    let target = metadata["target_directory"]
        .as_str()
        .context("cargo metadata names no target directory")?;
    Ok(Path::new(target).join(profile).join(name))
}

fn words(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program());
    let words: Vec<_> = [program]
        .into_iter()
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect();
    words.join(" ")
}

fn not_found(command: &Command) -> String {
    format!(
        "`{}` could not be started; is it installed?",
        command.get_program().to_string_lossy()
    )
}
