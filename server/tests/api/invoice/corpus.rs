//! The e-invoices of others, where they are: each row of their index by what it expects, through import and API.
use super::{id_of, imported, imported_path, rows};
use crate::app::{Person, corpus};
use axum::http::StatusCode;
use serde_json::{Value, json};
use server::invoice::report::Outcome;
use shared::money::Amount;
use std::{collections::BTreeMap, fs, path::Path};

const INVOICE: &str = "query($id: InvoiceId!) { invoice(id: $id) {
    number typeCode issueDate currency seller { name } buyer { name } netTotal taxTotal grossTotal payable prepaid
    lines { id } taxes { amount } syntax profile sha256 findings { rule } attachments { fileName } } }";

/// A row of the index, by the names of its columns.
type Row = BTreeMap<String, String>;

fn index(folder: &Path) -> Vec<Row> {
    let text = fs::read_to_string(folder.join("index.tsv")).unwrap();
    let mut lines = text.lines().map(|line| line.split('\t').map(str::to_owned));
    let names: Vec<_> = lines.next().unwrap().collect();
    lines
        .map(|values| names.iter().cloned().zip(values).collect())
        .collect()
}

/// Files that share a number go to different accounts.
fn shelf<'a>(shelves: &mut [(Person, Vec<&'a str>)], row: &'a Row) -> Person {
    let same: Vec<_> = row["same_number_as"].split(',').collect();
    let free = |shelf: &&mut (Person, Vec<&str>)| !shelf.1.iter().any(|name| same.contains(name));
    let (person, names) = shelves.iter_mut().find(free).unwrap();
    names.push(&row["file"]);
    *person
}

fn syntax(row: &Row) -> &str {
    match row["syntax"].as_str() {
        "UBL-INV" => "UBL_INVOICE",
        "UBL-CN" => "UBL_CREDIT_NOTE",
        "CII-ZF1" => "ZUGFERD_1",
        other => other,
    }
}

fn profile(row: &Row) -> &str {
    match (row["syntax"].as_str(), row["profile"].as_str()) {
        ("CII-ZF1", "BASIC(ZF1)") => "ZUGFERD_1_BASIC",
        ("CII-ZF1", "COMFORT(ZF1)") => "ZUGFERD_1_COMFORT",
        ("CII-ZF1", "EXTENDED") => "ZUGFERD_1_EXTENDED",
        (_, "BASIC WL") => "BASIC_WL",
        (_, "XRECHNUNG-EXT") => "XRECHNUNG_EXTENSION",
        (_, other) => other,
    }
}

/// That the API says of the invoice what the index says.
fn compare(row: &Row, shown: &Value) {
    let file = &row["file"];
    let texts = [
        ("invoice_number", &shown["number"]),
        ("type_code", &shown["typeCode"]),
        ("issue_date", &shown["issueDate"]),
        ("currency", &shown["currency"]),
        ("seller", &shown["seller"]["name"]),
        ("buyer", &shown["buyer"]["name"]),
        ("sha256", &shown["sha256"]),
    ];
    for (column, value) in texts {
        assert_eq!(value, &json!(row[column]), "{file}: {column}");
    }
    assert_eq!(
        (&shown["syntax"], &shown["profile"]),
        (&json!(syntax(row)), &json!(profile(row))),
        "{file}"
    );
    let amounts = [
        ("net_total", "netTotal"),
        ("tax_total", "taxTotal"),
        ("gross_total", "grossTotal"),
        ("payable_total", "payable"),
        ("prepaid", "prepaid"),
    ];
    for (column, field) in amounts.into_iter().filter(|(column, _)| !row[*column].is_empty()) {
        let expected: Amount = row[column].parse().unwrap();
        assert_eq!(shown[field], json!(expected), "{file}: {column}");
    }
    for (column, field) in [("lines", "lines"), ("vat_breakdowns", "taxes")] {
        assert_eq!(
            shown[field].as_array().unwrap().len().to_string(),
            row[column],
            "{file}: {column}"
        );
    }
}

crate::on_both! {
    async fn each_file_becomes_what_the_index_expects(app: TestApp) {
        let Some(folder) = corpus("einvoices") else { return };
        let index = index(&folder);
        let mut shelves = [app.customer, app.stranger, app.dealer].map(|person| (person, Vec::new()));
        let (mut shown_count, mut refused_count) = (0, 0);
        for row in &index {
            let file = &row["file"];
            let bytes = fs::read(folder.join(file)).unwrap();
            let owner = shelf(&mut shelves, row);
            let before = rows(&app).await.len();
            let outcome = imported(&app, file, bytes.clone(), Some(owner.account)).await;
            let expects = row["expect"].as_str();
            if let Outcome::Refused(refusal) = &outcome {
                assert!(expects.contains("reject"), "{file}: {refusal}");
                assert_eq!(rows(&app).await.len(), before, "{file}");
                println!("{file}: refused: {refusal}");
                refused_count += 1;
                continue;
            }
            assert!(expects != "reject", "{file}: {outcome}");
            let id = id_of(&outcome);
            if matches!(outcome, Outcome::Imported { is_held: true, .. }) {
                let publish = "mutation($input: PublishInvoiceInput!) { publishInvoice(input: $input) { invoice { id } } }";
                app.client(app.staff).await.data(publish, json!({ "input": { "id": id, "reason": "geprüft" } })).await;
            }
            let mut browser = app.client(owner).await;
            let data = browser.data(INVOICE, json!({ "id": id })).await;
            if expects == "reject-or-ok" {
                println!("{file}: shown, with findings {}", data["invoice"]["findings"]);
            } else {
                compare(row, &data["invoice"]);
            }
            if expects == "flag" {
                assert!(data["invoice"]["findings"].as_array().unwrap().contains(&json!({ "rule": "BR-CO-15" })), "{file}");
            }
            for attachment in data["invoice"]["attachments"].as_array().unwrap() {
                let name = attachment["fileName"].as_str().unwrap();
                assert!(!name.contains(['/', '\\', '<']) && !name.starts_with('.'), "{file}: {name}");
            }
            let original = browser.get(&format!("/download/invoices/{id}")).await;
            assert_eq!(original.status, StatusCode::OK, "{file}");
            assert!(original.body == bytes, "{file}: the original is not what was imported");
            let again = imported(&app, file, bytes, Some(owner.account)).await;
            assert_eq!(again, Outcome::AlreadyThere { id }, "{file}");
            shown_count += 1;
        }
        assert_eq!((shown_count + refused_count, rows(&app).await.len()), (index.len(), shown_count));
    }

    async fn the_whole_folder_twice_doubles_nothing(app: TestApp) {
        let Some(folder) = corpus("einvoices") else { return };
        let first = imported_path(&app, &folder, None).await.unwrap();
        let kept = first.iter().filter(|report| matches!(report.outcome, Outcome::Waiting { .. })).count();
        let before = rows(&app).await;
        assert_eq!(before.len(), kept);
        let second = imported_path(&app, &folder, None).await.unwrap();
        let there = second.iter().filter(|report| matches!(report.outcome, Outcome::AlreadyThere { .. })).count();
        assert_eq!((there, rows(&app).await), (kept, before));
    }
}
