//! One invoice: its details and its original, and who gets them.
use super::{fixture, id_of, imported_fixture, rows};
use axum::http::StatusCode;
use serde_json::json;

/// Every field of an invoice.
const INVOICE: &str = "query($id: InvoiceId!) { invoice(id: $id) { ...Whole } }";
const WHOLE: &str = " fragment Whole on Invoice {
    id number kind typeCode state issueDate dueDate periodStart periodEnd currency netTotal taxTotal grossTotal payable
    prepaid rounding lineTotal profile syntax fileName fileSize sha256 receivedAt originalUrl
    buyerReference contractNumber orderReference notes exemptionNotes
    seller { ...Party } buyer { ...Party }
    lines { id name description quantity unit netPrice netAmount vatRate periodStart periodEnd }
    allowances { amount isCharge reason } taxes { category rate basis amount }
    payment { iban bic accountName reference terms } attachments { fileName mediaType size }
    findings { rule text expected actual } }
    fragment Party on InvoiceParty { name lines postalCode city country contact phone email vatId taxNumber }";

crate::on_both! {
    async fn an_invoice_shows_all_that_it_says(app: TestApp) {
        let id = id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        let bytes = fixture("xrechnung-ubl.xml");
        let mut browser = app.client(app.customer).await;
        let data = browser.data(&format!("{INVOICE}{WHOLE}"), json!({ "id": id })).await;
        let mut invoice = data["invoice"].clone();
        let mut part = |name: &str| invoice[name].take();
        let (lines, mut seller, buyer) = (part("lines"), part("seller"), part("buyer"));
        assert_eq!(part("allowances"), json!([{ "amount": "12.45", "isCharge": false, "reason": "Treuerabatt Internet, 5 %" }]));
        assert_eq!(part("taxes"), json!([
            { "category": "S", "rate": "7", "basis": "59.52", "amount": "4.17" },
            { "category": "S", "rate": "19", "basis": "1066.35", "amount": "202.61" },
        ]));
        assert_eq!(part("payment"), json!({
            "iban": "DE89370400440532013000", "bic": "COBADEFFXXX", "accountName": "Lindwerk Netze GmbH", "reference": "RE-2026-009417",
            "terms": "Bitte zahlen Sie bis zum 2. Dezember 2026 ohne Abzug. Geben Sie dabei die Rechnungsnummer an.",
        }));
        assert_eq!(part("attachments"), json!([{ "fileName": "Einzelnachweis Oktober 2026.csv", "mediaType": "text/csv", "size": 474 }]));
        assert_eq!((part("findings"), part("exemptionNotes"), part("notes").is_array()), (json!([]), json!([]), true));
        let mut facts: Vec<_> = invoice.as_object().unwrap().iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| format!("{name} {value}")).collect();
        facts.sort();
        let size = bytes.len();
        let sha256 = server::file::sha256(&bytes);
        assert_eq!(facts, [
            "buyerReference \"KST 4400\"", "currency \"EUR\"", "dueDate \"2026-12-02\"", "fileName \"xrechnung-ubl.xml\"",
            &format!("fileSize {size}"), "grossTotal \"1332.65\"", &format!("id \"{id}\""), "issueDate \"2026-11-18\"",
            "kind \"INVOICE\"", "lineTotal \"1138.32\"", "netTotal \"1125.87\"", "number \"RE-2026-009417\"",
            &format!("originalUrl \"/download/invoices/{id}\""), "payable \"1332.65\"", "periodEnd \"2026-11-30\"",
            "periodStart \"2026-10-01\"", "profile \"XRECHNUNG\"", "receivedAt \"2026-11-23T09:00:00+00:00\"",
            &format!("sha256 \"{sha256}\""), "state \"DUE\"", "syntax \"UBL_INVOICE\"", "taxTotal \"206.78\"", "typeCode \"380\"",
        ]);
        assert_eq!(buyer, json!({
            "name": "Bäckerei Öztürk GmbH", "lines": ["Markt 4"], "postalCode": "46045", "city": "Oberhausen", "country": "DE",
            "contact": "Buchhaltung", "phone": null, "email": null, "vatId": null, "taxNumber": null,
        }));
        let said = ["name", "country", "phone", "email", "vatId", "taxNumber"].map(|name| seller[name].take());
        assert_eq!(json!(said), json!(["Lindwerk Netze GmbH", "DE", "0208 555 0100", "rechnung@lindwerk.example", "DE299999999", "124/5800/9999"]));
        assert_eq!(lines.as_array().unwrap().len(), 8);
        assert_eq!(lines[4]["name"], "Strom Gewerbe, Arbeitspreis");
        assert_eq!((&lines[4]["quantity"], &lines[4]["unit"], &lines[4]["netPrice"], &lines[4]["netAmount"], &lines[4]["vatRate"]), (&json!("1846"), &json!("KWH"), &json!("0.3214"), &json!("593.30"), &json!("19")));
    }

    async fn a_list_gives_the_same_details_as_the_invoice(app: TestApp) {
        let id = id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        let mut browser = app.client(app.bookkeeper).await;
        let one = browser.data(&format!("{INVOICE}{WHOLE}"), json!({ "id": id })).await;
        let list = browser.data(&format!("{{ invoices {{ nodes {{ ...Whole }} edges {{ node {{ ... on Invoice {{ ...Whole }} }} }} }} }} {WHOLE}"), json!({})).await;
        assert_eq!(list["invoices"]["nodes"], json!([one["invoice"]]));
        assert_eq!(list["invoices"]["edges"], json!([{ "node": one["invoice"] }]));
    }

    async fn a_finding_says_what_stands_there_and_what_should(app: TestApp) {
        let id = id_of(&imported_fixture(&app, "sums-do-not-add-up.xml").await);
        let publish = "mutation($input: PublishInvoiceInput!) { publishInvoice(input: $input) { invoice { id } } }";
        app.client(app.staff).await.data(publish, json!({ "input": { "id": id, "reason": "geprüft" } })).await;
        let data = app.client(app.customer).await.data(&format!("{INVOICE}{WHOLE}"), json!({ "id": id })).await;
        assert_eq!(data["invoice"]["findings"][0], json!({
            "rule": "BR-CO-15", "actual": "1352.65", "expected": "1332.65",
            "text": "The total with VAT (BT-112) is not the total without VAT plus the VAT.",
        }));
    }

    async fn an_original_comes_back_byte_for_byte_to_be_saved(app: TestApp) {
        for (name, owner, media_type) in [("xrechnung-ubl.xml", app.bookkeeper, "application/xml"), ("factur-x.pdf", app.stranger, "application/pdf")] {
            let id = id_of(&imported_fixture(&app, name).await);
            let answer = app.client(owner).await.get(&format!("/download/invoices/{id}")).await;
            assert_eq!((answer.status, answer.headers["content-type"].to_str().unwrap()), (StatusCode::OK, media_type));
            assert!(answer.headers["content-disposition"].to_str().unwrap().starts_with(&format!("attachment; filename=\"{name}\"")));
            assert!(answer.body == fixture(name), "{name}");
        }
    }

    async fn a_foreign_invoice_a_waiting_one_and_a_missing_one_are_the_same(app: TestApp) {
        let foreign = id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        imported_fixture(&app, "unknown-buyer.xml").await;
        let waiting = rows(&app).await.into_iter().find(|row| row.account_id.is_none()).unwrap().id;
        let mut stranger = app.client(app.stranger).await;
        let query = "query($id: InvoiceId!) { invoice(id: $id) { number } }";
        let missing = stranger.graphql(query, json!({ "id": uuid::Uuid::nil() })).await;
        assert_eq!(missing["errors"][0]["extensions"]["code"], "NOT_FOUND");
        let nothing = stranger.get(&format!("/download/invoices/{}", uuid::Uuid::nil())).await;
        assert_eq!(nothing.status, StatusCode::NOT_FOUND);
        for id in [foreign, waiting] {
            assert_eq!(stranger.graphql(query, json!({ "id": id })).await, missing);
            let file = stranger.get(&format!("/download/invoices/{id}")).await;
            assert_eq!((file.status, file.body), (nothing.status, nothing.body.clone()));
        }
        let list = stranger.data("{ invoices { totalCount sums { amount } nodes { number } } }", json!({})).await;
        assert_eq!(list["invoices"], json!({ "totalCount": 0, "sums": [], "nodes": [] }));
    }

    async fn staff_without_the_right_and_a_passer_by_get_nothing(app: TestApp) {
        let id = id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        let queries = ["query($id: InvoiceId!) { invoice(id: $id) { number } }", "{ invoices { totalCount } }", "{ invoiceYears { year } }", "{ invoiceMonths { month } }"];
        let path = format!("/download/invoices/{id}");
        let mut staff = app.client(app.staff).await;
        let mut nobody = app.anonymous();
        for query in queries {
            let variables = if query.starts_with("query") { json!({ "id": id }) } else { json!({}) };
            assert_eq!(staff.code(query, variables.clone()).await, "FORBIDDEN", "{query}");
            assert_eq!(nobody.code(query, variables).await, "UNAUTHENTICATED", "{query}");
        }
        assert_eq!(staff.get(&path).await.status, StatusCode::FORBIDDEN);
        assert_eq!(nobody.get(&path).await.status, StatusCode::UNAUTHORIZED);
        let viewer = staff.data("{ viewer { dueInvoiceCount } }", json!({})).await;
        assert_eq!(viewer["viewer"]["dueInvoiceCount"], 0);
    }
}
