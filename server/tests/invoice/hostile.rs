//! Files that try to exhaust or to trick the reader.
use lopdf::dictionary;
use std::io::Write;

use server::demo::invoices::pdf;
use server::invoice::read::{self, Unreadable};

use crate::{document, fixture, refusal};

const ROOT: &str = "<Invoice xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2\"";

#[test]
fn deep_nesting_is_refused_before_it_is_parsed() {
    let xml = format!("{ROOT}>{}", "<a>".repeat(3_000_000));
    assert_eq!(refusal(xml.as_bytes()), Unreadable::TooComplex { what: "nesting" });
}

#[test]
fn too_many_elements_are_refused() {
    let xml = format!("{ROOT}>{}</Invoice>", "<a/>".repeat(1_500_000));
    assert_eq!(refusal(xml.as_bytes()), Unreadable::TooComplex { what: "elements" });
}

#[test]
fn too_many_attributes_are_refused() {
    let attributes: String = (0..200_000).map(|number| format!(" a{number}=\"\"")).collect();
    let xml = format!("{ROOT}{attributes}/>");
    assert_eq!(
        refusal(xml.as_bytes()),
        Unreadable::TooComplex {
            what: "attributes of one element"
        }
    );
}

#[test]
fn elements_that_repeat_beyond_any_invoice_are_refused() {
    let parts: [(&str, &str, usize); 3] = [
        ("lines", "<InvoiceLine/>", 20_001),
        ("details", "<AllowanceCharge/>", 100_002),
        ("repetitions", "<a/>", 10_002),
    ];
    for (what, part, count) in parts {
        let xml = |count| format!("{ROOT}>{}</Invoice>", part.repeat(count));
        assert_eq!(refusal(xml(count).as_bytes()), Unreadable::TooComplex { what });
        assert_eq!(
            refusal(xml(count - 1).as_bytes()),
            Unreadable::MissingTerm { term: "BT-1" },
            "{what} at the limit"
        );
    }
}

#[test]
fn too_many_names_that_no_invoice_knows_are_refused() {
    let unknown: String = (0..2_001).map(|number| format!("<a{number}/>")).collect();
    let xml = format!("{ROOT}>{unknown}</Invoice>");
    assert_eq!(
        refusal(xml.as_bytes()),
        Unreadable::TooComplex { what: "element names" }
    );
}

#[test]
fn a_pdf_full_of_files_is_refused() {
    let names: Vec<String> = (0..1_001).map(|number| format!("{number}.txt")).collect();
    let files: Vec<(&str, &str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), "text/plain", &b"1"[..]))
        .collect();
    assert_eq!(
        refusal(&pdf("Voll", "", &files)),
        Unreadable::TooComplex { what: "files in a PDF" }
    );
}

#[test]
fn namespaces_that_multiply_are_refused() {
    let many: String = (0..50)
        .map(|number| format!(" xmlns:n{number}=\"u:{number}\""))
        .collect();
    let xml = format!("{ROOT}{many}>{}</Invoice>", "<a xmlns:b=\"b\"/>".repeat(100_000));
    assert_eq!(refusal(xml.as_bytes()), Unreadable::TooComplex { what: "namespaces" });
}

#[test]
fn a_tag_hidden_in_a_comment_or_in_character_data_counts_for_nothing() {
    let ubl = String::from_utf8(fixture("xrechnung-ubl.xml")).unwrap();
    let hidden = format!("<!-- {0} --><![CDATA[]]><?note {0} ?>", "<a>".repeat(200));
    let xml = ubl.replacen("</Invoice>", &format!("{hidden}</Invoice>"), 1);
    assert_eq!(read::read(xml.as_bytes()).unwrap().number, "RE-2026-009417");
}

#[test]
fn a_stream_that_inflates_without_end_is_refused() {
    let mut deflate = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0; 1 << 20];
    for _ in 0..100 {
        deflate.write_all(&zeros).unwrap();
    }
    let bomb = deflate.finish().unwrap();
    let mut file = pdf("Bombe", "", &[("factur-x.xml", "text/xml", &bomb)]);
    // Of the same length, so that the offsets behind stay right.
    let (plain, packed) = (b"/Subtype /text#2Fxml", b"/Filter /FlateDecode");
    let at = file.windows(plain.len()).position(|window| window == plain).unwrap();
    file[at..at + packed.len()].copy_from_slice(packed);
    let reason = refusal(&file);
    assert!(
        matches!(reason, Unreadable::InflatedTooLarge { limit: 33_554_432 }),
        "{reason}"
    );
}

#[test]
fn of_two_invoices_in_one_pdf_the_newer_standard_wins() {
    let older = include_bytes!("../../examples/make_fixtures/zugferd-1.xml");
    let newer = fixture("xrechnung-cii.xml");
    let file = pdf(
        "Zwei",
        "",
        &[
            ("ZUGFeRD-invoice.xml", "text/xml", older),
            ("XRECHNUNG.XML", "text/xml", &newer),
        ],
    );
    let invoice = read::read(&file).unwrap();
    assert_eq!(invoice.number, "RE-2026-009403");
    assert_eq!(invoice.embedded_name.as_deref(), Some("XRECHNUNG.XML"));
    assert_eq!(invoice.attachments[0].name, "ZUGFeRD-invoice.xml");
}

