//! Writes the test fixtures: `cargo run -p server --example make_fixtures`. The same input gives the same bytes, and
//! tests check both that and the values in them.
use std::path::Path;
use std::{fs, io};

mod invoices;
mod meters;

fn main() -> io::Result<()> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    for (folder, files) in [("invoices", invoices::files()?), ("meters", meters::files()?)] {
        let folder = fixtures.join(folder);
        fs::create_dir_all(&folder)?;
        files
            .into_iter()
            .try_for_each(|(name, bytes)| fs::write(folder.join(name), bytes))?;
    }
    Ok(())
}
