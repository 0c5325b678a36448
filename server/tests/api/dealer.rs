//! Dealer access: asked for, decided, and devices out of the provider's stock.
use crate::{
    app::{Client, TestApp},
    meter::{give_devices, key_of, serials},
};
use chrono::TimeDelta;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait, Set};
use serde_json::{Value, json};
use server::{
    entity::{account, audit, dealer_request, device, mail, membership},
    meter::staging::worker::judge_waiting,
};
use tokio_util::sync::CancellationToken;

const ASK: &str = "mutation($input: RequestDealerAccessInput!) { requestDealerAccess(input: $input) { request {
    id company customerNumber message state expectedOn } } }";
const OWN: &str = "{ dealerRequests { id state reason deviceCount expectedOn dealerAccountId decidedAt } }";
const WITHDRAW: &str =
    "mutation($input: WithdrawDealerRequestInput!) { withdrawDealerRequest(input: $input) { request { state } } }";
const LIST: &str = "query($state: DealerRequestState) { officeDealerRequests(state: $state) { totalCount nodes {
    applicant account { number } request { id company state } } } }";
const STOCK: &str = "query($devices: StockInput!) { dealerStock(devices: $devices) { count missing orders } }";
const GRANT: &str = "mutation($input: GrantDealerAccessInput!) { grantDealerAccess(input: $input) { request {
    state deviceCount dealerAccountId } } }";
const REJECT: &str =
    "mutation($input: RejectDealerAccessInput!) { rejectDealerAccess(input: $input) { request { state reason } } }";
const HAND: &str = "mutation($input: HandDevicesToDealerInput!) { handDevicesToDealer(input: $input) { deviceCount } }";
const DEVICES: &str = "{ devices(first: 100) { totalCount nodes { serialNumber } } }";
const SWITCH: &str = "mutation($input: SwitchAccountInput!) { switchAccount(input: $input) { viewer { id } } }";

fn asking() -> Value {
    json!({ "input": { "company": " Öztürk Messtechnik GmbH ", "customerNumber": "104233", "message": "Auftrag 20542729,\r\nbitte." } })
}

/// A request; the next one is later for sure.
async fn ask(app: &TestApp, browser: &mut Client) -> Value {
    app.pass(TimeDelta::milliseconds(2));
    browser.data(ASK, asking()).await["requestDealerAccess"]["request"].take()
}

fn only(id: &Value) -> Value {
    json!({ "input": { "id": id } })
}

/// Lets staff import devices into the stock: order A has the first two, order B the others.
async fn stock(app: &TestApp, serials: &[&str]) {
    let mut staff = app.client(app.staff).await;
    let rows = serials.iter().enumerate().map(|(row, serial)| {
        let order = if row < 2 { "A" } else { "B" };
        format!("{serial};KAM;{};{order}\n", key_of(serial))
    });
    let text = format!("serial;manufacturer;key;order\n{}", rows.collect::<String>());
    let file = staff.upload("stock.csv", text.into_bytes()).await;
    let stage = "mutation($input: StageKeyImportInput!) { stageKeyImport(input: $input) { import { id } } }";
    let data = staff.data(stage, json!({ "input": { "fileId": file } })).await;
    judge_waiting(&app.app, &CancellationToken::new()).await.unwrap();
    let commit =
        "mutation($input: StagedKeyImportInput!) { commitKeyImport(input: $input) { import { id newCount } } }";
    let done = staff.data(commit, only(&data["stageKeyImport"]["import"]["id"])).await;
    assert_eq!(done["commitKeyImport"]["import"]["newCount"], serials.len());
}

/// How many requests, devices of the provider, accounts, members, mails and acts done there are.
async fn counts(app: &TestApp) -> [u64; 6] {
    use sea_orm::{ColumnTrait, QueryFilter};
    let db = app.db();
    let acts = audit::Entity::find()
        .filter(audit::COLUMN.is_allowed.eq(true))
        .filter(audit::COLUMN.act.ne("signIn"));
    let in_stock = device::Entity::find().filter(device::COLUMN.account_id.eq(app.staff.account));
    [
        dealer_request::Entity::find().count(db).await.unwrap(),
        in_stock.count(db).await.unwrap(),
        account::Entity::find().count(db).await.unwrap(),
        membership::Entity::find().count(db).await.unwrap(),
        mail::Entity::find().count(db).await.unwrap(),
        acts.count(db).await.unwrap(),
    ]
}

