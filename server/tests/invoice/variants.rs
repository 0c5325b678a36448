//! The same invoices as other programs would write them.
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use server::demo::invoices::pdf;
use server::invoice::read::{self, InvoiceDocument, Unreadable, Weight};

use crate::{amount, document, fixture, refusal};

const CBC: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";

fn text(name: &str) -> String {
    String::from_utf8(fixture(name)).unwrap()
}

/// The fixture with one text exchanged for another at its first place.
fn replaced(name: &str, old: &str, new: &str) -> String {
    let text = text(name);
    assert!(text.contains(old), "{old}");
    text.replacen(old, new, 1)
}

fn read_text(text: &str) -> InvoiceDocument {
    read::read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn rules(invoice: &InvoiceDocument) -> Vec<&str> {
    invoice.findings.iter().map(|finding| finding.rule.as_str()).collect()
}

/// A PDF without pages whose catalog is finished by `complete`, which gets the object of the embedded XML.
fn hybrid(xml: &[u8], complete: impl FnOnce(&mut Document, ObjectId) -> Dictionary) -> Document {
    let mut file = Document::with_version("1.7");
    let about = dictionary! { "Type" => "EmbeddedFile", "Subtype" => "text/xml" };
    let mut stream = Stream::new(about, xml.to_vec());
    stream.compress().unwrap();
    let stream = file.add_object(stream);
    let pages = file.add_object(dictionary! { "Type" => "Pages", "Kids" => Vec::<Object>::new(), "Count" => 0 });
    let mut catalog = complete(&mut file, stream);
    catalog.set("Type", "Catalog");
    catalog.set("Pages", pages);
    let catalog = file.add_object(catalog);
    file.trailer.set("Root", catalog);
    file
}

fn specification(name: &str, relationship: &str, stream: ObjectId) -> Dictionary {
    dictionary! {
        "Type" => "Filespec",
        "F" => Object::string_literal(name),
        "UF" => lopdf::text_string(name),
        "AFRelationship" => relationship,
        "EF" => dictionary! { "F" => stream, "UF" => stream },
    }
}

fn saved(mut file: Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).unwrap();
    bytes
}

/// The invoice of the fixture as it is read from a PDF under this name.
fn from_pdf(name: &str) -> InvoiceDocument {
    InvoiceDocument {
        embedded_name: Some(name.to_owned()),
        ..document("xrechnung-cii.xml")
    }
}

#[test]
fn the_names_of_all_generations_in_any_case_with_any_relationship_are_found() {
    for name in [
        "factur-x.xml",
        "FACTUR-X.XML",
        "zugferd-invoice.xml",
        "ZUGFeRD-invoice.xml",
        "xrechnung.xml",
        "Rechnung für März.xml",
    ] {
        for relationship in ["Alternative", "Data", "Source", "Supplement", "Unspecified"] {
            let file = hybrid(&fixture("xrechnung-cii.xml"), |file, stream| {
                let specification = file.add_object(specification(name, relationship, stream));
                dictionary! { "AF" => vec![specification.into()] }
            });
            assert_eq!(
                read::read(&saved(file)).as_ref(),
                Ok(&from_pdf(name)),
                "{name} {relationship}"
            );
        }
    }
}

#[test]
fn a_name_tree_with_branches_is_walked() {
    let file = hybrid(&fixture("xrechnung-cii.xml"), |file, stream| {
        let specification = file.add_object(specification("factur-x.xml", "Data", stream));
        let leaf = file.add_object(dictionary! {
            "Limits" => vec![Object::string_literal("f"), Object::string_literal("f")],
            "Names" => vec![Object::string_literal("f"), specification.into()],
        });
        let branch = file.add_object(dictionary! { "Kids" => vec![leaf.into()] });
        dictionary! { "Names" => dictionary! { "EmbeddedFiles" => dictionary! { "Kids" => vec![branch.into()] } } }
    });
    assert_eq!(read::read(&saved(file)), Ok(from_pdf("factur-x.xml")));
}

#[test]
fn a_file_that_is_described_in_place_or_without_its_type_is_found() {
    let in_place = hybrid(&fixture("xrechnung-cii.xml"), |_, stream| {
        let names = vec![
            Object::string_literal("factur-x.xml"),
            specification("factur-x.xml", "Data", stream).into(),
        ];
        dictionary! { "Names" => dictionary! { "EmbeddedFiles" => dictionary! { "Names" => names } } }
    });
    assert_eq!(read::read(&saved(in_place)), Ok(from_pdf("factur-x.xml")));
    let without_type = hybrid(&fixture("xrechnung-cii.xml"), |file, stream| {
        let mut specification = specification("factur-x.xml", "Data", stream);
        specification.remove(b"Type");
        let specification = file.add_object(specification);
        dictionary! { "AF" => vec![specification.into()] }
    });
    assert_eq!(read::read(&saved(without_type)), Ok(from_pdf("factur-x.xml")));
}

