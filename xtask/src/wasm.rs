//! The client as WebAssembly: compiled by cargo, bound to JavaScript by wasm-bindgen as a library.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use wasm_bindgen_cli_support::Bindgen;

use crate::{toolchain, workspace};

/// The client's program and the script that starts it.
pub(crate) struct Module {
    /// The script; its default export takes the address of the program.
    pub(crate) script: String,
    /// The program.
    pub(crate) program: Vec<u8>,
}

/// Compiles the client for the browser, in release.
pub(crate) fn build() -> Result<Module> {
    let compiled = compile()?;
    let mut bound = Bindgen::new()
        .input_path(&compiled)
        .web(true)
        .map_err(bindgen_failed)?
        .typescript(false)
        .omit_default_module_path(true) // the loader names the hashed file
        .remove_name_section(true) // a fifth of the size
        .remove_producers_section(true)
        .generate_output()
        .map_err(bindgen_failed)?;
    let inline = bound.snippets().iter().filter(|(_, scripts)| !scripts.is_empty()).map(|(package, _)| package);
    let foreign: Vec<&String> = inline.chain(bound.local_modules().keys()).collect();
    if !foreign.is_empty() {
        bail!("{foreign:?} bring JavaScript of their own, which the build does not carry over");
    }
    Ok(Module { script: bound.js().to_owned(), program: bound.wasm_mut().emit_wasm() })
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
    command.args(["build", "--package", "web", "--profile", "wasm-release", "--target", toolchain::TARGET]);
    workspace::announce(&command);
    command.arg("--message-format=json-render-diagnostics");
    let mut cargo =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("cargo could not be started")?;
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
