//! What telegrams say about keys.
use std::fs;

use server::meter::address::{DeviceType, Serial};
use server::meter::key::MeterKey;
use server::meter::telegram::{BadFrame, Mode, Telegram, Verdict, verify};

use crate::fixture;

const COUNTER_MODE: &str = "1F442D2C040136761B168D205E51C7092AF4786343479407C9A89E64E0821787";
const MODE_5: &str = "1E442D2C0001367635047A9C001005ACC8FF782FE6F7E1CAE51CF24B21060A";
const MODE_7: &str = "38442D2C785634120137900F002C251D0B000028CC81DB26121A3472337741002D2C34040700100710AD86E4D0DA19F28D27780C93E7B4BFCF";
const KEY_OF_76360104: &str = "C95A0F6E21D784B33F60E8127DA94B1C";
const KEY_OF_76360100: &str = "7B1E94D05CA8F3624E0D9B37C186AF52";
const KEY_OF_00417733: &str = "A4F2173C8B6ED95041E7C03A9D5528BF";

fn judged(text: &str, serial: &str, key: &str) -> Verdict {
    verify(text, serial.parse().unwrap(), &MeterKey::from_hex(key).unwrap())
}

/// `telegram` with one byte changed.
fn changed(telegram: &str, at: usize, to: &str) -> String {
    format!("{}{to}{}", &telegram[..2 * at], &telegram[2 * at + 2..])
}

#[test]
fn each_way_of_protection_is_proven_with_its_strength() {
    let ok = |mode, strength_bits| Verdict::Ok { mode, strength_bits };
    assert_eq!(judged(COUNTER_MODE, "76360104", KEY_OF_76360104), ok(Mode::Link(1), 16));
    assert_eq!(judged(MODE_5, "76360100", KEY_OF_76360100), ok(Mode::Transport(5), 16));
    assert_eq!(judged(MODE_7, "00417733", KEY_OF_00417733), ok(Mode::Transport(7), 64));
}

#[test]
fn the_checked_in_telegrams_are_these() {
    let expected = format!(
        "serial\tprotection\ttelegram\n76360104\tELL-CTR\t{COUNTER_MODE}\n76360100\tTPL-5\t{MODE_5}\n00417733\tTPL-7\t{MODE_7}\n"
    );
    assert_eq!(fs::read_to_string(fixture("telegrams.tsv")).unwrap(), expected);
}

#[test]
fn another_key_is_wrong() {
    assert_eq!(judged(COUNTER_MODE, "76360104", KEY_OF_76360100), Verdict::WrongKey);
    assert_eq!(judged(MODE_5, "76360100", KEY_OF_76360104), Verdict::WrongKey);
    assert_eq!(judged(MODE_7, "00417733", KEY_OF_76360100), Verdict::WrongKey);
}

#[test]
fn a_key_with_one_bit_changed_opens_nothing() {
    let pairs = [
        (COUNTER_MODE, KEY_OF_76360104),
        (MODE_5, KEY_OF_76360100),
        (MODE_7, KEY_OF_00417733),
    ];
    for (telegram, key) in pairs {
        for bit in 0..128 {
            let mut key = *MeterKey::from_hex(key).unwrap().expose();
            key[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                Telegram::parse(telegram).unwrap().verify(&MeterKey::new(key)),
                Verdict::WrongKey,
                "{telegram} bit {bit}"
            );
        }
    }
}

#[test]
fn a_key_does_not_fit_another_meter() {
    assert_eq!(judged(COUNTER_MODE, "76360105", KEY_OF_76360104), Verdict::WrongMeter);
    assert_eq!(judged(MODE_7, "76360100", KEY_OF_00417733), Verdict::WrongMeter);
}

#[test]
fn a_meter_is_known_behind_its_radio_adapter() {
    let telegram = Telegram::parse(MODE_7).unwrap();
    assert_eq!(telegram.address().serial().unwrap().to_string(), "12345678");
    assert_eq!(telegram.address().device_type(), DeviceType::RadioConverter);
    let meter = telegram.meter_address().unwrap();
    assert_eq!(
        (
            meter.serial().unwrap().to_string(),
            meter.manufacturer().unwrap().to_string()
        ),
        ("00417733".to_owned(), "KAM".to_owned())
    );
    let serial = |text: &str| text.parse::<Serial>().unwrap();
    assert!(telegram.is_from(serial("00417733")));
    assert!(telegram.is_from(serial("12345678")));
    assert!(!telegram.is_from(serial("00417734")));
    assert_eq!(Telegram::parse(COUNTER_MODE).unwrap().meter_address(), None);
}

