//! Mangled telegrams and key files: whatever comes in, an answer comes out.
use std::fs;
use std::time::{Duration, Instant};

use server::meter::kem::read;
use server::meter::key::MeterKey;
use server::meter::telegram::{Content, MAX_READINGS, Telegram, Verdict};

use crate::{fixture, fixtures, mangle::Chance};

/// How many mangled telegrams are judged.
const TELEGRAMS: u32 = 2_000_000;
/// How long key files are mangled.
const TIME: Duration = Duration::from_secs(2);

#[test]
fn a_mangled_telegram_never_panics_and_never_proves_the_wrong_key() {
    let mut chance = Chance::new();
    let telegrams = fs::read_to_string(fixture("telegrams.tsv")).unwrap();
    let frames: Vec<Vec<u8>> = telegrams
        .lines()
        .skip(1)
        .filter_map(|line| line.split('\t').nth(2))
        .map(|hex| {
            hex.as_bytes()
                .chunks(2)
                .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
                .collect()
        })
        .collect();
    assert_eq!(frames.len(), 3);
    let (mut judged, mut proven, mut values) = (0u32, 0u32, 0usize);
    for _ in 0..TELEGRAMS {
        let mut frame = match chance.below(4) {
            0 => readable(&mut chance),
            known => frames[known - 1].clone(),
        };
        chance.mangle(&mut frame);
        if chance.below(2) == 0 && !frame.is_empty() {
            frame[0] = (frame.len() - 1) as u8; // past the length check, to the layers
        }
        let Ok(telegram) = Telegram::from_bytes(&frame) else {
            continue;
        };
        let key = MeterKey::new(std::array::from_fn(|_| chance.below(256) as u8));
        let opened = telegram.open(&key);
        judged += 1;
        proven += u32::from(matches!(opened.verdict, Verdict::Ok { .. }));
        if let Content::Full(readings) = opened.content {
            assert!(readings.len() <= MAX_READINGS);
            values += readings.len();
        }
    }
    assert!(judged > TELEGRAMS / 4, "only {judged} frames were judged");
    assert!(values > 100_000, "only {values} values were read");
    assert!(
        proven <= judged / 5_000 + 3,
        "{proven} of {judged} random keys were taken for right, 1 in 65,536 is expected"
    );
}

/// A telegram that is not encrypted, of random records.
fn readable(chance: &mut Chance) -> Vec<u8> {
    let mut frame = vec![0x44, 0x44, 0x2D, 0x2C, 1, 0, 0, 0x90, 0x1B, 0x16, 0x78];
    for _ in 0..chance.below(60) {
        frame.push(match chance.below(3) {
            0 => [0x04, 0x13, 0x0C, 0x6D, 0x42, 0x06, 0x0D, 0x8C][chance.below(8)],
            _ => chance.below(256) as u8,
        });
    }
    frame[0] = (frame.len() - 1) as u8;
    frame
}

#[test]
fn a_mangled_key_file_never_panics() {
    let mut chance = Chance::new();
    let files = fixtures::files().unwrap();
    let (started, mut read_files) = (Instant::now(), 0u32);
    while started.elapsed() < TIME {
        let mut bytes = files[chance.below(4)].1.clone();
        chance.mangle(&mut bytes);
        let _ = read(&bytes, "104233KH");
        read_files += 1;
    }
    assert!(read_files > 100, "only {read_files} files were read");
}
