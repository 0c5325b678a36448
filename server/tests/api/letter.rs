//! The access letter: what its PDF is made of.
use chrono::NaiveDate;
use lopdf::{Dictionary, Document, Object};
use server::letter::AccessLetter;
use shared::account::Language;
use std::{fs, process::Command};

fn letter(language: Language) -> AccessLetter {
    AccessLetter {
        language,
        provider: "Lindwerk Netze GmbH".to_owned(),
        provider_address: Some("Ruhrallee 12, 45138 Essen".to_owned()),
        support: Some("hilfe@lindwerk.example, 0208 555 0100".to_owned()),
        origin: "https://portal.lindwerk.example".to_owned(),
        recipient: ["Bäckerei Öztürk GmbH", "Gartenstraße 4", "45468 Mülheim an der Ruhr"]
            .map(str::to_owned)
            .to_vec(),
        number: "104233".to_owned(),
        code: "7KQF-M2XW-9TBD".to_owned(),
        date: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
        until: NaiveDate::from_ymd_opt(2026, 12, 23).unwrap(),
    }
}

/// The text of a PDF as a reader copies it, white space joined.
pub(crate) fn text(pdf: &Document) -> String {
    let text = pdf.extract_text(&[1]).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn catalog(pdf: &Document) -> &Dictionary {
    pdf.catalog().unwrap()
}

fn named<'a>(pdf: &'a Document, dictionary: &'a Dictionary, key: &[u8]) -> &'a Object {
    let object = dictionary.get(key).unwrap();
    pdf.dereference(object).unwrap().1
}

/// The structure types of the tree below an element, in reading order.
fn elements(pdf: &Document, element: &Object, found: &mut Vec<String>) {
    match pdf.dereference(element).unwrap().1 {
        Object::Dictionary(dictionary) => {
            if let Ok(kind) = dictionary.get(b"S").and_then(Object::as_name) {
                found.push(String::from_utf8_lossy(kind).into_owned());
            }
            if let Ok(children) = dictionary.get(b"K") {
                elements(pdf, children, found);
            }
        }
        Object::Array(children) => children.iter().for_each(|child| elements(pdf, child, found)),
        _ => {}
    }
}

#[test]
fn a_letter_is_archivable_and_readable_aloud() {
    let bytes = letter(Language::De).pdf().unwrap();
    let pdf = Document::load_mem(&bytes).unwrap();
    let root = catalog(&pdf);

    let metadata = named(&pdf, root, b"Metadata").as_stream().unwrap();
    let xmp = String::from_utf8(metadata.content.clone()).unwrap();
    for part in [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "Ihr Zugang zum Kundenportal",
    ] {
        assert!(xmp.contains(part), "{part} {xmp}");
    }
    let intents = named(&pdf, root, b"OutputIntents").as_array().unwrap();
    let intent = pdf.dereference(&intents[0]).unwrap().1.as_dict().unwrap();
    assert_eq!(intent.get(b"S").unwrap().as_name().unwrap(), b"GTS_PDFA1");
    assert!(named(&pdf, intent, b"DestOutputProfile").as_stream().is_ok());
    assert_eq!(root.get(b"Lang").unwrap().as_str().unwrap(), b"de");
    let mark = named(&pdf, root, b"MarkInfo").as_dict().unwrap();
    assert!(mark.get(b"Marked").unwrap().as_bool().unwrap());

    let mut kinds = Vec::new();
    elements(&pdf, named(&pdf, root, b"StructTreeRoot"), &mut kinds);
    let count = |kind: &str| kinds.iter().filter(|found| *found == kind).count();
    assert_eq!(
        ["H1", "H2", "Table", "TR", "TH", "TD", "L", "LI"].map(count),
        [1, 2, 2, 5, 5, 5, 1, 3],
        "{kinds:?}"
    );
}

#[test]
fn every_face_of_a_letter_is_embedded() {
    let pdf = Document::load_mem(&letter(Language::De).pdf().unwrap()).unwrap();
    let descriptors: Vec<_> = pdf
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok())
        .filter(|dictionary| {
            dictionary
                .get(b"Type")
                .is_ok_and(|kind| kind.as_name().is_ok_and(|name| name == b"FontDescriptor"))
        })
        .collect();
    assert_eq!(descriptors.len(), 3);
    for descriptor in descriptors {
        assert!(
            [b"FontFile".as_slice(), b"FontFile2", b"FontFile3"]
                .iter()
                .any(|key| descriptor.has(key)),
            "{descriptor:?}"
        );
    }
}

#[test]
fn a_letter_says_who_where_what_and_until_when_in_both_languages() {
    let german = text(&Document::load_mem(&letter(Language::De).pdf().unwrap()).unwrap());
    for part in [
        "Bäckerei Öztürk GmbH",
        "45468 Mülheim an der Ruhr",
        "104233",
        "7KQF-M2XW-9TBD",
        "23.12.2026",
        "https://portal.lindwerk.example/letter",
        "hilfe@lindwerk.example",
        "Ruhrallee 12",
    ] {
        assert!(german.contains(part), "{part}: {german}");
    }
    let english = text(&Document::load_mem(&letter(Language::En).pdf().unwrap()).unwrap());
    for part in [
        "Your access to the customer portal",
        "104233",
        "7KQF-M2XW-9TBD",
        "23 December 2026",
        "https://portal.lindwerk.example/letter",
    ] {
        assert!(english.contains(part), "{part}: {english}");
    }
}

#[test]
fn a_name_in_any_script_and_length_makes_a_letter() {
    for name in [
        "Ζωή Παπαδοπούλου",
        "株式会社",
        "Žižka & Ångström s.r.o.",
        "👻",
        "مرحبا",
        &"Donaudampfschifffahrtsgesellschaft ".repeat(8),
        "a\u{0}b\r\n\tc",
    ] {
        let mut letter = letter(Language::De);
        letter.recipient[0] = name.to_owned();
        let pdf = Document::load_mem(&letter.pdf().unwrap_or_else(|error| panic!("{name}: {error:#}"))).unwrap();
        assert_eq!(pdf.get_pages().len(), 1);
        assert!(text(&pdf).contains("7KQF-M2XW-9TBD"), "{name}");
    }
}

#[test]
fn qpdf_finds_nothing_wrong_with_a_letter() {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), letter(Language::De).pdf().unwrap()).unwrap();
    match Command::new("qpdf").arg("--check").arg(file.path()).output() {
        Ok(checked) => assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout)),
        Err(_) => println!("skipped: qpdf is not installed (Debian package qpdf)"),
    }
}
