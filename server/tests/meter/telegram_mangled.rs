//! Mangled telegrams and key files: whatever comes in, an answer comes out.
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use server::meter::kem::read;
use server::meter::key::MeterKey;
use server::meter::telegram::{Telegram, Verdict};

use crate::{fixture, fixtures};

/// How long each of the two looks at mangled input.
const TIME: Duration = Duration::from_secs(2);

/// Random numbers (xorshift), the same for the same seed.
struct Chance(u64);

impl Chance {
    /// Starts from the seed in `KEYHAUS_SEED`, or from another one each time, and prints it.
    fn new() -> Self {
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
    fn mangle(&mut self, bytes: &mut Vec<u8>) {
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
    let (started, mut judged, mut proven) = (Instant::now(), 0u32, 0u32);
    while started.elapsed() < TIME {
        let mut frame = frames[chance.below(3)].clone();
        chance.mangle(&mut frame);
        if chance.below(2) == 0 && !frame.is_empty() {
            frame[0] = (frame.len() - 1) as u8; // past the length check, to the layers
        }
        let text: String = frame.iter().map(|byte| format!("{byte:02X}")).collect();
        let Ok(telegram) = Telegram::parse(&text) else { continue };
        let key = MeterKey::new(std::array::from_fn(|_| chance.below(256) as u8));
        judged += 1;
        proven += u32::from(matches!(telegram.verify(&key), Verdict::Ok { .. }));
    }
    assert!(judged > 1000, "only {judged} frames were judged");
    assert!(
        proven <= judged / 5_000 + 3,
        "{proven} of {judged} random keys were taken for right, 1 in 65,536 is expected"
    );
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
