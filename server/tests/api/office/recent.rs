//! The newest of what a customer has, on his page in the office.
use crate::{
    app::TestApp,
    document::{contract, contract_over},
    invoice::{fixture, imported},
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use shared::id::AccountId;

const RECENT: &str = "query($id: AccountId!, $language: Language) { customerRecent(id: $id, language: $language) {
    agreements { version } documents { title } orders { number }
    contracts { number productName state startedOn } invoices { number issueDate } } }";

async fn recent(app: &TestApp, id: AccountId) -> Value {
    let asked = json!({ "id": id, "language": "EN" });
    app.client(app.staff).await.data(RECENT, asked).await["customerRecent"].clone()
}

fn numbers(found: &Value) -> Vec<&str> {
    let contracts = found["contracts"].as_array().unwrap().iter();
    contracts.map(|contract| contract["number"].as_str().unwrap()).collect()
}

crate::on_both! {
    async fn staff_sees_the_newest_five_of_one_customer_in_as_many_statements(app: TestApp) {
        let (product, _) = contract(&app, app.customer.account, "V-0").await;
        for number in 1..7 {
            app.pass(TimeDelta::days(1));
            contract_over(&app, app.customer.account, product, &format!("V-{number}")).await;
        }
        contract_over(&app, app.stranger.account, product, "V-9").await;
        imported(&app, "a.xml", fixture("xrechnung-ubl.xml"), Some(app.customer.account)).await;
        let mut staff = app.client(app.staff).await;
        let of = |id: AccountId| json!({ "id": id, "language": "EN" });
        staff.data(RECENT, of(app.stranger.account)).await;
        let few = app.statements(staff.data(RECENT, of(app.stranger.account))).await;
        let mut found = Value::Null;
        let many = app.statements(async { found = staff.data(RECENT, of(app.customer.account)).await }).await;
        let found = &found["customerRecent"];
        assert_eq!(numbers(found), ["V-6", "V-5", "V-4", "V-3", "V-2"]);
        assert_eq!(found["contracts"][0], json!({
            "number": "V-6", "productName": "Internet 500 for business", "state": "ACTIVE", "startedOn": "2026-11-29",
        }));
        assert_eq!(found["invoices"].as_array().unwrap().len(), 1);
        assert_eq!(many, few);
        let other = recent(&app, app.stranger.account).await;
        assert_eq!((numbers(&other), &other["invoices"]), (vec!["V-9"], &json!([])));
    }

    async fn the_provider_itself_is_no_customer(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let refusal = staff.refusal(RECENT, json!({ "id": app.staff.account })).await;
        assert_eq!(refusal["code"], "NOT_FOUND");
    }
}