crate::on_both! {
    async fn a_request_says_until_when_an_answer_comes_and_tells_both_sides(app: TestApp) {
        let mut browser = app.client(app.customer).await;
        let made = ask(&app, &mut browser).await;
        assert_eq!((&made["company"], &made["message"]), (&json!("Öztürk Messtechnik GmbH"), &json!("Auftrag 20542729,\nbitte.")));
        assert_eq!(made["state"], "REQUESTED");
        let expected = server::dealer::expected_on(app.app.clock.today()).to_string();
        assert_eq!(made["expectedOn"], expected.as_str());
        let mails = app.mails().await;
        let [.., first, second] = mails.as_slice() else { panic!("two mails") };
        let to = [first, second].map(|mail| mail.recipient.as_str());
        let mine = [first, second].into_iter().find(|mail| mail.recipient == "k104233@kunde.example").unwrap();
        assert!(mine.text.contains("/access-request") && mine.text.contains("Öztürk Messtechnik GmbH"), "{}", mine.text);
        assert!(to.iter().any(|to| *to != "k104233@kunde.example"), "staff is told: {to:?}");
        let mut staff = app.client(app.staff).await;
        let found = staff.data(LIST, json!({ "state": "REQUESTED" })).await["officeDealerRequests"].take();
        assert_eq!((&found["totalCount"], &found["nodes"][0]["account"]["number"]), (&json!(1), &json!("104233")));
        assert_eq!(found["nodes"][0]["applicant"], "k104233@kunde.example");
        let work = staff.data("{ waitingWork { kind count } }", json!({})).await;
        assert!(work["waitingWork"].as_array().unwrap().contains(&json!({ "kind": "DEALER_REQUESTS", "count": 1 })));
    }

    async fn what_is_no_request_is_refused_at_its_field_and_a_second_one_waits_for_the_first(app: TestApp) {
        let mut browser = app.client(app.customer).await;
        let before = counts(&app).await;
        for (field, input) in [
            ("company", json!({ "company": "  " })),
            ("company", json!({ "company": "x".repeat(201) })),
            ("customerNumber", json!({ "company": "A", "customerNumber": "1".repeat(41) })),
            ("message", json!({ "company": "A", "message": "x".repeat(2_001) })),
        ] {
            let refused = browser.refusal(ASK, json!({ "input": input })).await;
            assert_eq!((&refused["code"], &refused["field"]), (&json!("INVALID"), &json!(field)));
        }
        assert_eq!(counts(&app).await, before);
        let made = ask(&app, &mut browser).await;
        let before = counts(&app).await;
        assert_eq!(browser.code(ASK, asking()).await, "CONFLICT");
        assert_eq!(counts(&app).await, before);
        browser.data(WITHDRAW, only(&made["id"])).await;
        assert_eq!(browser.code(WITHDRAW, only(&made["id"])).await, "CONFLICT");
        assert_eq!(app.client(app.stranger).await.code(WITHDRAW, only(&made["id"])).await, "NOT_FOUND");
        ask(&app, &mut browser).await;
        let own = browser.data(OWN, json!({})).await;
        assert_eq!((&own["dealerRequests"][0]["state"], &own["dealerRequests"][1]["state"]), (&json!("REQUESTED"), &json!("WITHDRAWN")));
        assert_eq!(app.client(app.stranger).await.data(OWN, json!({})).await["dealerRequests"], json!([]), "each account sees its own");
    }

    async fn two_requests_at_the_same_time_are_one(app: TestApp) {
        let (mut first, mut second) = (app.client(app.customer).await, app.client(app.customer).await);
        let (one, other) = tokio::join!(first.graphql(ASK, asking()), second.graphql(ASK, asking()));
        let refused = [one, other].iter().filter(|answer| !answer["errors"].is_null()).count();
        assert_eq!((refused, counts(&app).await[0]), (1, 1));
    }

    async fn a_grant_makes_a_dealer_of_the_applicant_and_hands_him_what_was_named(app: TestApp) {
        stock(&app, &["76360100", "76360101", "76360102", "00417733"]).await;
        let mut customer = app.client(app.customer).await;
        let id = ask(&app, &mut customer).await["id"].clone();
        let mut staff = app.client(app.staff).await;
        let devices = json!({ "orders": ["A"], "serials": "00417733" });
        let seen = staff.data(STOCK, json!({ "devices": devices })).await["dealerStock"].take();
        assert_eq!(seen, json!({ "count": 3, "missing": [], "orders": ["A", "B"] }));
        let input = json!({ "input": { "id": id, "devices": devices } });
        app.pass(TimeDelta::minutes(20));
        assert_eq!(staff.code(GRANT, input.clone()).await, "STEP_UP_REQUIRED");
        let mut staff = app.client(app.staff).await;
        let granted = staff.data(GRANT, input.clone()).await["grantDealerAccess"]["request"].take();
        assert_eq!((&granted["state"], &granted["deviceCount"]), (&json!("GRANTED"), &json!(3)));
        let mail = app.mails().await.into_iter().rfind(|mail| mail.recipient == "k104233@kunde.example").unwrap();
        assert!(mail.text.contains("3 Geräte sind schon für Sie da."), "{}", mail.text);

        let mut customer = app.client(app.customer).await;
        assert_eq!(customer.data(DEVICES, json!({})).await["devices"]["totalCount"], 0, "his own account stays as it was");
        customer.data(SWITCH, json!({ "input": { "accountId": granted["dealerAccountId"] } })).await;
        assert_eq!(serials(&customer.data(DEVICES, json!({})).await), ["00417733", "76360100", "76360101"]);
        let found = customer.data("{ devices(filter: { serialPrefix: \"76360100\" }) { nodes { id } } }", json!({})).await;
        let reveal = json!({ "input": { "deviceId": found["devices"]["nodes"][0]["id"], "name": "DEK" } });
        let shown = customer.data("mutation($input: RevealKeyInput!) { revealKey(input: $input) { key } }", reveal).await;
        assert_eq!(shown["revealKey"]["key"], key_of("76360100").as_str(), "the key opens for its new holder");

        let before = counts(&app).await;
        assert_eq!(staff.code(GRANT, input).await, "CONFLICT");
        assert_eq!(staff.code(REJECT, json!({ "input": { "id": id, "reason": "doch nicht" } })).await, "CONFLICT");
        let mut customer = app.client(app.customer).await;
        customer.data(SWITCH, json!({ "input": { "accountId": app.customer.account } })).await;
        assert_eq!(customer.code(ASK, asking()).await, "CONFLICT");
        assert_eq!(counts(&app).await, before);
    }

    async fn a_grant_that_names_what_is_not_there_changes_nothing(app: TestApp) {
        stock(&app, &["76360100", "76360101", "76360102"]).await;
        give_devices(&app, app.dealer, &["76360999"]).await;
        let id = ask(&app, &mut app.client(app.customer).await).await["id"].clone();
        let mut staff = app.client(app.staff).await;
        let before = counts(&app).await;
        for (devices, field, reason) in [
            (json!({ "orders": ["A", "C"] }), "orders", "NOT_IN_STOCK"),
            (json!({ "orders": ["A"], "serials": "76360102 76360103" }), "serials", "NOT_IN_STOCK"),
            (json!({ "serials": "76360999" }), "serials", "NOT_IN_STOCK"),
            (json!({ "serials": "76360100 417733" }), "serials", "NOT_A_SERIAL"),
        ] {
            let refused = staff.refusal(GRANT, json!({ "input": { "id": id, "devices": devices } })).await;
            assert_eq!((&refused["field"], &refused["reason"]), (&json!(field), &json!(reason)));
        }
        assert_eq!(counts(&app).await, before);
        let seen = staff.data(STOCK, json!({ "devices": { "orders": ["C"], "serials": "76360102,76360999" } })).await;
        assert_eq!((&seen["dealerStock"]["count"], &seen["dealerStock"]["missing"]), (&json!(1), &json!(["C", "76360999"])));
    }

    async fn a_rejection_says_why(app: TestApp) {
        let mut customer = app.client(app.customer).await;
        let id = ask(&app, &mut customer).await["id"].clone();
        let mut staff = app.client(app.staff).await;
        let before = counts(&app).await;
        assert_eq!(staff.code(REJECT, json!({ "input": { "id": id, "reason": " " } })).await, "INVALID");
        assert_eq!(counts(&app).await, before);
        staff.data(REJECT, json!({ "input": { "id": id, "reason": "Bitte die Auftragsnummer nennen." } })).await;
        let own = customer.data(OWN, json!({})).await["dealerRequests"][0].take();
        assert_eq!((&own["state"], &own["reason"]), (&json!("REJECTED"), &json!("Bitte die Auftragsnummer nennen.")));
        let mail = app.mails().await.pop().unwrap();
        assert!(mail.recipient == "k104233@kunde.example" && mail.text.contains("Bitte die Auftragsnummer nennen."), "{}", mail.text);
        ask(&app, &mut customer).await;
    }

    async fn nobody_decides_his_own_request(app: TestApp) {
        let id = ask(&app, &mut app.client(app.customer).await).await["id"].clone();
        let row = dealer_request::Entity::find().one(app.db()).await.unwrap().unwrap();
        let mut own = row.into_active_model();
        own.user_id = Set(app.staff.user);
        own.update(app.db()).await.unwrap();
        let mut staff = app.client(app.staff).await;
        let before = counts(&app).await;
        assert_eq!(staff.code(GRANT, only(&id)).await, "CONFLICT");
        assert_eq!(staff.code(REJECT, json!({ "input": { "id": id, "reason": "nein" } })).await, "CONFLICT");
        assert_eq!(counts(&app).await, before);
    }

    async fn more_devices_go_to_a_dealer_all_or_none(app: TestApp) {
        stock(&app, &["76360100", "76360101", "76360102"]).await;
        give_devices(&app, app.dealer, &["76360102"]).await;
        let mut staff = app.client(app.staff).await;
        let hand = |number: &str, devices: Value| json!({ "input": { "accountNumber": number, "devices": devices } });
        let before = counts(&app).await;
        for (input, field, reason) in [
            (hand("104233", json!({ "orders": ["A"] })), "accountNumber", "NO_DEALER"),
            (hand("999999", json!({ "orders": ["A"] })), "accountNumber", "NO_DEALER"),
            (hand("200014", json!({})), "serials", "NOTHING_SELECTED"),
            (hand("200014", json!({ "orders": ["A", "B"] })), "devices", "DEVICES_HELD"),
        ] {
            let refused = staff.refusal(HAND, input).await;
            assert_eq!((&refused["field"], &refused["reason"]), (&json!(field), &json!(reason)));
        }
        assert_eq!(counts(&app).await, before);
        let done = staff.data(HAND, hand("200014", json!({ "orders": ["A"] }))).await;
        assert_eq!(done["handDevicesToDealer"]["deviceCount"], 2);
        let held = app.client(app.dealer).await.data(DEVICES, json!({})).await;
        assert_eq!(serials(&held), ["76360100", "76360101", "76360102"]);
    }

    async fn an_import_of_the_stock_is_not_undone_once_a_device_of_it_went_to_a_dealer(app: TestApp) {
        stock(&app, &["76360100", "76360101"]).await;
        let mut staff = app.client(app.staff).await;
        let imports = staff.data("{ keyImports { nodes { id } } }", json!({})).await;
        let undo = "mutation($input: UndoKeyImportInput!) { undoKeyImport(input: $input) { import { undoneAt } } }";
        staff.data(HAND, json!({ "input": { "accountNumber": "200014", "devices": { "serials": "76360100" } } })).await;
        let before = counts(&app).await;
        let refused = staff.refusal(undo, only(&imports["keyImports"]["nodes"][0]["id"])).await;
        assert_eq!(refused["reason"], "DEVICE_IN_USE");
        assert_eq!(counts(&app).await, before);
        assert_eq!(app.client(app.dealer).await.data(DEVICES, json!({})).await["devices"]["totalCount"], 1);
    }

    async fn a_page_of_requests_costs_the_same_however_many_there_are(app: TestApp) {
        ask(&app, &mut app.client(app.customer).await).await;
        let mut staff = app.client(app.staff).await;
        let one = app.statements(staff.data(LIST, json!({}))).await;
        ask(&app, &mut app.client(app.stranger).await).await;
        assert_eq!(app.statements(staff.data(LIST, json!({}))).await, one);
    }
}
