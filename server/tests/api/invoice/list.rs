//! The list: filters, order, pages, sums, and who sees it.
use super::{Short, add, fixture, imported, rows};
use crate::app::TestApp;
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use serde_json::{Value, json};
use server::entity::invoice;
use shared::id::InvoiceId;

const LIST: &str = "query($first: Int, $after: String, $filter: InvoiceFilter, $order: InvoiceOrder) {
    invoices(first: $first, after: $after, filter: $filter, order: $order) {
        nodes { number kind state seller { name } } edges { cursor node { id } }
        pageInfo { endCursor hasNextPage hasPreviousPage } totalCount sums { amount currency } } }";

/// What the start page asks for.
const START: [&str; 2] = [
    "query($due: InvoiceFilter, $pastDue: InvoiceFilter, $order: InvoiceOrder) {
        pastDue: invoices(filter: $pastDue, first: 3, order: $order) { ...Open }
        due: invoices(filter: $due, first: 3, order: $order) { ...Open } }
    fragment Open on InvoiceConnection { nodes { id currency dueDate issueDate number payable } sums { amount currency } }",
    "{ invoiceMonths { currency month total } }",
];

/// Of the customer, when it is 2026-11-23; one of the stranger.
async fn with_invoices(app: &TestApp) {
    for short in [
        Short(
            "R-1",
            "380",
            "2025-11-30",
            Some("2025-12-14"),
            "EUR",
            10_000,
            "Lindwerk Netze GmbH",
        ),
        Short(
            "R-2",
            "380",
            "2026-01-01",
            Some("2026-11-22"),
            "EUR",
            20_000,
            "Lindwerk Netze GmbH",
        ),
        Short(
            "R-3",
            "380",
            "2026-11-19",
            Some("2026-11-23"),
            "EUR",
            30_050,
            "Strom_100% AG",
        ),
        Short("R-4", "384", "2026-11-20", None, "CHF", 40_000, "Lindwerk Netze GmbH"),
        Short("G-1", "381", "2026-11-21", None, "EUR", 5_025, "Lindwerk Netze GmbH"),
        Short(
            "R-5",
            "380",
            "2026-11-22",
            Some("2026-01-01"),
            "EUR",
            0,
            "MÜLLER & Söhne",
        ),
    ] {
        add(app, app.customer, short).await;
    }
    add(
        app,
        app.stranger,
        Short("R-9", "380", "2026-11-22", None, "EUR", 99_999, "Lindwerk Netze GmbH"),
    )
    .await;
}

