//! An account with very many invoices opens its list as one with few.
use super::{fixture, imported, rows};
use crate::app::{Person, TestApp};
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::json;
use server::entity::invoice;
use shared::id::InvoiceId;
use std::time::{Duration, Instant};

/// What the page asks for its rows.
const PAGE: &str = "query($first: Int) { invoices(first: $first) { nodes { id number issueDate dueDate currency kind
    state grossTotal paidTotal paidOn contractId originalUrl } pageInfo { endCursor hasNextPage } } }";

/// What the page asks beside them: what the list comes to, what is due, the years, and the contracts.
const FOUND: &str = "query($first: Int) { invoices(first: $first) { totalCount sums { amount currency } } }";
const TOTALS: &str = "query($first: Int) { due: invoices(first: $first, filter: { state: DUE }) { ...Sums }
    pastDue: invoices(first: $first, filter: { state: PAST_DUE }) { ...Sums }
    invoiceYears { year count sums { amount currency } } invoiceContracts { id label number productName } }
    fragment Sums on InvoiceConnection { dueSums { amount currency } }";

/// Gives an account so many copies of a real invoice.
async fn fill(app: &TestApp, owner: Person, count: usize) {
    let row = rows(app).await.remove(0);
    let copies: Vec<_> = (0..count)
        .map(|number| {
            let days = chrono::Days::new(u64::try_from(number % 3_000).unwrap());
            invoice::Model {
                id: InvoiceId(app.app.new_id()),
                account_id: Some(owner.account),
                number: format!("V-{number:06}"),
                issue_date: row.issue_date - days,
                ..row.clone()
            }
            .into_active_model()
        })
        .collect();
    for some in copies.chunks(500) {
        invoice::Entity::insert_many(some.to_vec())
            .exec(app.db())
            .await
            .unwrap();
    }
}

/// The median of so many times that the list was opened, with all that the page asks for.
async fn median(app: &TestApp, owner: Person, rounds: usize) -> Duration {
    let mut browser = app.client(owner).await;
    let mut times = Vec::new();
    for _ in 0..rounds {
        let start = Instant::now();
        let data = browser.data(PAGE, json!({ "first": 25 })).await;
        browser.data(FOUND, json!({ "first": 1 })).await;
        browser.data(TOTALS, json!({ "first": 1 })).await;
        times.push(start.elapsed());
        assert_eq!(data["invoices"]["nodes"].as_array().unwrap().len(), 25);
    }
    times.sort_unstable();
    times[rounds / 2]
}

crate::on_both! {
    async fn a_list_of_thousands_takes_as_many_statements_as_one_of_fifty(app: TestApp) {
        imported(&app, "a.xml", fixture("xrechnung-ubl.xml"), None).await;
        fill(&app, app.customer, 49).await;
        fill(&app, app.stranger, 3_000).await;
        for (query, many) in [(PAGE, json!(25)), (FOUND, json!(1)), (TOTALS, json!(1))] {
            let mut costs = Vec::new();
            for (person, count) in [(app.customer, 50), (app.stranger, 3_000)] {
                let mut browser = app.client(person).await;
                costs.push(app.statements(async {
                    let data = browser.data(query, json!({ "first": many })).await;
                    let found = &data["invoices"];
                    match query {
                        PAGE => assert_eq!(found["nodes"].as_array().unwrap().len(), 25),
                        FOUND => assert_eq!(found["totalCount"], count),
                        _ => assert!(data["invoiceYears"][0]["count"].is_u64(), "{data}"),
                    }
                }).await);
            }
            assert_eq!(costs[0], costs[1], "{query}");
        }
    }

    async fn rows_are_read_without_what_the_whole_list_comes_to(app: TestApp) {
        imported(&app, "a.xml", fixture("xrechnung-ubl.xml"), None).await;
        let mut browser = app.client(app.customer).await;
        let mut costs = Vec::new();
        for asked in ["nodes { id }", "nodes { id } totalCount", "nodes { id } ...Sums", "totalCount"] {
            let fragment = if asked.ends_with("Sums") { "fragment Sums on InvoiceConnection { sums { amount } }" } else { "" };
            let query = format!("{{ invoices {{ {asked} }} }} {fragment}");
            costs.push(app.statements(browser.data(&query, json!({}))).await);
        }
        assert_eq!([costs[1] - costs[0], costs[2] - costs[0]], [1, 1]);
        assert_eq!(costs[3], costs[0], "sums alone read no rows");
    }
}

#[tokio::test]
#[ignore = "measures time; `cargo xtask bench` runs it alone"]
async fn fifty_thousand_open_as_fast_as_fifty() {
    let Some(app) = TestApp::on_sqlite().await else { return };
    imported(&app, "a.xml", fixture("xrechnung-ubl.xml"), None).await;
    fill(&app, app.customer, 49).await;
    fill(&app, app.stranger, 50_000).await;
    median(&app, app.customer, 20).await;
    let few = median(&app, app.customer, 101).await;
    let many = median(&app, app.stranger, 101).await;
    let ratio = many.as_secs_f64() / few.as_secs_f64();
    println!("list of 50 invoices: median {few:.2?}; of 50,000: {many:.2?}; ratio {ratio:.2}, of 1.5 allowed");
    assert!(ratio < 1.5, "the list of 50,000 takes {ratio:.2} times as long");
}
