//! Key files and telegrams with invented devices and keys. The telegrams are encrypted by code of their own, so that
//! the reader is not tested against itself.
use std::io;

use aes::Aes128;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeEncrypt, KeyIvInit, StreamCipher};
use cmac::{Cmac, KeyInit, Mac};
use server::meter::kem::{self, Container, Device, Format, KeyFile};
use server::meter::key::MeterKey;

/// The password of all key files.
const PASSWORD: &str = "104233KH";

const KEY_OF_76360100: &str = "7B1E94D05CA8F3624E0D9B37C186AF52";
const KEY_OF_76360104: &str = "C95A0F6E21D784B33F60E8127DA94B1C";
const KEY_OF_76360109: &str = "0E8D46B7A25F19C3D07483EC5A6B21F9";
const KEY_OF_00417733: &str = "A4F2173C8B6ED95041E7C03A9D5528BF";
const GENERAL_KEY_OF_00417733: &str = "5D30E9A67C14F28B93B846DE0F7A61C2";

/// Every file's name and bytes.
pub(crate) fn files() -> io::Result<Vec<(&'static str, Vec<u8>)>> {
    let (kem, kem2) = (spring_order()?, autumn_order()?);
    let sealed = |file: &KeyFile, container| kem::write(file, PASSWORD, container).map_err(io::Error::other);
    Ok(vec![
        (
            "20260412_0900_selected_DownloadMeters.zip.kem",
            sealed(&kem, Container::Zip)?,
        ),
        ("bare.kem", wrapped(&sealed(&kem, Container::Bare)?)),
        (
            "20261018_1430_selected_DownloadDevices.zip.kem2",
            sealed(&kem2, Container::Zip)?,
        ),
        ("bare.kem2", sealed(&kem2, Container::Bare)?),
        ("telegrams.tsv", telegrams()?.into_bytes()),
    ])
}

/// A KEM of three meters, one without a number of its own.
fn spring_order() -> io::Result<KeyFile> {
    let devices = vec![
        device(
            1,
            [
                "76360100",
                "KAM",
                "A-2026-0431",
                "MC603",
                "HeatCooling",
                "603C219",
                "3042140000812",
                "Heizzentrale",
            ],
            &[("DEK", KEY_OF_76360100)],
        )?,
        device(
            2,
            [
                "76360104",
                "KAM",
                "A-2026-0431",
                "MC21",
                "VolumeCold",
                "02146C0G8RK",
                "0100200013933",
                "Whg 4 links",
            ],
            &[("DEK", KEY_OF_76360104)],
        )?,
        device(
            3,
            [
                "76360109",
                "KAW",
                "A-2026-0431",
                "KWM2210",
                "VolumeCold",
                "02K59CA2D8SE",
                "8035200213614336030100314302",
                "",
            ],
            &[("DEK", KEY_OF_76360109)],
        )?,
    ];
    Ok(KeyFile {
        format: Format::Kem,
        order: text("A-2026-0431"),
        devices,
        problems: Vec::new(),
    })
}

/// A KEM2 of two meters of different orders, one with leading zeros and a second key.
fn autumn_order() -> io::Result<KeyFile> {
    let keys = [("DEK", KEY_OF_00417733), ("GPK1", GENERAL_KEY_OF_00417733)];
    let devices = vec![
        device(
            1,
            [
                "76360104",
                "KAM",
                "A-2026-0431",
                "MC21",
                "VolumeCold",
                "02146C0G8RK",
                "0100200013933",
                "Whg 4 links",
            ],
            &[("DEK", KEY_OF_76360104)],
        )?,
        device(
            2,
            [
                "00417733",
                "KAM",
                "A-2026-0877",
                "MC403",
                "Heat",
                "403W24A",
                "3042140000477",
                "Bürgermeister & Söhne",
            ],
            &keys,
        )?,
    ];
    Ok(KeyFile {
        format: Format::Kem2,
        order: None,
        devices,
        problems: Vec::new(),
    })
}

/// One row: serial, manufacturer, order, name, consumption, type number, configuration number, own number.
fn device(
    row: usize,
    [
        serial,
        manufacturer,
        order,
        name,
        consumption,
        type_number,
        config_number,
        own_number,
    ]: [&str; 8],
    keys: &[(&str, &str)],
) -> io::Result<Device> {
    let keys = keys
        .iter()
        .map(|(name, hex)| Ok(((*name).to_owned(), MeterKey::from_hex(hex).map_err(io::Error::other)?)));
    Ok(Device {
        row,
        serial: serial.parse().map_err(io::Error::other)?,
        manufacturer: Some(manufacturer.parse().map_err(io::Error::other)?),
        order: text(order),
        name: text(name),
        type_number: text(type_number),
        config_number: text(config_number),
        own_number: text(own_number),
        consumption: text(consumption),
        keys: keys.collect::<io::Result<_>>()?,
    })
}

/// The text, if there is one.
fn text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// The same envelope as some programs write it: a byte order mark in front, base64 in lines of 76 characters.
fn wrapped(envelope: &[u8]) -> Vec<u8> {
    let (start, end) = (b"<CipherValue>", b"</CipherValue>");
    let place = |tag: &[u8]| {
        envelope
            .windows(tag.len())
            .position(|window| window == tag)
            .unwrap_or(envelope.len())
    };
    let (head, rest) = envelope.split_at(place(start) + start.len());
    let (base64, tail) = rest.split_at(place(end) - head.len());
    let lines: Vec<u8> = base64.chunks(76).flat_map(|line| [b"\r\n", line].concat()).collect();
    ["\u{FEFF}".as_bytes(), head, &lines, b"\r\n", tail].concat()
}

