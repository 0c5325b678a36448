//! Key files that are refused, each with its own reason, and rows that are left out.
use std::fs;
use std::io::{Cursor, Write};

use aes::Aes128;
use base64::Engine;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeEncrypt, KeyIvInit};
use server::meter::kem::{ContentFault, EnvelopeFault, KemError, KeyFile, MAX_FILE_BYTES, RowFault, RowProblem, read};
use zip::write::SimpleFileOptions;

use crate::fixture;

const PASSWORD: &str = "104233KH";
const KEY: &str = "28F64A24988064A079AA2C807D6102AE";

fn fixture_bytes(name: &str) -> Vec<u8> {
    fs::read(fixture(name)).unwrap()
}

/// An envelope round any content, made here and not by the product.
fn sealed(content: &[u8]) -> Vec<u8> {
    let mut key = [0; 16];
    key[..PASSWORD.len()].copy_from_slice(PASSWORD.as_bytes());
    enveloped(&cbc::Encryptor::<Aes128>::new(&key.into(), &key.into()).encrypt_padded_vec::<Pkcs7>(content))
}

fn enveloped(ciphertext: &[u8]) -> Vec<u8> {
    let base64 = base64::engine::general_purpose::STANDARD.encode(ciphertext);
    format!("<EncryptedData><CipherData><CipherValue>{base64}</CipherValue></CipherData></EncryptedData>").into_bytes()
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(
            *name,
            SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated),
        )
        .unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn refusal(bytes: &[u8]) -> KemError {
    read(bytes, PASSWORD).unwrap_err()
}

fn envelope_fault(bytes: &[u8]) -> EnvelopeFault {
    match refusal(bytes) {
        KemError::BrokenEnvelope(fault) => fault,
        other => panic!("{other:?}"),
    }
}

fn rows(xml: &str) -> KeyFile {
    read(&sealed(xml.as_bytes()), PASSWORD).unwrap()
}

#[test]
fn every_wrong_password_is_called_wrong() {
    let bytes = fixture_bytes("bare.kem");
    for number in 0..4_000u32 {
        let password = format!("{number:06}KH");
        assert_eq!(read(&bytes, &password), Err(KemError::WrongPassword), "{password}");
    }
    assert_eq!(read(&bytes, "104233kh"), Err(KemError::WrongPassword));
}

#[test]
fn a_password_that_no_file_can_have_is_named_as_such() {
    let bytes = fixture_bytes("bare.kem");
    for password in ["", "seventeen letters", "achtmalumlautäöü!"] {
        assert_eq!(read(&bytes, password), Err(KemError::PasswordLength), "{password}");
    }
}

#[test]
fn other_files_are_no_kem_files() {
    for bytes in [
        &b""[..],
        b"%PDF-1.7",
        b"KAM;76360100;28F6",
        b"<html></html>",
        b"<MetersInOrder/>",
        b"\xFF\xFE<\0",
    ] {
        assert_eq!(refusal(bytes), KemError::NotAKemFile, "{bytes:?}");
    }
}

#[test]
fn a_zip_must_hold_exactly_one_key_file() {
    let kem = fixture_bytes("bare.kem");
    assert_eq!(
        refusal(&zipped(&[("meter_information_file.xsd", b"<x/>")])),
        KemError::NoKeyFileInside
    );
    assert_eq!(refusal(&zipped(&[])), KemError::NoKeyFileInside);
    assert_eq!(
        refusal(&zipped(&[("a.kem", &kem), ("b.KEM2", &kem)])),
        KemError::SeveralKeyFilesInside
    );
    let with_schema = zipped(&[("meter_information_file.xsd", b"<x/>"), ("0A1B.KEM", &kem)]);
    assert_eq!(read(&with_schema, PASSWORD).unwrap().devices.len(), 3);
}

#[test]
fn a_damaged_zip_is_called_damaged() {
    let zip = fixture_bytes("20260412_0900_selected_DownloadMeters.zip.kem");
    assert_eq!(refusal(&zip[..zip.len() - 30]), KemError::BrokenContainer);
    let mut changed = zip.clone();
    changed[600] ^= 1; // the member's checksum no longer fits
    assert_eq!(refusal(&changed), KemError::BrokenContainer);
}

