//! Reads the contract and the words before compiling: both are then checked by the compiler.
use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};
use std::{env, error::Error, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let contract = fs::read_to_string("../schema.graphql")?;
    cynic_codegen::register_schema("api")
        .from_sdl(&enums_as_scalars(&contract))?
        .as_default()?;
    println!("cargo:rerun-if-changed=../schema.graphql");

    let options = ParseOptions::new().interpolate_display(true);
    let translations = TranslationsInfos::parse(Config::new("de")?.add_locale("en")?.parse_options(options))?;
    translations.emit_diagnostics();
    translations.rerun_if_locales_changed();
    let out = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    translations.generate_i18n_module(PathBuf::from(out).join("i18n"))?;
    Ok(())
}

/// The contract with its enums as scalars. The server makes each enum of the contract from a type of `shared`, and
/// the client reads it into the very same type; cynic would want a second one with the same variants.
fn enums_as_scalars(contract: &str) -> String {
    let mut written = String::with_capacity(contract.len());
    let mut is_inside = false;
    for line in contract.lines() {
        if let Some((name, rest)) = line.strip_prefix("enum ").and_then(|line| line.split_once('{')) {
            written.push_str(&format!("scalar {}\n", name.trim()));
            is_inside = !rest.contains('}');
        } else if is_inside {
            is_inside = line != "}";
        } else {
            written.push_str(line);
            written.push('\n');
        }
    }
    written
}
