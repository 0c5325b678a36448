//! Mangled telegrams and key files: whatever comes in, an answer comes out.
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use server::meter::kem::read;
use server::meter::key::MeterKey;
use server::meter::telegram::{Content, MAX_READINGS, Telegram, Verdict};

use crate::{fixture, fixtures};

/// How many mangled telegrams are judged.
const TELEGRAMS: u32 = 2_000_000;
/// How long key files are mangled.
const TIME: Duration = Duration::from_secs(2);

/// Random numbers (xorshift), the same for the same seed.
pub struct Chance(u64);

impl Chance {
    /// Starts from the seed in `KEYHAUS_SEED`, or from another one each time, and prints it.
    pub fn new() -> Self {
        let given = std::env::var("KEYHAUS_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed: u64 = given.unwrap_or_else(|| RandomState::new().hash_one(()));
        println!("KEYHAUS_SEED={seed}");
        Self(seed | 1)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit.max(1)
    }

    /// Changes, cuts, doubles or inserts a few bytes.
    pub fn mangle(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            match self.below(5) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at.min(bytes.len()), self.below(256) as u8),
                2 => drop(bytes.splice(at..(at + self.below(8)).min(bytes.len()), [])),
                _ if at < bytes.len() => bytes[at] = self.below(256) as u8,
                _ => bytes.push(self.below(256) as u8),
            }
        }
    }
}

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
