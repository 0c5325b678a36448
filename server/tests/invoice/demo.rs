//! The demo's invoices: valid, summing up, and those of the design pictures.
use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use server::demo::invoices::demo_invoices;
use server::invoice::read::{self, InvoiceDocument, Syntax};

use crate::amount;

fn read_all(today: NaiveDate) -> Vec<(&'static str, InvoiceDocument)> {
    let invoices = demo_invoices(today).unwrap();
    invoices
        .into_iter()
        .map(|invoice| (invoice.customer_number, read::read(&invoice.bytes).unwrap()))
        .collect()
}

/// Neither a credit note nor a correction.
fn is_monthly(invoice: &InvoiceDocument) -> bool {
    invoice.preceding_invoices.is_empty()
}

#[test]
fn on_the_day_of_the_design_the_bakery_has_the_invoices_of_the_design() {
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let all = read_all(today);
    let of_2026: Vec<_> = all
        .iter()
        .filter(|(customer, invoice)| *customer == "104233" && invoice.number.contains("-2026-"))
        .map(|(_, invoice)| {
            (
                invoice.issue_date.to_string(),
                invoice.number.as_str(),
                invoice.totals.gross,
            )
        })
        .collect();
    let expected = [
        ("2026-01-20", "RE-2026-000841", "1502.66"),
        ("2026-02-18", "RE-2026-001322", "1389.05"),
        ("2026-03-18", "RE-2026-001949", "1276.41"),
        ("2026-04-17", "RE-2026-002263", "1104.90"),
        ("2026-05-18", "RE-2026-002570", "1018.37"),
        ("2026-06-18", "RE-2026-002876", "962.14"),
        ("2026-07-17", "RE-2026-003187", "948.80"),
        ("2026-08-18", "RE-2026-003498", "976.25"),
        ("2026-09-01", "GU-2026-000071", "48.00"),
        ("2026-09-18", "RE-2026-003806", "1048.73"),
        ("2026-10-20", "RE-2026-004111", "1187.42"),
        ("2026-11-18", "RE-2026-004417", "1332.65"),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(day, number, gross)| ((*day).to_owned(), *number, amount(gross)))
        .collect();
    assert_eq!(of_2026, expected);
    let owed: Decimal = all
        .iter()
        .filter(|(customer, invoice)| *customer == "104233" && !invoice.is_credit())
        .filter_map(|(_, invoice)| invoice.totals.payable)
        .sum();
    assert_eq!(Some(owed), amount("2520.07"));
}

#[test]
fn on_any_day_the_demo_is_sound() {
    let start = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    // Steps of 37 days hit beginnings and ends of months, also of February in a leap year.
    for today in (0..16).map(|step| start + Days::new(37 * step)) {
        let all = read_all(today);
        let mut numbers = BTreeSet::new();
        let mut months: BTreeMap<&str, usize> = BTreeMap::new();
        for (customer, invoice) in &all {
            assert_eq!(invoice.findings, [], "{} on {today}", invoice.number);
            assert_eq!(invoice.buyer.ids[0].value, *customer);
            assert!(
                invoice.issue_date <= today,
                "{} is of the future on {today}",
                invoice.number
            );
            assert!(
                numbers.insert(invoice.number.clone()),
                "{} twice on {today}",
                invoice.number
            );
            *months.entry(customer).or_default() += usize::from(is_monthly(invoice));
        }
        assert_eq!(months, BTreeMap::from([("104233", 14), ("104871", 14), ("105120", 14)]));
        let open = |customer: &str| -> Vec<i64> {
            all.iter()
                .filter(|(of, invoice)| *of == customer && is_monthly(invoice))
                .filter(|(_, invoice)| invoice.totals.payable != Some(Decimal::ZERO))
                .map(|(_, invoice)| (invoice.due_date.unwrap() - today).num_days())
                .collect()
        };
        let bakery = open("104233");
        assert_eq!(bakery.len(), 2);
        assert!(
            bakery[0] < 0 && bakery[1] == 9,
            "past due and due soon on {today}: {bakery:?}"
        );
        assert!(
            open("104871").iter().chain(&open("105120")).all(|days| *days >= 0),
            "{today}"
        );
    }
}

#[test]
fn the_demo_shows_every_syntax_the_product_writes() {
    let all = read_all(NaiveDate::from_ymd_opt(2026, 11, 23).unwrap());
    let count = |syntax, is_pdf: bool| {
        all.iter()
            .filter(|(_, invoice)| invoice.syntax == syntax && invoice.embedded_name.is_some() == is_pdf)
            .count()
    };
    assert_eq!(count(Syntax::UblInvoice, false), 13);
    assert_eq!(count(Syntax::UblCreditNote, false), 1);
    assert_eq!(count(Syntax::Cii, false), 14);
    assert_eq!(count(Syntax::Cii, true), 16);
}

#[test]
fn the_same_day_gives_the_same_bytes() {
    let today = NaiveDate::from_ymd_opt(2027, 2, 28).unwrap();
    let bytes = || {
        demo_invoices(today)
            .unwrap()
            .into_iter()
            .map(|invoice| invoice.bytes)
            .collect::<Vec<_>>()
    };
    assert!(bytes() == bytes());
}
