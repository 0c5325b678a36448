//! The history of a device: what its holder and who may read it learn, page by page, and nobody else.
use super::*;
use crate::access::accepted;
use server::meter::{staging, usage};
use shared::device::KeyUse;
use tokio_util::sync::CancellationToken;

const HISTORY: &str =
    "query($id: DeviceId!, $first: Int, $after: String) { deviceHistory(id: $id, first: $first, after: $after) {
    totalCount pageInfo { endCursor hasNextPage } nodes { kind who email keyName fileName at } } }";
const REVOKE: &str =
    "mutation($input: RevokeReadRightsInput!) { revokeReadRights(input: $input) { assignments { id } } }";
const STRANGER: &str = "k104871@kunde.example";

async fn history(app: &TestApp, person: Person, id: DeviceId) -> Vec<Value> {
    let mut found = app
        .client(person)
        .await
        .data(HISTORY, json!({ "id": id, "first": 100 }))
        .await;
    found["deviceHistory"]["nodes"]
        .as_array_mut()
        .unwrap()
        .drain(..)
        .collect()
}

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["kind"].as_str().unwrap()).collect()
}

/// Puts another key into the place of the one that a device has.
async fn replace(app: &TestApp, serial: &str) {
    let mut browser = app.client(app.dealer).await;
    let file = browser
        .upload("neu.csv", format!("{serial};KAM;{}\n", key_of("another")).into_bytes())
        .await;
    let stage = "mutation($input: StageKeyImportInput!) { stageKeyImport(input: $input) { import { id } } }";
    let data = browser.data(stage, json!({ "input": { "fileId": file } })).await;
    let id = &data["stageKeyImport"]["import"]["id"];
    staging::worker::judge_waiting(&app.app, &CancellationToken::new())
        .await
        .unwrap();
    let decide = "mutation($input: DecideKeyImportInput!) { decideKeyImport(input: $input) { import { id } } }";
    browser
        .data(
            decide,
            json!({ "input": { "id": id, "positions": [1], "replaces": true } }),
        )
        .await;
    let commit =
        "mutation($input: StagedKeyImportInput!) { commitKeyImport(input: $input) { import { replacedCount } } }";
    let done = browser.data(commit, json!({ "input": { "id": id } })).await;
    assert_eq!(done["commitKeyImport"]["import"]["replacedCount"], 1);
}

async fn reveal(app: &TestApp, person: Person, device: DeviceId) {
    app.client(person).await.data(REVEAL, reveal_input(device, "DEK")).await;
    app.pass(TimeDelta::minutes(1));
}

/// Uses of a key of a device, one a minute.
async fn used(app: &TestApp, person: Person, device: DeviceId, times: usize) {
    let actor = actor(app, person, AccountKind::Dealer);
    for _ in 0..times {
        usage::note(
            app.db(),
            &app.app,
            &actor,
            KeyUse::Proved,
            None,
            [(device, "DEK".to_owned())],
        )
        .await
        .unwrap();
        app.pass(TimeDelta::minutes(1));
    }
}

