//! What is refused, and the words for it.
use server::invoice::read::{FILE_LIMIT, Unreadable};

use crate::{fixture, refusal};

#[test]
fn every_broken_fixture_is_refused_with_its_reason() {
    let cases = [
        (
            "with-dtd.xml",
            "the XML has a document type declaration (DTD), which no e-invoice needs and which is not read",
        ),
        ("without-number.xml", "the invoice has no number (BT-1)"),
        (
            "other-standard.xml",
            "the XML is a document of another standard: FatturaPA",
        ),
        ("order.pdf", "the document is an order, not an invoice"),
        ("without-invoice.pdf", "the PDF contains no e-invoice"),
    ];
    for (name, words) in cases {
        assert_eq!(refusal(&fixture(name)).to_string(), words, "{name}");
    }
}

#[test]
fn a_file_that_is_cut_off_is_said_to_be() {
    let Unreadable::BrokenXml { line, reason, .. } = refusal(&fixture("truncated.xml")) else {
        panic!("not broken XML")
    };
    assert_eq!(
        line as usize,
        String::from_utf8(fixture("truncated.xml")).unwrap().lines().count()
    );
    assert_eq!(reason, "the file ends too early");
    assert!(matches!(
        refusal(&fixture("truncated.pdf")),
        Unreadable::PdfBroken { .. }
    ));
}

#[test]
fn what_is_neither_xml_nor_pdf_is_refused() {
    for bytes in [
        &b""[..],
        b"   ",
        b"PK\x03\x04zip",
        b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR",
        b"{\"Invoice\": {}}",
        b"Rechnung",
        b"\xFF\xFE\x00",
    ] {
        assert_eq!(refusal(bytes), Unreadable::NotAnInvoiceFile, "{bytes:?}");
    }
}

#[test]
fn a_file_over_ten_mebibytes_is_refused_unread() {
    let mut bytes = fixture("xrechnung-ubl.xml");
    bytes.resize(FILE_LIMIT + 1, b' ');
    assert_eq!(
        refusal(&bytes),
        Unreadable::TooLarge {
            size: 10_485_761,
            limit: 10_485_760
        }
    );
}

#[test]
fn issue_date_currency_and_totals_must_be_what_they_are_called() {
    let ubl = String::from_utf8(fixture("xrechnung-ubl.xml")).unwrap();
    let with = |old: &str, new: &str| {
        assert!(ubl.contains(old), "{old}");
        refusal(ubl.replacen(old, new, 1).as_bytes())
    };
    assert_eq!(
        with("<cbc:IssueDate>2026-11-18</cbc:IssueDate>", ""),
        Unreadable::MissingTerm { term: "BT-2" }
    );
    assert_eq!(
        with("<cbc:IssueDate>2026-11-18<", "<cbc:IssueDate>18.11.2026<"),
        Unreadable::BadDate {
            found: "18.11.2026".to_owned()
        }
    );
    let currency = "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>";
    assert_eq!(with(currency, ""), Unreadable::MissingTerm { term: "BT-5" });
    assert_eq!(
        with(
            ">1332.65</cbc:TaxInclusiveAmount>",
            ">1.332,65</cbc:TaxInclusiveAmount>"
        ),
        Unreadable::BadAmount {
            at: "LegalMonetaryTotal/TaxInclusiveAmount".to_owned(),
            found: "1.332,65".to_owned()
        }
    );
}

#[test]
fn zugferd_1_is_held_to_the_same_terms() {
    let xml = include_str!("../../examples/make_fixtures/zugferd-1.xml");
    let with = |old: &str, new: &str| {
        assert!(xml.contains(old), "{old}");
        refusal(xml.replacen(old, new, 1).as_bytes())
    };
    assert_eq!(
        with("<ram:ID>RE-2014-000317</ram:ID>", ""),
        Unreadable::MissingTerm { term: "BT-1" }
    );
    assert_eq!(
        with("20141103", "20141303"),
        Unreadable::BadDate {
            found: "20141303".to_owned()
        }
    );
    assert_eq!(
        with("<ram:InvoiceCurrencyCode>EUR<", "<ram:InvoiceCurrencyCode><"),
        Unreadable::MissingTerm { term: "BT-5" }
    );
    assert_eq!(
        with("EUR\">256.80<", "EUR\">viel<"),
        Unreadable::BadAmount {
            at: "GrandTotalAmount".to_owned(),
            found: "viel".to_owned()
        }
    );
}

#[test]
fn a_pdf_that_only_says_it_is_encrypted_is_told_from_a_broken_one() {
    let mut pdf = fixture("without-invoice.pdf");
    let at = pdf.windows(5).position(|window| window == b"/Info").unwrap();
    pdf.splice(at..at, b"/Encrypt 7 0 R ".iter().copied());
    assert_eq!(refusal(&pdf), Unreadable::PdfEncrypted);
}
