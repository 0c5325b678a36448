//! Key files and telegrams: own fixtures against values written by hand, and the corpus where it is there.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

#[path = "../support/corpus.rs"]
mod corpus;
#[path = "../../examples/make_fixtures/meters.rs"]
mod fixtures;
mod kem;
mod kem_refusals;
#[path = "../support/mangle.rs"]
mod mangle;
mod table;
mod telegram;
mod telegram_corpus;
mod telegram_kinds;
mod telegram_mangled;

use std::path::{Path, PathBuf};

/// The path of a checked-in fixture.
fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/meters")
        .join(name)
}

#[test]
fn the_fixtures_are_what_the_generator_writes() {
    for (name, bytes) in fixtures::files().unwrap() {
        let written = std::fs::read(fixture(name)).unwrap();
        assert!(
            written == bytes,
            "{name}: run `cargo run -p server --example make_fixtures` and look at the change"
        );
    }
}