#[test]
fn a_zip_that_unpacks_to_too_much_is_refused_h10() {
    let spaces = vec![b' '; MAX_FILE_BYTES as usize + 1];
    assert_eq!(refusal(&zipped(&[("bomb.kem", &spaces)])), KemError::TooLarge);
    assert_eq!(
        refusal(&zipped(&[("bomb.kem", &spaces[..1 << 20])])),
        KemError::TooLarge,
        "below the size, above the ratio"
    );
    assert_eq!(refusal(&spaces), KemError::TooLarge);
}

#[test]
fn a_zip_with_too_many_members_is_refused_h10() {
    let names: Vec<String> = (0..33).map(|number| format!("{number}.xsd")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(refusal(&zipped(&members)), KemError::TooManyEntries);
}

#[test]
fn a_damaged_envelope_says_how() {
    let entities =
        r#"<!DOCTYPE EncryptedData [<!ENTITY a "AAAA">]><EncryptedData><CipherValue>&a;</CipherValue></EncryptedData>"#;
    assert_eq!(envelope_fault(entities.as_bytes()), EnvelopeFault::NotXml);
    assert_eq!(envelope_fault(b"<EncryptedData><CipherValue>"), EnvelopeFault::NotXml);
    assert_eq!(
        envelope_fault(b"<EncryptedData>\xFF</EncryptedData>"),
        EnvelopeFault::NotXml
    );
    assert_eq!(envelope_fault(b"<EncryptedData/>"), EnvelopeFault::NoCiphertext);
    assert_eq!(
        envelope_fault(b"<EncryptedData><CipherValue> </CipherValue></EncryptedData>"),
        EnvelopeFault::NoCiphertext
    );
    assert_eq!(
        envelope_fault(b"<EncryptedData><CipherValue>*</CipherValue></EncryptedData>"),
        EnvelopeFault::NotBase64
    );
    assert_eq!(envelope_fault(&enveloped(&[0; 17])), EnvelopeFault::Cut);
}

#[test]
fn another_cipher_is_named() {
    let aes256 = r#"<EncryptedData><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/><CipherValue>AAAA</CipherValue></EncryptedData>"#;
    assert_eq!(
        refusal(aes256.as_bytes()),
        KemError::UnknownCipher("http://www.w3.org/2001/04/xmlenc#aes256-cbc".to_owned())
    );
}

#[test]
fn content_that_opens_but_does_not_read_says_how() {
    let fault = |content: &str| match refusal(&sealed(content.as_bytes())) {
        KemError::BrokenContent(fault) => fault,
        other => panic!("{other:?}"),
    };
    assert_eq!(fault("<MetersInOrder><Meter>"), ContentFault::NotXml);
    assert_eq!(
        fault("<!DOCTYPE Devices [<!ENTITY a 'b'>]><Devices>&a;</Devices>"),
        ContentFault::NotXml
    );
    assert_eq!(fault("<Meters/>"), ContentFault::UnknownRoot("Meters".to_owned()));

    let whole = String::from_utf8(sealed(
        &b"<MetersInOrder orderid='1'><Meter/></MetersInOrder>".repeat(2),
    ))
    .unwrap();
    let ciphertext = whole.split(['>', '<']).find(|part| part.len() > 100).unwrap();
    let bytes = base64::engine::general_purpose::STANDARD.decode(ciphertext).unwrap();
    assert_eq!(
        refusal(&enveloped(&bytes[..bytes.len() - 16])),
        KemError::BrokenContent(ContentFault::Cut),
        "the password is right, the end is missing"
    );
}

#[test]
fn a_row_that_cannot_be_read_spoils_no_other() {
    let meter =
        |serial: &str, keys: &str| format!("<Meter><SerialNo>{serial}</SerialNo><EncKeys>{keys}</EncKeys></Meter>");
    let dek = |key: &str| format!("<DEK>{key}</DEK>");
    let long = "x".repeat(101);
    let named = format!("<Meter><SerialNo>76360106</SerialNo><MeterName>{long}</MeterName><DEK>{KEY}</DEK></Meter>");
    let many: String = (0..17)
        .map(|number| format!("<PK{number}>{KEY}</PK{number}>"))
        .collect();
    let file = rows(&format!(
        "<MetersInOrder>{}{}{}{}{}{}{}{}{}{}</MetersInOrder>",
        meter("7636010", &dek(KEY)),
        meter("76360101", &dek("28F64A24988064A079AA2C807D6102A")),
        meter("76360102", "<DEK/><GPK1> </GPK1>"),
        meter("", &dek(KEY)),
        meter("76360104", &dek("28F64A24988064A079AA2C807D6102AG")),
        meter(
            "76360105",
            &format!("{}{}", dek(KEY), dek("38F64A24988064A079AA2C807D6102AE"))
        ),
        named,
        meter("76360107", &many),
        meter("76360108", &format!("<D-K>{KEY}</D-K>")),
        meter("76360109", &dek(&KEY.to_lowercase())),
    ));
    let problem = |row: usize, serial: &str, fault: RowFault| RowProblem {
        row,
        serial: (!serial.is_empty()).then(|| serial.to_owned()),
        fault,
    };
    assert_eq!(
        file.problems,
        [
            problem(1, "7636010", RowFault::Serial),
            problem(2, "76360101", RowFault::Key("DEK".to_owned())),
            problem(3, "76360102", RowFault::NoKey),
            problem(4, "", RowFault::NoSerial),
            problem(5, "76360104", RowFault::Key("DEK".to_owned())),
            problem(6, "76360105", RowFault::TwoKeys("DEK".to_owned())),
            problem(7, "76360106", RowFault::TooLong("MeterName")),
            problem(8, "76360107", RowFault::TooManyKeys),
            problem(9, "76360108", RowFault::KeyName),
        ]
    );
    let [device] = &file.devices[..] else {
        panic!("{:?}", file.devices)
    };
    assert_eq!(
        (
            device.row,
            device.serial.to_string(),
            device.keys[0].1.to_hex().as_str()
        ),
        (10, "76360109".to_owned(), KEY)
    );
    assert_eq!((device.manufacturer, device.order.as_deref()), (None, None));
}

#[test]
fn kem2_is_read_wherever_its_fields_stand() {
    let nested = format!(
        r#"<d:Devices xmlns:d="urn:x"><d:List><d:Device><d:DeviceId><d:SerialNumber> 00012345 </d:SerialNumber></d:DeviceId>
        <d:Keys><d:Key Type="DEK"><d:Value>{KEY}</d:Value></d:Key><d:Key><d:Type>GPK60</d:Type><d:Value>38F64A24988064A079AA2C807D6102AE</d:Value></d:Key></d:Keys>
        <d:Device><d:SerialNumber>99999999</d:SerialNumber></d:Device></d:Device></d:List></d:Devices>"#
    );
    let file = rows(&nested);
    assert_eq!(file.problems, []);
    let [device] = &file.devices[..] else {
        panic!("{:?}", file.devices)
    };
    assert_eq!(device.serial.to_string(), "00012345");
    let keys: Vec<_> = device
        .keys
        .iter()
        .map(|(name, key)| (name.as_str(), key.to_hex().to_string()))
        .collect();
    assert_eq!(
        keys,
        [
            ("DEK", KEY.to_owned()),
            ("GPK60", "38F64A24988064A079AA2C807D6102AE".to_owned())
        ]
    );
}

#[test]
fn deep_nesting_and_many_nodes_end_in_an_answer_h09() {
    let depth = 100_000;
    let deep = format!(
        "<Devices>{}{}</Devices>",
        "<Device>".repeat(depth),
        "</Device>".repeat(depth)
    );
    assert_eq!(
        rows(&deep).problems,
        [RowProblem {
            row: 1,
            serial: None,
            fault: RowFault::NoSerial
        }]
    );
    let wide = format!("<Devices>{}</Devices>", "<a/>".repeat(500_001));
    assert_eq!(refusal(&sealed(wide.as_bytes())), KemError::TooLarge);
}
