//! The browser's files, complete in `target/client`: the page, its parts under hashed names, the playground.

use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::assets::Assets;
use crate::{fingerprint, minify, npm, page, playground, wasm, workspace};

/// What goes into the browser's files. `web` holds the playground too.
const INPUTS: &[&str] = &[
    "web",
    "shared",
    "schema.graphql",
    "Cargo.toml",
    "Cargo.lock",
    "xtask/src",
];

/// The face that every page shows first; it is preloaded.
pub(crate) const FIRST_FONT: &str = "hanken-grotesk-latin-wght-normal.woff2";

/// Makes the folder that the server embeds, so that the server compiles before the client was ever built.
pub(crate) fn make_folder() -> Result<()> {
    let folder = workspace::client();
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))
}

/// Builds the browser's files, unless nothing that goes into them has changed.
pub(crate) fn build() -> Result<()> {
    make_folder()?;
    let folder = workspace::client();
    let lock = File::create(folder.with_extension("lock"))?;
    lock.lock()?; // two tasks at once would write into the same folder
    let wanted = fingerprint::of(&workspace::root(), INPUTS)?;
    let complete = folder.join("manifest.json").is_file();
    if complete && fingerprint::written(&folder).is_some_and(|written| written == wanted) {
        return Ok(());
    }
    let bundle = playground::bundle()?;
    npm::install(&workspace::root().join("web"))?;
    let module = wasm::build()?;
    eprintln!("compressing the client's files");
    let mut assets = Assets::create(folder.with_extension("new"))?;
    add_page(&mut assets, &module)?;
    playground::add(&bundle, &mut assets)?;
    let finished = assets.finish()?;
    fs::remove_dir_all(&folder)?;
    fs::rename(finished, &folder)?;
    fingerprint::write(&folder, &wanted)
}

/// Adds `index.html` and all that it names.
fn add_page(assets: &mut Assets, module: &wasm::Module) -> Result<()> {
    let web = workspace::root().join("web");
    let mut script = module.script.clone();
    for part in &module.parts {
        let address = assets.add(&part.name, &part.program)?;
        script = script.replace(&format!("./{}", part.name), &address);
    }
    let script = assets.add("keyhaus.js", minify::minify(&script)?.as_bytes())?;
    let program = assets.add("keyhaus_bg.wasm", &module.program)?;
    let loader = page::fill(
        &source(&web.join("loader.js"))?,
        &[("script", &script), ("program", &program)],
    )?;
    let loader = assets.add("loader.js", loader.as_bytes())?;
    let (style, first_font) = add_style(assets, &web)?;
    let mut picture = |name: &str| {
        let content = page::without_comments(&source(&web.join("style").join(name))?);
        assets.add(name, content.as_bytes())
    };
    let (icons, mark, keyline) = (picture("icons.svg")?, picture("mark.svg")?, picture("keyline.svg")?);
    let template = page::without_comments(&source(&web.join("index.html"))?);
    let index = page::fill(
        &template,
        &[
            ("style", &style),
            ("font", &first_font),
            ("loader", &loader),
            ("script", &script),
            ("program", &program),
            ("icons", &icons),
            ("mark", &mark),
            ("keyline", &keyline),
        ],
    )?;
    assets.write("index.html", index.as_bytes(), false)
}

/// Adds the style sheet and its fonts; gives the addresses of the sheet and of the first font.
fn add_style(assets: &mut Assets, web: &Path) -> Result<(String, String)> {
    let mut sheet = page::style(&web.join("style"))?;
    let mut first = None;
    for wanted in page::fonts(&sheet) {
        let name = wanted.trim_start_matches("fonts/").to_owned();
        let address = assets.add(&name, &font(web, &name)?)?;
        sheet = sheet.replace(&wanted, &address);
        if name == FIRST_FONT {
            first = Some(address);
        }
    }
    let style = assets.add("keyhaus.css", sheet.as_bytes())?;
    let first = first.with_context(|| format!("the style sheet does not use {FIRST_FONT}"))?;
    Ok((style, first))
}

/// The font file from whichever of the installed packages has it.
fn font(web: &Path, name: &str) -> Result<Vec<u8>> {
    let packages = web.join("node_modules/@fontsource-variable");
    for package in fs::read_dir(&packages).with_context(|| format!("{} is missing", packages.display()))? {
        let file = package?.path().join("files").join(name);
        if file.is_file() {
            return Ok(fs::read(file)?);
        }
    }
    bail!("no package in web/package.json has the font {name}")
}

fn source(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}