fn numbers(list: &Value) -> Vec<&str> {
    list["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["number"].as_str().unwrap())
        .collect()
}

crate::on_both! {
    async fn the_newest_comes_first_and_pages_follow_each_other(app: TestApp) {
        with_invoices(&app).await;
        let mut browser = app.client(app.customer).await;
        let mut seen = Vec::new();
        let mut after = Value::Null;
        for (rows, has_next) in [(4, true), (2, false)] {
            let data = browser.data(LIST, json!({ "first": 4, "after": after })).await;
            let list = &data["invoices"];
            assert_eq!((numbers(list).len(), &list["pageInfo"]["hasNextPage"]), (rows, &json!(has_next)));
            assert_eq!((&list["totalCount"], &list["pageInfo"]["hasPreviousPage"]), (&json!(6), &json!(!after.is_null())));
            seen.extend(numbers(list).into_iter().map(str::to_owned));
            after = list["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(seen, ["R-5", "G-1", "R-4", "R-3", "R-2", "R-1"]);
        let oldest = browser.data(LIST, json!({ "first": 3, "order": "OLDEST" })).await;
        assert_eq!(numbers(&oldest["invoices"]), ["R-1", "R-2", "R-3"]);
        let rest = browser.data(LIST, json!({ "order": "OLDEST", "after": oldest["invoices"]["pageInfo"]["endCursor"] })).await;
        assert_eq!(numbers(&rest["invoices"]), ["R-4", "G-1", "R-5"]);
    }

    async fn filters_take_what_they_say_and_count_and_sum_it(app: TestApp) {
        with_invoices(&app).await;
        let mut browser = app.client(app.customer).await;
        for (filter, found, sums) in [
            (json!({}), vec!["R-5", "G-1", "R-4", "R-3", "R-2", "R-1"], json!([["400.00", "CHF"], ["550.25", "EUR"]])),
            (json!({ "year": 2025 }), vec!["R-1"], json!([["100.00", "EUR"]])),
            (json!({ "year": 2024 }), vec![], json!([])),
            (json!({ "year": 2_000_000_000 }), vec![], json!([])),
            (json!({ "year": -1 }), vec![], json!([])),
            (json!({ "kind": "CREDIT_NOTE" }), vec!["G-1"], json!([["-50.25", "EUR"]])),
            (json!({ "kind": "CORRECTION" }), vec!["R-4"], json!([["400.00", "CHF"]])),
            (json!({ "kind": "INVOICE" }), vec!["R-5", "R-3", "R-2", "R-1"], json!([["600.50", "EUR"]])),
            (json!({ "state": "DUE" }), vec!["R-4", "R-3"], json!([["400.00", "CHF"], ["300.50", "EUR"]])),
            (json!({ "state": "PAST_DUE" }), vec!["R-2", "R-1"], json!([["300.00", "EUR"]])),
            (json!({ "state": "SETTLED" }), vec!["R-5", "G-1"], json!([["-50.25", "EUR"]])),
            (json!({ "state": "PAST_DUE", "year": 2026 }), vec!["R-2"], json!([["200.00", "EUR"]])),
            (json!({ "text": " r-3 " }), vec!["R-3"], json!([["300.50", "EUR"]])),
            (json!({ "text": "LINDWERK", "kind": "INVOICE" }), vec!["R-2", "R-1"], json!([["300.00", "EUR"]])),
            (json!({ "text": "m_100%" }), vec!["R-3"], json!([["300.50", "EUR"]])),
            (json!({ "text": "%" }), vec!["R-3"], json!([["300.50", "EUR"]])),
            (json!({ "text": "MÜLLER" }), vec!["R-5"], json!([["0.00", "EUR"]])),
            (json!({ "text": "!" }), vec![], json!([])),
            (json!({ "text": "R-9" }), vec![], json!([])),
            (json!({ "text": "  " , "year": 2025 }), vec!["R-1"], json!([["100.00", "EUR"]])),
        ] {
            let data = browser.data(LIST, json!({ "filter": filter })).await;
            let list = &data["invoices"];
            let summed: Vec<_> = list["sums"].as_array().unwrap().iter().map(|sum| json!([sum["amount"], sum["currency"]])).collect();
            assert_eq!((numbers(list), &json!(summed), &list["totalCount"]), (found.clone(), &sums, &json!(found.len())), "{filter}");
        }
    }

    async fn a_row_says_what_it_is_and_where_it_stands(app: TestApp) {
        with_invoices(&app).await;
        let data = app.client(app.customer).await.data(LIST, json!({})).await;
        let said: Vec<_> = data["invoices"]["nodes"].as_array().unwrap().iter().map(|node| json!([node["number"], node["kind"], node["state"]])).collect();
        assert_eq!(json!(said), json!([
            ["R-5", "INVOICE", "SETTLED"], ["G-1", "CREDIT_NOTE", "SETTLED"], ["R-4", "CORRECTION", "DUE"],
            ["R-3", "INVOICE", "DUE"], ["R-2", "INVOICE", "PAST_DUE"], ["R-1", "INVOICE", "PAST_DUE"],
        ]));
        app.pass(chrono::TimeDelta::days(1));
        let data = app.client(app.customer).await.data(LIST, json!({ "filter": { "state": "PAST_DUE" } })).await;
        assert_eq!(numbers(&data["invoices"]), ["R-3", "R-2", "R-1"]);
    }

    async fn years_months_and_what_is_due_count_the_account_in_view_only(app: TestApp) {
        with_invoices(&app).await;
        let asked = "{ invoiceYears { year count } invoiceMonths { month currency total } viewer { dueInvoiceCount } }";
        let data = app.client(app.customer).await.data(asked, json!({})).await;
        assert_eq!(data["invoiceYears"], json!([{ "year": 2026, "count": 5 }, { "year": 2025, "count": 1 }]));
        let months: Vec<_> = data["invoiceMonths"].as_array().unwrap().iter().map(|month| {
            (month["month"].as_str().unwrap(), month["currency"].as_str().unwrap(), month["total"].as_str().unwrap())
        }).collect();
        assert_eq!(months.len(), 24);
        assert_eq!(months[..4], [("2025-12-01", "CHF", "0.00"), ("2025-12-01", "EUR", "0.00"), ("2026-01-01", "CHF", "0.00"), ("2026-01-01", "EUR", "200.00")]);
        assert_eq!(months[22..], [("2026-11-01", "CHF", "400.00"), ("2026-11-01", "EUR", "250.25")]);
        assert_eq!(data["viewer"]["dueInvoiceCount"], 4);
        let data = app.client(app.stranger).await.data(asked, json!({})).await;
        assert_eq!(data["invoiceYears"], json!([{ "year": 2026, "count": 1 }]));
        assert_eq!(data["viewer"]["dueInvoiceCount"], 1);
        let data = app.client(app.dealer).await.data(asked, json!({})).await;
        assert_eq!(data, json!({ "invoiceYears": [], "invoiceMonths": [], "viewer": { "dueInvoiceCount": 0 } }));
    }

    async fn what_is_no_cursor_or_too_long_is_refused(app: TestApp) {
        let mut browser = app.client(app.customer).await;
        let far = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, format!("{{\"Issued\":[\"+200000-01-01\",\"{}\"]}}", uuid::Uuid::nil()));
        for after in ["x", "bnVsbA", &far] {
            let refusal = browser.refusal(LIST, json!({ "after": after })).await;
            assert_eq!((&refusal["code"], &refusal["reason"], &refusal["field"]), (&json!("INVALID"), &json!("BAD_CURSOR"), &json!("after")), "{after}");
        }
        let refusal = browser.refusal(LIST, json!({ "filter": { "text": "x".repeat(101) } })).await;
        assert_eq!((&refusal["reason"], &refusal["field"]), (&json!("TOO_LONG"), &json!("filter.text")));
    }

    async fn the_start_page_costs_the_same_whatever_is_owed(app: TestApp) {
        let mut browser = app.client(app.customer).await;
        let variables = json!({ "due": { "state": "DUE" }, "pastDue": { "state": "PAST_DUE" }, "order": "OLDEST" });
        let (mut costs, mut there) = (Vec::new(), 0);
        for count in [10, 100] {
            for number in there..count {
                let (number, due) = (format!("S-{number}"), if number % 2 == 0 { "2026-11-01" } else { "2026-12-01" });
                add(&app, app.customer, Short(&number, "380", "2026-10-01", Some(due), "EUR", 100, "Lindwerk Netze GmbH")).await;
            }
            there = count;
            for query in START {
                costs.push(app.statements(async {
                    let data = browser.data(query, if query == START[0] { variables.clone() } else { json!({}) }).await;
                    let halves = if query == START[0] { ["/due/sums/0/amount", "/pastDue/sums/0/amount"] } else { ["/invoiceMonths/10/total"; 2] };
                    let share = if query == START[0] { count / 2 } else { count };
                    for half in halves {
                        assert_eq!(data.pointer(half), Some(&json!(format!("{share}.00"))), "{half} of {data}");
                    }
                }).await);
            }
        }
        assert_eq!(costs[..2], costs[2..]);
    }

    async fn a_page_costs_the_same_whatever_its_size_and_details(app: TestApp) {
        imported(&app, "a.xml", fixture("xrechnung-ubl.xml"), None).await;
        let row = rows(&app).await.remove(0);
        for number in 1..100 {
            let copy = invoice::Model { id: InvoiceId(app.app.new_id()), number: format!("K-{number}"), ..row.clone() };
            copy.into_active_model().insert(app.db()).await.unwrap();
        }
        let mut browser = app.client(app.customer).await;
        let detail = "query($first: Int) { invoices(first: $first) { nodes { ...Row } totalCount } }
            fragment Row on Invoice { number seller { city } lines { name } taxes { amount } payment { iban } }";
        let mut costs = Vec::new();
        for query in [LIST, detail] {
            for first in [10, 100] {
                costs.push(app.statements(async {
                    let data = browser.data(query, json!({ "first": first })).await;
                    assert_eq!(numbers(&data["invoices"]).len(), first);
                }).await);
            }
        }
        assert_eq!(costs, vec![costs[0]; 4]);
    }
}
