//! Changing, adding and ending contracts: by an order and its decision only.
use super::{CANCEL, DECIDE, PLACE, WITHDRAW, cancellation, decision, faster, key, orders, placed, shop, the_contract};
use chrono::TimeDelta;
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::json;
use server::{entity::contract, order::effect::settle_due};
use shared::{money::Amount, product::ContractState};

const QUOTE: &str = "query($input: OrderQuoteInput!) { orderQuote(input: $input) { effectiveOn taxRate
    priceBefore { amount } priceAfter { amount } totalAfter { amount } grossAfter { amount }
    terms { minimum notice } } }";

crate::on_both! {
    async fn a_change_shows_both_prices_and_is_done_on_its_day_after_a_decision(app: TestApp) {
        let shop = shop(&app).await;
        let mut client = app.client(app.customer).await;
        let input = json!({ "input": { "kind": "CHANGE", "productId": shop.fast, "contractId": shop.contract } });
        let quote = client.data(QUOTE, input).await;
        let expected = json!({ "orderQuote": { "effectiveOn": "2026-12-01", "taxRate": "19",
            "priceBefore": { "amount": "249.00" }, "priceAfter": { "amount": "299.00" },
            "totalAfter": { "amount": "299.00" }, "grossAfter": { "amount": "355.81" },
            "terms": { "minimum": "P24M", "notice": "P1M" } } });
        assert_eq!(quote, expected);

        let id = placed(&mut client, &shop).await;
        assert_eq!(the_contract(&app, &shop).await.product_id, shop.slow);
        let receipt = &app.mails().await[0];
        assert!(receipt.subject.starts_with("Eingangsbestätigung: Bestellung B-"), "{}", receipt.subject);
        for part in [
            "Eingegangen am: 23.11.2026 um 10:00:00 Uhr (CET)",
            "Produkt: Netz N-1000",
            "Merkmale: Mit Router",
            "Preis bisher: 249,00 EUR netto, 296,31 EUR mit 19 % Umsatzsteuer im Monat",
            "Preis: 299,00 EUR netto, 355,81 EUR mit 19 % Umsatzsteuer im Monat",
            "Ab: 01.12.2026",
        ] {
            assert!(receipt.text.contains(part), "{part}\n{}", receipt.text);
        }

        let mut staff = app.client(app.staff).await;
        let decided = staff.data(DECIDE, decision(&id, "CONFIRM")).await;
        assert_eq!(decided["decideOrder"]["order"]["state"], "CONFIRMED");
        assert_eq!(the_contract(&app, &shop).await.product_id, shop.slow, "its day has not come");
        assert!(app.mails().await[1].text.contains("Unsere Begründung: Leitung geprüft"));

        app.app.clock.set("2026-11-30T22:59:59Z".parse().unwrap());
        assert_eq!(settle_due(&app.app).await.unwrap(), 0);
        app.app.clock.set("2026-11-30T23:00:00Z".parse().unwrap());
        assert_eq!(settle_due(&app.app).await.unwrap(), 1, "it is December where the provider is");
        assert_eq!(settle_due(&app.app).await.unwrap(), 0);
        let contract = the_contract(&app, &shop).await;
        assert_eq!((contract.product_id, contract.price), (shop.fast, Some(Amount(29_900))));
        assert_eq!(app.mails().await.len(), 3);
    }

    async fn a_cheaper_product_comes_when_the_contract_could_end(app: TestApp) {
        let shop = shop(&app).await;
        let mut client = app.client(app.customer).await;
        let input = json!({ "input": { "kind": "CHANGE", "productId": shop.cheap, "contractId": shop.contract } });
        let quote = client.data(QUOTE, input).await;
        assert_eq!(quote["orderQuote"]["effectiveOn"], "2027-03-01");
    }

    async fn an_option_comes_on_top_and_is_a_contract_that_belongs_to_the_other(app: TestApp) {
        let shop = shop(&app).await;
        let mut client = app.client(app.customer).await;
        let input = json!({ "input": { "idempotencyKey": key(1), "kind": "OPTION", "productId": shop.option,
            "contractId": shop.contract, "seenPrice": "5.00", "seenPeriod": "MONTH", "seenTaxRate": "19", "seenEffectiveOn": "2026-11-23" } });
        let made = client.data(PLACE, input).await;
        let order = &made["placeOrder"]["order"];
        assert_eq!(order["totalAfter"]["amount"], "254.00");
        let mut staff = app.client(app.staff).await;
        let decided = staff.data(DECIDE, decision(order["id"].as_str().unwrap(), "CONFIRM")).await;
        assert_eq!(decided["decideOrder"]["order"]["state"], "DONE", "its day is today");
        let rows = contract::Entity::find().order_by_desc(contract::Column::Id).all(app.db()).await.unwrap();
        assert_eq!(rows.len(), 2);
        let option = rows.iter().find(|row| row.id != shop.contract).unwrap();
        assert_eq!((option.option_of, option.state), (Some(shop.contract), ContractState::Active));
        assert_eq!((option.price, option.account_id), (Some(Amount(500)), app.customer.account));
    }

    async fn a_cancellation_ends_the_contract_at_the_next_possible_date(app: TestApp) {
        let shop = shop(&app).await;
        let mut client = app.client(app.customer).await;
        let next = client.data("query($id: ContractId!) { nextEnd(contractId: $id) }", json!({ "id": shop.contract })).await;
        assert_eq!(next["nextEnd"], "2027-02-28");
        let made = client.data(CANCEL, cancellation(&shop, 1)).await;
        let order = &made["cancelContract"]["order"];
        assert_eq!(order["effectiveOn"], "2027-02-28");
        assert_eq!(the_contract(&app, &shop).await.state, ContractState::Active);
        assert_eq!(client.code(CANCEL, cancellation(&shop, 2)).await, "CONFLICT", "one waits");
        let mut staff = app.client(app.staff).await;
        staff.data(DECIDE, decision(order["id"].as_str().unwrap(), "CONFIRM")).await;
        let contract = the_contract(&app, &shop).await;
        assert_eq!(contract.state, ContractState::Cancelled);
        assert_eq!(contract.ends_on, "2027-02-28".parse().ok());
        app.app.clock.set("2027-02-28T12:00:00Z".parse().unwrap());
        assert_eq!(settle_due(&app.app).await.unwrap(), 0, "its last day");
        app.app.clock.set("2027-03-01T12:00:00Z".parse().unwrap());
        assert_eq!(settle_due(&app.app).await.unwrap(), 1);
        assert_eq!(the_contract(&app, &shop).await.state, ContractState::Ended);
    }

    async fn what_waits_can_be_taken_back_and_what_is_decided_cannot_be_changed(app: TestApp) {
        let shop = shop(&app).await;
        let mut client = app.client(app.customer).await;
        let id = placed(&mut client, &shop).await;
        let mut staff = app.client(app.staff).await;
        let taken = client.data(WITHDRAW, json!({ "input": { "id": id } })).await;
        assert_eq!(taken["withdrawOrder"]["order"]["state"], "WITHDRAWN");
        assert_eq!(staff.code(DECIDE, decision(&id, "CONFIRM")).await, "CONFLICT");
        let made = client.data(PLACE, faster(&shop, 2)).await;
        let id = made["placeOrder"]["order"]["id"].as_str().unwrap().to_owned();
        staff.data(DECIDE, decision(&id, "REJECT")).await;
        let mails = app.mails().await.len();
        assert_eq!(client.code(WITHDRAW, json!({ "input": { "id": id } })).await, "CONFLICT");
        assert_eq!(staff.code(DECIDE, decision(&id, "CONFIRM")).await, "CONFLICT");
        assert_eq!(the_contract(&app, &shop).await.product_id, shop.slow);
        assert_eq!(app.mails().await.len(), mails, "nobody is told of what did not happen");
    }

    async fn of_two_who_decide_at_once_one_does(app: TestApp) {
        let shop = shop(&app).await;
        let mut client = app.client(app.customer).await;
        let id = placed(&mut client, &shop).await;
        let (mut one, mut other) = (app.client(app.staff).await, app.client(app.staff).await);
        let (yes, no) = tokio::join!(
            one.graphql(DECIDE, decision(&id, "CONFIRM")),
            other.graphql(DECIDE, decision(&id, "REJECT")),
        );
        let codes: Vec<_> = [&yes, &no].iter().map(|answer| answer["errors"][0]["extensions"]["code"].clone()).collect();
        let refused = codes.iter().filter(|code| *code == "CONFLICT").count();
        assert_eq!(refused, 1, "{yes} {no}");
        assert_eq!(app.mails().await.len(), 2, "the receipt and one decision");
    }

    async fn bad_input_is_refused_at_its_field_and_changes_nothing(app: TestApp) {
        let shop = shop(&app).await;
        let mut client = app.client(app.customer).await;
        let with = |name: &str, value: serde_json::Value| {
            let mut input = faster(&shop, 1);
            input["input"][name] = value;
            input
        };
        for (input, field) in [
            (with("wishedOn", json!("2026-11-22")), "wishedOn"),
            (with("wishedOn", json!("2027-11-24")), "wishedOn"),
            (with("productId", json!(shop.slow)), "productId"),
            (with("productId", json!(shop.option)), "productId"),
            (with("contractId", json!(null)), "contractId"),
            (with("label", json!("x".repeat(101))), "label"),
            (with("kind", json!("CANCELLATION")), "kind"),
        ] {
            let refusal = client.refusal(PLACE, input).await;
            assert_eq!((&refusal["code"], &refusal["field"]), (&json!("INVALID"), &json!(field)));
        }
        assert_eq!(client.code(PLACE, with("productId", json!(key(99)))).await, "NOT_FOUND");
        let mut cause = cancellation(&shop, 1);
        cause["input"]["isExtraordinary"] = json!(true);
        for (reason, why) in [(json!("  "), "MISSING"), (json!("x".repeat(1001)), "TOO_LONG")] {
            cause["input"]["reason"] = reason;
            let refusal = client.refusal(CANCEL, cause.clone()).await;
            assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("reason"), &json!(why)));
        }
        cause["input"]["reason"] = json!("Umzug");
        cause["input"]["endsOn"] = json!("2026-11-22");
        assert_eq!(client.refusal(CANCEL, cause).await["field"], "endsOn");
        assert_eq!(orders(&app).await, 0);
        assert_eq!(app.mails().await.len(), 0);
        let id = placed(&mut client, &shop).await;
        let mut staff = app.client(app.staff).await;
        let silent = json!({ "input": { "id": id, "decision": "REJECT", "reason": " " } });
        assert_eq!(staff.refusal(DECIDE, silent).await["field"], "reason");
        let past = json!({ "input": { "id": id, "decision": "CONFIRM", "reason": "ja", "effectiveOn": "2026-11-22" } });
        assert_eq!(staff.refusal(DECIDE, past).await["field"], "effectiveOn");
    }

    async fn lists_are_pages_with_a_fixed_number_of_statements(app: TestApp) {
        let shop = shop(&app).await;
        let mut client = app.client(app.customer).await;
        let list = "query($first: Int) { orders(first: $first, filter: { state: PLACED }) {
            nodes { number product { code } contract { number } } totalCount } }";
        let office = "{ officeOrders(filter: { text: \"Öztürk\" }) {
            nodes { order { number product { code } contract { number } } account { number } declaration { name } } totalCount } }";
        client.data(CANCEL, cancellation(&shop, 100)).await;
        let one = app.statements(client.data(list, json!({ "first": 25 }))).await;
        let mut staff = app.client(app.staff).await;
        let office_one = app.statements(staff.data(office, json!({}))).await;
        for number in 1..8 {
            app.pass(TimeDelta::milliseconds(2));
            let fresh = json!({ "input": { "idempotencyKey": key(number), "kind": "NEW_PRODUCT", "productId": shop.fast,
                "seenPrice": "299.00", "seenPeriod": "MONTH", "seenTaxRate": "19", "seenEffectiveOn": "2026-11-23" } });
            client.data(PLACE, fresh).await;
        }
        assert_eq!(app.statements(client.data(list, json!({ "first": 25 }))).await, one);
        assert_eq!(app.statements(staff.data(office, json!({}))).await, office_one);
        let all = client.data(list, json!({ "first": 3 })).await;
        assert_eq!(all["orders"]["totalCount"], 8);
        assert_eq!(all["orders"]["nodes"].as_array().unwrap().len(), 3);
        let found = staff.data(office, json!({})).await;
        assert_eq!(found["officeOrders"]["totalCount"], 8);
    }
}
