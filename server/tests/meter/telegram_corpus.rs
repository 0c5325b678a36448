//! Telegrams of real meters with their keys.
use std::fs;

use server::meter::key::MeterKey;
use server::meter::telegram::{Mode, Telegram, Verdict, verify};

use crate::corpus;

struct Row {
    manufacturer: String,
    serial: String,
    key: MeterKey,
    telegram: String,
    expected: Verdict,
}

fn rows() -> Option<Vec<Row>> {
    let text = fs::read_to_string(corpus::file("telegrams.tsv")?).unwrap();
    let rows = text.lines().skip(1).map(|line| {
        let columns: Vec<&str> = line.split('\t').collect();
        let (mode, strength_bits) = match (columns[6], columns[7]) {
            ("ELL-CTR", "ok-crc") => (Mode::Link(1), 16),
            ("TPL-5", "ok-2f2f") => (Mode::Transport(5), 16),
            ("TPL-7+AFL/KDF", "ok-mac+2f2f") => (Mode::Transport(7), 64),
            other => panic!("{other:?}"),
        };
        let [manufacturer, serial, telegram] = [1, 2, 4].map(|column: usize| columns[column].to_owned());
        Row {
            manufacturer,
            serial,
            key: MeterKey::from_hex(columns[3]).unwrap(),
            telegram,
            expected: Verdict::Ok { mode, strength_bits },
        }
    });
    Some(rows.collect())
}

#[test]
fn every_key_opens_its_telegram() {
    let Some(rows) = rows() else { return };
    assert_eq!(rows.len(), 24);
    for row in rows {
        assert_eq!(
            verify(&row.telegram, row.serial.parse().unwrap(), &row.key),
            row.expected,
            "{}",
            row.serial
        );
        let telegram = Telegram::parse(&row.telegram).unwrap();
        let address = telegram.meter_address().unwrap_or(telegram.address());
        assert_eq!(
            (
                address.serial().unwrap().to_string(),
                address.manufacturer().unwrap().to_string()
            ),
            (row.serial, row.manufacturer)
        );
    }
}

#[test]
fn a_key_with_one_bit_changed_opens_nothing() {
    for row in rows().into_iter().flatten() {
        let telegram = Telegram::parse(&row.telegram).unwrap();
        for bit in 0..128 {
            let mut key = *row.key.expose();
            key[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                telegram.verify(&MeterKey::new(key)),
                Verdict::WrongKey,
                "{} bit {bit}",
                row.serial
            );
        }
    }
}
