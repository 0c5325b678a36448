//! PDFs that are built to exhaust a reader or to lead it in circles, and values that no invoice has.
use std::io::Write;

use lopdf::{
    Dictionary, Document, EncryptionState, EncryptionVersion, Object, ObjectId, Permissions, Stream, dictionary,
};
use server::invoice::read::{self, Unreadable};

use crate::{document, fixture, refusal};

/// So many bytes of nothing, packed.
const BOMB: usize = 100 << 20;

fn bomb(about: Dictionary) -> Stream {
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..BOMB >> 20 {
        packed.write_all(&zeros).unwrap();
    }
    let mut stream = Stream::new(about, packed.finish().unwrap());
    stream.dict.set("Filter", "FlateDecode");
    stream.allows_compression = false;
    stream
}

/// A sound hybrid with one page, changed by `change`, which gets the objects of page tree, page and embedded file.
fn hybrid(change: impl FnOnce(&mut Document, [ObjectId; 3])) -> Document {
    let mut file = Document::with_version("1.7");
    let xml = file.add_object(Stream::new(
        dictionary! { "Type" => "EmbeddedFile" },
        fixture("xrechnung-cii.xml"),
    ));
    let specification = file.add_object(dictionary! {
        "Type" => "Filespec",
        "F" => Object::string_literal("factur-x.xml"),
        "EF" => dictionary! { "F" => xml },
    });
    let tree = file.new_object_id();
    let page = file.add_object(dictionary! { "Type" => "Page", "Parent" => tree });
    file.objects.insert(
        tree,
        dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }.into(),
    );
    let catalog = dictionary! { "Type" => "Catalog", "Pages" => tree, "AF" => vec![specification.into()] };
    let catalog = file.add_object(catalog);
    file.trailer.set("Root", catalog);
    change(&mut file, [tree, page, xml]);
    file
}

fn saved(mut file: Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).unwrap();
    bytes
}

/// The invoice of the fixture, whose pages say nothing.
fn is_read(file: Document, what: &str) {
    let mut expected = document("xrechnung-cii.xml");
    expected.embedded_name = Some("factur-x.xml".to_owned());
    assert_eq!(read::read(&saved(file)).as_ref(), Ok(&expected), "{what}");
}

fn set(file: &mut Document, id: ObjectId, key: &str, value: impl Into<Object>) {
    file.get_dictionary_mut(id).unwrap().set(key, value);
}

#[test]
fn a_stream_of_objects_that_inflates_without_end_is_refused() {
    let file = hybrid(|file, _| {
        file.add_object(bomb(dictionary! { "Type" => "ObjStX", "N" => 1, "First" => 4 }));
    });
    // lopdf writes no streams of objects that it did not make
    let mut bytes = saved(file);
    let at = bytes.windows(6).position(|window| window == b"ObjStX").unwrap();
    bytes[at..at + 6].copy_from_slice(b"ObjStm");
    assert_eq!(
        refusal(&bytes),
        Unreadable::InflatedTooLarge {
            limit: read::INFLATED_LIMIT
        }
    );
}

#[test]
fn an_attachment_that_inflates_without_end_is_refused_wherever_it_is_described() {
    for kind in ["Filespec", "F"] {
        let file = hybrid(|file, [_, page, xml]| {
            // the invoice itself is gone, so that every way to one is gone
            file.objects.remove(&xml);
            let bomb = file.add_object(bomb(dictionary! { "Type" => "EmbeddedFile" }));
            let specification = dictionary! {
                "Type" => kind,
                "F" => Object::string_literal("factur-x.xml"),
                "EF" => dictionary! { "F" => bomb },
            };
            set(file, page, "FS", specification);
        });
        assert_eq!(
            refusal(&saved(file)),
            Unreadable::InflatedTooLarge {
                limit: read::INFLATED_LIMIT
            },
            "{kind}"
        );
    }
}

