//! Keys in tables: every seen form is found out, and nothing that comes in breaks the reader.
use crate::mangle::Chance;
use server::meter::table::{Reader, decode, detect, json_rows, lines};
use shared::device::{KeyColumn, RowNote, RowVerdict};

const KEY: &str = "28F64A24988064A079AA2C807D6102AE";

/// Reads a file as the portal does: serial number, manufacturer, name of the first key and its digits of each row.
fn read(bytes: &[u8]) -> Vec<Option<(String, String, String, String)>> {
    let (text, _) = decode(bytes).unwrap();
    let layout = detect(&text);
    let reader = Reader::new(&layout, lines(&text).next().map_or("", |(_, line)| line));
    lines(&text)
        .skip(usize::from(layout.has_header))
        .map(|(number, line)| {
            let device = reader.read(number, line).device?;
            let (name, key) = device.keys.first()?;
            Some((
                device.serial.to_string(),
                device.manufacturer?.to_string(),
                name.clone(),
                key.to_hex().to_string(),
            ))
        })
        .collect()
}

#[test]
fn every_seen_form_of_a_table_is_read() {
    let spaced = "28 F6 4A 24 98 80 64 A0 79 AA 2C 80 7D 61 02 AE";
    let dashed = spaced.replace(' ', "-");
    let colons = spaced.replace(' ', ":").to_lowercase();
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(
            format!("Zähler-ID;Schlüssel\r\n76348799;{KEY}")
                .encode_utf16()
                .flat_map(u16::to_le_bytes),
        )
        .collect();
    let ansi = in_one_byte("Seriennummer;Schlüssel\r\n76348799;", KEY);
    for (form, manufacturer, name) in [
        (format!("KAM;76348799;{KEY}").into_bytes(), "KAM", "DEK"),
        (format!("76348799,{KEY}\r").into_bytes(), "KAM", "DEK"),
        (format!("76348799\t{KEY}\n\n\n").into_bytes(), "KAM", "DEK"),
        (format!("76348799 {KEY}\n").into_bytes(), "KAM", "DEK"),
        (
            format!("\u{feff}id;key\r\n76348799;{spaced}\r\n").into_bytes(),
            "KAM",
            "DEK",
        ),
        (format!("76348799;KAW;{dashed}").into_bytes(), "KAW", "DEK"),
        (format!("76348799|{colons}").into_bytes(), "KAM", "DEK"),
        (format!("\"76348799\";\"0x{KEY}\"").into_bytes(), "KAM", "DEK"),
        (format!("Serial;GPK60\n76348799;{KEY}").into_bytes(), "KAM", "GPK60"),
        (format!("76348799;64 1 0x{KEY}").into_bytes(), "KAM", "GPK60"),
        (format!("76348799;65 1 0x{KEY}").into_bytes(), "KAM", "GPK61"),
        (
            format!("76348799;GPK61;{KEY}\n76348799;DEK;{KEY}").into_bytes(),
            "KAM",
            "GPK61",
        ),
        (utf16[2..].to_vec(), "KAM", "DEK"),
        (utf16, "KAM", "DEK"),
        (
            format!("sep=;\r\nSeriennummer;Key\r\n76348799;{KEY}\r\n").into_bytes(),
            "KAM",
            "DEK",
        ),
        (format!("SEP=,\n76348799,{KEY}\n").into_bytes(), "KAM", "DEK"),
        (format!("=\"76348799\";{KEY}").into_bytes(), "KAM", "DEK"),
        (format!("'76348799;{KEY}").into_bytes(), "KAM", "DEK"),
        (format!("8DME0776348799;{KEY}").into_bytes(), "DME", "DEK"),
        (
            format!("Gerätenummer;Schlüssel\n6efe0076348799;{KEY}").into_bytes(),
            "EFE",
            "DEK",
        ),
        (format!("8DME0776348799;KAM;{KEY}").into_bytes(), "KAM", "DEK"),
        (format!("Water multical21 76348799 {KEY}").into_bytes(), "KAM", "DEK"),
        (ansi, "KAM", "DEK"),
    ] {
        let expected = Some((
            "76348799".to_owned(),
            manufacturer.to_owned(),
            name.to_owned(),
            KEY.to_owned(),
        ));
        assert_eq!(read(&form)[0], expected, "{}", String::from_utf8_lossy(&form));
    }
}

/// The bytes of two texts as a spreadsheet of old saves them: each letter one byte (ISO 8859-1 has these letters, too).
fn in_one_byte(head: &str, key: &str) -> Vec<u8> {
    head.chars()
        .chain(key.chars())
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect()
}

