//! How many keys a person may see or take in an hour, and who lets him see more.
use super::*;
use server::{
    entity::{key_request, key_use},
    meter::usage,
};
use shared::device::KeyUse;

pub const ASK: &str = "mutation($input: RequestKeysInput!) { requestKeys(input: $input) { request { id state deviceCount until viewerCanDecide viewerCanCancel } } }";
pub const APPROVE: &str =
    "mutation($input: KeyRequestInput!) { approveKeyRequest(input: $input) { request { state until decidedBy } } }";
const REFUSE: &str = "mutation($input: KeyRequestInput!) { refuseKeyRequest(input: $input) { request { state } } }";
const CANCEL: &str = "mutation($input: KeyRequestInput!) { cancelKeyRequest(input: $input) { request { state } } }";
const REQUESTS: &str =
    "{ keyRequests { totalCount nodes { id state isOwn viewerCanDecide viewerCanCancel askedBy accountName } } }";

fn of(request: &Value) -> Value {
    json!({ "input": { "id": request } })
}

fn all(ids: &[DeviceId]) -> Value {
    json!({ "input": { "selection": { "ids": ids } } })
}

fn reveal_by(device: DeviceId, request: &Value) -> Value {
    json!({ "input": { "deviceId": device, "name": "DEK", "requestId": request } })
}

async fn uses(app: &TestApp) -> Vec<key_use::Model> {
    key_use::Entity::find()
        .order_by_asc(key_use::Column::Id)
        .all(app.db())
        .await
        .unwrap()
}

/// The same portal with a quota of so many keys.
fn with_quota(app: TestApp, quota: i32) -> TestApp {
    app.restarted(|settings| settings.key_quota = quota)
}

/// Gives a person a right to read devices, and accepts it for him.
pub async fn let_read(app: &TestApp, reader: Person, email: &str, ids: &[DeviceId]) {
    let assign = "mutation($input: AssignReadRightsInput!) { assignReadRights(input: $input) { assignments { id } } }";
    let input = json!({ "input": { "emails": [email], "selection": { "ids": ids } } });
    app.client(app.dealer).await.data(assign, input).await;
    let mails = app.mails().await;
    let mail = mails
        .iter()
        .rev()
        .find(|mail| mail.text.contains("/invitation#"))
        .unwrap();
    let token = mail
        .text
        .split_once("/invitation#")
        .unwrap()
        .1
        .split_whitespace()
        .next()
        .unwrap()
        .to_owned();
    let accept = "mutation($input: AcceptReadRightsInput!) { acceptReadRights(input: $input) { deviceCount } }";
    app.client(reader)
        .await
        .data(accept, json!({ "input": { "token": token } }))
        .await;
}

