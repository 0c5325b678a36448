//! Telegrams of other kinds than those of Kamstrup's radio: from the wire, in a maker's own coding, with his order of the
//! address. The frames are made here.
use server::meter::key::MeterKey;
use server::meter::telegram::{BadFrame, Content, Mode, Telegram, Verdict};
use shared::telegram::Quantity;

use crate::telegram::{bytes, hex};

const KEY: &str = "C95A0F6E21D784B33F60E8127DA94B1C";

/// A long frame of wired M-Bus round `content`, which begins with control and address of the bus.
fn wired(content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).unwrap();
    let sum = content.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
    [&[0x68, length, length, 0x68], content, &[sum, 0x16]].concat()
}

fn judged(telegram: &Telegram) -> Verdict {
    telegram.verify(&MeterKey::from_hex(KEY).unwrap())
}

#[test]
fn a_telegram_of_the_wire_names_its_meter_and_is_read() {
    // RSP-UD, long header: 76360104 KAM, version 1B, type 16, mode 0; volume 12.345 m³
    let content = bytes("080172040136762D2C1B160700000004133930000 0".replace(' ', "").as_str());
    let telegram = Telegram::from_bytes(&wired(&content)).unwrap();
    let address = telegram.address();
    assert_eq!(
        (
            address.serial().unwrap().to_string(),
            address.manufacturer().unwrap().to_string(),
            address.version,
            address.device_type
        ),
        ("76360104".to_owned(), "KAM".to_owned(), 0x1B, 0x16)
    );
    let opened = telegram.open(&MeterKey::from_hex(KEY).unwrap());
    assert_eq!(opened.verdict, Verdict::NotEncrypted);
    let Content::Full(readings) = opened.content else {
        panic!("{:?}", opened.content)
    };
    assert_eq!(readings.len(), 1);
    assert_eq!(
        (readings[0].quantity, readings[0].value.as_str(), readings[0].unit),
        (Quantity::Volume, "12.345", Some("m³"))
    );
}

#[test]
fn a_telegram_of_the_wire_that_is_damaged_or_names_no_meter_is_refused() {
    let content = bytes("080172040136762D2C1B16070000000413393000 00".replace(' ', "").as_str());
    let mut damaged = wired(&content);
    damaged[20] ^= 1;
    assert_eq!(Telegram::from_bytes(&damaged), Err(BadFrame::Checksum));
    let fixed = bytes("0801730401367600000000000000");
    assert!(Telegram::from_bytes(&wired(&fixed)).is_ok());
    let nameless = bytes("080178041339300000000000");
    assert_eq!(
        Telegram::from_bytes(&wired(&nameless)),
        Err(BadFrame::UnknownLayer(0x78))
    );
    assert_eq!(Telegram::from_bytes(&wired(&[0x08, 1])), Err(BadFrame::Short));
    // the longest one does not fit the length field of the air and is read all the same
    let longest = [&content[..], &[0x2F; 255 - 21]].concat();
    assert_eq!(longest.len(), 255);
    assert_eq!(
        judged(&Telegram::from_bytes(&wired(&longest)).unwrap()),
        Verdict::NotEncrypted
    );
}

#[test]
fn a_makers_own_coding_cannot_be_judged_and_is_named() {
    for control in [0xA0, 0xA2, 0xB6, 0xB7] {
        let mut frame = bytes(
            "19442D2C0401367604 07 A0 0102030405060708090A0B0C0D0E0F10"
                .replace(' ', "")
                .as_str(),
        );
        frame[0] = u8::try_from(frame.len() - 1).unwrap();
        frame[10] = control;
        let telegram = Telegram::from_bytes(&frame).unwrap();
        assert_eq!(
            judged(&telegram),
            Verdict::UnsupportedMode(Mode::Manufacturer(control)),
            "{control:02X}"
        );
    }
}

#[test]
fn meters_that_send_version_and_type_first_are_found_by_their_number() {
    // version 55, type 07, then the number 20301102
    let frame = |letters: &str, rest: &str| {
        let mut frame = bytes(&format!("0044{letters}550702113020{rest}"));
        frame[0] = u8::try_from(frame.len() - 1).unwrap();
        Telegram::parse(&hex(&frame)).unwrap()
    };
    let number = |telegram: &Telegram| telegram.address().serial().map(|serial| serial.to_string()).ok();
    let own_coding = "A201020304050607";
    let own_mode = "7A0100101501020304050607";
    // HYD, EWT, DME, SPL
    for letters in ["2423", "F416", "A511", "0C4E"] {
        for rest in [own_coding, own_mode] {
            let telegram = frame(letters, rest);
            assert_eq!(number(&telegram).as_deref(), Some("20301102"), "{letters} {rest}");
            assert_eq!(
                (telegram.address().version, telegram.address().device_type),
                (0x55, 0x07)
            );
        }
    }
    // the standard's own modes, and other makers, keep the standard's order
    for (letters, rest) in [("2423", "7A0100000001020304050607"), ("2D2C", own_coding)] {
        assert_eq!(
            number(&frame(letters, rest)).as_deref(),
            Some("11020755"),
            "{letters} {rest}"
        );
    }
}
