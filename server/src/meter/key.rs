//! A meter's AES-128 key: wiped from memory when dropped, never printed, and judged for what anybody could guess.
use std::fmt;

use zeroize::Zeroizing;

/// The length of a key, in bytes.
pub const KEY_LENGTH: usize = 16;

/// A key as one device and its readers share it.
#[derive(Clone, PartialEq, Eq)]
pub struct MeterKey(Zeroizing<[u8; KEY_LENGTH]>);

/// A text that is not 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key has 32 hexadecimal digits")]
pub struct NotAKey;

impl MeterKey {
    /// Takes the 16 bytes of a key.
    pub fn new(bytes: [u8; KEY_LENGTH]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads 32 hexadecimal digits, upper or lower case, and nothing else.
    ///
    /// # Errors
    /// Another length or another character.
    pub fn from_hex(text: &str) -> Result<Self, NotAKey> {
        let digits = text.as_bytes();
        if digits.len() != 2 * KEY_LENGTH {
            return Err(NotAKey);
        }
        let digit = |byte: u8| char::from(byte).to_digit(16).map(|value| value as u8).ok_or(NotAKey);
        let mut key = Self::new([0; KEY_LENGTH]);
        for (byte, pair) in key.0.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Ok(key)
    }

    /// The 32 digits, upper case, for files and for the person who may see them.
    pub fn to_hex(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(2 * KEY_LENGTH));
        for byte in self.0.iter() {
            text.push(char::from(HEX_DIGITS[usize::from(byte >> 4)]));
            text.push(char::from(HEX_DIGITS[usize::from(byte & 15)]));
        }
        text
    }

    /// The bytes, for a cipher.
    pub fn expose(&self) -> &[u8; KEY_LENGTH] {
        &self.0
    }

    /// What makes the key guessable, if anything does.
    pub fn weakness(&self) -> Option<Weakness> {
        weakness(&self.0)
    }
}

const HEX_DIGITS: &[u8; 16] = b"0123456789ABCDEF";

impl fmt::Debug for MeterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MeterKey(hidden)")
    }
}

/// Why a key is no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weakness {
    /// All bytes are zero: the default of many devices.
    Zero,
    /// One byte sixteen times.
    Constant,
    /// Each byte lies the same step above the one before: `00 01 02 …`, `FF FE FD …`.
    Counting,
    /// A shorter pattern of 2, 4 or 8 bytes again and again.
    Repeated,
}

/// What makes `key` guessable, if anything does. A random key is named with a probability below 2⁻⁶³.
pub fn weakness(key: &[u8; KEY_LENGTH]) -> Option<Weakness> {
    let step = key[1].wrapping_sub(key[0]);
    if key.iter().all(|byte| *byte == 0) {
        Some(Weakness::Zero)
    } else if key.windows(2).all(|pair| pair[1].wrapping_sub(pair[0]) == step) {
        Some(if step == 0 {
            Weakness::Constant
        } else {
            Weakness::Counting
        })
    } else if key[..8] == key[8..] {
        Some(Weakness::Repeated) // a pattern of 2 or 4 bytes also repeats after 8
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(hex: &str) -> Option<Weakness> {
        MeterKey::from_hex(hex).unwrap().weakness()
    }

    #[test]
    fn guessable_keys_are_named() {
        assert_eq!(judged("00000000000000000000000000000000"), Some(Weakness::Zero));
        assert_eq!(judged("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"), Some(Weakness::Constant));
        assert_eq!(judged("000102030405060708090A0B0C0D0E0F"), Some(Weakness::Counting));
        assert_eq!(judged("F8F9FAFBFCFDFEFF0001020304050607"), Some(Weakness::Counting));
        assert_eq!(judged("00112233445566778899AABBCCDDEEFF"), Some(Weakness::Counting));
        assert_eq!(judged("0F0E0D0C0B0A09080706050403020100"), Some(Weakness::Counting));
        assert_eq!(judged("0123456789ABCDEF0123456789ABCDEF"), Some(Weakness::Repeated));
        assert_eq!(judged("CAFECAFECAFECAFECAFECAFECAFECAFE"), Some(Weakness::Repeated));
        assert_eq!(judged("28F64A24988064A079AA2C807D6102AE"), None);
        assert_eq!(judged("00000000000000000000000000000001"), None);
    }

    #[test]
    fn hex_goes_in_and_comes_out() {
        let key = MeterKey::from_hex("28f64A24988064a079aa2c807d6102ae").unwrap();
        assert_eq!(key.expose()[..3], [0x28, 0xF6, 0x4A]);
        assert_eq!(*key.to_hex(), "28F64A24988064A079AA2C807D6102AE");
        for wrong in [
            "",
            "28F64A24988064A079AA2C807D6102A",
            "28F64A24988064A079AA2C807D6102AE0",
            "28F64A24988064A079AA2C807D6102AG",
            "28F64A24988064A079AA2C807D6102Aé",
        ] {
            assert_eq!(MeterKey::from_hex(wrong), Err(NotAKey), "{wrong}");
        }
    }

    #[test]
    fn a_key_is_never_printed_h04() {
        let key = MeterKey::from_hex("28F64A24988064A079AA2C807D6102AE").unwrap();
        assert_eq!(format!("{key:?}"), "MeterKey(hidden)");
    }
}
