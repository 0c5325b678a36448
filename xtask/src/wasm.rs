//! The client as WebAssembly: compiled by cargo, bound to JavaScript by wasm-bindgen as a library.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use wasm_bindgen_cli_support::Bindgen;

use crate::split::{self, Part};
use crate::{toolchain, workspace};

/// The client's program and the script that starts it.
pub(crate) struct Module {
    /// The script; its default export takes the address of the program, and it fetches the parts by their names.
    pub(crate) script: String,
    /// The program, as far as the first pages need it.
    pub(crate) program: Vec<u8>,
    /// What is fetched when it is needed first: the code of the pages behind `#[wasm_split]`.
    pub(crate) parts: Vec<Part>,
}

/// Compiles the client for the browser, in release.
pub(crate) fn build() -> Result<Module> {
    let split = split::split(&compile()?)?;
    let mut bound = Bindgen::new()
        .input_path(&split.main)
        .web(true)
        .map_err(bindgen_failed)?
        .typescript(false)
        .keep_lld_exports(true) // the parts share the table of functions
        .omit_default_module_path(true) // the loader names the hashed file
        .remove_name_section(true) // a fifth of the size
        .remove_producers_section(true)
        .generate_output()
        .map_err(bindgen_failed)?;
    let inline = bound
        .snippets()
        .iter()
        .filter(|(_, scripts)| !scripts.is_empty())
        .map(|(package, _)| package);
    let foreign: Vec<&String> = inline.chain(bound.local_modules().keys()).collect();
    if !foreign.is_empty() {
        bail!("{foreign:?} bring JavaScript of their own, which the build does not carry over");
    }
    let script = split::join(bound.js(), &split.loaders);
    Ok(Module {
        script,
        program: bound.wasm_mut().emit_wasm(),
        parts: split.parts,
    })
}

/// One line of cargo's messages; only artifacts are of interest.
#[derive(Deserialize)]
struct Message {
    reason: String,
    target: Option<MessageTarget>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct MessageTarget {
    name: String,
}

fn compile() -> Result<PathBuf> {
    let mut command = toolchain::cargo_for_wasm()?;
    command.args([
        "rustc",
        "--package",
        "web",
        "--profile",
        "wasm-release",
        "--target",
        toolchain::TARGET,
    ]);
    command.arg("--message-format=json-render-diagnostics");
    // Splitting follows the linker's relocations. What `#[wasm_split]` expands to for the browser imports functions, which
    // the lint against unsafe code cannot tell from our own; clippy holds our own to it, compiled for this machine.
    command.args(["--", "-Clink-arg=--emit-relocs", "--cap-lints=allow"]);
    workspace::announce(&command);
    let mut cargo = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("cargo could not be started")?;
    let output = cargo.stdout.take().context("cargo has no output")?;
    let mut program = None;
    for line in BufReader::new(output).lines() {
        let Ok(message) = serde_json::from_str::<Message>(&line?) else {
            continue;
        };
        if message.reason == "compiler-artifact" && message.target.is_some_and(|target| target.name == "web") {
            let wasm = |file: &PathBuf| file.extension().is_some_and(|extension| extension == "wasm");
            program = message.filenames.into_iter().find(wasm).or(program);
        }
    }
    let status = cargo.wait()?;
    if !status.success() {
        bail!("the client does not compile ({status})");
    }
    program.context("cargo built no program for the browser")
}

fn bindgen_failed(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow::anyhow!("wasm-bindgen failed: {error}")
}
