//! The client in parts: what `#[wasm_split]` marks is fetched when it is needed first, and the first load stays small.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use wasm_split_cli_support::{Options, transform};

use crate::workspace;

/// The compiled client, taken apart.
pub(crate) struct Split {
    /// The part that is always there, for wasm-bindgen.
    pub(crate) main: PathBuf,
    /// The script that fetches the other parts.
    pub(crate) loaders: String,
    /// The other parts.
    pub(crate) parts: Vec<Part>,
}

/// Code that is fetched when it is needed first.
pub(crate) struct Part {
    /// Its file, as the script asks for it.
    pub(crate) name: String,
    /// The code.
    pub(crate) program: Vec<u8>,
}

/// Under which name the program imports its loaders.
const LOADERS: &str = "./__wasm_split.js";

/// Takes the program apart; it was linked with its relocations.
pub(crate) fn split(program: &Path) -> Result<Split> {
    let folder = workspace::root().join("target/wasm-split");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let main = folder.join("main.wasm");
    let program = fs::read(program).with_context(|| format!("{} cannot be read", program.display()))?;
    let mut options = Options::new(&program);
    options.output_dir = &folder;
    options.main_out_path = &main;
    options.link_name = LOADERS;
    let split = transform(options).map_err(|error| anyhow!("the client cannot be split: {error:#}"))?;
    let part = |file: &PathBuf| {
        let name = file
            .file_name()
            .context("a part of the client has no name")?
            .to_string_lossy()
            .into_owned();
        Ok(Part {
            name,
            program: fs::read(file)?,
        })
    };
    let parts = split.split_modules.iter().map(part).collect::<Result<_>>()?;
    let loaders = fs::read_to_string(folder.join(LOADERS)).unwrap_or_default(); // none where nothing is lazy
    Ok(Split { main, loaders, parts })
}

/// One script out of the binding and the loaders. As two they would import each other, and neither could carry the
/// other's hash in its name.
pub(crate) fn join(binding: &str, loaders: &str) -> String {
    let mut script = String::new();
    let mut imports = Vec::new();
    for line in binding.lines() {
        match line
            .strip_prefix("import * as ")
            .and_then(|rest| rest.split_once(" from "))
        {
            Some((name, source)) if source.contains(LOADERS) => imports.push(name),
            _ => script += &format!("{line}\n"),
        }
    }
    let mut names = Vec::new();
    for line in loaders.lines() {
        if let Some((name, _)) = line
            .strip_prefix("export const ")
            .and_then(|rest| rest.split_once(" = "))
        {
            names.push(name);
        }
        if !line.starts_with("import ") {
            script += &format!("{}\n", line.strip_prefix("export ").unwrap_or(line));
        }
    }
    for import in imports {
        script += &format!("const {import} = {{ {} }};\n", names.join(", "));
    }
    script
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binding_and_loaders_become_one_script() {
        let binding = "import * as import1 from \"./__wasm_split.js\"\nexport function initSync() {}\n";
        let loaders = "import { initSync } from \"./main.js\";\nexport const load_a = wrap(() => {\n});\n";
        let script = "export function initSync() {}\nconst load_a = wrap(() => {\n});\nconst import1 = { load_a };\n";
        assert_eq!(join(binding, loaders), script);
    }
}