crate::on_both! {
    async fn a_holder_learns_what_became_of_keys_and_rights_and_what_readers_did(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        app.pass(TimeDelta::minutes(1));
        let right = accepted(&app, app.stranger, STRANGER, &ids[..1], None).await;
        app.pass(TimeDelta::minutes(1));
        reveal(&app, app.stranger, ids[0]).await;
        reveal(&app, app.dealer, ids[0]).await;
        app.client(app.dealer).await.data(REVOKE, json!({ "input": { "assignmentIds": [right] } })).await;
        app.pass(TimeDelta::minutes(1));
        replace(&app, "76348701").await;

        let events = history(&app, app.dealer, ids[0]).await;
        assert_eq!(kinds(&events), ["KEY_REPLACED", "RIGHT_REVOKED", "KEY_SHOWN", "KEY_SHOWN", "RIGHT_ACCEPTED", "RIGHT_GIVEN", "ADDED"]);
        let me = "k200014@kunde.example";
        assert_eq!((&events[0]["fileName"], &events[0]["keyName"], &events[0]["who"]), (&json!("neu.csv"), &json!("DEK"), &json!(me)));
        assert_eq!((&events[1]["email"], &events[1]["who"]), (&json!(STRANGER), &json!(me)));
        assert_eq!((&events[2]["who"], &events[2]["email"], &events[2]["keyName"]), (&json!(me), &Value::Null, &json!("DEK")));
        assert_eq!((&events[3]["who"], &events[3]["email"]), (&Value::Null, &json!(STRANGER)), "a reader is known by address only");
        assert_eq!((&events[5]["email"], &events[5]["who"]), (&json!(STRANGER), &json!(me)));
        assert_eq!((&events[6]["fileName"], &events[6]["who"]), (&json!("a.kem2"), &json!(me)));
        assert_eq!(kinds(&history(&app, app.dealer, ids[1]).await), ["ADDED"], "of another device nothing of it");
    }

    async fn a_reader_learns_what_concerns_him_and_no_more_e08(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        accepted(&app, app.stranger, STRANGER, &ids, None).await;
        accepted(&app, app.customer, "k104233@kunde.example", &ids, None).await;
        reveal(&app, app.customer, ids[0]).await;
        reveal(&app, app.dealer, ids[0]).await;
        reveal(&app, app.stranger, ids[0]).await;
        replace(&app, "76348701").await;

        let events = history(&app, app.stranger, ids[0]).await;
        assert_eq!(kinds(&events), ["KEY_REPLACED", "KEY_SHOWN", "RIGHT_ACCEPTED", "RIGHT_GIVEN"]);
        assert_eq!((&events[0]["who"], &events[0]["fileName"]), (&Value::Null, &Value::Null));
        assert_eq!((&events[1]["who"], &events[1]["email"]), (&json!(STRANGER), &Value::Null));
        let dealer = events[3]["who"].as_str().unwrap();
        assert!(dealer.starts_with("Haustechnik") || !dealer.contains('@'), "{dealer}");
        for person in [app.other_dealer, app.bookkeeper] {
            let code = app.client(person).await.code(HISTORY, json!({ "id": ids[0] })).await;
            assert!(["NOT_FOUND", "FORBIDDEN"].contains(&code.as_str()), "{code}");
        }
    }

    async fn a_member_sees_his_own_acts_and_who_manages_users_those_of_all(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let member = app.member(app.dealer.account, "200014/zwei", &[Right::ReadKeys]).await;
        reveal(&app, app.dealer, ids[0]).await;
        reveal(&app, member, ids[0]).await;
        let shown = |events: Vec<Value>| events.into_iter().filter(|event| event["kind"] == "KEY_SHOWN").count();
        assert_eq!((shown(history(&app, member, ids[0]).await), shown(history(&app, app.dealer, ids[0]).await)), (1, 2));
    }

    async fn a_right_that_came_to_its_end_says_when(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let last = app.app.clock.today();
        accepted(&app, app.stranger, STRANGER, &ids, Some(&last.to_string())).await;
        assert!(!kinds(&history(&app, app.dealer, ids[0]).await).contains(&"RIGHT_ENDED"));
        app.pass(TimeDelta::days(1));
        let events = history(&app, app.dealer, ids[0]).await;
        assert_eq!(kinds(&events), ["RIGHT_ENDED", "RIGHT_ACCEPTED", "RIGHT_GIVEN", "ADDED"]);
        let next = last.succ_opt().unwrap();
        assert!(events[0]["at"].as_str().unwrap().starts_with(&format!("{next}T00:00:00")), "{}", events[0]["at"]);
    }

    async fn pages_follow_each_other_and_cost_the_same_however_much_happened(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        accepted(&app, app.stranger, STRANGER, &ids, None).await;
        used(&app, app.dealer, ids[0], 7).await;
        accepted(&app, app.customer, "k104233@kunde.example", &ids, None).await;
        used(&app, app.stranger, ids[0], 4).await;
        used(&app, app.dealer, ids[1], 1).await;
        let whole = history(&app, app.dealer, ids[0]).await;
        assert_eq!(whole.len(), 7 + 4 + 4 + 1);
        for size in [1, 3, 5] {
            let (mut paged, mut after) = (Vec::new(), Value::Null);
            loop {
                let mut browser = app.client(app.dealer).await;
                let mut found = browser.data(HISTORY, json!({ "id": ids[0], "first": size, "after": after })).await["deviceHistory"].take();
                assert_eq!(found["totalCount"], whole.len());
                paged.append(found["nodes"].as_array_mut().unwrap());
                if found["pageInfo"]["hasNextPage"] == false {
                    break;
                }
                after = found["pageInfo"]["endCursor"].take();
            }
            assert_eq!(paged, whole, "in pages of {size}");
        }
        let mut browser = app.client(app.dealer).await;
        let much = app.statements(browser.data(HISTORY, json!({ "id": ids[0], "first": 100 }))).await;
        let little = app.statements(browser.data(HISTORY, json!({ "id": ids[1], "first": 100 }))).await;
        assert_eq!(much, little);
    }
}
