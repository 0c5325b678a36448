//! What invoices come to is kept by the database: it must be what adding up the rows gives, whatever happened to them.
use super::{Short, add};
use crate::app::{Person, TestApp};
use chrono::{Datelike, NaiveDate};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, ModelTrait};
use serde_json::{Value, json};
use server::entity::{invoice, invoice_due, invoice_month};
use shared::{id::AccountId, invoice::CREDIT_NOTES, money::Amount};
use std::collections::BTreeMap;

const SUMS: &str = "query($filter: InvoiceFilter) { invoices(first: 1, filter: $filter) {
    totalCount sums { amount currency } dueSums { amount currency } } }";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// What happens to an invoice.
type Edit = fn(&mut invoice::ActiveModel, other: AccountId);

/// How many there are, what they sum up to and what is due, by currency.
type Told = (u64, BTreeMap<String, Amount>, BTreeMap<String, Amount>);

fn told(found: &Value) -> Told {
    let sums = |field: &str| {
        let sums = found[field].as_array().unwrap().iter();
        sums.map(|sum| {
            let amount = sum["amount"].as_str().unwrap().parse().unwrap();
            (sum["currency"].as_str().unwrap().to_owned(), amount)
        })
        .collect()
    };
    (found["totalCount"].as_u64().unwrap(), sums("sums"), sums("dueSums"))
}

/// The same by adding up rows here.
fn added<'a>(rows: impl Iterator<Item = &'a invoice::Model>) -> Told {
    let (mut count, mut sums, mut dues) = (0, BTreeMap::new(), BTreeMap::new());
    for row in rows {
        let is_credit = CREDIT_NOTES.contains(&row.type_code.as_str());
        count += 1;
        sums.entry(row.currency.clone()).or_insert(Amount(0)).0 += if is_credit {
            -row.gross_total.0
        } else {
            row.gross_total.0
        };
        if is_open(row) {
            dues.entry(row.currency.clone()).or_insert(Amount(0)).0 +=
                row.payable.0 - row.paid_total.unwrap_or(Amount(0)).0;
        }
    }
    (count, sums, dues)
}

fn is_open(row: &invoice::Model) -> bool {
    let is_credit = CREDIT_NOTES.contains(&row.type_code.as_str());
    !is_credit && row.payable.0 > 0 && row.paid_total.is_none_or(|paid| paid < row.payable)
}

/// That the server tells of every filter whose answer is kept what its rows come to.
async fn agree(app: &TestApp, person: Person, after: &str) {
    let rows = invoice::Entity::find().all(app.db()).await.unwrap();
    let rows: Vec<_> = rows
        .into_iter()
        .filter(|row| row.account_id == Some(person.account))
        .collect();
    let today = app.app.clock.today();
    let is_past = |row: &invoice::Model| row.due_date.is_some_and(|day| day < today);
    let mut browser = app.client(person).await;
    let mut tell = async |filter: Value| told(&browser.data(SUMS, json!({ "filter": filter })).await["invoices"]);
    assert_eq!(tell(json!({})).await, added(rows.iter()), "{after}");
    for year in [2025, 2026, 2027] {
        let expected = added(rows.iter().filter(|row| row.issue_date.year() == year));
        assert_eq!(tell(json!({ "year": year })).await, expected, "{year}, {after}");
    }
    let due = added(rows.iter().filter(|row| is_open(row) && !is_past(row)));
    assert_eq!(tell(json!({ "state": "DUE" })).await, due, "due, {after}");
    let past = added(rows.iter().filter(|row| is_open(row) && is_past(row)));
    assert_eq!(tell(json!({ "state": "PAST_DUE" })).await, past, "past due, {after}");
}

crate::on_both! {
    async fn kept_sums_are_what_the_rows_add_up_to_after_every_change(app: TestApp) {
        for short in [
            Short("R-1", "380", "2025-12-31", Some("2026-01-14"), "EUR", 10_000, "Lindwerk Netze GmbH"),
            Short("R-2", "380", "2026-01-01", None, "EUR", 20_001, "Lindwerk Netze GmbH"),
            Short("R-3", "380", "2026-11-19", Some("2026-11-23"), "CHF", 30_050, "Lindwerk Netze GmbH"),
            Short("G-1", "381", "2026-11-21", None, "EUR", 5_025, "Lindwerk Netze GmbH"),
        ] {
            add(&app, app.customer, short).await;
        }
        add(&app, app.stranger, Short("F-1", "380", "2026-11-19", None, "EUR", 7_700, "Lindwerk Netze GmbH")).await;
        agree(&app, app.customer, "as they came").await;
        let change = async |number: &str, other: AccountId, edit: Edit| {
            let rows = invoice::Entity::find().all(app.db()).await.unwrap();
            let mut row = rows.into_iter().find(|row| row.number == number).unwrap().into_active_model();
            edit(&mut row, other);
            row.update(app.db()).await.unwrap();
        };
        let (customer, stranger) = (app.customer.account, app.stranger.account);
        let changes: [(&str, &str, Edit); 9] = [
            ("a part was paid", "R-1", |row, _| row.paid_total = Set(Some(Amount(4_000)))),
            ("all was paid", "R-1", |row, _| row.paid_total = Set(Some(Amount(10_000)))),
            ("the payment was taken back", "R-1", |row, _| row.paid_total = Set(None)),
            ("it is due another day", "R-3", |row, _| row.due_date = Set(Some(day("2026-11-22")))),
            ("it was issued in another year", "R-2", |row, _| row.issue_date = Set(day("2025-01-31"))),
            ("it is of another currency and amount", "R-2", |row, _| {
                row.currency = Set("CHF".to_owned());
                row.gross_total = Set(Amount(99));
                row.payable = Set(Amount(98));
            }),
            ("it became a credit note", "R-3", |row, _| row.type_code = Set("381".to_owned())),
            ("it went to another account", "R-1", |row, stranger| row.account_id = Set(Some(stranger))),
            ("one came from another account", "F-1", |row, customer| row.account_id = Set(Some(customer))),
        ];
        for (after, number, edit) in changes {
            let other = if number == "F-1" { customer } else { stranger };
            change(number, other, edit).await;
            agree(&app, app.customer, after).await;
            agree(&app, app.stranger, after).await;
        }
        change("F-1", customer, |row, _| row.account_id = Set(None)).await;
        agree(&app, app.customer, "one waits again").await;
        for row in invoice::Entity::find().all(app.db()).await.unwrap() {
            row.delete(app.db()).await.unwrap();
            agree(&app, app.customer, "one was deleted").await;
        }
        assert!(invoice_month::Entity::find().one(app.db()).await.unwrap().is_none());
        assert!(invoice_due::Entity::find().one(app.db()).await.unwrap().is_none());
    }

    async fn every_code_of_a_credit_note_counts_as_one_in_what_is_kept(app: TestApp) {
        for (number, code) in CREDIT_NOTES.iter().enumerate() {
            let name = format!("G-{number}");
            add(&app, app.customer, Short(&name, code, "2026-05-04", Some("2026-05-18"), "EUR", 1_000, "Lindwerk Netze GmbH")).await;
            agree(&app, app.customer, code).await;
        }
    }
}
