//! What a token looks like: `khp_`, 256 random bits and a check, so that a cut or mistyped one is known as such
//! without asking the database, and scanners of source code find one that was left lying about.
use crate::app::App;
use sha2::{Digest, Sha256};

/// What every token begins with.
const PREFIX: &str = "khp_";

/// The hexadecimal digits of the random part: 256 bits.
const RANDOM_DIGITS: usize = 64;

/// The hexadecimal digits of the check: the first four bytes of the SHA-256 of what stands before it.
const CHECK_DIGITS: usize = 8;

/// A new one.
pub(super) fn new(app: &App) -> String {
    let body = format!("{PREFIX}{}", hex::encode(app.rng.bytes::<32>()));
    let check = check(&body);
    body + &check
}

/// Whether a text can be a token at all.
pub(super) fn is_whole(text: &str) -> bool {
    let length = PREFIX.len() + RANDOM_DIGITS;
    text.len() == length + CHECK_DIGITS
        && text.starts_with(PREFIX)
        && text
            .split_at_checked(length)
            .is_some_and(|(body, last)| check(body) == last)
}

fn check(body: &str) -> String {
    let mut digits = hex::encode(Sha256::digest(body.as_bytes()));
    digits.truncate(CHECK_DIGITS);
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_with_one_digit_changed_cut_or_added_is_none() {
        let body = format!("{PREFIX}{}", "0f".repeat(32));
        let token = format!("{body}{}", check(&body));
        assert_eq!(token.len(), 76);
        assert!(is_whole(&token));
        for wrong in [
            token.replacen("0f0f", "0f0e", 1),
            token[..75].to_owned(),
            format!("{token}0"),
            token.replacen("khp_", "khq_", 1),
            token.to_uppercase(),
            String::new(),
            "khp_".to_owned(),
            "ä".repeat(38),
        ] {
            assert!(!is_whole(&wrong), "{wrong}");
        }
    }
}
