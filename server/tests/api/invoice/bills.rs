//! What the customer sees of his invoices: what is still due, orders, products, years, and what became of one.
use super::{Short, add, fixture, id_of, imported, imported_fixture};
use serde_json::json;
use server::invoice::report::Outcome;
use shared::account::Right;

const PAY: &str =
    "mutation($input: SetInvoicePaymentInput!) { setInvoicePayment(input: $input) { invoice { paidTotal } } }";
const DUE: &str =
    "{ invoices { nodes { state dueAmount giroCode { text } } sums { amount } dueSums { amount currency } } }";
const NUMBERS: &str = "query($order: InvoiceOrder, $after: String, $filter: InvoiceFilter, $first: Int) {
    invoices(order: $order, after: $after, filter: $filter, first: $first) { nodes { number } pageInfo { endCursor hasNextPage } } }";

crate::on_both! {
    async fn code_pdf_and_csv_ask_for_what_is_still_to_be_paid(app: TestApp) {
        let id = id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        let mut staff = app.client(app.staff).await;
        let mut customer = app.client(app.customer).await;
        for (paid, on, due, state, words) in [
            (None, None, "1332.65", "DUE", "fällig"),
            (Some("332.60"), Some("2026-11-20"), "1000.05", "DUE", "teilweise bezahlt"),
            (Some("1332.65"), Some("2026-11-21"), "0.00", "SETTLED", "bezahlt"),
            (Some("1400.00"), Some("2026-11-22"), "0.00", "SETTLED", "bezahlt"),
        ] {
            if let Some(paid) = paid {
                staff.data(PAY, json!({ "input": { "id": id, "paidTotal": paid, "paidOn": on } })).await;
            }
            let list = customer.data(DUE, json!({})).await["invoices"].clone();
            let node = &list["nodes"][0];
            assert_eq!((&node["dueAmount"], &node["state"], &list["sums"][0]["amount"]), (&json!(due), &json!(state), &json!("1332.65")));
            if due == "0.00" {
                assert_eq!((&node["giroCode"], &list["dueSums"]), (&json!(null), &json!([])));
            } else {
                assert!(node["giroCode"]["text"].as_str().unwrap().contains(&format!("\nEUR{due}\n")), "{node}");
                assert_eq!(list["dueSums"], json!([{ "amount": due, "currency": "EUR" }]));
            }
            let csv = String::from_utf8(customer.get("/download/invoices.csv").await.body.to_vec()).unwrap();
            let row = csv.lines().nth(1).unwrap();
            assert!(row.contains(&format!(",Rechnung,{words},")), "{row}");
            assert!(row.ends_with(&format!(",{},{},{due}", paid.unwrap_or_default(), on.unwrap_or_default())), "{row}");
            let pdf = customer.get(&format!("/download/invoices/{id}/pdf?language=DE")).await.body;
            let text = lopdf::Document::load_mem(&pdf).unwrap().extract_text(&[1, 2]).unwrap_or_default();
            if !text.is_empty() {
                assert_eq!(text.contains("Noch zu zahlen"), paid.is_some(), "{text}");
            }
        }
    }

    async fn every_order_pages_through_all(app: TestApp) {
        for (number, kind, issued, due, amount) in [
            ("B-1", "380", "2026-03-01", Some("2026-03-15"), 300),
            ("A-2", "381", "2026-02-01", None, 500),
            ("C-3", "380", "2026-01-01", Some("2026-12-31"), 200),
            ("a-4", "380", "2026-01-01", Some("2026-02-01"), 200),
        ] {
            // ids follow the time
            app.pass(chrono::TimeDelta::milliseconds(1));
            add(&app, app.customer, Short(number, kind, issued, due, "EUR", amount, "L")).await;
        }
        let mut browser = app.client(app.customer).await;
        let mut cursors = Vec::new();
        for (order, expected) in [
            ("NEWEST", ["B-1", "A-2", "a-4", "C-3"]),
            ("OLDEST", ["C-3", "a-4", "A-2", "B-1"]),
            ("FIRST_DUE", ["a-4", "B-1", "C-3", "A-2"]),
            ("LAST_DUE", ["A-2", "C-3", "B-1", "a-4"]),
            ("AMOUNT_UP", ["A-2", "C-3", "a-4", "B-1"]),
            ("AMOUNT_DOWN", ["B-1", "a-4", "C-3", "A-2"]),
        ] {
            let (mut seen, mut after) = (Vec::new(), json!(null));
            loop {
                let list = browser.data(NUMBERS, json!({ "order": order, "after": after, "first": 1 })).await["invoices"].clone();
                seen.push(list["nodes"][0]["number"].as_str().unwrap().to_owned());
                after = list["pageInfo"]["endCursor"].clone();
                if list["pageInfo"]["hasNextPage"] == json!(false) { break }
            }
            assert_eq!(seen, expected, "{order}");
            cursors.push((order, after));
        }
        let up = browser.data(NUMBERS, json!({ "order": "NUMBER_UP", "first": 4 })).await["invoices"]["nodes"].clone();
        let down = browser.data(NUMBERS, json!({ "order": "NUMBER_DOWN", "first": 4 })).await["invoices"]["nodes"].clone();
        let backwards: Vec<_> = down.as_array().unwrap().iter().rev().cloned().collect();
        assert_eq!((up.as_array().unwrap(), up.as_array().unwrap().len()), (&backwards, 4));
        // a cursor of another order is none of this one
        for (order, after) in cursors {
            let other = if order.contains("DUE") { "NUMBER_UP" } else { "FIRST_DUE" };
            let refusal = browser.refusal(NUMBERS, json!({ "order": other, "after": after })).await;
            assert_eq!((&refusal["reason"], &refusal["field"]), (&json!("BAD_CURSOR"), &json!("after")));
        }
    }

    async fn years_sum_up_by_currency(app: TestApp) {
        for (number, kind, issued, currency, amount) in [
            ("R-1", "380", "2025-12-31", "EUR", 10_000),
            ("R-2", "380", "2026-01-01", "EUR", 20_050),
            ("R-3", "381", "2026-02-01", "EUR", 50),
            ("R-4", "380", "2026-03-01", "CHF", 700),
        ] {
            add(&app, app.customer, Short(number, kind, issued, None, currency, amount, "L")).await;
        }
        let asked = "{ invoiceYears { year count sums { amount currency } } }";
        let mut browser = app.client(app.bookkeeper).await;
        assert_eq!(browser.data(asked, json!({})).await["invoiceYears"], json!([
            { "year": 2026, "count": 3, "sums": [{ "amount": "7.00", "currency": "CHF" }, { "amount": "200.00", "currency": "EUR" }] },
            { "year": 2025, "count": 1, "sums": [{ "amount": "100.00", "currency": "EUR" }] },
        ]));
        assert_eq!(app.client(app.stranger).await.data(asked, json!({})).await["invoiceYears"], json!([]));
    }

    async fn a_correction_and_what_it_corrects_name_each_other(app: TestApp) {
        let first = id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        let credit = String::from_utf8(fixture("credit-note-ubl.xml")).unwrap();
        let at = credit.find("<cac:BillingReference>").unwrap();
        let end = credit.find("</cac:BillingReference>").unwrap();
        let named = "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>RE-2026-009417</cbc:ID></cac:InvoiceDocumentReference>";
        let credit = format!("{}{named}{}", &credit[..at], &credit[end..]);
        let outcome = imported(&app, "credit.xml", credit.into_bytes(), Some(app.customer.account)).await;
        let second = id_of(&outcome);
        let asked = "query($id: InvoiceId!) { invoiceHistory(id: $id) { downloadedAt mailCount paidOn paidTotal refersTo { id number } referredToBy { id kind } } }";
        let mut browser = app.client(app.customer).await;
        let history = browser.data(asked, json!({ "id": first })).await["invoiceHistory"].clone();
        assert_eq!(history, json!({ "downloadedAt": null, "mailCount": null, "paidOn": null, "paidTotal": null, "refersTo": null, "referredToBy": [{ "id": second, "kind": "CREDIT_NOTE" }] }));
        let other = browser.data(asked, json!({ "id": second })).await["invoiceHistory"].clone();
        assert_eq!((&other["refersTo"], &other["referredToBy"]), (&json!({ "id": first, "number": "RE-2026-009417" }), &json!([])));
        browser.get(&format!("/download/invoices/{first}")).await;
        app.pass(chrono::TimeDelta::minutes(5));
        browser.get(&format!("/download/invoices/{first}/xml")).await;
        let history = browser.data(asked, json!({ "id": first })).await["invoiceHistory"].clone();
        assert_eq!(history["downloadedAt"], json!("2026-11-23T09:00:00+00:00"));
        assert_eq!(app.client(app.stranger).await.code(asked, json!({ "id": first })).await, "NOT_FOUND");
    }

    async fn an_invoice_that_is_assigned_or_published_late_comes_first_in_the_feed(app: TestApp) {
        let held = id_of(&imported_fixture(&app, "sums-do-not-add-up.xml").await);
        let Outcome::Waiting { id: waiting, .. } = imported_fixture(&app, "unknown-buyer.xml").await else { panic!("does not wait") };
        app.pass(chrono::TimeDelta::hours(1));
        let other = String::from_utf8(fixture("xrechnung-ubl.xml")).unwrap().replace("RE-2026-009417", "RE-2026-009999");
        let seen = id_of(&imported(&app, "other.xml", other.into_bytes(), None).await);
        let mut program = app.program(app.bookkeeper, &[Right::SeeInvoices]).await;
        let first = program.get("/feeds/invoices.json").await;
        let ids = |feed: &serde_json::Value| feed["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(ids(&first.json()), [format!("urn:uuid:{seen}")]);
        let since = first.headers["last-modified"].to_str().unwrap().to_owned();
        app.pass(chrono::TimeDelta::hours(1));
        app.client(app.staff).await.data("mutation($input: AssignInvoiceInput!) { assignInvoice(input: $input) { invoice { isHeld } } }", json!({ "input": { "id": waiting, "accountNumber": "104233" } })).await;
        let again = program.send(axum::http::Request::get("/feeds/invoices.json").header("if-modified-since", &since).body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!(again.status, 200);
        assert_eq!(ids(&again.json()), [waiting, seen].map(|id| format!("urn:uuid:{id}")));
        assert_eq!(again.json()["items"][0]["date_published"], "2026-11-23T11:00:00Z");
        app.pass(chrono::TimeDelta::hours(1));
        app.client(app.staff).await.data("mutation($input: PublishInvoiceInput!) { publishInvoice(input: $input) { invoice { isHeld } } }", json!({ "input": { "id": held, "reason": "Rundung" } })).await;
        assert_eq!(ids(&program.get("/feeds/invoices.json").await.json()), [held, waiting, seen].map(|id| format!("urn:uuid:{id}")));
    }
}
