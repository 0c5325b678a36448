//! The access letter: what its PDF is made of.
use chrono::{DateTime, NaiveDate};
use lopdf::{Dictionary, Document, Object};
use server::{
    letter::AccessLetter,
    paper::{
        Block, Paper, check,
        letterhead::{Letterhead, Picture},
        pdf,
    },
};
use shared::{account::Language, colour::Colour};
use std::{fs, process::Command};

fn letter(language: Language) -> AccessLetter {
    AccessLetter {
        language,
        provider: "Lindwerk Netze GmbH".to_owned(),
        letterhead: Letterhead::default(),
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

/// A picture of three by two points, half transparent.
pub(crate) const PNG: &str = "89504e470d0a1a0a0000000d49484452000000030000000208060000009d74661a0000001149444154\
                              78da63382117d000c30cc81c0087800a45711d3a7b0000000049454e44ae426082";

/// A drawing with a gradient, a text and what is seen through.
const DRAWING: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 40 20\"><defs><linearGradient id=\"g\"><stop \
                       offset=\"0\" stop-color=\"#000000\"/><stop offset=\"1\" stop-color=\"#ffffff\" stop-opacity=\"0.4\"/>\
                       </linearGradient></defs><rect width=\"40\" height=\"20\" fill=\"#ff0000\"/><circle cx=\"9\" cy=\"9\" \
                       r=\"8\" fill=\"url(#g)\"/><text x=\"20\" y=\"15\" font-size=\"9\">Ab</text></svg>";

fn svg(drawing: &str) -> Picture {
    Picture::Svg(drawing.as_bytes().into())
}

/// The operators of the first page, without white space between.
fn drawn(pdf: &[u8]) -> String {
    let pdf = Document::load_mem(pdf).unwrap();
    let page = pdf.get_pages()[&1];
    String::from_utf8_lossy(&pdf.get_page_content(page)).into_owned()
}

/// The widths of the pictures that a PDF shows through a mask.
pub(crate) fn widths_of_images(pdf: &[u8]) -> Vec<i64> {
    let pdf = Document::load_mem(pdf).unwrap();
    let streams = pdf.objects.values().filter_map(|object| object.as_stream().ok());
    let images = streams.filter(|stream| {
        let kind = stream.dict.get(b"Subtype").and_then(Object::as_name);
        kind.is_ok_and(|name| name == b"Image") && stream.dict.has(b"SMask")
    });
    images
        .map(|stream| stream.dict.get(b"Width").unwrap().as_i64().unwrap())
        .collect()
}

#[test]
fn a_logo_and_an_accent_stand_on_letters_and_papers_that_stay_archivable() {
    let accent = Colour::parse("#336600").unwrap();
    let paper = |logo: Option<Picture>| Paper {
        title: "Auftragsbestätigung".to_owned(),
        language: Language::De,
        author: "Lindwerk Netze GmbH".to_owned(),
        letterhead: Letterhead {
            accent: Some(accent),
            logo,
        },
        foot: "Ruhrallee 12, 45138 Essen".to_owned(),
        date: DateTime::UNIX_EPOCH,
        blocks: vec![
            Block::Heading(1, "Titel".to_owned()),
            Block::Paragraph("Ein Satz.".to_owned()),
        ],
        enclosed: None,
    };
    let png = || Picture::Png(hex::decode(PNG).unwrap().into());
    // 0x33, 0x66 and 0 of 255, as a stroke
    assert!(drawn(&pdf(&paper(None)).unwrap()).contains("0.2 0.4 0 SCN"));
    let mut plain = paper(None);
    plain.letterhead.accent = None;
    assert!(!drawn(&pdf(&plain).unwrap()).contains("0.2 0.4 0 SCN"));
    let mut printed = letter(Language::De);
    for (logo, widths) in [(png(), vec![3]), (svg(DRAWING), vec![])] {
        printed.letterhead.logo = Some(logo.clone());
        for bytes in [pdf(&paper(Some(logo))).unwrap(), printed.pdf().unwrap()] {
            assert_eq!(widths_of_images(&bytes), widths);
            assert_eq!(
                drawn(&bytes).contains("1 0 0 scn"),
                widths.is_empty(),
                "red is drawn, not painted"
            );
            let read = Document::load_mem(&bytes).unwrap();
            assert!(
                text(&read).contains("Lindwerk Netze GmbH"),
                "the name is there in words"
            );
            assert!(!text(&read).contains("Ab"), "what a logo spells is not read aloud");
            let file = tempfile::NamedTempFile::new().unwrap();
            fs::write(file.path(), &bytes).unwrap();
            let checked = Command::new("qpdf").arg("--check").arg(file.path()).output().unwrap();
            assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
        }
    }
    assert_eq!(
        pdf(&paper(Some(png()))).unwrap(),
        pdf(&paper(Some(png()))).unwrap(),
        "same facts, same bytes"
    );
}

#[test]
fn a_picture_that_cannot_be_drawn_is_no_logo() {
    assert!(check(svg(DRAWING)).is_ok());
    let broken = |at: usize| {
        let mut bytes = hex::decode(PNG).unwrap();
        bytes[at] ^= 0xff;
        Picture::Png(bytes.into())
    };
    assert!(check(Picture::Png(hex::decode(PNG).unwrap().into())).is_ok());
    assert!(check(broken(45)).is_err(), "a broken stream");
    assert!(
        check(Picture::Png(hex::decode(PNG).unwrap()[..50].into())).is_err(),
        "half of it"
    );
    // each refers twice to the next: two to the fortieth leaves
    let bomb: String = (0..40)
        .map(|n| format!("<g id=\"a{n}\"><use href=\"#a{0}\"/><use href=\"#a{0}\"/></g>", n + 1))
        .collect();
    let bomb = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\">{bomb}<path id=\"a40\" d=\"M0 0h8\"/></svg>"
    );
    assert!(check(svg(&bomb)).is_err(), "a drawing that unfolds without end");
}
