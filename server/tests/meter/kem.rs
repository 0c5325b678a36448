//! What comes out of key files that are right.
use std::fs;

use server::meter::kem::{Container, Device, Format, KeyFile, read, write};

use crate::{corpus, fixture};

const PASSWORD: &str = "104233KH";

fn read_fixture(name: &str) -> KeyFile {
    read(&fs::read(fixture(name)).unwrap(), PASSWORD).unwrap()
}

/// A device in one line: what a person compares.
fn line(device: &Device) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let manufacturer = device
        .manufacturer
        .map_or_else(|| "-".to_owned(), |letters| letters.to_string());
    let keys: Vec<_> = device
        .keys
        .iter()
        .map(|(name, key)| format!("{name}={}", *key.to_hex()))
        .collect();
    let texts = [
        &device.order,
        &device.name,
        &device.consumption,
        &device.type_number,
        &device.config_number,
        &device.own_number,
    ]
    .map(text)
    .join("|");
    format!(
        "{}|{}|{manufacturer}|{texts}|{}",
        device.row,
        device.serial,
        keys.join(",")
    )
}

fn lines(file: &KeyFile) -> Vec<String> {
    assert_eq!(file.problems, []);
    file.devices.iter().map(line).collect()
}

const KEM_LINES: [&str; 3] = [
    "1|76360100|KAM|A-2026-0431|MC603|HeatCooling|603C219|3042140000812|Heizzentrale|DEK=7B1E94D05CA8F3624E0D9B37C186AF52",
    "2|76360104|KAM|A-2026-0431|MC21|VolumeCold|02146C0G8RK|0100200013933|Whg 4 links|DEK=C95A0F6E21D784B33F60E8127DA94B1C",
    "3|76360109|KAW|A-2026-0431|KWM2210|VolumeCold|02K59CA2D8SE|8035200213614336030100314302|-|DEK=0E8D46B7A25F19C3D07483EC5A6B21F9",
];

const KEM2_LINES: [&str; 2] = [
    "1|76360104|KAM|A-2026-0431|MC21|VolumeCold|02146C0G8RK|0100200013933|Whg 4 links|DEK=C95A0F6E21D784B33F60E8127DA94B1C",
    "2|00417733|KAM|A-2026-0877|MC403|Heat|403W24A|3042140000477|Bürgermeister & Söhne|DEK=A4F2173C8B6ED95041E7C03A9D5528BF,GPK1=5D30E9A67C14F28B93B846DE0F7A61C2",
];

#[test]
fn a_kem_file_reads_the_same_zipped_and_bare() {
    for name in ["20260412_0900_selected_DownloadMeters.zip.kem", "bare.kem"] {
        let file = read_fixture(name);
        assert_eq!(lines(&file), KEM_LINES, "{name}");
        assert_eq!(
            (file.format, file.order.as_deref()),
            (Format::Kem, Some("A-2026-0431")),
            "{name}"
        );
    }
}

#[test]
fn a_kem2_file_reads_the_same_zipped_and_bare() {
    for name in ["20261018_1430_selected_DownloadDevices.zip.kem2", "bare.kem2"] {
        let file = read_fixture(name);
        assert_eq!(lines(&file), KEM2_LINES, "{name}");
        assert_eq!(
            (file.format, file.order),
            (Format::Kem2, None),
            "{name}: two orders are no common one"
        );
    }
}

#[test]
fn what_is_written_reads_back() {
    for name in ["bare.kem", "bare.kem2"] {
        let file = read_fixture(name);
        for container in [Container::Zip, Container::Bare] {
            for password in ["1", "sechzehn Zeichen", "äöüß€"] {
                let written = write(&file, password, container).unwrap();
                assert_eq!(
                    read(&written, password).unwrap(),
                    file,
                    "{name} {container:?} {password}"
                );
            }
        }
    }
}

#[test]
fn no_key_is_printed_with_a_file() {
    let printed = format!("{:?}", read_fixture("bare.kem"));
    assert!(printed.contains("76360100"));
    assert!(printed.contains("MeterKey(hidden)"));
    assert!(!printed.contains("7B1E94"));
    assert!(!printed.contains("123, 30, 148"));
}

#[test]
fn the_corpus_files_hold_the_known_devices() {
    let files = [
        ("kem/20260101_0900DownloadMeters.zip.kem", "0450000H", Format::Kem),
        ("kem/0A1B2C3D4E5F60718293A4B5C6D7E8F9.kem", "0450000H", Format::Kem),
        (
            "kem/20260101_0900_selected_DownloadDevices.zip.kem2",
            "12345",
            Format::Kem2,
        ),
        ("kem/1B2C3D4E5F60718293A4B5C6D7E8F90A.kem2", "12345", Format::Kem2),
    ];
    for (name, password, format) in files {
        let Some(path) = corpus::file(name) else { continue };
        let bytes = fs::read(path).unwrap();
        let file = read(&bytes, password).unwrap();
        assert_eq!(
            (file.format, file.order.as_deref()),
            (format, Some("99999999")),
            "{name}"
        );
        let found = lines(&file);
        assert_eq!(
            found[0],
            "1|90000001|KAM|99999999|MC21|VolumeCold|02146C0G8RK|0100200013933|90000001|DEK=000102030405060708090A0B0C0D0E0F",
            "{name}"
        );
        assert_eq!(
            found[1],
            "2|90000002|KAW|99999999|KWM2210|VolumeCold|02K59CA2D8SE|8035200213614336030100314302|90000002|DEK=101112131415161718191A1B1C1D1E1F",
            "{name}"
        );
        assert!(found[2].starts_with("3|90000003|KAM|99999999|MC403|Heat|"), "{name}");
        assert!(found[2].ends_with("|DEK=202122232425262728292A2B2C2D2E2F"), "{name}");
        assert_eq!(found.len(), 3, "{name}");
        assert_eq!(
            read(&bytes, "0450000h").unwrap_err(),
            server::meter::kem::KemError::WrongPassword,
            "{name}"
        );
    }
}