#[test]
fn pages_that_lead_in_circles_or_never_end_leave_the_invoice_readable() {
    is_read(
        hybrid(|file, [tree, ..]| set(file, tree, "Kids", vec![tree.into(), tree.into()])),
        "a tree of pages that is its own child",
    );
    is_read(
        hybrid(|file, [tree, page, _]| {
            set(file, tree, "Parent", page);
            set(file, page, "Parent", tree);
        }),
        "a page that is above its tree",
    );
    is_read(
        hybrid(|file, [_, page, _]| {
            let contents = file.add_object(bomb(Dictionary::new()));
            set(file, page, "Contents", contents);
        }),
        "a page that inflates without end",
    );
    is_read(
        hybrid(|file, [_, page, _]| {
            let table = file.add_object(bomb(Dictionary::new()));
            let font = dictionary! { "Type" => "Font", "Subtype" => "Type0", "Encoding" => "Identity-H", "ToUnicode" => table };
            let font = file.add_object(font);
            let contents = file.add_object(Stream::new(Dictionary::new(), b"BT /F1 9 Tf <0001> Tj ET".to_vec()));
            set(file, page, "Contents", contents);
            set(
                file,
                page,
                "Resources",
                dictionary! { "Font" => dictionary! { "F1" => font } },
            );
        }),
        "a font whose table inflates without end",
    );
    is_read(
        hybrid(|file, [tree, page, _]| set(file, tree, "Kids", vec![Object::from(page); 100_000])),
        "a page that is there a hundred thousand times",
    );
}

#[test]
fn a_reference_to_itself_is_no_file() {
    let file = hybrid(|file, [.., xml]| {
        file.objects.insert(xml, Object::Reference(xml));
    });
    let reason = refusal(&saved(file));
    assert!(
        matches!(
            reason,
            Unreadable::PdfWithoutInvoice { .. } | Unreadable::PdfBroken { .. }
        ),
        "{reason}"
    );
}

#[test]
fn a_pdf_behind_a_password_is_refused() {
    let mut file = hybrid(|_, _| {});
    let id = Object::string_literal("0123456789abcdef");
    file.trailer.set("ID", vec![id.clone(), id]);
    let version = EncryptionVersion::V2 {
        document: &file,
        owner_password: "owner",
        user_password: "user",
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).unwrap();
    file.encrypt(&state).unwrap();
    assert_eq!(refusal(&saved(file)), Unreadable::PdfEncrypted);
}

#[test]
fn a_pdf_that_is_cut_off_anywhere_is_refused() {
    let whole = fixture("factur-x.pdf");
    for part in 1..20 {
        let reason = refusal(&whole[..whole.len() * part / 20]);
        assert!(
            matches!(
                reason,
                Unreadable::PdfBroken { .. } | Unreadable::PdfWithoutInvoice { .. }
            ),
            "{part}/20: {reason}"
        );
    }
}

#[test]
fn days_that_no_calendar_has_are_refused() {
    let ubl = String::from_utf8(fixture("xrechnung-ubl.xml")).unwrap();
    for day in [
        "2026-02-30",
        "2026-13-01",
        "2026-00-10",
        "26-11-18",
        "20261118",
        "morgen",
        "2026-11-18T25:00",
    ] {
        let changed = ubl.replacen("<cbc:IssueDate>2026-11-18<", &format!("<cbc:IssueDate>{day}<"), 1);
        assert_eq!(
            refusal(changed.as_bytes()),
            Unreadable::BadDate { found: day.to_owned() }
        );
    }
}

#[test]
fn an_amount_that_no_invoice_has_is_refused() {
    let ubl = String::from_utf8(fixture("xrechnung-ubl.xml")).unwrap();
    let huge = "9".repeat(60);
    let changed = ubl.replacen(">1332.65</cbc:TaxInc", &format!(">{huge}</cbc:TaxInc"), 1);
    assert_eq!(
        refusal(changed.as_bytes()),
        Unreadable::BadAmount {
            at: "LegalMonetaryTotal/TaxInclusiveAmount".to_owned(),
            found: huge
        }
    );
}

#[test]
fn other_documents_are_refused_by_their_content_whatever_they_are_called() {
    for (what, bytes) in [
        ("DOCX", &b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0[Content_Types].xml"[..]),
        ("PNG", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR"),
        ("JPEG", b"\xFF\xD8\xFF\xE0\0\x10JFIF"),
        ("JSON", b"{ \"number\": \"RE-1\" }"),
        ("CSV", b"number;total\r\nRE-1;1,00\r\n"),
        ("e-mail", b"From: a@b.example\r\nSubject: Rechnung\r\n\r\n"),
        ("zeros", &[0; 4096]),
    ] {
        assert_eq!(refusal(bytes), Unreadable::NotAnInvoiceFile, "{what}");
    }
    let page = b"<!DOCTYPE html><html><body>Rechnung</body></html>";
    assert_eq!(refusal(page), Unreadable::DtdForbidden);
    assert!(matches!(
        refusal(b"<html><body>Rechnung</body></html>"),
        Unreadable::WrongRoot { .. }
    ));
}
