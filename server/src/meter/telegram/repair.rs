//! The usual accidents of keys on their way from a maker's list to a portal: if a key does not open its telegram, one of
//! these changes of it may.
use super::{Opened, Telegram, Verdict};
use crate::meter::key::{KEY_LENGTH, MeterKey};
use shared::telegram::Repair;
use zeroize::Zeroizing;

/// Keys with which devices leave the factory, as published telegrams and manuals show them.
const FACTORY: [[u8; KEY_LENGTH]; 4] = [
    [0x00; KEY_LENGTH],
    [0xFF; KEY_LENGTH],
    *b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C\x0D\x0E\x0F",
    *b"\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xAA\xBB\xCC\xDD\xEE\xFF",
];

/// A changed key that opens all of some telegrams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repaired {
    /// What was changed.
    pub repair: Repair,
    /// The key that fits.
    pub key: MeterKey,
    /// A wrong key would fit all of them once in 2 to the power of this.
    pub strength_bits: u16,
}

/// The first usual change after which a key opens all of these telegrams. With one telegram of 16 bits, one of the
/// changes fits by accident once in some thousand times; so what is found is said with its strength.
pub fn repair(key: &MeterKey, telegrams: &[Telegram]) -> Option<Repaired> {
    candidates(key).into_iter().find_map(|(repair, key)| {
        let strength_bits = strength(telegrams.iter().map(|telegram| telegram.open(&key)))?;
        Some(Repaired {
            repair,
            key,
            strength_bits,
        })
    })
}

/// The bits of all verdicts together, if there is one and all say that the key fits.
fn strength(opened: impl Iterator<Item = Opened>) -> Option<u16> {
    opened
        .map(|opened| match opened.verdict {
            Verdict::Ok { strength_bits, .. } => Some(strength_bits),
            _ => None,
        })
        .try_fold(0, |sum: u16, bits| Some(sum.saturating_add(bits?)))
        .filter(|bits| *bits > 0)
}

/// The changed keys, likelier accidents first, without those that change nothing.
fn candidates(key: &MeterKey) -> Vec<(Repair, MeterKey)> {
    let bytes = key.expose();
    let made = |repair: Repair, change: &dyn Fn(usize) -> u8| {
        let mut changed = [0; KEY_LENGTH];
        for (at, byte) in changed.iter_mut().enumerate() {
            *byte = change(at);
        }
        (repair, MeterKey::new(changed))
    };
    let before = |at: usize| bytes[(at + KEY_LENGTH - 1) % KEY_LENGTH];
    let behind = |at: usize| bytes[(at + 1) % KEY_LENGTH];
    let mut changed = vec![
        made(Repair::ReversedBytes, &|at| bytes[KEY_LENGTH - 1 - at]),
        made(Repair::ExchangedDigits, &|at| bytes[at].rotate_left(4)),
        made(Repair::ReversedWords, &|at| bytes[at ^ 3]),
        made(Repair::ExchangedHalves, &|at| bytes[at ^ 8]),
        made(Repair::ShiftedDigit, &|at| bytes[at] << 4 | behind(at) >> 4),
        made(Repair::ShiftedDigit, &|at| before(at) << 4 | bytes[at] >> 4),
        made(Repair::DoubledHalf, &|at| bytes[at & 7]),
        made(Repair::DoubledHalf, &|at| bytes[8 | at & 7]),
    ];
    changed.extend(text_of_digits(bytes).map(|key| (Repair::TextOfDigits, key)));
    let digits = key.to_hex();
    changed.extend(
        [Zeroizing::new(digits.to_ascii_lowercase()), digits]
            .iter()
            .filter_map(|digits| digits.as_bytes().first_chunk().copied())
            .map(|signs| (Repair::DigitsOfText, MeterKey::new(signs))),
    );
    changed.extend(FACTORY.map(|bytes| (Repair::FactoryKey, MeterKey::new(bytes))));
    changed.retain(|(_, other)| other != key);
    changed
}

/// The key of 64 bits, doubled, whose sixteen digits the bytes spell as text.
fn text_of_digits(bytes: &[u8; KEY_LENGTH]) -> Option<MeterKey> {
    let text = Zeroizing::new(std::str::from_utf8(bytes).ok()?.repeat(2));
    MeterKey::from_hex(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_accident_has_its_remedy() {
        let right = MeterKey::from_hex("28F64A24988064A079AA2C807D6102AE").unwrap();
        let remedy = |wrong: &str| {
            let wrong = MeterKey::from_hex(wrong).unwrap();
            let found = candidates(&wrong).into_iter().find(|(_, key)| *key == right);
            found.map(|(repair, _)| repair)
        };
        assert_eq!(
            remedy("AE02617D802CAA79A064809824 4AF628".replace(' ', "").as_str()),
            Some(Repair::ReversedBytes)
        );
        assert_eq!(
            remedy("826FA442890846 0A97AAC208D71620EA".replace(' ', "").as_str()),
            Some(Repair::ExchangedDigits)
        );
        assert_eq!(remedy("244AF628A0648098802CAA79AE02617D"), Some(Repair::ReversedWords));
        assert_eq!(
            remedy("79AA2C807D6102AE28F64A24988064A0"),
            Some(Repair::ExchangedHalves)
        );
        assert_eq!(remedy("E28F64A24988064A079AA2C807D6102A"), Some(Repair::ShiftedDigit));
        assert_eq!(remedy("8F64A24988064A079AA2C807D6102AE2"), Some(Repair::ShiftedDigit));
        assert_eq!(remedy("28F64A24988064A079AA2C807D6102AF"), None);
    }

    #[test]
    fn texts_and_halves() {
        let of = |wrong: &str, right: &str| {
            let (wrong, right) = (MeterKey::from_hex(wrong).unwrap(), MeterKey::from_hex(right).unwrap());
            let found = candidates(&wrong).into_iter().find(|(_, key)| *key == right);
            found.map(|(repair, _)| repair)
        };
        // "0123456789ABCDEF" as signs
        assert_eq!(
            of("30313233343536373839414243444546", "0123456789ABCDEF0123456789ABCDEF"),
            Some(Repair::TextOfDigits)
        );
        assert_eq!(
            of("28F64A24988064A079AA2C807D6102AE", "32384636344132343938383036344130"),
            Some(Repair::DigitsOfText)
        );
        assert_eq!(
            of("28F64A24988064A079AA2C807D6102AE", "28F64A24988064A028F64A24988064A0"),
            Some(Repair::DoubledHalf)
        );
        assert_eq!(
            of("28F64A24988064A079AA2C807D6102AE", "00000000000000000000000000000000"),
            Some(Repair::FactoryKey)
        );
    }
}