#[test]
fn files_of_wmbusmeters_are_read_one_after_the_other() {
    let other = "C95A0F6E21D784B33F60E8127DA94B1C";
    let text = format!(
        "name=Bad Küche\ndriver=multical21\nid=76348799\nkey={KEY}\n\n# die Heizung\nname=Keller\ndriver=auto:t1\nid=76360104.M=KAM.V=1b.T=16\nkey={other}\n"
    );
    let row = |serial: &str, key: &str| Some((serial.to_owned(), "KAM".to_owned(), "DEK".to_owned(), key.to_owned()));
    assert_eq!(read(text.as_bytes()), [row("76348799", KEY), row("76360104", other)]);
    let (table, _) = decode(text.as_bytes()).unwrap();
    let layout = detect(&table);
    assert_eq!(layout.columns, [KeyColumn::Serial, KeyColumn::Key, KeyColumn::Model]);
    let first = lines(&table).nth(1).unwrap().1;
    let device = Reader::new(&layout, "").read(1, first).device.unwrap();
    assert_eq!(device.name.as_deref(), Some("Bad Küche"));
    // a meter without a key says so; a text without any is no such file
    let without = format!("id=76348799\nid=76360104\nkey={other}\n");
    assert_eq!(read(without.as_bytes()), [None, row("76360104", other)]);
    assert_eq!(decode(b"a=b\nc=d").unwrap().0, "a=b\nc=d");
}

#[test]
fn headings_name_columns_in_both_languages() {
    let text = format!(
        "Auftrag;Zählernummer;Hersteller;Medium;Version;DEK;GPK60\n20542729;76348799;KAM;Kaltwasser;1B;{KEY};{KEY}"
    );
    let layout = detect(&text);
    assert!(layout.has_header);
    use KeyColumn::*;
    assert_eq!(
        layout.columns,
        [OrderNumber, Serial, Manufacturer, Medium, Version, Key, Key]
    );
    let reader = Reader::new(&layout, lines(&text).next().unwrap().1);
    let row = reader.read(2, lines(&text).nth(1).unwrap().1);
    let device = row.device.unwrap();
    assert_eq!(row.version, Some(0x1B));
    assert_eq!(device.order.as_deref(), Some("20542729"));
    let names: Vec<_> = device.keys.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["DEK", "GPK60"]);
}

#[test]
fn rows_say_what_is_wrong_with_them() {
    let layout = detect(&format!("76348799;KAM;{KEY}"));
    let reader = Reader::new(&layout, "");
    for (line, verdict, note) in [
        (format!("6348799;KAM;{KEY}"), RowVerdict::LostZeros, RowNote::NotASerial),
        (format!("x;KAM;{KEY}"), RowVerdict::Malformed, RowNote::NotASerial),
        (
            format!("7.6348799E7;KAM;{KEY}"),
            RowVerdict::Malformed,
            RowNote::NotASerial,
        ),
        (
            format!("8D1E0776348799;KAM;{KEY}"),
            RowVerdict::Malformed,
            RowNote::NotASerial,
        ),
        (
            format!("8DME076348799;KAM;{KEY}"),
            RowVerdict::Malformed,
            RowNote::NotASerial,
        ),
        (format!(";KAM;{KEY}"), RowVerdict::Malformed, RowNote::NoSerial),
        (
            format!("76348799;K1M;{KEY}"),
            RowVerdict::Malformed,
            RowNote::NoManufacturer,
        ),
        ("76348799;KAM;".to_owned(), RowVerdict::Malformed, RowNote::NoKey),
        (
            format!("76348799;KAM;{}", &KEY[1..]),
            RowVerdict::Malformed,
            RowNote::NotAKey,
        ),
        (format!("76348799;KAM;{KEY}0"), RowVerdict::Malformed, RowNote::NotAKey),
        (
            format!("\"76348799;KAM;{KEY}"),
            RowVerdict::Malformed,
            RowNote::OpenQuote,
        ),
        (
            format!("76348799;KAM;{}", "0".repeat(5000)),
            RowVerdict::Malformed,
            RowNote::Unreadable,
        ),
    ] {
        let row = reader.read(1, &line);
        assert_eq!(
            (row.verdict, row.note, row.device),
            (Some(verdict), Some(note), None),
            "{line}"
        );
    }
}

#[test]
fn mangled_tables_and_json_are_answered() {
    let mut chance = Chance::new();
    let table = format!("Seriennummer;Hersteller;Schlüssel\r\n76348799;KAM;{KEY}\r\n\"76348798\";KAM;64 1 0x{KEY}\r\n");
    let json = format!("[{{\"serialNumber\":\"76348799\",\"manufacturer\":\"KAM\",\"key\":\"{KEY}\"}}]");
    for _ in 0..20_000 {
        let mut bytes = table.clone().into_bytes();
        chance.mangle(&mut bytes);
        let Ok((text, _)) = decode(&bytes) else { continue };
        let layout = detect(&text);
        let reader = Reader::new(&layout, lines(&text).next().map_or("", |(_, line)| line));
        for (number, line) in lines(&text) {
            let row = reader.read(number, line);
            assert_eq!(row.device.is_some(), row.verdict.is_none(), "{line}");
        }
        let mut bytes = json.clone().into_bytes();
        chance.mangle(&mut bytes);
        if let Ok((text, _)) = decode(&bytes) {
            let _judged = json_rows(&text);
        }
    }
}