#[test]
fn object_streams_and_a_stream_of_references_are_read() {
    let mut file = hybrid(&fixture("xrechnung-cii.xml"), |file, stream| {
        let specification = file.add_object(specification("factur-x.xml", "Data", stream));
        dictionary! { "AF" => vec![specification.into()] }
    });
    let mut bytes = Vec::new();
    file.save_modern(&mut bytes).unwrap();
    assert!(bytes.windows(7).any(|window| window == b"/ObjStm"));
    assert_eq!(read::read(&bytes), Ok(from_pdf("factur-x.xml")));
}

#[test]
fn of_a_pdf_that_was_changed_the_last_state_counts() {
    let first = saved(hybrid(&fixture("xrechnung-cii.xml"), |file, stream| {
        let specification = file.add_object(specification("factur-x.xml", "Data", stream));
        dictionary! { "AF" => vec![specification.into()] }
    }));
    let before = Document::load_mem(&first).unwrap();
    let (id, _) = before
        .objects
        .iter()
        .find(|(_, object)| object.type_name().is_ok_and(|name| name == b"EmbeddedFile"))
        .unwrap();
    let xml = replaced("xrechnung-cii.xml", "RE-2026-009403", "RE-2026-009404");
    let (id, replacement) = (
        *id,
        Stream::new(dictionary! { "Type" => "EmbeddedFile" }, xml.into_bytes()),
    );
    let mut changed = lopdf::IncrementalDocument::create_from(first.clone(), before);
    changed.new_document.objects.insert(id, replacement.into());
    let mut bytes = Vec::new();
    changed.save_to(&mut bytes).unwrap();
    assert!(bytes.starts_with(&first) && bytes.len() > first.len());
    assert_eq!(read::read(&bytes).unwrap().number, "RE-2026-009404");
}

#[test]
fn bytes_before_the_header_of_a_pdf_are_passed_over() {
    let bytes = [b"\r\n\x00mail\r\n", &fixture("factur-x.pdf")[..]].concat();
    assert_eq!(read::read(&bytes).unwrap().number, "RE-2026-009398");
}

#[test]
fn a_credit_note_is_due_when_its_means_of_payment_say_so() {
    let means = "<cbc:PaymentMeansCode>58</cbc:PaymentMeansCode>";
    let due = format!("{means}<cbc:PaymentDueDate>2026-09-15</cbc:PaymentDueDate>");
    let note = read_text(&replaced("credit-note-ubl.xml", means, &due));
    assert_eq!(note.due_date.unwrap().to_string(), "2026-09-15");
    // an invoice has a due date of its own (BT-9), which comes first
    let invoice = read_text(&replaced("xrechnung-ubl.xml", means, &due));
    assert_eq!(invoice.due_date.unwrap().to_string(), "2026-12-02");
}

#[test]
fn of_several_payment_terms_all_are_shown_and_the_last_date_counts() {
    let discount = "<ram:SpecifiedTradePaymentTerms><ram:Description>2 % Skonto bis 31. Mai 2026.</ram:Description>\
        <ram:DueDateDateTime><udt:DateTimeString format=\"102\">20260531</udt:DateTimeString></ram:DueDateDateTime>\
        </ram:SpecifiedTradePaymentTerms>";
    let end = "</ram:SpecifiedTradePaymentTerms>";
    let invoice = read_text(&replaced("xrechnung-cii.xml", end, &format!("{end}{discount}")));
    assert_eq!(invoice.due_date.unwrap().to_string(), "2026-06-11");
    assert_eq!(
        invoice.payment.terms.as_deref(),
        Some(
            "Bitte zahlen Sie bis zum 11. Juni 2026 ohne Abzug. Geben Sie dabei die Rechnungsnummer an.\n\
             2 % Skonto bis 31. Mai 2026."
        )
    );
}

