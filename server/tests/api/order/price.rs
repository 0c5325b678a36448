//! What an order costs: the product's rate of tax, as it was seen, and as it was then.
use super::{DECIDE, PLACE, decision, faster, orders, placed, shop, the_contract};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait, Set};
use serde_json::{Value, json};
use server::entity::{idempotency, product};
use shared::{id::ProductId, money::Amount, tax::TaxRate};

const ORDER: &str = "query($id: OrderId!) { order(id: $id) {
    taxRate setupPrice { amount } totalAfter { amount } grossAfter { amount } } }";
const QUOTE: &str = "query($input: OrderQuoteInput!) { orderQuote(input: $input) {
    taxRate setupPrice { amount } grossSetupPrice { amount } totalAfter { amount } grossAfter { amount } } }";

async fn change(app: &crate::app::TestApp, id: ProductId, with: impl FnOnce(&mut product::ActiveModel)) {
    let row = product::Entity::find_by_id(id).one(app.db()).await.unwrap().unwrap();
    let mut row = row.into_active_model();
    with(&mut row);
    row.update(app.db()).await.unwrap();
}

crate::on_both! {
    async fn the_rate_of_tax_is_the_products(app: TestApp) {
        let shop = shop(&app).await;
        change(&app, shop.fast, |row| {
            row.tax_rate = Set(TaxRate(810));
            row.setup_price = Set(Some(Amount(9_900)));
        }).await;
        let mut client = app.client(app.customer).await;
        let input = json!({ "input": { "kind": "CHANGE", "productId": shop.fast, "contractId": shop.contract } });
        assert_eq!(client.data(QUOTE, input).await["orderQuote"], json!({ "taxRate": "8.1",
            "setupPrice": { "amount": "99.00" }, "grossSetupPrice": { "amount": "107.02" },
            "totalAfter": { "amount": "299.00" }, "grossAfter": { "amount": "323.22" } }));
    }

    async fn a_changed_rate_or_price_does_not_change_what_was_placed(app: TestApp) {
        let shop = shop(&app).await;
        let mut client = app.client(app.customer).await;
        let id = placed(&mut client, &shop).await;
        let before = client.data(ORDER, json!({ "id": id })).await;
        assert_eq!(before["order"], json!({ "taxRate": "19", "setupPrice": null,
            "totalAfter": { "amount": "299.00" }, "grossAfter": { "amount": "355.81" } }));
        change(&app, shop.fast, |row| {
            row.tax_rate = Set(TaxRate(700));
            row.price = Set(Some(Amount(39_900)));
            row.setup_price = Set(Some(Amount(100)));
        }).await;
        assert_eq!(client.data(ORDER, json!({ "id": id })).await, before);
        app.client(app.staff).await.data(DECIDE, decision(&id, "CONFIRM")).await;
        let mail = &app.mails().await[1].text;
        assert!(mail.contains("Preis: 299,00 EUR netto, 355,81 EUR mit 19 % Umsatzsteuer im Monat"), "{mail}");
        app.app.clock.set("2026-12-01T12:00:00Z".parse().unwrap());
        server::order::effect::settle_due(&app.app).await.unwrap();
        assert_eq!(the_contract(&app, &shop).await.price, Some(Amount(29_900)));
    }

    async fn whatever_moved_since_it_was_seen_is_refused_with_what_counts_now(app: TestApp) {
        let shop = shop(&app).await;
        change(&app, shop.fast, |row| row.setup_price = Set(Some(Amount(9_900)))).await;
        let mut client = app.client(app.customer).await;
        let offered = json!({ "price": "299.00", "period": "MONTH", "setupPrice": "99.00", "taxRate": "19",
            "currency": "EUR", "effectiveOn": "2026-12-01" });
        let mut right = faster(&shop, 1);
        right["input"]["seenSetupPrice"] = json!("99.00");
        for (name, wrong) in [
            ("seenPrice", json!("298.99")),
            ("seenPrice", Value::Null),
            ("seenPeriod", json!("YEAR")),
            ("seenSetupPrice", Value::Null),
            ("seenSetupPrice", json!("98.00")),
            ("seenTaxRate", json!("7")),
            ("seenEffectiveOn", json!("2026-12-02")),
        ] {
            let mut input = right.clone();
            input["input"][name] = wrong;
            let refusal = client.refusal(PLACE, input).await;
            assert_eq!((&refusal["code"], &refusal["offered"]), (&json!("CONFLICT"), &offered), "{name}");
        }
        assert_eq!(orders(&app).await, 0);
        assert_eq!(idempotency::Entity::find().count(app.db()).await.unwrap(), 0);
        client.data(PLACE, right).await;
        assert_eq!(orders(&app).await, 1);
        let mut wild = faster(&shop, 2);
        wild["input"]["seenTaxRate"] = json!("19,0");
        assert_eq!(client.code(PLACE, wild).await, "MALFORMED");
    }
}
