//! Codes of an app (RFC 6238: SHA-1, six digits, 30 seconds), and what an app needs to make them.
use crate::{
    app::App,
    error::Result,
    seal::{Place, Sealed},
};
use anyhow::{Context, anyhow};
use secrecy::zeroize::Zeroizing;
use shared::id::UserId;
use std::fmt::Write;
use totp_rs::{Algorithm, Builder, Secret, Totp};

/// Bytes of a secret: 160 bits, as RFC 4226 section 4 (R6) recommends.
pub const SECRET: usize = 20;

/// Seconds of a step.
const STEP: u64 = 30;

/// How many steps a code may be early or late.
const SKEW: u16 = 1;

/// A new secret.
pub(super) fn new_secret(app: &App) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(app.rng.bytes::<SECRET>().to_vec())
}

/// What a secret of a user is sealed for.
fn place(user: &UserId) -> Place<'_> {
    Place {
        column: "second_factor.sealed",
        row: user.0.as_bytes(),
        name: "totp",
    }
}

/// Seals a secret for its user.
pub(super) fn seal(app: &App, user: UserId, secret: &[u8]) -> Result<Sealed> {
    app.keys.seal(&app.rng, place(&user), secret)
}

/// Opens the secret of a user.
pub(super) fn open(app: &App, user: UserId, sealed: Sealed) -> Result<Zeroizing<Vec<u8>>> {
    app.keys.open(place(&user), &sealed)
}

fn totp(secret: &[u8]) -> Result<Totp> {
    Ok(Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(SKEW)
        .with_step_duration(STEP)
        .with_secret(Secret::from(secret.to_vec()))
        .build()
        .map_err(|error| anyhow!("a secret of a second factor is not usable: {error}"))?)
}

/// The step whose code this is, if it is the code of this step, the one before or the one after.
pub(super) fn step(app: &App, secret: &[u8], code: &str) -> Result<Option<i64>> {
    let now = u64::try_from(app.clock.now().timestamp()).context("the clock stands before 1970")?;
    Ok(totp(secret)?.check(code, now).and_then(|step| i64::try_from(step).ok()))
}

/// A secret as people type it: Base32 (RFC 4648 section 6) in groups of four.
pub(super) fn text(secret: &[u8]) -> String {
    let text = base32(secret);
    let groups: Vec<&str> = (0..text.len())
        .step_by(4)
        .map(|at| &text[at..(at + 4).min(text.len())])
        .collect();
    groups.join(" ")
}

fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut text, mut buffer, mut bits) = (String::new(), 0_u32, 0);
    for byte in bytes {
        buffer = (buffer << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(ALPHABET[(buffer >> bits) as usize & 31]));
        }
    }
    if bits > 0 {
        text.push(char::from(ALPHABET[(buffer << (5 - bits)) as usize & 31]));
    }
    text
}

/// The address that opens an app with the secret (the "Key URI Format" that authenticator apps share).
pub(super) fn uri(issuer: &str, name: &str, secret: &[u8]) -> String {
    let (issuer, name) = (encoded(issuer), encoded(name));
    let secret = base32(secret);
    format!("otpauth://totp/{issuer}:{name}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30")
}

/// Percent-encoding of all but unreserved characters (RFC 3986 section 2.3).
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // writing to a String cannot fail
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn the_codes_are_those_of_rfc_6238_c01() {
        // appendix B, SHA-1, cut to six digits
        let totp = totp(b"12345678901234567890").unwrap();
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(totp.generate(time).to_string(), code);
            assert_eq!(totp.check(code, time), Some(time / 30));
        }
    }

    #[test]
    fn the_codes_are_those_of_rfc_4226_c01() {
        // appendix D: counters 0 to 9
        let totp = totp(b"12345678901234567890").unwrap();
        let codes = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
        ];
        for (counter, code) in (0..).zip(codes) {
            assert_eq!(totp.generate(counter * STEP).to_string(), code);
        }
    }

    #[test]
    fn the_codes_are_those_of_oathtool_c01() {
        for (number, time) in [(1_u8, 1_795_392_000), (77, 1_795_392_029), (200, 4_102_444_800)] {
            let secret: Vec<u8> = (0..20).map(|place| number.wrapping_mul(place + 3)).collect();
            let now = format!("@{time}");
            let asked = Command::new("oathtool")
                .args(["--totp", "--base32", "--now", &now, &base32(&secret)])
                .output();
            let Ok(answer) = asked else {
                println!("skipped: oathtool is not installed (Debian package oathtool)");
                return;
            };
            let code = String::from_utf8(answer.stdout).unwrap();
            assert_eq!(
                totp(&secret).unwrap().generate(time).to_string(),
                code.trim(),
                "{number}"
            );
        }
    }

    #[test]
    fn a_secret_is_written_as_rfc_4648_wants() {
        for (bytes, expected) in [
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), expected);
        }
        assert_eq!(text(b"12345678901234567890"), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }

    #[test]
    fn an_app_is_opened_by_an_address_without_surprises() {
        assert_eq!(
            uri("Lindwerk Netze", "104233/büro", b"12345678901234567890"),
            "otpauth://totp/Lindwerk%20Netze:104233%2Fb%C3%BCro?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Lindwerk%20Netze&algorithm=SHA1&digits=6&period=30"
        );
    }
}