#[test]
fn freight_of_an_extended_invoice_is_a_charge() {
    let freight = "<ram:SpecifiedLogisticsServiceCharge><ram:Description>Versand</ram:Description>\
        <ram:AppliedAmount>5.90</ram:AppliedAmount><ram:AppliedTradeTax><ram:TypeCode>VAT</ram:TypeCode>\
        <ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>19</ram:RateApplicablePercent>\
        </ram:AppliedTradeTax></ram:SpecifiedLogisticsServiceCharge>";
    let terms = "<ram:SpecifiedTradePaymentTerms>";
    let invoice = read_text(&replaced("xrechnung-cii.xml", terms, &format!("{freight}{terms}")));
    let charge = &invoice.charges[0];
    assert_eq!(
        (Some(charge.amount), charge.reason.as_deref(), charge.vat_rate),
        (amount("5.90"), Some("Versand"), amount("19"))
    );
}

#[test]
fn dates_in_formats_other_than_a_day_are_no_dates() {
    let issued = "<udt:DateTimeString format=\"102\">20260521<";
    for (format, found) in [
        ("610", "202605"),
        ("616", "202621"),
        ("102", "20260230"),
        ("102", "2026-05-21"),
    ] {
        let other = format!("<udt:DateTimeString format=\"{format}\">{found}<");
        assert_eq!(
            refusal(replaced("xrechnung-cii.xml", issued, &other).as_bytes()),
            Unreadable::BadDate {
                found: found.to_owned()
            },
            "{format} {found}"
        );
    }
    let due = "<udt:DateTimeString format=\"102\">20260611<";
    let month = "<udt:DateTimeString format=\"610\">202606<";
    let invoice = read_text(&replaced("xrechnung-cii.xml", due, month));
    assert_eq!((invoice.due_date, rules(&invoice)), (None, vec!["MALFORMED"]));
    assert_eq!(invoice.findings[0].params["value"], "202606");
    assert_eq!(invoice.findings[0].weight, Weight::Notice);
}

#[test]
fn amounts_are_decimals_and_nothing_else() {
    let gross = ">1332.65</cbc:TaxInclusiveAmount>";
    for same in ["+1332.65", "01332.65", "\n 1332.65 "] {
        let invoice = read_text(&replaced(
            "xrechnung-ubl.xml",
            gross,
            &format!(">{same}</cbc:TaxInclusiveAmount>"),
        ));
        assert_eq!(
            invoice.totals.gross.map(|gross| gross.normalize()),
            amount("1332.65"),
            "{same:?}"
        );
    }
    for none in [
        "1.33265E3",
        "1332,65",
        "1 332.65",
        "NaN",
        "INF",
        "0x534",
        "1332.65 EUR",
        "--1332.65",
    ] {
        let reason =
            refusal(replaced("xrechnung-ubl.xml", gross, &format!(">{none}</cbc:TaxInclusiveAmount>")).as_bytes());
        assert_eq!(
            reason,
            Unreadable::BadAmount {
                at: "LegalMonetaryTotal/TaxInclusiveAmount".to_owned(),
                found: none.to_owned()
            }
        );
    }
}

#[test]
fn prices_and_quantities_keep_all_their_decimals() {
    let ubl = replaced(
        "xrechnung-ubl.xml",
        "<cbc:PriceAmount currencyID=\"EUR\">249</cbc:PriceAmount>",
        "<cbc:PriceAmount currencyID=\"EUR\">0.000000248999999</cbc:PriceAmount>",
    )
    .replacen("unitCode=\"MON\">1<", "unitCode=\"MON\">1000000000.000000123<", 1);
    let line = &read_text(&ubl).lines[0];
    assert_eq!(
        (line.price, line.quantity),
        (amount("0.000000248999999"), amount("1000000000.000000123"))
    );
}

#[test]
fn prepaid_rounding_and_the_currency_of_the_tax_authority_are_read() {
    let payable = "<cbc:PayableAmount currencyID=\"EUR\">1332.65</cbc:PayableAmount>";
    let more = "<cbc:PrepaidAmount currencyID=\"EUR\">1000.00</cbc:PrepaidAmount>\
        <cbc:PayableRoundingAmount currencyID=\"EUR\">-0.05</cbc:PayableRoundingAmount>\
        <cbc:PayableAmount currencyID=\"EUR\">332.60</cbc:PayableAmount>";
    let currency = "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>";
    let ubl = replaced("xrechnung-ubl.xml", payable, more)
        .replacen(
            currency,
            &format!("{currency}<cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>"),
            1,
        )
        .replacen(
            "<cac:LegalMonetaryTotal>",
            "<cac:TaxTotal><cbc:TaxAmount currencyID=\"SEK\">2274.58</cbc:TaxAmount></cac:TaxTotal>\
             <cac:LegalMonetaryTotal>",
            1,
        );
    let invoice = read_text(&ubl);
    let totals = &invoice.totals;
    assert_eq!(
        (totals.prepaid, totals.rounding, totals.payable),
        (amount("1000.00"), amount("-0.05"), amount("332.60"))
    );
    assert_eq!(
        (invoice.tax_currency.as_deref(), totals.tax, totals.tax_in_tax_currency),
        (Some("SEK"), amount("206.78"), amount("2274.58"))
    );
    assert_eq!(invoice.findings, []);
}

