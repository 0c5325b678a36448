//! Two clicks at once are one order.
use super::{CANCEL, PLACE, cancellation, faster, key, orders, shop};
use chrono::TimeDelta;
use futures::future::join_all;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;
use server::entity::idempotency;

crate::on_both! {
    async fn ten_at_once_with_one_key_are_one_order_and_get_the_same_answer_h13(app: TestApp) {
        let shop = shop(&app).await;
        let client = app.client(app.customer).await;
        let tries = (0..10).map(|_| {
            let (mut client, input) = (client.clone(), faster(&shop, 1));
            async move { client.graphql(PLACE, input).await }
        });
        let answers = join_all(tries).await;
        assert_eq!(answers[0].get("errors"), None, "{}", answers[0]);
        assert_eq!(answers[0]["data"]["placeOrder"]["order"]["state"], "PLACED");
        for answer in &answers {
            assert_eq!(answer, &answers[0]);
        }
        assert_eq!(orders(&app).await, 1);
        assert_eq!(app.mails().await.len(), 1);
    }

    async fn a_key_with_another_body_or_for_another_act_is_a_conflict_and_changes_nothing_h13(app: TestApp) {
        let shop = shop(&app).await;
        let mut client = app.client(app.customer).await;
        client.data(PLACE, faster(&shop, 1)).await;
        let mut other = faster(&shop, 1);
        other["input"]["label"] = json!("woanders");
        assert_eq!(client.code(PLACE, other).await, "CONFLICT");
        assert_eq!(client.code(CANCEL, cancellation(&shop, 1)).await, "CONFLICT");
        assert_eq!(orders(&app).await, 1);
        assert_eq!(app.mails().await.len(), 1);
        assert_eq!(idempotency::Entity::find().count(app.db()).await.unwrap(), 1);
    }

    async fn a_refused_order_leaves_its_key_free_h13(app: TestApp) {
        let shop = shop(&app).await;
        let mut client = app.client(app.customer).await;
        let mut wrong = faster(&shop, 1);
        wrong["input"]["seenPrice"] = json!("1.00");
        assert_eq!(client.code(PLACE, wrong).await, "CONFLICT");
        assert_eq!(orders(&app).await, 0);
        assert_eq!(idempotency::Entity::find().count(app.db()).await.unwrap(), 0);
        client.data(PLACE, faster(&shop, 1)).await;
        assert_eq!(orders(&app).await, 1);
    }

    async fn keys_belong_to_a_person_and_are_kept_for_a_day_h13(app: TestApp) {
        let shop = shop(&app).await;
        let mut customer = app.client(app.customer).await;
        customer.data(CANCEL, cancellation(&shop, 7)).await;
        let mut stranger = app.client(app.stranger).await;
        let foreign = stranger.code(CANCEL, cancellation(&shop, 7)).await;
        assert_eq!(foreign, "NOT_FOUND", "and not the answer that somebody else got");
        app.pass(TimeDelta::hours(24));
        let mut customer = app.client(app.customer).await;
        let fresh = json!({ "input": { "idempotencyKey": key(8), "kind": "NEW_PRODUCT", "productId": shop.fast,
            "seenPrice": "299.00", "seenPeriod": "MONTH", "seenTaxRate": "19", "seenEffectiveOn": "2026-11-24" } });
        customer.data(PLACE, fresh).await;
        assert_eq!(idempotency::Entity::find().count(app.db()).await.unwrap(), 1, "the old one is gone");
    }
}
