//! E-invoices of an invented provider: sound ones in each syntax, and ones that are wrong in one way each.
use chrono::NaiveDate;
use server::demo::invoices::draft::{Buyer, Draft};
use server::demo::invoices::{BAKERY, bakery_credit, bakery_month, household_month, management_month, pdf};
use std::io;

/// A ZUGFeRD 1 invoice, written by hand.
const ZUGFERD_1: &[u8] = include_bytes!("zugferd-1.xml");

/// An order in the syntax of Order-X, as short as can be.
const ORDER: &[u8] = br#"<?xml version="1.0" encoding="UTF-8"?>
<rsm:SCRDMCCBDACIOMessageStructure xmlns:rsm="urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:100"/>
"#;

/// The root of an Italian e-invoice.
const FATTURA_PA: &[u8] = br#"<?xml version="1.0" encoding="UTF-8"?>
<p:FatturaElettronica versione="FPR12" xmlns:p="http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2"/>
"#;

/// Every file's name and bytes.
pub(crate) fn files() -> io::Result<Vec<(&'static str, Vec<u8>)>> {
    let ubl = bakery()?.to_ubl().map_err(io::Error::other)?;
    let hybrid = Draft {
        number: "RE-2026-009398".to_owned(),
        ..household_month(day(2026, 9, 14)?, 0)
    };
    let management = Draft {
        number: "RE-2026-009403".to_owned(),
        ..management_month(day(2026, 5, 21)?, 0)
    };
    let credit = Draft {
        number: "GU-2026-000971".to_owned(),
        ..bakery_credit(day(2026, 9, 1)?, day(2026, 8, 18)?)
    };
    let stranger = Buyer {
        number: "999999",
        name: "Autohaus Krüger KG",
        ..BAKERY
    };
    let stranger = Draft {
        number: "RE-2026-009419".to_owned(),
        buyer: stranger,
        ..bakery()?
    };
    let wrong_sum = replaced(
        &ubl,
        &[("RE-2026-009417", "RE-2026-009418"), (">1332.65<", ">1352.65<")],
    )?;
    let bad_name = [
        ("RE-2026-009417", "RE-2026-009420"),
        (
            "Einzelnachweis Oktober 2026.csv",
            "../../etc/&lt;script&gt;\u{202E}gpj.csv",
        ),
    ];
    let page = "BT /F1 12 Tf 72 760 Td (Lieferschein 2026-0815, keine Rechnung) Tj ET\n";
    Ok(vec![
        ("xrechnung-ubl.xml", ubl.clone().into_bytes()),
        (
            "credit-note-ubl.xml",
            credit.to_ubl().map_err(io::Error::other)?.into_bytes(),
        ),
        (
            "xrechnung-cii.xml",
            management.to_cii().map_err(io::Error::other)?.into_bytes(),
        ),
        ("factur-x.pdf", hybrid.to_hybrid().map_err(io::Error::other)?),
        (
            "zugferd-1.pdf",
            pdf(
                "RE-2014-000317",
                page,
                &[
                    ("Lieferschein.txt", "text/plain", b"1 Router"),
                    ("ZUGFeRD-invoice.xml", "text/xml", ZUGFERD_1),
                ],
            ),
        ),
        (
            "unknown-buyer.xml",
            stranger.to_ubl().map_err(io::Error::other)?.into_bytes(),
        ),
        ("attachment-name.xml", replaced(&ubl, &bad_name)?.into_bytes()),
        ("sums-do-not-add-up.xml", wrong_sum.into_bytes()),
        ("truncated.xml", ubl.as_bytes()[..ubl.len() / 2].to_vec()),
        (
            "with-dtd.xml",
            replaced(
                &ubl,
                &[(
                    "<Invoice ",
                    "<!DOCTYPE Invoice [<!ENTITY file SYSTEM \"file:///etc/hostname\">]>\n<Invoice ",
                )],
            )?
            .into_bytes(),
        ),
        (
            "without-number.xml",
            replaced(&ubl, &[("<cbc:ID>RE-2026-009417</cbc:ID>", "<cbc:ID> </cbc:ID>")])?.into_bytes(),
        ),
        ("other-standard.xml", FATTURA_PA.to_vec()),
        (
            "order.pdf",
            pdf("Bestellung", page, &[("order-x.xml", "text/xml", ORDER)]),
        ),
        ("without-invoice.pdf", pdf("Lieferschein", page, &[])),
        (
            "truncated.pdf",
            hybrid.to_hybrid().map_err(io::Error::other)?[..2000].to_vec(),
        ),
    ])
}

/// The invoice of the design pictures under another number, so that it can be imported beside the demo data.
fn bakery() -> io::Result<Draft> {
    Ok(Draft {
        number: "RE-2026-009417".to_owned(),
        ..bakery_month(day(2026, 11, 18)?, 0, [1846, 31, 200])
    })
}

fn day(year: i32, month: u32, day: u32) -> io::Result<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| io::Error::other("no such day"))
}

/// `text` with each first part replaced by the second, wherever it stands; it is an error if it stands nowhere.
fn replaced(text: &str, parts: &[(&str, &str)]) -> io::Result<String> {
    parts.iter().try_fold(text.to_owned(), |text, (old, new)| {
        if text.contains(old) {
            Ok(text.replace(old, new))
        } else {
            Err(io::Error::other(format!("{old} is not in the text")))
        }
    })
}