#[test]
fn lines_within_lines_are_kept_and_only_the_outer_ones_add_up() {
    let part = |id: &str, net: &str, inner: &str| {
        format!(
            "<cac:SubInvoiceLine><cbc:ID>{id}</cbc:ID><cbc:InvoicedQuantity unitCode=\"MON\">1</cbc:InvoicedQuantity>\
             <cbc:LineExtensionAmount currencyID=\"EUR\">{net}</cbc:LineExtensionAmount>{inner}<cac:Item>\
             <cbc:Name>Teil {id}</cbc:Name></cac:Item></cac:SubInvoiceLine>"
        )
    };
    let first = "<cbc:LineExtensionAmount currencyID=\"EUR\">249.00</cbc:LineExtensionAmount>";
    let parts = format!(
        "{first}{}{}",
        part("1.1", "200.00", &part("1.1.1", "200.00", "")),
        part("1.2", "49.00", "")
    );
    let invoice = read_text(&replaced("xrechnung-ubl.xml", first, &parts));
    assert_eq!(invoice.lines.len(), 8);
    let line = &invoice.lines[0];
    let names: Vec<_> = line.sub_lines.iter().map(|part| (part.id.as_str(), part.net)).collect();
    assert_eq!(
        names,
        [("1.1", amount("200.00").unwrap()), ("1.2", amount("49.00").unwrap())]
    );
    assert_eq!(line.sub_lines[0].sub_lines[0].name.as_deref(), Some("Teil 1.1.1"));
    assert!(!invoice.contradicts_itself());

    let deep = (0..17).fold(String::new(), |inner, _| part("x", "1.00", &inner));
    assert_eq!(
        refusal(replaced("xrechnung-ubl.xml", first, &format!("{first}{deep}")).as_bytes()),
        Unreadable::TooComplex { what: "sub-lines" }
    );
}

#[test]
fn a_line_of_cii_names_the_line_that_it_is_part_of() {
    let second = "<ram:LineID>2</ram:LineID>";
    let part = format!("{second}<ram:ParentLineID>1</ram:ParentLineID>");
    let invoice = read_text(&replaced("xrechnung-cii.xml", second, &part));
    let parents: Vec<_> = invoice.lines.iter().map(|line| line.parent.as_deref()).collect();
    assert_eq!(parents, [None, Some("1"), None, None, None]);
}

#[test]
fn cii_is_read_with_other_prefixes_a_default_namespace_marks_and_comments() {
    let expected = document("xrechnung-cii.xml");
    let cii = text("xrechnung-cii.xml");
    let renamed = cii
        .replace("ram:", "a.b-c_d:")
        .replace("xmlns:ram=", "xmlns:a.b-c_d=")
        .replace("udt:", "ram:")
        .replace("xmlns:udt=", "xmlns:ram=");
    let by_default = cii
        .replace("<rsm:", "<")
        .replace("</rsm:", "</")
        .replace("xmlns:rsm=", "xmlns=");
    let decorated = cii.replacen(
        "?>",
        "?>\n<!-- ausgestellt: 2026 -->\n<?xml-stylesheet type=\"text/xsl\" href=\"rechnung.xsl\"?>\n",
        1,
    );
    let undeclared = cii.split_once("?>").unwrap().1.trim_start().to_owned();
    let sixteen: Vec<u8> = cii
        .replacen("UTF-8", "utf-16", 1)
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    for bytes in [
        renamed.into_bytes(),
        by_default.into_bytes(),
        decorated.into_bytes(),
        undeclared.into_bytes(),
        [b"\xEF\xBB\xBF", cii.as_bytes()].concat(),
        [b"\xFE\xFF", &sixteen[..]].concat(),
        cii.replace('\n', "\r\n").into_bytes(),
        cii.replacen(
            "version=\"1.0\" encoding=\"UTF-8\"",
            "version='1.0' encoding='utf-8' standalone='yes'",
            1,
        )
        .into_bytes(),
    ] {
        let head = String::from_utf8_lossy(&bytes[..60]).into_owned();
        assert_eq!(read::read(&bytes).as_ref(), Ok(&expected), "{head}");
    }
}

