//! The endpoints themselves: what is taken, shown once, changed, replaced and removed, and by whom.
use super::{CHANGE, CREATE, ROTATE, TEST, endpoint, log, receiver::Receiver, send, tell};
use chrono::TimeDelta;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;
use server::{
    entity::{delivery, event, webhook},
    webhook::endpoint::FORMER_LIFE,
};
use shared::account::Right;

const LIST: &str = "{ webhooks { id name url kinds isEnabled formerSecretUntil waitingCount failedCount } }";
const DELETE: &str = "mutation($input: WebhookInput!) { deleteWebhook(input: $input) { id } }";

crate::on_both! {
    async fn bad_input_names_its_field_and_makes_nothing(app: TestApp) {
        let app = app.restarted(|settings| settings.webhooks_to_private = false);
        let mut staff = app.client(app.staff).await;
        let good = "https://erp.example/hooks";
        let long = "x".repeat(101);
        for (name, url, kinds, field, reason) in [
            (" ", good, json!(["ORDER_PLACED"]), "name", "MISSING"),
            (long.as_str(), good, json!(["ORDER_PLACED"]), "name", "TOO_LONG"),
            ("ERP", "", json!(["ORDER_PLACED"]), "url", "NOT_A_WEB_ADDRESS"),
            ("ERP", "http://erp.example/", json!(["ORDER_PLACED"]), "url", "NOT_A_WEB_ADDRESS"),
            ("ERP", "https://a:b@erp.example/", json!(["ORDER_PLACED"]), "url", "NOT_A_WEB_ADDRESS"),
            ("ERP", "https://10.0.0.1/", json!(["ORDER_PLACED"]), "url", "INNER_NETWORK"),
            ("ERP", "https://169.254.169.254/", json!(["ORDER_PLACED"]), "url", "INNER_NETWORK"),
            ("ERP", good, json!([]), "kinds", "MISSING"),
            ("ERP", good, json!(["TEST", "ORDER_PLACED"]), "kinds", "MISSING"),
        ] {
            let input = json!({ "name": name, "url": url, "kinds": kinds });
            let refused = staff.refusal(CREATE, json!({ "input": input })).await;
            let said = (&refused["field"], &refused["reason"]);
            assert_eq!(said, (&json!(field), &json!(reason)), "{name} {url}");
        }
        assert_eq!(webhook::Entity::find().count(app.db()).await.unwrap(), 0);
    }

    async fn the_secret_is_shown_once_and_lies_sealed(app: TestApp) {
        let (_, secret) = endpoint(&app, "https://erp.example/", &["ORDER_PLACED"]).await;
        assert!(secret.starts_with("whsec_") && secret.len() == 50, "{secret}");
        let row = webhook::Entity::find().one(app.db()).await.unwrap().unwrap();
        let plain = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, &secret[6..]).unwrap();
        assert_eq!(plain.len(), 32);
        assert!(!row.sealed.windows(32).any(|part| part == plain));
        let mut staff = app.client(app.staff).await;
        let listed = staff.data(LIST, json!({})).await;
        assert!(!listed.to_string().contains(&secret[6..]));
        assert_eq!(listed["webhooks"][0]["kinds"], json!(["ORDER_PLACED"]));
    }

    async fn making_changing_replacing_and_removing_need_a_step_up(app: TestApp) {
        let (id, _) = endpoint(&app, "https://erp.example/", &["ORDER_PLACED"]).await;
        let mut staff = app.client(app.staff).await;
        app.pass(TimeDelta::minutes(10));
        let whole = json!({ "name": "x", "url": "https://x.example/", "kinds": ["ORDER_PLACED"] });
        let mut change = whole.clone();
        (change["id"], change["isEnabled"]) = (json!(id), json!(false));
        for (operation, input) in [
            (CREATE, whole),
            (CHANGE, change),
            (ROTATE, json!({ "id": id })),
            (DELETE, json!({ "id": id })),
        ] {
            assert_eq!(staff.code(operation, json!({ "input": input })).await, "STEP_UP_REQUIRED", "{operation}");
        }
        let rows = webhook::Entity::find().all(app.db()).await.unwrap();
        assert!(rows.len() == 1 && rows[0].name == "ERP" && rows[0].former_sealed.is_none(), "{rows:?}");
    }

    async fn staff_without_the_right_to_administer_sees_and_does_nothing(app: TestApp) {
        let clerk = app
            .member(app.staff.account, "1/clerk", &[Right::HandleRequests, Right::ManageCustomers])
            .await;
        let mut clerk = app.client(clerk).await;
        assert_eq!(clerk.code(LIST, json!({})).await, "FORBIDDEN");
        let input = json!({ "name": "x", "url": "https://x.example/", "kinds": ["ORDER_PLACED"] });
        assert_eq!(clerk.code(CREATE, json!({ "input": input })).await, "FORBIDDEN");
        assert_eq!(webhook::Entity::find().count(app.db()).await.unwrap(), 0);
    }

    async fn both_secrets_sign_for_a_day_after_one_was_replaced(app: TestApp) {
        let receiver = Receiver::start().await;
        let (id, former) = endpoint(&app, &receiver.url(), &["CONTACT_CHANGED"]).await;
        let mut staff = app.client(app.staff).await;
        let rotated = staff.data(ROTATE, json!({ "input": { "id": id } })).await;
        let current = rotated["rotateWebhookSecret"]["secret"].as_str().unwrap().to_owned();
        assert_ne!(current, former);
        assert_eq!(
            rotated["rotateWebhookSecret"]["webhook"]["formerSecretUntil"],
            json!("2026-11-24T09:00:00+00:00")
        );
        app.pass(FORMER_LIFE - TimeDelta::seconds(1));
        tell(&app, app.customer, "both").await;
        send(&app).await;
        app.pass(TimeDelta::seconds(1));
        tell(&app, app.customer, "one").await;
        send(&app).await;
        let taken = receiver.taken();
        let with = |at: usize| (taken[at].is_signed_with(&current), taken[at].is_signed_with(&former));
        assert_eq!((with(0), with(1)), ((true, true), (true, false)));
    }

    async fn a_test_reaches_an_enabled_endpoint_only(app: TestApp) {
        let receiver = Receiver::start().await;
        let (id, secret) = endpoint(&app, &receiver.url(), &["ORDER_PLACED"]).await;
        let mut staff = app.client(app.staff).await;
        let one = json!({ "input": { "id": id } });
        staff.data(TEST, one.clone()).await;
        assert_eq!(send(&app).await, 1);
        let taken = receiver.taken();
        assert_eq!((taken[0].json()["type"].clone(), taken[0].json()["data"].clone()), (json!("test"), json!({})));
        assert!(taken[0].is_signed_with(&secret));
        let off = json!({ "input": { "id": id, "name": "ERP", "url": receiver.url(), "kinds": ["CONTACT_CHANGED"],
            "isEnabled": false } });
        staff.data(CHANGE, off.clone()).await;
        assert_eq!(staff.code(TEST, one).await, "CONFLICT");
        tell(&app, app.customer, "not kept").await;
        assert_eq!(log(&mut staff).await.len(), 1);
    }

    async fn what_waits_for_a_disabled_endpoint_goes_out_once_it_is_enabled(app: TestApp) {
        let receiver = Receiver::start().await;
        let (id, _) = endpoint(&app, &receiver.url(), &["CONTACT_CHANGED"]).await;
        tell(&app, app.customer, "waits").await;
        let mut staff = app.client(app.staff).await;
        let set = |is_enabled: bool| json!({ "input": { "id": id, "name": "ERP", "url": receiver.url(),
            "kinds": ["CONTACT_CHANGED"], "isEnabled": is_enabled } });
        staff.data(CHANGE, set(false)).await;
        assert_eq!(send(&app).await, 0);
        let listed = staff.data(LIST, json!({})).await;
        assert_eq!((&listed["webhooks"][0]["isEnabled"], &listed["webhooks"][0]["waitingCount"]), (&json!(false), &json!(1)));
        staff.data(CHANGE, set(true)).await;
        assert_eq!(send(&app).await, 1);
    }

    async fn an_endpoint_is_removed_with_its_log_and_no_other(app: TestApp) {
        let (gone, _) = endpoint(&app, "https://a.example/", &["CONTACT_CHANGED"]).await;
        let (stays, _) = endpoint(&app, "https://b.example/", &["CONTACT_CHANGED", "ORDER_PLACED"]).await;
        tell(&app, app.customer, "both").await;
        let mut staff = app.client(app.staff).await;
        staff.data(TEST, json!({ "input": { "id": gone } })).await;
        assert_eq!(event::Entity::find().count(app.db()).await.unwrap(), 2);
        staff.data(DELETE, json!({ "input": { "id": gone } })).await;
        let left = delivery::Entity::find().all(app.db()).await.unwrap();
        assert!(left.len() == 1 && left[0].webhook_id.to_string() == stays, "{left:?}");
        assert_eq!(event::Entity::find().count(app.db()).await.unwrap(), 1);
        assert_eq!(staff.code(DELETE, json!({ "input": { "id": gone } })).await, "NOT_FOUND");
    }

    async fn an_installation_has_at_most_twenty_endpoints(app: TestApp) {
        for _ in 0..20 {
            endpoint(&app, "https://erp.example/", &["ORDER_PLACED"]).await;
        }
        let mut staff = app.client(app.staff).await;
        let input = json!({ "name": "x", "url": "https://x.example/", "kinds": ["ORDER_PLACED"] });
        assert_eq!(staff.code(CREATE, json!({ "input": input })).await, "TOO_LARGE");
        assert_eq!(webhook::Entity::find().count(app.db()).await.unwrap(), 20);
    }
}
