//! What the lines of an invoice say: its contract, their parts, and which of them a finding is about.
use super::{fixture, id_of, imported, rows};
use crate::{app::TestApp, document::contract};
use serde_json::json;
use shared::id::ContractId;

fn changed(pairs: &[(&str, &str)]) -> Vec<u8> {
    let mut text = String::from_utf8(fixture("xrechnung-ubl.xml")).unwrap();
    for (old, new) in pairs {
        assert!(text.contains(old), "{old}");
        text = text.replacen(old, new, 1);
    }
    text.into_bytes()
}

/// The contract that the only invoice came to.
async fn found(app: &TestApp, pairs: &[(&str, &str)]) -> Option<ContractId> {
    id_of(&imported(app, "a.xml", changed(pairs), None).await);
    let mut rows = rows(app).await;
    assert_eq!(rows.len(), 1);
    rows.remove(0).contract_id
}

const NAME: &str = "<cbc:Name>Messung</cbc:Name>";
const REFERENCE: &str = "<cbc:BuyerReference>KST 4400</cbc:BuyerReference>";

crate::on_both! {
    async fn the_contract_is_found_by_the_lines_where_nothing_else_names_it(app: TestApp) {
        let (_, id) = contract(&app, app.customer.account, "LN-104233-07").await;
        let line = (NAME, "<cbc:Name>Messung (Vertrag: LN-104233-07, Markt 4).</cbc:Name>");
        assert_eq!(found(&app, &[line]).await, Some(id));
    }

    async fn an_order_that_is_a_contract_comes_before_the_lines(app: TestApp) {
        let (_, id) = contract(&app, app.customer.account, "LN-104233-07").await;
        contract(&app, app.customer.account, "LN-104233-08").await;
        let order = format!("{REFERENCE}<cac:OrderReference><cbc:ID>LN-104233-07</cbc:ID></cac:OrderReference>");
        let line = (NAME, "<cbc:Name>Messung LN-104233-08</cbc:Name>");
        assert_eq!(found(&app, &[(REFERENCE, order.as_str()), line]).await, Some(id));
    }

    async fn lines_about_two_contracts_name_none(app: TestApp) {
        for number in ["LN-104233-07", "LN-104233-08"] {
            contract(&app, app.customer.account, number).await;
        }
        let line = (NAME, "<cbc:Name>Messung LN-104233-07 und LN-104233-08</cbc:Name>");
        assert_eq!(found(&app, &[line]).await, None);
    }

    async fn the_contract_of_somebody_else_is_not_found_by_the_lines(app: TestApp) {
        contract(&app, app.stranger.account, "LN-104871-01").await;
        let line = (NAME, "<cbc:Name>Messung LN-104871-01</cbc:Name>");
        assert_eq!(found(&app, &[line]).await, None);
    }

    async fn parts_of_a_line_stand_within_it_and_a_finding_names_its_line(app: TestApp) {
        let part = "<cbc:LineExtensionAmount currencyID=\"EUR\">249.00</cbc:LineExtensionAmount><cac:SubInvoiceLine>\
            <cbc:ID>1.1</cbc:ID><cbc:InvoicedQuantity unitCode=\"MON\">1</cbc:InvoicedQuantity>\
            <cbc:LineExtensionAmount currencyID=\"EUR\">249.00</cbc:LineExtensionAmount><cac:Item><cbc:Name>Anschluss</cbc:Name>\
            </cac:Item></cac:SubInvoiceLine>";
        let whole = "<cbc:LineExtensionAmount currencyID=\"EUR\">249.00</cbc:LineExtensionAmount>";
        let bytes = changed(&[(whole, part), ("unitCode=\"KWH\"", "unitCode=\"\"")]);
        let id = id_of(&imported(&app, "a.xml", bytes, None).await);
        let query = "query($id: InvoiceId!) { invoice(id: $id) { lines { id level name parts { id level name } } findings { rule line expected } } }";
        let invoice = app.client(app.customer).await.data(query, json!({ "id": id })).await["invoice"].take();
        let lines = invoice["lines"].as_array().unwrap();
        assert_eq!(lines.len(), 8);
        let part = json!([{ "id": "1.1", "level": 1, "name": "Anschluss" }]);
        assert_eq!(lines[0], json!({ "id": "1", "level": 0, "name": "Internet Business 500", "parts": part }));
        assert_eq!((&lines[1]["level"], &lines[1]["parts"]), (&json!(0), &json!([])));
        assert_eq!(invoice["findings"], json!([{ "rule": "BR-23", "line": "5", "expected": null }]));
    }
}