#[test]
fn ubl_is_read_with_its_version_and_with_namespaces_declared_where_they_are_used() {
    let expected = document("xrechnung-ubl.xml");
    let first = "  <cbc:CustomizationID>";
    let versioned = replaced(
        "xrechnung-ubl.xml",
        first,
        &format!("  <cbc:UBLVersionID>2.1</cbc:UBLVersionID>\n{first}"),
    );
    let number = "<cbc:ID>RE-2026-009417</cbc:ID>";
    let declared = replaced(
        "xrechnung-ubl.xml",
        number,
        &format!("<ID xmlns=\"{CBC}\"><![CDATA[RE-2026]]>&#45;0094<!-- -->17</ID>"),
    );
    for text in [versioned, declared] {
        assert_eq!(read_text(&text), expected);
    }
}

#[test]
fn the_euro_sign_is_read_in_each_encoding_that_has_it() {
    let terms = "Bitte zahlen Sie";
    let ubl = replaced("xrechnung-ubl.xml", terms, &format!("100 € – {terms}"));
    let bytes = |encoding: &str, euro: u8, dash: u8| -> Vec<u8> {
        let text = ubl.replacen("UTF-8", encoding, 1);
        let byte = |c| match c {
            '€' => euro,
            '–' => dash,
            c => u8::try_from(u32::from(c)).unwrap(),
        };
        text.chars().map(byte).collect()
    };
    for (encoding, euro, dash, starts) in [
        ("Windows-1252", 0x80, 0x96, "100 € – Bitte"),
        ("ISO-8859-15", 0xA4, b'-', "100 € - Bitte"),
        // what calls itself ISO 8859-1 and has such bytes is Windows-1252
        ("iso-8859-1", 0x80, 0x96, "100 € – Bitte"),
    ] {
        let invoice = read::read(&bytes(encoding, euro, dash)).unwrap();
        let read = invoice.payment.terms.unwrap();
        assert!(read.starts_with(starts), "{encoding}: {read}");
        assert_eq!(invoice.findings, [], "{encoding}");
    }
}

#[test]
fn mandatory_parts_that_are_missing_are_findings_and_all_else_is_read() {
    let ubl = text("xrechnung-ubl.xml");
    let start = ubl.find("  <cac:InvoiceLine>").unwrap();
    let end = ubl.rfind("</Invoice>").unwrap();
    let without_lines = format!("{}{}", &ubl[..start], &ubl[end..]);
    let invoice = read_text(&without_lines);
    assert_eq!((invoice.lines.len(), rules(&invoice)), (0, vec!["BR-16"]));
    assert_eq!(invoice.totals.payable, amount("1332.65"));
}

#[test]
fn pages_that_show_another_number_or_total_than_the_xml_are_marked() {
    let cii = fixture("xrechnung-cii.xml");
    let paper = |words: &str| {
        let page = format!("BT /F1 12 Tf 72 760 Td ({words}) Tj ET\n");
        let file = pdf("Rechnung", &page, &[("factur-x.xml", "text/xml", &cii)]);
        let invoice = read::read(&file).unwrap();
        let found: Vec<_> = invoice
            .findings
            .iter()
            .map(|finding| (finding.rule.clone(), finding.params["stated"].clone(), finding.weight))
            .collect();
        found
    };
    let number = [("PDF-NUMBER".to_owned(), "RE-2026-009403".to_owned(), Weight::Notice)];
    let total = [("PDF-TOTAL".to_owned(), "3473.41".to_owned(), Weight::Notice)];
    assert_eq!(paper("Rechnung RE-2026-009404, zu zahlen 3.473,41 EUR"), number);
    assert_eq!(paper("Rechnung RE-2026-009403, zu zahlen 3.374,41 EUR"), total);
    assert_eq!(paper("Rechnung RE-2026-009403, zu zahlen 13.473,41 EUR"), total);
    for same in [
        "Rechnung RE-2026-009403, zu zahlen 3.473,41 EUR",
        "RECHNUNG RE 2026 / 009403 ... 3473.41",
        "Re-2026-009403 3 473,41",
        "RE-2026-009403 CHF 3'473.41",
        "RE-2026-009403 -3,473.41",
        // nothing that could be compared: a delivery note, an empty page
        "Lieferschein 4711",
        "",
    ] {
        assert_eq!(paper(same), [], "{same}");
    }
}
