//! Reading and writing e-invoices: own fixtures against values written by hand, the demo's invoices, hostile files, and
//! the corpus where it is there.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

mod attacks;
#[path = "../support/corpus.rs"]
mod corpus;
mod demo;
mod exact;
mod findings;
#[path = "../../examples/make_fixtures/invoices.rs"]
mod fixtures;
mod hostile;
#[path = "../support/mangle.rs"]
mod mangle;
mod mangled;
mod reading;
mod reading_corpus;
mod refusals;
mod variants;

use std::fs;
use std::path::Path;

use rust_decimal::Decimal;
use server::invoice::read::{self, InvoiceDocument, Unreadable};

/// The bytes of a checked-in fixture.
fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/invoices")
        .join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The fixture as it is read.
fn document(name: &str) -> InvoiceDocument {
    read::read(&fixture(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Why the fixture is not read.
fn refusal(bytes: &[u8]) -> Unreadable {
    read::read(bytes).map(|document| document.number).unwrap_err()
}

fn amount(text: &str) -> Option<Decimal> {
    Some(text.parse().unwrap())
}

#[test]
fn the_fixtures_are_what_the_generator_writes() {
    let written: Vec<_> = fixtures::files().unwrap();
    for (name, bytes) in &written {
        let found = fixture(name);
        assert!(
            found == *bytes,
            "{name}: run `cargo run -p server --example make_fixtures` and look at the change"
        );
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/invoices");
    assert_eq!(
        fs::read_dir(folder).unwrap().count(),
        written.len(),
        "a fixture has no generator"
    );
}
