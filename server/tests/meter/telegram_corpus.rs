//! Telegrams of real meters with their keys.
use std::fs;

use server::meter::key::MeterKey;
use server::meter::telegram::{Content, Mode, Reading, Telegram, Verdict, repair, verify};
use shared::telegram::{Moment, Quantity, Repair};

use crate::{
    corpus,
    telegram::{bytes, hex, in_format_a, in_format_b},
};

struct Row {
    driver: String,
    fields: serde_json::Value,
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
        let fields = serde_json::from_str(columns[5]).unwrap();
        let [manufacturer, serial, telegram] = [1, 2, 4].map(|column: usize| columns[column].to_owned());
        Row {
            driver: columns[0].to_owned(),
            fields,
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

#[test]
fn every_spelling_of_a_telegram_is_the_same_with_and_without_checksums() {
    for row in rows().into_iter().flatten() {
        let plain = Telegram::parse(&row.telegram).unwrap();
        let frame = bytes(&row.telegram);
        let pairs: Vec<_> = frame.iter().map(|byte| format!("{byte:02x}")).collect();
        let spellings = [
            row.telegram.to_lowercase(),
            pairs.join(" "),
            pairs.join(":"),
            format!("telegram=|{}|+3", row.telegram),
            format!("b{}", row.telegram),
            hex(&in_format_a(&frame)),
            hex(&in_format_b(&frame)),
        ];
        for spelling in spellings {
            let read = Telegram::parse(&spelling);
            assert_eq!(read, Ok(plain.clone()), "{spelling}");
            assert_eq!(plain.verify(&row.key), row.expected, "{}", row.serial);
        }
    }
}

/// The present sum of a quantity, as a number.
fn total(readings: &[Reading], quantity: Quantity) -> Option<f64> {
    let present = |reading: &&Reading| {
        reading.quantity == quantity
            && reading.moment == Moment::Instantaneous
            && (reading.storage, reading.tariff) == (0, 0)
            && reading.unit.is_some()
    };
    readings.iter().find(present)?.value.parse().ok()
}

#[test]
fn the_totals_of_water_and_heat_meters_are_those_that_another_program_read() {
    let (mut full, mut compact) = (0, 0);
    for row in rows().into_iter().flatten() {
        if !matches!(row.driver.as_str(), "kamwater" | "kamheat") {
            continue;
        }
        let opened = Telegram::parse(&row.telegram).unwrap().open(&row.key);
        match opened.content {
            Content::Full(readings) => {
                full += 1;
                let energy = row.fields.get("total_energy_consumption_kwh");
                for (quantity, expected) in [
                    (
                        Quantity::Volume,
                        row.fields.get("total_m3").or(row.fields.get("total_volume_m3")),
                    ),
                    (Quantity::Energy, energy),
                ] {
                    let expected = expected.map(|value| value.as_f64().unwrap());
                    assert_eq!(total(&readings, quantity), expected, "{} {quantity:?}", row.serial);
                }
            }
            Content::Compact => compact += 1,
            Content::Closed => panic!("{} is closed", row.serial),
        }
    }
    assert!(rows().is_none() || (full, compact) == (4, 1));
}

#[test]
fn the_usual_accidents_of_a_key_are_found_by_its_telegram() {
    for row in rows().into_iter().flatten() {
        let telegram = [Telegram::parse(&row.telegram).unwrap()];
        let mut reversed = *row.key.expose();
        reversed.reverse();
        if reversed == *row.key.expose() {
            continue; // a key of one byte
        }
        let found = repair(&MeterKey::new(reversed), &telegram).unwrap();
        assert_eq!(found.repair, Repair::ReversedBytes, "{}", row.serial);
        assert_eq!(found.key, row.key);
    }
}