#[test]
fn a_repeater_changes_no_verdict() {
    for control in ["20", "22", "30", "32"] {
        let repeated = changed(COUNTER_MODE, 11, control);
        assert_eq!(
            judged(&repeated, "76360104", KEY_OF_76360104),
            Verdict::Ok {
                mode: Mode::Link(1),
                strength_bits: 16
            },
            "{control}"
        );
    }
    assert_eq!(
        judged(&changed(COUNTER_MODE, 11, "24"), "76360104", KEY_OF_76360104),
        Verdict::WrongKey
    );
}

#[test]
fn a_telegram_that_is_readable_proves_no_key() {
    let mode_0 = changed(MODE_5, 14, "00");
    let decrypted = format!("{}2F2F{}", &MODE_5[..30], &MODE_5[34..]);
    let without_header = "0F442D2C0001367635047804062F1C0000";
    let records = "780413A3BC000044132FA00000";
    let [high, low] = crc(&bytes(records));
    let counter_mode_decrypted = format!("{}{low:02X}{high:02X}{records}", &COUNTER_MODE[..34]);
    for telegram in [&mode_0, &decrypted, without_header] {
        assert_eq!(
            judged(telegram, "76360100", KEY_OF_76360100),
            Verdict::NotEncrypted,
            "{telegram}"
        );
    }
    assert_eq!(
        judged(&counter_mode_decrypted, "76360104", KEY_OF_76360104),
        Verdict::NotEncrypted
    );
}

#[test]
fn other_ways_of_protection_are_named() {
    assert_eq!(
        judged(&changed(MODE_5, 14, "08"), "76360100", KEY_OF_76360100),
        Verdict::UnsupportedMode(Mode::Transport(8))
    );
    assert_eq!(
        judged(&changed(COUNTER_MODE, 16, "4A"), "76360104", KEY_OF_76360104),
        Verdict::UnsupportedMode(Mode::Link(2))
    );
    let without_derivation = changed(MODE_7, 40, "00");
    assert_eq!(
        judged(&without_derivation, "00417733", KEY_OF_00417733),
        Verdict::UnsupportedMode(Mode::Transport(7))
    );
}

#[test]
fn a_mac_that_does_not_cover_the_message_is_refused() {
    for at in [20, 24, 31, 35, 41, 56] {
        let telegram = changed(MODE_7, at, "FF");
        assert_eq!(
            judged(&telegram, "12345678", KEY_OF_00417733),
            Verdict::WrongKey,
            "byte {at}"
        );
    }
}

#[test]
fn a_part_of_a_message_cannot_be_judged() {
    assert_eq!(
        judged(&changed(MODE_7, 13, "6C"), "12345678", KEY_OF_00417733),
        Verdict::BadFrame(BadFrame::Fragment)
    );
    assert_eq!(
        judged(&changed(MODE_7, 12, "02"), "12345678", KEY_OF_00417733),
        Verdict::BadFrame(BadFrame::Fragment)
    );
    assert_eq!(
        judged(&changed(MODE_7, 13, "28"), "00417733", KEY_OF_00417733),
        Verdict::BadFrame(BadFrame::NoAuthentication)
    );
    assert_eq!(
        judged(&changed(MODE_5, 10, "55"), "76360100", KEY_OF_76360100),
        Verdict::BadFrame(BadFrame::UnknownLayer(0x55))
    );
}

