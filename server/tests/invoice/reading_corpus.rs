//! Each file of the corpus goes as its index says.
use std::collections::BTreeMap;
use std::fs;

use rust_decimal::Decimal;
use server::invoice::read::{self, InvoiceDocument, Syntax, Weight};

use crate::corpus;

/// The rows of the index by column name; none if the corpus is not there.
fn rows() -> Option<Vec<BTreeMap<String, String>>> {
    let index = fs::read_to_string(corpus::file("einvoices/index.tsv")?).unwrap();
    let mut lines = index
        .lines()
        .map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>());
    let columns = lines.next().unwrap();
    Some(lines.map(|line| columns.iter().cloned().zip(line).collect()).collect())
}

fn bytes(row: &BTreeMap<String, String>) -> Vec<u8> {
    fs::read(corpus::file(&format!("einvoices/{}", row["file"])).unwrap()).unwrap()
}

fn decimal(text: &str) -> Option<Decimal> {
    (!text.is_empty()).then(|| text.parse().unwrap())
}

fn syntax(document: &InvoiceDocument) -> &'static str {
    match document.syntax {
        Syntax::UblInvoice => "UBL-INV",
        Syntax::UblCreditNote => "UBL-CN",
        Syntax::Cii => "CII",
        Syntax::Zugferd1 => "CII-ZF1",
    }
}

/// Compares what was read with a row of the index.
fn compare(row: &BTreeMap<String, String>, document: &InvoiceDocument) {
    let file = &row["file"];
    assert_eq!(syntax(document), row["syntax"], "{file}");
    assert_eq!(
        document.embedded_name.as_deref().unwrap_or_default(),
        row["embedded"],
        "{file}"
    );
    assert_eq!(document.number, row["invoice_number"], "{file}");
    assert_eq!(document.type_code, row["type_code"], "{file}");
    assert_eq!(document.issue_date.to_string(), row["issue_date"], "{file}");
    assert_eq!(document.currency, row["currency"], "{file}");
    assert_eq!(document.seller.shown_name(), row["seller"], "{file}");
    assert_eq!(document.buyer.shown_name(), row["buyer"], "{file}");
    let totals = &document.totals;
    for (column, read) in [
        ("net_total", totals.net),
        ("tax_total", totals.tax),
        ("gross_total", totals.gross),
        ("payable_total", totals.payable),
        ("prepaid", totals.prepaid),
    ] {
        assert_eq!(read, decimal(&row[column]), "{column} of {file}");
    }
    assert_eq!(document.lines.len().to_string(), row["lines"], "{file}");
    assert_eq!(document.vat.len().to_string(), row["vat_breakdowns"], "{file}");
    assert_eq!(
        document.profile.has_lines(),
        !row["notes"].contains("no-lines"),
        "{file}"
    );
}

#[test]
fn every_file_goes_as_its_row_says() {
    let Some(rows) = rows() else { return };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut of_pages = Vec::new();
    for row in &rows {
        let file = &row["file"];
        let read = read::read(&bytes(row));
        match (row["expect"].as_str(), read) {
            ("ok", Ok(document)) => {
                compare(row, &document);
                assert!(!document.contradicts_itself(), "{file}: {:?}", document.findings);
                let mut rules = document.findings.iter().map(|finding| finding.rule.as_str());
                if rules.any(|rule| rule.starts_with("PDF-")) {
                    of_pages.push(file.as_str());
                }
                if !document.findings.is_empty() {
                    println!("{file}: {:?}", document.findings);
                }
                *counts.entry("ok").or_default() += 1;
            }
            ("flag", Ok(document)) => {
                compare(row, &document);
                let rules: Vec<_> = document
                    .findings
                    .iter()
                    .filter(|finding| finding.weight == Weight::Contradiction)
                    .map(|finding| finding.rule.as_str())
                    .collect();
                assert_eq!(rules.join(","), row["cen_fatal"], "{file}");
                assert!(document.contradicts_itself(), "{file}");
                *counts.entry("flag").or_default() += 1;
            }
            ("reject", Err(reason)) => {
                println!("{file}: refused, {reason}");
                *counts.entry("reject").or_default() += 1;
            }
            ("reject-or-ok", Ok(document)) => {
                println!("{file}: read, {:?}", document.findings);
                *counts.entry("reject-or-ok").or_default() += 1;
            }
            (expected, Ok(document)) => panic!("{file}: {expected} expected, read {}", document.number),
            (expected, Err(reason)) => panic!("{file}: {expected} expected, refused: {reason}"),
        }
    }
    // its pages show the invoice RE-20200620/508, its XML is RE-20190610/507
    assert_eq!(of_pages, ["11-pdf-xrechnung.pdf"]);
    assert_eq!(
        counts,
        BTreeMap::from([("flag", 1), ("ok", 34), ("reject", 9), ("reject-or-ok", 1)])
    );
}

#[test]
fn every_refusal_names_what_is_wrong() {
    let Some(rows) = rows() else { return };
    let reasons: BTreeMap<String, String> = rows
        .iter()
        .filter(|row| row["expect"] == "reject")
        .map(|row| (row["file"].clone(), read::read(&bytes(row)).unwrap_err().to_string()))
        .collect();
    for (file, words) in [
        ("bad-01-xxe-file.xml", "document type declaration"),
        ("bad-02-billion-laughs.xml", "document type declaration"),
        ("bad-03-truncated.xml", "ends too early"),
        ("bad-04-pdf-without-xml.pdf", "contains no e-invoice"),
        ("bad-05-truncated.pdf", "the PDF is broken"),
        ("bad-06-order-x.pdf", "an order, not an invoice"),
        ("bad-09-empty-number.xml", "no number (BT-1)"),
        ("bad-11-inflate-bomb.pdf", "unpacks to more than 33554432 bytes"),
        ("bad-12-not-an-invoice.xml", "FatturaPA"),
    ] {
        assert!(reasons[file].contains(words), "{file}: {}", reasons[file]);
    }
}

#[test]
fn foreign_attachments_get_harmless_names() {
    let Some(rows) = rows() else { return };
    let mut seen = 0;
    for row in rows.iter().filter(|row| row["expect"] == "ok") {
        let document = read::read(&bytes(row)).unwrap();
        for attachment in &document.attachments {
            let name = &attachment.name;
            assert!(!name.is_empty() && !name.starts_with('.'), "{}: {name}", row["file"]);
            assert!(
                !name.contains(['/', '\\', '<', '>', '"']) && !name.chars().any(char::is_control),
                "{}: {name}",
                row["file"]
            );
            seen += 1;
        }
    }
    assert!(seen > 0, "no file of the corpus has an attachment");
}
