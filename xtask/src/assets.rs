//! The browser's files on disk: names with a hash of the content, compressed siblings, and the list of them all.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::{Compression, GzBuilder};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::workspace;

/// A folder of files for the browser that is being written.
pub(crate) struct Assets {
    folder: PathBuf,
    files: Vec<Asset>,
}

/// What the list says of one file.
#[derive(Serialize)]
struct Asset {
    /// Where the browser asks for it, without the leading slash.
    path: String,
    media_type: &'static str,
    /// Whether the name carries a hash of the content, so that it can be kept for ever.
    immutable: bool,
    /// The siblings that exist besides the plain file, best first: `br` lies at `<path>.br`, `gzip` at `<path>.gz`.
    encodings: Vec<&'static str>,
}

impl Assets {
    /// Starts with an empty folder.
    pub(crate) fn create(folder: PathBuf) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("{} cannot be emptied", folder.display()))?;
        }
        fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(Self {
            folder,
            files: Vec::new(),
        })
    }

    /// Writes a file under `assets/` with the hash of its content in its name, and gives its absolute address.
    pub(crate) fn add(&mut self, name: &str, content: &[u8]) -> Result<String> {
        let (stem, extension) = name
            .rsplit_once('.')
            .with_context(|| format!("{name} has no extension"))?;
        let hash = hex::encode(Sha256::digest(content));
        let path = format!("assets/{stem}-{}.{extension}", hash.get(..16).unwrap_or(&hash));
        self.write(&path, content, true)?;
        Ok(format!("/{path}"))
    }

    /// Writes a file under exactly this path; `immutable` says that the path changes with the content.
    pub(crate) fn write(&mut self, path: &str, content: &[u8], immutable: bool) -> Result<()> {
        let file = self.folder.join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&file, content).with_context(|| format!("{} cannot be written", file.display()))?;
        let media_type = media_type(path);
        let mut encodings = Vec::new();
        if is_compressible(media_type) {
            let coders: [(_, _, Coder); 2] = [("br", "br", brotli), ("gzip", "gz", gzip)];
            for (encoding, extension, coder) in coders {
                let compressed = once(content, extension, coder)?;
                if compressed.len() < content.len() {
                    fs::write(self.folder.join(format!("{path}.{extension}")), compressed)?;
                    encodings.push(encoding);
                }
            }
        }
        self.files.push(Asset {
            path: path.to_owned(),
            media_type,
            immutable,
            encodings,
        });
        Ok(())
    }

    /// Writes the list, `manifest.json`: now the folder is complete.
    pub(crate) fn finish(mut self) -> Result<PathBuf> {
        self.files.sort_by(|one, other| one.path.cmp(&other.path));
        fs::write(
            self.folder.join("manifest.json"),
            serde_json::to_vec_pretty(&self.files)?,
        )?;
        Ok(self.folder)
    }
}

/// What a file costs over the wire for a browser that takes brotli, in bytes.
pub(crate) fn wire_size(folder: &Path, path: &str) -> Result<u64> {
    let plain = folder.join(path.trim_start_matches('/'));
    let compressed = PathBuf::from(format!("{}.br", plain.display()));
    let file = if compressed.is_file() { compressed } else { plain };
    Ok(fs::metadata(&file)
        .with_context(|| format!("{} is missing", file.display()))?
        .len())
}

/// The media type by the extension (IANA registry).
fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "wasm" => "application/wasm",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "png" => "image/png",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn is_compressible(media_type: &str) -> bool {
    !matches!(media_type, "font/woff2" | "image/png" | "application/octet-stream")
}

/// A way to make a content shorter.
type Coder = fn(&[u8]) -> Result<Vec<u8>>;

/// Compresses a content only once: the best quality takes seconds a megabyte, and most files stay as they were.
fn once(content: &[u8], extension: &str, coder: Coder) -> Result<Vec<u8>> {
    let folder = workspace::root().join("target/compressed");
    let file = folder.join(format!("{}.{extension}", hex::encode(Sha256::digest(content))));
    if let Ok(compressed) = fs::read(&file) {
        return Ok(compressed);
    }
    let compressed = coder(content)?;
    fs::create_dir_all(&folder)?;
    let unfinished = file.with_extension(format!("{extension}.{}", std::process::id()));
    fs::write(&unfinished, &compressed)?;
    fs::rename(&unfinished, &file)?; // whoever reads it finds all of it
    Ok(compressed)
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let settings = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: content.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &settings)?;
    Ok(compressed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut compressed = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    compressed.write_all(content)?;
    Ok(compressed.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_gets_its_hash_its_siblings_and_its_line_in_the_list() {
        let folder = std::env::temp_dir().join(format!("keyhaus-assets-{}", std::process::id()));
        let mut assets = Assets::create(folder.clone()).unwrap();
        let content = "a { color: red }\n".repeat(40);
        let address = assets.add("page.css", content.as_bytes()).unwrap();
        assets.add("face.woff2", b"woff2").unwrap();
        assets.finish().unwrap();
        let files: serde_json::Value =
            serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
        let mut plain = Vec::new();
        brotli::BrotliDecompress(
            &mut &fs::read(folder.join(format!("{}.br", &address[1..]))).unwrap()[..],
            &mut plain,
        )
        .unwrap();
        fs::remove_dir_all(&folder).unwrap();

        let hash = hex::encode(Sha256::digest(content.as_bytes()));
        assert_eq!(address, format!("/assets/page-{}.css", &hash[..16]));
        assert_eq!(plain, content.as_bytes());
        assert_eq!(files[0]["encodings"], serde_json::json!([]));
        assert_eq!(files[1]["encodings"], serde_json::json!(["br", "gzip"]));
        assert_eq!(files[1]["media_type"], "text/css; charset=utf-8");
        assert_eq!(files[1]["immutable"], true);
    }
}