crate::on_both! {
    async fn of_fifty_reads_at_the_same_time_as_many_go_through_as_the_quota_holds(app: TestApp) {
        let device = give_devices(&app, app.dealer, &["76348701"]).await[0];
        let mut tries = Vec::new();
        for _ in 0..50 {
            tries.push(app.client(app.dealer).await);
        }
        let answers = futures::future::join_all(tries.iter_mut().map(|browser| browser.graphql(REVEAL, reveal_input(device, "DEK")))).await;
        let shown = answers.iter().filter(|answer| answer["data"]["revealKey"]["key"] == key_of("76348701")).count();
        let refused = answers.iter().filter(|answer| answer["errors"][0]["extensions"]["reason"] == "KEY_QUOTA").count();
        assert_eq!((shown, refused), (20, 30));
        assert_eq!((uses(&app).await.len(), audits(&app, "revealKey").await.len()), (20, 20));
    }

    async fn a_quota_holds_across_a_restart_and_is_free_again_after_an_hour_h07(app: TestApp) {
        let device = give_devices(&app, app.dealer, &["76348701"]).await[0];
        let mut browser = app.client(app.dealer).await;
        for _ in 0..2 {
            browser.data(REVEAL, reveal_input(device, "DEK")).await;
        }
        let app = with_quota(app, 2); // started again, with another setting
        let mut browser = app.client(app.dealer).await;
        let refusal = browser.refusal(REVEAL, reveal_input(device, "DEK")).await;
        assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("deviceId"), &json!("KEY_QUOTA")));
        let denied = audit::Entity::find().filter(audit::COLUMN.is_allowed.eq(false)).all(app.db()).await.unwrap();
        assert_eq!(denied.len(), 1);
        assert_eq!((denied[0].act.as_str(), denied[0].object.as_deref(), denied[0].user_id, denied[0].account_id),
            ("revealKey", Some("KEY_QUOTA"), Some(app.dealer.user), Some(app.dealer.account)));
        app.pass(TimeDelta::minutes(60));
        let mut later = app.client(app.dealer).await;
        later.data(REVEAL, reveal_input(device, "DEK")).await;
        let seen = usage::seen(app.db(), &[device]).await.unwrap();
        assert_eq!(seen.len(), 3);
        assert!(seen.iter().all(|row| row.how == KeyUse::Shown && row.user_id == app.dealer.user && row.name == "DEK"));
    }

    async fn a_second_person_of_the_account_approves_and_it_is_done_once(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        let second = app.member(app.dealer.account, "200014/zwei", &[Right::ReadKeys]).await;
        let app = with_quota(app, 1);
        let mut browser = app.client(app.dealer).await;
        browser.data(REVEAL, reveal_input(ids[0], "DEK")).await;
        let asked = browser.data(ASK, all(&[ids[0]])).await["requestKeys"]["request"].clone();
        let id = asked["id"].clone();
        assert_eq!(json!([asked["state"], asked["deviceCount"], asked["until"], asked["viewerCanDecide"], asked["viewerCanCancel"]]),
            json!(["PENDING", 1, null, false, true]));
        let mail = app.mails().await.pop().unwrap();
        assert_eq!(mail.recipient, "200014-zwei@kunde.example");
        assert!(mail.text.contains("/approvals") && mail.text.contains("1 Zähler"), "{}", mail.text);
        // Nobody approves himself, and nothing is open before.
        assert_eq!(browser.code(APPROVE, of(&id)).await, "FORBIDDEN");
        assert_eq!(browser.code(REVEAL, reveal_by(ids[0], &id)).await, "CONFLICT");
        for foreign in [app.stranger, app.other_dealer, app.customer] {
            assert_eq!(app.client(foreign).await.code(APPROVE, of(&id)).await, "NOT_FOUND");
        }
        let mut other = app.client(second).await;
        let seen = other.data(REQUESTS, json!({})).await["keyRequests"]["nodes"][0].clone();
        assert_eq!(json!([seen["isOwn"], seen["viewerCanDecide"], seen["accountName"]]), json!([false, true, "Haustechnik Brandt & Söhne KG"]));
        let approved = other.data(APPROVE, of(&id)).await;
        assert_eq!(approved["approveKeyRequest"]["request"]["state"], "OPEN");
        assert_eq!(other.code(APPROVE, of(&id)).await, "CONFLICT");
        assert_eq!(other.code(REVEAL, reveal_by(ids[0], &id)).await, "NOT_FOUND"); // it is not his
        // It is about one device, and open once.
        assert_eq!(browser.code(REVEAL, reveal_by(ids[1], &id)).await, "NOT_FOUND");
        assert_eq!(browser.data(REVEAL, reveal_by(ids[0], &id)).await["revealKey"]["key"], key_of("76348701"));
        assert_eq!(browser.code(REVEAL, reveal_by(ids[0], &id)).await, "CONFLICT");
        assert_eq!(browser.code(REVEAL, reveal_input(ids[0], "DEK")).await, "INVALID"); // the quota is as full as before
        let acts = ["requestKeys", "approveKeyRequest", "revealKey"].map(|act| audits(&app, act));
        let counts: Vec<_> = futures::future::join_all(acts).await.iter().map(Vec::len).collect();
        assert_eq!(counts, [1, 1, 2]);
    }

    async fn whoever_decides_has_a_task_until_it_is_decided(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let second = app.member(app.dealer.account, "200014/zwei", &[Right::ReadKeys]).await;
        let first = app.client(app.dealer).await.data(ASK, all(&ids)).await["requestKeys"]["request"]["id"].clone();
        let other = app.client(app.dealer).await.data(ASK, all(&ids)).await["requestKeys"]["request"]["id"].clone();
        let tasks = async |person: Person| {
            let found = app.client(person).await.data("{ tasks { kind count } }", json!({})).await["tasks"].clone();
            found.as_array().unwrap().iter().find(|task| task["kind"] == "DECIDE_KEY_REQUESTS").map(|task| task["count"].clone())
        };
        for nobody in [app.dealer, app.stranger, app.other_dealer, app.customer, app.staff] {
            assert_eq!(tasks(nobody).await, None);
        }
        assert_eq!(tasks(second).await, Some(json!(2)));
        app.client(second).await.data(APPROVE, of(&first)).await;
        assert_eq!(tasks(second).await, Some(json!(1)));
        app.client(app.dealer).await.data(CANCEL, of(&other)).await;
        assert_eq!(tasks(second).await, None);
        app.client(app.dealer).await.data(ASK, all(&ids)).await;
        assert_eq!(tasks(second).await, Some(json!(1)));
        app.pass(TimeDelta::days(7));
        assert_eq!(tasks(second).await, None);
    }

    async fn what_was_approved_is_closed_after_a_day(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let second = app.member(app.dealer.account, "200014/zwei", &[Right::ReadKeys]).await;
        let id = app.client(app.dealer).await.data(ASK, all(&ids)).await["requestKeys"]["request"]["id"].clone();
        app.client(second).await.data(APPROVE, of(&id)).await;
        app.pass(TimeDelta::hours(24));
        assert_eq!(app.client(app.dealer).await.code(REVEAL, reveal_by(ids[0], &id)).await, "CONFLICT");
        assert_eq!(uses(&app).await.len(), 0);
        let seen = app.client(app.dealer).await.data(REQUESTS, json!({})).await;
        assert_eq!(seen["keyRequests"]["nodes"][0]["state"], "EXPIRED");
    }

    async fn where_the_account_has_one_person_the_dealer_who_gave_the_right_decides(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let_read(&app, app.stranger, "k104871@kunde.example", &ids).await;
        let mut reader = app.client(app.stranger).await;
        let id = reader.data(ASK, all(&ids)).await["requestKeys"]["request"]["id"].clone();
        let asked = app.mails().await.into_iter().find(|mail| mail.text.contains("/approvals")).unwrap();
        assert_eq!(asked.recipient, "k200014@kunde.example");
        assert_eq!(app.client(app.other_dealer).await.code(REFUSE, of(&id)).await, "NOT_FOUND");
        let mut dealer = app.client(app.dealer).await;
        app.pass(TimeDelta::minutes(10));
        assert_eq!(dealer.code(REFUSE, of(&id)).await, "STEP_UP_REQUIRED");
        let refused = app.client(app.dealer).await.data(REFUSE, of(&id)).await;
        assert_eq!(refused["refuseKeyRequest"]["request"]["state"], "REFUSED");
        let told = app.mails().await.into_iter().find(|mail| mail.subject == "Ihre Anforderung von Schlüsseln wurde abgelehnt").unwrap();
        assert_eq!(told.recipient, "k104871@kunde.example");
        assert_eq!(app.client(app.stranger).await.code(REVEAL, reveal_by(ids[0], &id)).await, "CONFLICT");
        let log = audits(&app, "refuseKeyRequest").await;
        let accounts: std::collections::BTreeSet<_> = log.iter().filter_map(|row| row.account_id).collect();
        assert_eq!(accounts, [app.dealer.account, app.stranger.account].into()); // both see it in their log
    }

    async fn where_nobody_can_decide_a_request_opens_after_a_day_and_can_be_taken_back(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let mut browser = app.client(app.dealer).await;
        let asked = browser.data(ASK, all(&ids)).await["requestKeys"]["request"].clone();
        assert_eq!((&asked["state"], &asked["until"]), (&json!("WAITING"), &json!("2026-11-24T09:00:00+00:00")));
        let mail = app.mails().await.pop().unwrap();
        assert_eq!((mail.recipient.as_str(), mail.subject.as_str()), ("k200014@kunde.example", "Ihr Abruf von Schlüsseln wartet 24 Stunden"));
        assert_eq!(browser.code(REVEAL, reveal_by(ids[0], &asked["id"])).await, "CONFLICT");
        let other = browser.data(ASK, all(&ids)).await["requestKeys"]["request"]["id"].clone();
        assert_eq!(browser.data(CANCEL, of(&other)).await["cancelKeyRequest"]["request"]["state"], "CANCELLED");
        assert_eq!(browser.code(CANCEL, of(&other)).await, "CONFLICT");
        app.pass(TimeDelta::hours(24));
        let mut later = app.client(app.dealer).await;
        assert_eq!(later.code(REVEAL, reveal_by(ids[0], &other)).await, "CONFLICT");
        assert_eq!(later.data(REVEAL, reveal_by(ids[0], &asked["id"])).await["revealKey"]["key"], key_of("76348701"));
    }

    async fn a_request_is_about_devices_whose_keys_one_may_see(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        for (input, code) in [
            (all(&[DeviceId(app.app.new_id())]), "NOT_FOUND"),
            (json!({ "input": { "selection": { "filter": { "serialPrefix": "9" } } } }), "INVALID"),
            (json!({ "input": { "selection": {} } }), "INVALID"),
        ] {
            assert_eq!(app.client(app.dealer).await.code(ASK, input.clone()).await, code, "{input}");
        }
        assert_eq!(app.client(app.stranger).await.code(ASK, all(&ids)).await, "NOT_FOUND");
        assert_eq!(app.client(app.bookkeeper).await.code(ASK, all(&ids)).await, "FORBIDDEN");
        assert_eq!(key_request::Entity::find().count(app.db()).await.unwrap(), 0);
    }
}