#[test]
fn an_invoice_under_another_name_is_found_and_names_are_made_unique() {
    let newer = fixture("xrechnung-cii.xml");
    let files: [(&str, &str, &[u8]); 4] = [
        ("rechnung.xml", "text/xml", &newer),
        ("a/liste.csv", "text/csv", b"1"),
        ("b/liste.csv", "text/csv", b"2"),
        ("CON.txt", "text/plain", b"3"),
    ];
    let invoice = read::read(&pdf("Andere", "", &files)).unwrap();
    assert_eq!(invoice.embedded_name.as_deref(), Some("rechnung.xml"));
    let names: Vec<_> = invoice
        .attachments
        .iter()
        .map(|attachment| attachment.name.as_str())
        .collect();
    assert_eq!(names, ["_CON.txt", "liste.csv", "liste-2.csv"]);
}

#[test]
fn the_encodings_of_real_senders_are_read() {
    let ubl = String::from_utf8(fixture("xrechnung-ubl.xml")).unwrap();
    let expected = document("xrechnung-ubl.xml");
    let little: Vec<u8> = ubl
        .replacen("UTF-8", "UTF-16", 1)
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let latin = ubl
        .replacen("UTF-8", "ISO-8859-1", 1)
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    for bytes in [
        ["\u{FEFF}".as_bytes(), ubl.as_bytes()].concat(),
        [b"\xFF\xFE", &little[..]].concat(),
        little,
        latin,
    ] {
        assert_eq!(read::read(&bytes).as_ref(), Ok(&expected));
    }
}

#[test]
fn prefixes_are_the_sender_s_business() {
    let ubl = String::from_utf8(fixture("xrechnung-ubl.xml")).unwrap();
    let renamed = ubl
        .replace("cbc:", "cac0:")
        .replace("xmlns:cbc=", "xmlns:cac0=")
        .replace("cac:", "_x-1.y:")
        .replace("xmlns:cac=", "xmlns:_x-1.y=")
        .replace("<Invoice xmlns=", "<i:Invoice xmlns:i=")
        .replace("</Invoice>", "</i:Invoice>");
    assert_ne!(renamed, ubl);
    assert_eq!(
        read::read(renamed.as_bytes()).as_ref(),
        Ok(&document("xrechnung-ubl.xml"))
    );
}

#[test]
fn utf_16_in_the_other_order_and_windows_1252_are_read() {
    let ubl = String::from_utf8(fixture("xrechnung-ubl.xml")).unwrap();
    let expected = document("xrechnung-ubl.xml");
    let big: Vec<u8> = ubl
        .replacen("UTF-8", "UTF-16", 1)
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    let windows: Vec<u8> = ubl
        .replacen("UTF-8", "windows-1252", 1)
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    for bytes in [[b"\xFE\xFF", &big[..]].concat(), big, windows] {
        assert_eq!(read::read(&bytes).as_ref(), Ok(&expected));
    }
}

#[test]
fn a_tree_of_names_that_is_its_own_child_ends() {
    let mut file = lopdf::Document::with_version("1.7");
    file.objects.insert(
        (1, 0),
        dictionary! {
            "Type" => "Catalog",
            "Pages" => lopdf::Object::Reference((2, 0)),
            "Names" => dictionary! { "EmbeddedFiles" => lopdf::Object::Reference((3, 0)) },
        }
        .into(),
    );
    for (id, kind) in [(2, "Pages"), (3, "Names")] {
        let itself = lopdf::Object::Reference((id, 0));
        let node = dictionary! { "Type" => kind, "Count" => 1, "Kids" => vec![itself.clone()], "Parent" => itself };
        file.objects.insert((id, 0), node.into());
    }
    file.max_id = 3;
    file.trailer.set("Root", lopdf::Object::Reference((1, 0)));
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).unwrap();
    let reason = refusal(&bytes);
    assert!(
        matches!(
            reason,
            Unreadable::PdfWithoutInvoice { .. } | Unreadable::PdfBroken { .. }
        ),
        "{reason}"
    );
}

#[test]
fn a_declaration_that_is_nonsense_is_a_finding_and_wrong_bytes_are_refused() {
    let ubl = String::from_utf8(fixture("xrechnung-ubl.xml"))
        .unwrap()
        .replacen("UTF-8", "UTF-8_W/O_BOM", 1);
    let invoice = read::read(ubl.as_bytes()).unwrap();
    assert_eq!(
        (invoice.findings.len(), invoice.findings[0].rule.as_str()),
        (1, "ENCODING")
    );
    assert!(!invoice.contradicts_itself());
    let mut bytes = fixture("xrechnung-ubl.xml");
    let umlaut = bytes.windows(2).position(|window| window == "ß".as_bytes()).unwrap();
    bytes[umlaut] = 0xFF;
    assert_eq!(
        refusal(&bytes),
        Unreadable::BadEncoding {
            found: "UTF-8".to_owned()
        }
    );
}

#[test]
fn a_second_number_does_not_overrule_the_first() {
    let ubl = String::from_utf8(fixture("xrechnung-ubl.xml")).unwrap();
    let number = "<cbc:ID>RE-2026-009417</cbc:ID>";
    let invoice = read::read(
        ubl.replacen(number, &format!("{number}<cbc:ID>FALSCH</cbc:ID>"), 1)
            .as_bytes(),
    )
    .unwrap();
    assert_eq!(invoice.number, "RE-2026-009417");
    assert_eq!(
        (
            invoice.findings[0].rule.as_str(),
            invoice.findings[0].params["value"].as_str()
        ),
        ("DUPLICATE", "FALSCH")
    );
}
