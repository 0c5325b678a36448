//! A compiler that has the standard library of WebAssembly: rustup's, else Debian's.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{apt, workspace};

/// What the client is compiled for.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_PACKAGES: &[&str] = &["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld-22"];

/// A call of the cargo that can compile for WebAssembly, which is set up here where it is missing.
pub(crate) fn cargo_for_wasm() -> Result<Command> {
    if has_library("rustc") {
        return Ok(workspace::cargo());
    }
    if workspace::find_program("rustup").is_some() {
        let added = workspace::call(
            Command::new("rustup")
                .args(["target", "add", TARGET])
                .current_dir(workspace::root()),
        );
        if added.is_ok() && has_library("rustc") {
            return Ok(workspace::cargo());
        }
        eprintln!("rustup cannot fetch {TARGET}; going on with Debian's packages");
    }
    if !has_library(DEBIAN_RUSTC) {
        apt::install(
            DEBIAN_PACKAGES,
            "compiling for WebAssembly where rustup cannot fetch the target",
        )?;
        build_library()?;
    }
    let mut cargo = workspace::cargo();
    let mut debian = Command::new(DEBIAN_CARGO);
    debian.current_dir(workspace::root()).env("RUSTC", DEBIAN_RUSTC);
    for (name, value) in cargo.env("RUSTC", DEBIAN_RUSTC).get_envs() {
        match value {
            Some(value) => debian.env(name, value),
            None => debian.env_remove(name),
        };
    }
    Ok(debian)
}

/// Whether the compiler finds the core library of the target.
fn has_library(rustc: &str) -> bool {
    let Ok(folder) = library_folder(rustc) else {
        return false;
    };
    let Ok(files) = fs::read_dir(folder) else {
        return false;
    };
    files
        .flatten()
        .any(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
}

fn library_folder(rustc: &str) -> Result<PathBuf> {
    let mut command = Command::new(rustc);
    command
        .args(["--print", "target-libdir", "--target", TARGET])
        .current_dir(workspace::root());
    workspace::read(&mut command).map(PathBuf::from)
}

/// Builds the standard library from Debian's source and puts it where Debian's compiler looks for it.
fn build_library() -> Result<()> {
    let version = workspace::read(Command::new(DEBIAN_RUSTC).arg("--version"))?;
    let version = version
        .split_whitespace()
        .nth(1)
        .context("rustc --version names no version")?;
    let source = PathBuf::from(format!("/usr/src/rustc-{version}/library"));
    if !source.is_dir() {
        bail!("the package rust-web-src brought no {}", source.display());
    }
    let scratch = workspace::root().join("target/wasm-library");
    fs::create_dir_all(&scratch)?;
    let library = scratch.join("library");
    if !library.is_dir() {
        workspace::call(Command::new("cp").arg("-r").arg(&source).arg(&library))?;
    }
    workspace::call(
        Command::new(DEBIAN_CARGO)
            .args(["build", "--release", "--target", TARGET, "--package", "sysroot"])
            .args(["--features", "panic-unwind,compiler-builtins-mem", "--target-dir"])
            .arg(scratch.join("target"))
            .current_dir(&library)
            .env("RUSTC", DEBIAN_RUSTC)
            .env("RUSTC_BOOTSTRAP", "1") // the library uses unstable features of its own compiler
            .env("RUSTFLAGS", "-Zforce-unstable-if-unmarked -Cembed-bitcode=yes")
            .env("__CARGO_DEFAULT_LIB_METADATA", "stablestd")
            .env_remove("CARGO_TARGET_DIR"),
    )?;
    install_library(&scratch.join("target").join(TARGET).join("release/deps"))
}

fn install_library(built: &Path) -> Result<()> {
    let folder = library_folder(DEBIAN_RUSTC)?;
    let archives: Vec<PathBuf> = fs::read_dir(built)?
        .flatten()
        .map(|file| file.path())
        .filter(|file| file.extension().is_some_and(|extension| extension == "rlib"))
        .collect();
    let (Some(mut make), Some(mut copy)) = (apt::as_root("mkdir"), apt::as_root("cp")) else {
        bail!(
            "the standard library for {TARGET} can be put into {} by root only",
            folder.display()
        );
    };
    workspace::call(make.arg("-p").arg(&folder))?;
    workspace::call(copy.args(&archives).arg(&folder))
}