#[test]
fn every_usual_spelling_is_read() {
    let plain = Telegram::parse(COUNTER_MODE).unwrap();
    let pairs: Vec<&str> = COUNTER_MODE
        .as_bytes()
        .chunks(2)
        .map(|pair| str::from_utf8(pair).unwrap())
        .collect();
    let spellings = [
        COUNTER_MODE.to_lowercase(),
        pairs.join(" "),
        pairs.join(":"),
        pairs
            .chunks(8)
            .map(|line| line.join("-"))
            .collect::<Vec<_>>()
            .join("\r\n"),
        format!("  0x{COUNTER_MODE}\n"),
        format!("|{}_{}|", &COUNTER_MODE[..20], &COUNTER_MODE[20..]),
        format!("telegram=|{COUNTER_MODE}|+12"),
        format!("telegram=|{}|{}|+12", &COUNTER_MODE[..34], &COUNTER_MODE[34..]),
        format!(
            "{}|{}|{}",
            &COUNTER_MODE[..20],
            &COUNTER_MODE[20..34],
            &COUNTER_MODE[34..]
        ),
        format!(
            "{}_{}#{}",
            &COUNTER_MODE[..20],
            &COUNTER_MODE[20..34],
            &COUNTER_MODE[34..]
        ),
        format!("(wmbus) |{COUNTER_MODE}| 97 dBm"),
        format!(
            "C1;1;1;2026-11-20 08:15:02.000;97;148;76360104;0x{};",
            COUNTER_MODE.to_lowercase()
        ),
        format!("b{COUNTER_MODE}"),
        format!("bY{COUNTER_MODE}"),
        format!("54CD{COUNTER_MODE}"),
        format!("543D{COUNTER_MODE}"),
        format!("{COUNTER_MODE}C0FFEE"),
    ];
    for spelling in spellings {
        assert_eq!(Telegram::parse(&spelling), Ok(plain.clone()), "{spelling}");
    }
}

/// CRC-16/EN-13757, bit by bit, checked below against its published check value.
fn crc(bytes: &[u8]) -> [u8; 2] {
    let register = bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |place| byte >> place & 1))
        .fold(0u16, |register, bit| {
            let out = register >> 15 ^ u16::from(bit);
            (register << 1) ^ (out * 0x3D65)
        });
    (!register).to_be_bytes()
}

pub fn bytes(hex: &str) -> Vec<u8> {
    hex.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

pub fn in_format_a(frame: &[u8]) -> Vec<u8> {
    let (header, rest) = frame.split_at(10);
    [header]
        .into_iter()
        .chain(rest.chunks(16))
        .flat_map(|block| [block, &crc(block)].concat())
        .collect()
}

pub fn in_format_b(frame: &[u8]) -> Vec<u8> {
    let mut counted = frame.to_vec();
    counted[0] += if frame.len() > 126 { 4 } else { 2 };
    counted
        .chunks(126)
        .flat_map(|block| [block, &crc(block)].concat())
        .collect()
}

#[test]
fn checksums_of_both_formats_are_taken_out() {
    assert_eq!(crc(b"123456789"), [0xC2, 0xB7]);
    for telegram in [COUNTER_MODE, MODE_5, MODE_7] {
        let plain = Telegram::parse(telegram).unwrap();
        let (a, b) = (in_format_a(&bytes(telegram)), in_format_b(&bytes(telegram)));
        for captured in [
            hex(&a),
            hex(&b),
            hex(&[&a[..], &[0x80, 0x31]].concat()),
            hex(&[&b[..], &[0x80, 0x31]].concat()),
        ] {
            assert_eq!(Telegram::parse(&captured), Ok(plain.clone()), "{captured}");
        }
    }
    let long = [&[200, 0x44][..], &[0x2D; 199]].concat();
    assert_eq!(Telegram::parse(&hex(&in_format_b(&long))), Telegram::parse(&hex(&long)));
    assert_eq!(Telegram::parse(&hex(&in_format_a(&long))), Telegram::parse(&hex(&long)));
}

#[test]
fn a_capture_whose_checksum_does_not_fit_is_refused() {
    let mut captured = in_format_a(&bytes(COUNTER_MODE));
    captured[20] ^= 1;
    assert_eq!(Telegram::parse(&hex(&captured)), Err(BadFrame::Checksum));
}

#[test]
fn what_is_no_telegram_says_why() {
    let refusals = [
        ("", BadFrame::NotHex),
        ("Zählerstand 12", BadFrame::NotHex),
        (&COUNTER_MODE[1..], BadFrame::NotHex),
        (&COUNTER_MODE[..40], BadFrame::Short),
        ("00", BadFrame::Short),
        ("0944112233445566778899", BadFrame::Short),
    ];
    for (text, reason) in refusals {
        assert_eq!(Telegram::parse(text), Err(reason), "{text}");
    }
    assert_eq!(Telegram::parse(&"AB".repeat(2049)), Err(BadFrame::TooLong));
}
