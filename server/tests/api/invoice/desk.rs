//! What nobody sees yet: held invoices, those without a customer; and what was paid.
use super::{acts, fixture, id_of, imported, imported_fixture, rows};
use serde_json::json;
use server::invoice::{
    import::Operator,
    payment::{self, Verdict},
    report::Outcome,
};

const UNSEEN: &str = "{ unseenInvoices: officeInvoices(filter: { stand: HELD }) { totalCount nodes { id number isHeld account { number } findings { rule } } } }";
const ASSIGN: &str =
    "mutation($input: AssignInvoiceInput!) { assignInvoice(input: $input) { invoice { isHeld account { number } } } }";
const PUBLISH: &str = "mutation($input: PublishInvoiceInput!) { publishInvoice(input: $input) { invoice { isHeld } } }";
const PAY: &str =
    "mutation($input: SetInvoicePaymentInput!) { setInvoicePayment(input: $input) { invoice { paidTotal paidOn } } }";
const SEEN: &str = "{ invoices { totalCount nodes { number state paidTotal paidOn } } }";

fn said(report: &payment::Report) -> Vec<String> {
    report.to_string().lines().map(str::to_owned).collect()
}

crate::on_both! {
    async fn what_contradicts_itself_is_seen_by_its_customer_only_after_staff_published_it(app: TestApp) {
        let outcome = imported_fixture(&app, "sums-do-not-add-up.xml").await;
        assert!(matches!(outcome, Outcome::Imported { is_held: true, .. }), "{outcome:?}");
        assert!(outcome.to_string().ends_with(", held until it is published"), "{outcome}");
        let id = id_of(&outcome);
        let mut customer = app.client(app.customer).await;
        let one = "query($id: InvoiceId!) { invoice(id: $id) { number } }";
        assert_eq!(customer.data(SEEN, json!({})).await["invoices"]["totalCount"], 0);
        assert_eq!(customer.code(one, json!({ "id": id })).await, "NOT_FOUND");
        assert_eq!(customer.get(&format!("/download/invoices/{id}")).await.status, 404);
        let again = imported_fixture(&app, "sums-do-not-add-up.xml").await;
        assert_eq!(again, Outcome::AlreadyThere { id });
        let mut staff = app.client(app.staff).await;
        let unseen = staff.data(UNSEEN, json!({})).await;
        let node = &unseen["unseenInvoices"]["nodes"][0];
        assert_eq!((&node["isHeld"], &node["account"]["number"], &node["findings"][0]["rule"]), (&json!(true), &json!("104233"), &json!("BR-CO-15")));
        let before = (rows(&app).await, acts(&app).await);
        for reason in [" ".to_owned(), "x".repeat(501)] {
            assert_eq!(staff.code(PUBLISH, json!({ "input": { "id": id, "reason": reason } })).await, "INVALID");
        }
        assert_eq!(customer.code(PUBLISH, json!({ "input": { "id": id, "reason": "ja" } })).await, "FORBIDDEN");
        assert_eq!((rows(&app).await, acts(&app).await), before);
        let done = staff.data(PUBLISH, json!({ "input": { "id": id, "reason": "Rundung des Vorlieferanten" } })).await;
        assert_eq!(done["publishInvoice"]["invoice"]["isHeld"], false);
        assert_eq!(customer.data(SEEN, json!({})).await["invoices"]["totalCount"], 1);
        assert_eq!(staff.code(PUBLISH, json!({ "input": { "id": id, "reason": "noch einmal" } })).await, "CONFLICT");
        assert_eq!(staff.data(UNSEEN, json!({})).await["unseenInvoices"]["totalCount"], 0);
    }

    async fn other_bytes_of_an_invoice_that_is_held_are_a_conflict(app: TestApp) {
        let id = id_of(&imported_fixture(&app, "sums-do-not-add-up.xml").await);
        let other = String::from_utf8(fixture("sums-do-not-add-up.xml")).unwrap() + "<!-- -->";
        let outcome = imported(&app, "b.xml", other.into_bytes(), None).await;
        assert!(matches!(outcome, Outcome::Conflict { id: there, .. } if there == id), "{outcome:?}");
        assert_eq!(rows(&app).await.len(), 1);
    }

    async fn staff_says_whose_an_invoice_is_and_he_sees_it(app: TestApp) {
        let Outcome::Waiting { id, .. } = imported_fixture(&app, "unknown-buyer.xml").await else { panic!("does not wait") };
        let mut staff = app.client(app.staff).await;
        let before = (rows(&app).await, acts(&app).await);
        for number in ["999", "1", ""] {
            let refusal = staff.refusal(ASSIGN, json!({ "input": { "id": id, "accountNumber": number } })).await;
            assert!(refusal.to_string().contains("accountNumber"), "{number}: {refusal}");
        }
        assert_eq!((rows(&app).await, acts(&app).await), before);
        let done = staff.data(ASSIGN, json!({ "input": { "id": id, "accountNumber": "104233" } })).await;
        assert_eq!(done["assignInvoice"]["invoice"], json!({ "isHeld": false, "account": { "number": "104233" } }));
        assert_eq!(app.client(app.customer).await.data(SEEN, json!({})).await["invoices"]["totalCount"], 1);
        assert_eq!(app.client(app.stranger).await.data(SEEN, json!({})).await["invoices"]["totalCount"], 0);
        assert_eq!(staff.code(ASSIGN, json!({ "input": { "id": id, "accountNumber": "104871" } })).await, "CONFLICT");
    }

    async fn staff_cannot_give_a_customer_an_invoice_that_he_has(app: TestApp) {
        let Outcome::Waiting { id, .. } = imported_fixture(&app, "unknown-buyer.xml").await else { panic!("does not wait") };
        let other = String::from_utf8(fixture("unknown-buyer.xml")).unwrap() + "<!-- -->";
        id_of(&imported(&app, "b.xml", other.into_bytes(), Some(app.customer.account)).await);
        let before = rows(&app).await;
        let input = json!({ "input": { "id": id, "accountNumber": "104233" } });
        assert_eq!(app.client(app.staff).await.code(ASSIGN, input).await, "CONFLICT");
        assert_eq!(rows(&app).await, before);
    }

    async fn an_invoice_that_is_paid_in_part_stays_due_and_in_full_is_settled(app: TestApp) {
        let id = id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        let row = rows(&app).await.remove(0);
        let mut staff = app.client(app.staff).await;
        let mut customer = app.client(app.customer).await;
        let unknown = customer.data(SEEN, json!({})).await;
        let state = unknown["invoices"]["nodes"][0]["state"].clone();
        assert_eq!((&unknown["invoices"]["nodes"][0]["paidTotal"], state == json!("SETTLED")), (&json!(null), false));
        for (paid, on, is_settled) in [("100.00", Some("2026-11-02"), false), (&*row.payable.to_string(), Some("2026-11-03"), true), ("0.00", None, false)] {
            let done = staff.data(PAY, json!({ "input": { "id": id, "paidTotal": paid, "paidOn": on } })).await;
            assert_eq!(done["setInvoicePayment"]["invoice"], json!({ "paidTotal": paid, "paidOn": on }));
            let node = customer.data(SEEN, json!({})).await["invoices"]["nodes"][0].clone();
            assert_eq!((&node["paidTotal"], &node["paidOn"], node["state"] == json!("SETTLED")), (&json!(paid), &json!(on), is_settled));
            let settled = "{ invoices(filter: { state: SETTLED }) { totalCount } }";
            assert_eq!(customer.data(settled, json!({})).await["invoices"]["totalCount"], json!(u8::from(is_settled)));
        }
        let before = (rows(&app).await, acts(&app).await);
        for (paid, on, field) in [("-0.01", Some("2026-11-02"), "paidTotal"), ("1.00", None, "paidOn"), ("1.00", Some("2099-01-01"), "paidOn")] {
            let refusal = staff.refusal(PAY, json!({ "input": { "id": id, "paidTotal": paid, "paidOn": on } })).await;
            assert!(refusal.to_string().contains(field), "{paid}: {refusal}");
        }
        assert_eq!((rows(&app).await, acts(&app).await), before);
    }

    async fn a_file_of_payments_is_taken_in_row_by_row_and_again_changes_nothing(app: TestApp) {
        id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        let file = "invoice;customer;paid;paid_on\nRE-2026-009417;104233;100,50;02.11.2026\nRE-2026-009417;104871;1;2026-11-02\nRE-2026-009417;104233;x;2026-11-02\nRE-2026-009417;104233;1;\nRE-2026-009417;104233;1;2099-01-01\n;104233;1;2026-11-02\n";
        let before = (rows(&app).await, acts(&app).await);
        let dry = payment::import(&app.app, Operator, file.as_bytes(), true).await.unwrap();
        assert_eq!((rows(&app).await, acts(&app).await), before);
        let report = payment::import(&app.app, Operator, file.as_bytes(), false).await.unwrap();
        assert_eq!(dry, report);
        assert_eq!(said(&report), [
            "line 2: RE-2026-009417: changed",
            "line 3: RE-2026-009417: refused: the customer has no invoice with this number",
            "line 4: RE-2026-009417: refused: paid: NotAnAmount",
            "line 5: RE-2026-009417: refused: paid_on: Missing",
            "line 6: RE-2026-009417: refused: paid_on: the day lies in the future",
            "line 7: : refused: invoice: Missing",
        ]);
        let row = rows(&app).await.remove(0);
        assert_eq!((row.paid_total.unwrap().0, row.paid_on.unwrap().to_string()), (10_050, "2026-11-02".to_owned()));
        let acted = acts(&app).await;
        let again = payment::import(&app.app, Operator, br#"[{"invoice":"RE-2026-009417","customer":"104233","paid":100.5,"paid_on":"2026-11-02"}]"#, false).await.unwrap();
        assert_eq!((again.rows[0].2.clone(), acts(&app).await), (Verdict::Unchanged, acted));
        assert!(payment::import(&app.app, Operator, b"a,b\n1,2\n", false).await.is_err());
    }
}
