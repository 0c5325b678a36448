//! Serial numbers as people paste them.
use crate::error::{Error, Result};
use shared::error::Reason;
use std::collections::BTreeSet;

/// The most serial numbers that are named at once.
pub const NAMED_MAX: usize = 10_000;

/// Reads serial numbers, each once: eight digits, whatever stands between them.
///
/// # Errors
/// [`Error::Invalid`] at `field` with `NOT_A_SERIAL` for what is no serial number, such as one that lost its zeros, and
/// with `TOO_MANY`.
pub fn read(field: &'static str, text: &str) -> Result<BTreeSet<String>> {
    let is_between = |sign: char| sign.is_whitespace() || [',', ';', '|', '"', '\''].contains(&sign);
    let mut serials = BTreeSet::new();
    for word in text.split(is_between).filter(|word| !word.is_empty()) {
        if word.len() != 8 || !word.bytes().all(|byte| byte.is_ascii_digit()) {
            let message = format!("{word} is no serial number: eight digits");
            return Err(Error::invalid(field, Reason::NotASerial, message));
        }
        serials.insert(word.to_owned());
    }
    if serials.len() > NAMED_MAX {
        let message = format!("at most {NAMED_MAX} at once");
        return Err(Error::invalid(field, Reason::TooMany, message));
    }
    Ok(serials)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_are_read_as_they_are_pasted() {
        let read = read("serials", "00417733;76360100\n\t'76360104', 76360100").unwrap();
        assert_eq!(
            read.into_iter().collect::<Vec<_>>(),
            ["00417733", "76360100", "76360104"]
        );
    }

    #[test]
    fn a_number_that_lost_its_zeros_is_refused_by_name() {
        let error = read("serials", "76360100 417733").unwrap_err();
        assert!(format!("{error:?}").contains("417733"));
    }
}
