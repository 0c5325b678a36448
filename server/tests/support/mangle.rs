//! Random changes of sound files, for tests that nothing that comes in breaks a reader. The seed is printed, so a test that
//! fails says with which one; `KEYHAUS_SEED` sets it.
use std::hash::{BuildHasher, RandomState};

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

    /// A number from 0 to less than `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
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
