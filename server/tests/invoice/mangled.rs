//! Mangled invoices: whatever comes in, an answer comes out, soon.
use std::time::{Duration, Instant};

use server::invoice::read;

use crate::{fixture, mangle::Chance};

/// How long each kind of file is mangled.
const TIME: Duration = Duration::from_secs(3);
/// How long one file may take, in a build without optimisation on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// Files of every kind that is read.
const SOUND: [&str; 5] = [
    "xrechnung-ubl.xml",
    "credit-note-ubl.xml",
    "xrechnung-cii.xml",
    "factur-x.pdf",
    "zugferd-1.pdf",
];

#[test]
fn a_mangled_invoice_never_panics_and_never_takes_long() {
    let mut chance = Chance::new();
    for name in SOUND {
        let sound = fixture(name);
        let (started, mut files, mut accepted) = (Instant::now(), 0u32, 0u32);
        while started.elapsed() < TIME {
            let mut bytes = sound.clone();
            match chance.below(3) {
                0 => chance.mangle(&mut bytes),
                1 => double(&mut chance, &mut bytes),
                _ => exchange(&mut chance, &mut bytes),
            }
            let at = Instant::now();
            let read = read::read(&bytes);
            assert!(at.elapsed() < PATIENCE, "{name} took {:?}", at.elapsed());
            files += 1;
            if let Ok(invoice) = read {
                accepted += 1;
                assert!(!invoice.number.is_empty() && !invoice.currency.is_empty(), "{name}");
                // the files that it names are there, and no more
                let count = invoice.attachments.len();
                assert!(count == 0 || read::attachment(&bytes, count - 1).is_ok_and(|file| file.is_some()));
                assert_eq!(read::attachment(&bytes, count), Ok(None), "{name}");
            }
        }
        assert!(files > 20, "only {files} files were made of {name}");
        assert!(accepted > 0, "no file that was made of {name} is an invoice");
    }
}

/// A part of the file stands in it twice.
fn double(chance: &mut Chance, bytes: &mut Vec<u8>) {
    let from = chance.below(bytes.len());
    let end = bytes.len().min(from + chance.below(400));
    let part = bytes[from..end].to_vec();
    let to = chance.below(bytes.len());
    bytes.splice(to..to, part);
}

/// Digits become others, which leaves an XML in good order: amounts, dates and numbers change.
fn exchange(chance: &mut Chance, bytes: &mut [u8]) {
    for _ in 0..=chance.below(6) {
        let from = chance.below(bytes.len());
        if let Some(digit) = bytes[from..].iter_mut().find(|byte| byte.is_ascii_digit()) {
            *digit = b"0123456789.-e"[chance.below(13)];
        }
    }
}