/// One telegram in each way of protection: serial, mode, hexadecimal.
fn telegrams() -> io::Result<String> {
    let key = |hex: &str| MeterKey::from_hex(hex).map_err(io::Error::other);
    let rows = [
        ("76360104", "ELL-CTR", counter_mode(key(KEY_OF_76360104)?.expose())),
        ("76360100", "TPL-5", mode_5(key(KEY_OF_76360100)?.expose())),
        ("00417733", "TPL-7", mode_7(key(KEY_OF_00417733)?.expose())),
    ];
    let rows = rows.iter().map(|(serial, mode, frame)| {
        format!(
            "{serial}\t{mode}\t{}\n",
            frame.iter().map(|byte| format!("{byte:02X}")).collect::<String>()
        )
    });
    Ok(format!("serial\tprotection\ttelegram\n{}", rows.collect::<String>()))
}

/// A Multical 21 in mode C1: 48.291 m³, a month ago 41.007 m³.
fn counter_mode(key: &[u8; 16]) -> Vec<u8> {
    const ADDRESS: [u8; 8] = [0x2D, 0x2C, 0x04, 0x01, 0x36, 0x76, 0x1B, 0x16];
    const SESSION: [u8; 4] = [0x51, 0xC7, 0x09, 0x2A];
    const CONTROL: u8 = 0x20;
    let records = [
        0x78, 0x04, 0x13, 0xA3, 0xBC, 0x00, 0x00, 0x44, 0x13, 0x2F, 0xA0, 0x00, 0x00,
    ];
    let mut payload = crc(&records).to_le_bytes().to_vec();
    payload.extend_from_slice(&records);
    let mut vector = [0; 16];
    vector[..8].copy_from_slice(&ADDRESS);
    vector[8] = CONTROL;
    vector[9..13].copy_from_slice(&SESSION);
    ctr::Ctr128BE::<Aes128>::new(key.into(), (&vector).into()).apply_keystream(&mut payload);
    framed(&[&[0x44], &ADDRESS, &[0x8D, CONTROL, 0x5E], &SESSION, &payload])
}

/// A Multical 603 with a short header: 7,215 kWh, 119.4 m³.
fn mode_5(key: &[u8; 16]) -> Vec<u8> {
    const ADDRESS: [u8; 8] = [0x2D, 0x2C, 0x00, 0x01, 0x36, 0x76, 0x35, 0x04];
    const ACCESS: u8 = 0x9C;
    let mut vector = [ACCESS; 16];
    vector[..8].copy_from_slice(&ADDRESS);
    let records = [
        0x2F, 0x2F, 0x04, 0x06, 0x2F, 0x1C, 0x00, 0x00, 0x04, 0x14, 0xA4, 0x2E, 0x00, 0x00,
    ];
    let payload = chained(key, &vector, &records);
    framed(&[&[0x44], &ADDRESS, &[0x7A, ACCESS, 0x00, 0x10, 0x05], &payload])
}

/// A heat meter behind a radio adapter: long header, derived keys and an eight-byte MAC.
fn mode_7(key: &[u8; 16]) -> Vec<u8> {
    const ADAPTER: [u8; 8] = [0x2D, 0x2C, 0x78, 0x56, 0x34, 0x12, 0x01, 0x37];
    const METER: [u8; 4] = [0x33, 0x77, 0x41, 0x00];
    const COUNTER: [u8; 4] = [0x1D, 0x0B, 0x00, 0x00];
    const MESSAGE_CONTROL: u8 = 0x25;
    let derive = |purpose: u8| authenticated(key, &[&[purpose], &COUNTER, &METER, &[7; 7]]);
    let records = [0x2F, 0x2F, 0x04, 0x06, 0x91, 0x02, 0x00, 0x00];
    let payload = chained(&derive(0), &[0; 16], &records);
    let header = [
        0x72, 0x33, 0x77, 0x41, 0x00, 0x2D, 0x2C, 0x34, 0x04, 0x07, 0x00, 0x10, 0x07, 0x10,
    ];
    let mac = authenticated(&derive(1), &[&[MESSAGE_CONTROL], &COUNTER, &header, &payload]);
    framed(&[
        &[0x44],
        &ADAPTER,
        &[0x90, 0x0F, 0x00, 0x2C, MESSAGE_CONTROL],
        &COUNTER,
        &mac[..8],
        &header,
        &payload,
    ])
}

/// The parts with the length field in front.
fn framed(parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    [&[body.len() as u8], &body[..]].concat()
}

/// Filled up with idle fillers to whole blocks and encrypted in CBC mode.
fn chained(key: &[u8; 16], vector: &[u8; 16], records: &[u8]) -> Vec<u8> {
    let mut plain = records.to_vec();
    plain.resize(records.len().next_multiple_of(16), 0x2F);
    cbc::Encryptor::<Aes128>::new(key.into(), vector.into()).encrypt_padded_vec::<NoPadding>(&plain)
}

fn authenticated(key: &[u8; 16], parts: &[&[u8]]) -> [u8; 16] {
    let mut mac = Cmac::<Aes128>::new(key.into());
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

/// CRC-16/EN-13757, bit by bit.
fn crc(bytes: &[u8]) -> u16 {
    let mut register = 0u16;
    for bit in bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |place| byte >> place & 1))
    {
        let out = register >> 15 ^ u16::from(bit);
        register = (register << 1) ^ (out * 0x3D65);
    }
    !register
}
