//! Devices go from one dealer to another: offered, answered, passed on and given back.
use crate::{
    access::accepted,
    app::{Client, Person, TestApp},
    meter::{give_devices, key_of, serials},
};
use chrono::TimeDelta;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use server::entity::{assignment, audit, device, mail, read_right, transfer, transfer_device};
use shared::id::DeviceId;

const OFFER: &str = "mutation($input: OfferTransferInput!) { offerTransfer(input: $input) { id state deviceCount } }";
const ACCEPT: &str = "mutation($input: TransferInput!) { acceptTransfer(input: $input) { state deviceCount } }";
const DECLINE: &str = "mutation($input: DeclineTransferInput!) { declineTransfer(input: $input) { state } }";
const WITHDRAW: &str = "mutation($input: TransferInput!) { withdrawTransfer(input: $input) { state } }";
const BACK: &str = "mutation($input: GiveDevicesBackInput!) { giveDevicesBack(input: $input) { deviceCount } }";
const LIST: &str = "{ transfers { totalCount nodes { id state isIncoming otherName otherNumber deviceCount heldCount kind rights note reason } } }";
const OF: &str =
    "query($id: TransferId!) { transferDevices(id: $id) { totalCount nodes { serialNumber model orderNumber } } }";
const DEVICES: &str = "{ devices(first: 100) { totalCount nodes { serialNumber } } }";
const REVEAL: &str = "mutation($input: RevealKeyInput!) { revealKey(input: $input) { key } }";
const ASSIGNMENTS: &str = "{ assignments { nodes { email state deviceCount note } } }";
const STRANGER: &str = "k104871@kunde.example";
const NUMBERS: [&str; 3] = ["76348701", "76348702", "76348703"];

fn input(ids: &[DeviceId], kind: &str, rights: &str) -> Value {
    json!({ "input": { "accountNumber": "200015", "kind": kind, "rights": rights, "note": "Gebiet Süd", "selection": { "ids": ids } } })
}

fn only(id: &Value) -> Value {
    json!({ "input": { "id": id } })
}

/// An offer of the dealer to the other one; its id.
async fn offered(app: &TestApp, ids: &[DeviceId], kind: &str, rights: &str) -> Value {
    app.pass(TimeDelta::milliseconds(2)); // so that the newest is the newest for sure
    let data = app.client(app.dealer).await.data(OFFER, input(ids, kind, rights)).await;
    assert_eq!(data["offerTransfer"]["deviceCount"], ids.len());
    data["offerTransfer"]["id"].clone()
}

/// Whether a mail with these words went to somebody.
async fn was_told(app: &TestApp, recipient: &str, words: &[&str]) -> bool {
    let mails = app.mails().await;
    let mut to = mails.iter().filter(|mail| mail.recipient == recipient);
    to.any(|mail| words.iter().all(|words| mail.text.contains(words)))
}

async fn held(app: &TestApp, person: Person) -> Vec<String> {
    let found = app.client(person).await.data(DEVICES, json!({})).await;
    let found: Vec<String> = serials(&found).into_iter().map(ToOwned::to_owned).collect();
    found
}

async fn can_read(app: &TestApp, person: Person, id: DeviceId) -> bool {
    let mut browser: Client = app.client(person).await;
    let answer = browser
        .graphql(REVEAL, json!({ "input": { "deviceId": id, "name": "DEK" } }))
        .await;
    answer["data"]["revealKey"]["key"].is_string()
}

/// How many offers, devices of them, devices of each dealer, assignments in force, rights, mails and acts done there are.
async fn counts(app: &TestApp) -> [u64; 8] {
    let db = app.db();
    let of = |person: Person| device::Entity::find().filter(device::COLUMN.account_id.eq(person.account));
    let open = transfer::Entity::find().filter(transfer::COLUMN.decided_at.is_null());
    let acts = audit::Entity::find()
        .filter(audit::COLUMN.is_allowed.eq(true))
        .filter(audit::COLUMN.act.ne("signIn"));
    [
        open.count(db).await.unwrap(),
        transfer_device::Entity::find().count(db).await.unwrap(),
        of(app.dealer).count(db).await.unwrap(),
        of(app.other_dealer).count(db).await.unwrap(),
        assignment::Entity::find()
            .filter(assignment::COLUMN.revoked_at.is_null())
            .count(db)
            .await
            .unwrap(),
        read_right::Entity::find().count(db).await.unwrap(),
        mail::Entity::find().count(db).await.unwrap(),
        acts.count(db).await.unwrap(),
    ]
}

crate::on_both! {
    async fn devices_go_over_with_their_keys_once_the_other_dealer_accepts(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &NUMBERS).await;
        let id = offered(&app, &ids[..2], "TRANSFER", "KEEP").await;
        assert_eq!(held(&app, app.dealer).await, NUMBERS, "an offer changes nothing");
        let words = ["/transfers", "Haustechnik Brandt & Söhne KG möchte Ihnen 2 Geräte"];
        assert!(was_told(&app, "k200015@kunde.example", &words).await);
        let mut other = app.client(app.other_dealer).await;
        let listed = other.data(LIST, json!({})).await["transfers"]["nodes"][0].take();
        assert_eq!((&listed["isIncoming"], &listed["otherNumber"], &listed["note"]), (&json!(true), &json!("200014"), &json!("Gebiet Süd")));
        let of = other.data(OF, json!({ "id": id })).await["transferDevices"].take();
        assert_eq!((&of["totalCount"], &of["nodes"][0]["serialNumber"]), (&json!(2), &json!("76348701")));
        other.data(ACCEPT, only(&id)).await;
        assert_eq!((held(&app, app.dealer).await, held(&app, app.other_dealer).await), (vec!["76348703".to_owned()], vec!["76348701".to_owned(), "76348702".to_owned()]));
        let key = other.data(REVEAL, json!({ "input": { "deviceId": ids[0], "name": "DEK" } })).await;
        assert_eq!(key["revealKey"]["key"], key_of("76348701").as_str());
        assert!(!can_read(&app, app.dealer, ids[0]).await);
        assert!(was_told(&app, "k200014@kunde.example", &["Angebot über 2 Geräte angenommen"]).await);
        let history = "query($id: DeviceId!) { deviceHistory(id: $id) { nodes { kind who fileName } } }";
        let events = other.data(history, json!({ "id": ids[0] })).await["deviceHistory"]["nodes"].take();
        let handed = json!({ "kind": "HANDED_OVER", "who": "Haustechnik Brandt & Söhne KG", "fileName": null });
        assert!(events.as_array().unwrap().contains(&handed), "{events}");
    }

    async fn readers_keep_what_goes_along_and_the_new_holder_may_end_it(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &NUMBERS).await;
        accepted(&app, app.stranger, STRANGER, &ids, None).await;
        let id = offered(&app, &ids[..2], "TRANSFER", "KEEP").await;
        app.client(app.other_dealer).await.data(ACCEPT, only(&id)).await;
        for device in &ids {
            assert!(can_read(&app, app.stranger, *device).await, "no gap");
        }
        let of = |count: usize| json!([{ "email": STRANGER, "state": "ACTIVE", "deviceCount": count, "note": null }]);
        assert_eq!(app.client(app.dealer).await.data(ASSIGNMENTS, json!({})).await["assignments"]["nodes"], of(1));
        let mut other = app.client(app.other_dealer).await;
        assert_eq!(other.data(ASSIGNMENTS, json!({})).await["assignments"]["nodes"], of(2));
        let right = other.data("{ assignments { nodes { id } } }", json!({})).await["assignments"]["nodes"][0]["id"].clone();
        let revoke = "mutation($input: RevokeReadRightsInput!) { revokeReadRights(input: $input) { assignments { id } } }";
        other.data(revoke, json!({ "input": { "assignmentIds": [right] } })).await;
        assert_eq!((can_read(&app, app.stranger, ids[0]).await, can_read(&app, app.stranger, ids[2]).await), (false, true));
    }

    async fn no_right_of_the_former_holder_outlives_a_hand_over_at_the_same_time_e07(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &NUMBERS).await;
        let id = offered(&app, &ids, "TRANSFER", "END").await;
        let assign = "mutation($input: AssignReadRightsInput!) { assignReadRights(input: $input) { assignments { id } } }";
        let given = json!({ "input": { "selection": { "ids": ids }, "emails": ["anna@example.org"] } });
        let (mut first, mut second, mut other) =
            (app.client(app.dealer).await, app.client(app.dealer).await, app.client(app.other_dealer).await);
        let answers = tokio::join!(
            first.graphql(assign, given.clone()), other.graphql(ACCEPT, only(&id)), second.graphql(assign, given),
        );
        assert_eq!(answers.1["data"]["acceptTransfer"]["state"], "ACCEPTED");
        for answer in [answers.0, answers.2] {
            let code = answer["errors"][0]["extensions"]["code"].as_str();
            assert!(matches!(code, None | Some("NOT_FOUND")), "{answer}");
        }
        let standing = assignment::Entity::find().filter(assignment::COLUMN.revoked_at.is_null());
        assert_eq!(standing.count(app.db()).await.unwrap(), 0, "given before and ended, or not given at all");
        assert_eq!(held(&app, app.other_dealer).await, NUMBERS);
    }

    async fn readers_lose_what_ends_and_keep_the_rest(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &NUMBERS).await;
        accepted(&app, app.stranger, STRANGER, &ids, None).await;
        let id = offered(&app, &ids[..2], "TRANSFER", "END").await;
        assert!(can_read(&app, app.stranger, ids[0]).await);
        app.client(app.other_dealer).await.data(ACCEPT, only(&id)).await;
        assert_eq!((can_read(&app, app.stranger, ids[0]).await, can_read(&app, app.stranger, ids[2]).await), (false, true));
        let mut all = app.client(app.dealer).await.data(ASSIGNMENTS, json!({})).await["assignments"]["nodes"].take();
        all.as_array_mut().unwrap().sort_by_key(|row| row["state"].as_str() != Some("ACTIVE"));
        assert_eq!((&all[0]["state"], &all[0]["deviceCount"]), (&json!("ACTIVE"), &json!(1)));
        assert_eq!(all[1]["state"], "REVOKED", "what was given stays known");
        assert_eq!(app.client(app.other_dealer).await.data(ASSIGNMENTS, json!({})).await["assignments"]["nodes"], json!([]));
    }

    async fn an_offer_that_is_wrong_changes_nothing_e07(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &NUMBERS).await;
        let foreign = give_devices(&app, app.other_dealer, &["76348709"]).await;
        offered(&app, &ids[..1], "TRANSFER", "KEEP").await;
        let mut dealer = app.client(app.dealer).await;
        let before = counts(&app).await;
        for number in ["999999", "104233", "200014", ""] {
            let mut to = input(&ids[1..2], "TRANSFER", "KEEP");
            to["input"]["accountNumber"] = json!(number);
            let refused = dealer.refusal(OFFER, to).await;
            assert_eq!((&refused["field"], &refused["reason"]), (&json!("accountNumber"), &json!("NO_DEALER")), "{number}");
        }
        let refused = dealer.refusal(OFFER, input(&ids[..2], "PASS_ON", "KEEP")).await;
        assert_eq!(refused["reason"], "DEVICES_BOUND", "one of them is offered already");
        assert_eq!(dealer.code(OFFER, input(&[ids[1], foreign[0]], "TRANSFER", "KEEP")).await, "NOT_FOUND");
        assert_eq!(dealer.code(OFFER, input(&[], "TRANSFER", "KEEP")).await, "INVALID");
        let seen = json!({ "input": { "accountNumber": "200015", "kind": "TRANSFER", "rights": "KEEP", "selection": { "filter": { "serialPrefix": "76348702" }, "expectedCount": 2 } } });
        assert_eq!(dealer.code(OFFER, seen).await, "CONFLICT");
        let mut long = input(&ids[1..2], "TRANSFER", "KEEP");
        long["input"]["note"] = json!("x".repeat(501));
        assert_eq!(dealer.refusal(OFFER, long).await["field"], "note");
        app.pass(TimeDelta::minutes(20));
        assert_eq!(dealer.code(OFFER, input(&ids[1..2], "TRANSFER", "KEEP")).await, "STEP_UP_REQUIRED");
        assert_eq!(counts(&app).await, before);
    }

    async fn an_offer_is_answered_once_by_the_one_it_is_to(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &NUMBERS).await;
        let id = offered(&app, &ids, "TRANSFER", "KEEP").await;
        let mut dealer = app.client(app.dealer).await;
        let mut other = app.client(app.other_dealer).await;
        let before = counts(&app).await;
        assert_eq!(dealer.code(ACCEPT, only(&id)).await, "NOT_FOUND");
        assert_eq!(dealer.code(DECLINE, only(&id)).await, "NOT_FOUND");
        assert_eq!(other.code(WITHDRAW, only(&id)).await, "NOT_FOUND");
        assert_eq!(other.code(DECLINE, json!({ "input": { "id": id, "reason": "x".repeat(501) } })).await, "INVALID");
        assert_eq!(counts(&app).await, before);
        other.data(DECLINE, json!({ "input": { "id": id, "reason": "Falsches Gebiet." } })).await;
        assert!(was_told(&app, "k200014@kunde.example", &["3 Geräte abgelehnt. Falsches Gebiet."]).await);
        let second = offered(&app, &ids, "TRANSFER", "KEEP").await;
        dealer.data(WITHDRAW, only(&second)).await;
        let before = counts(&app).await;
        for id in [&id, &second] {
            assert_eq!(other.code(ACCEPT, only(id)).await, "CONFLICT");
            assert_eq!(dealer.code(WITHDRAW, only(id)).await, "CONFLICT");
        }
        assert_eq!(counts(&app).await, before);
        assert_eq!(other.data(OF, json!({ "id": id })).await["transferDevices"]["totalCount"], 0, "what came to nothing shows nothing");
    }

    async fn an_offer_ends_after_thirty_days(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &NUMBERS).await;
        let id = offered(&app, &ids, "TRANSFER", "KEEP").await;
        app.pass(TimeDelta::days(30));
        let mut other = app.client(app.other_dealer).await;
        assert_eq!(other.data(LIST, json!({})).await["transfers"]["nodes"][0]["state"], "EXPIRED");
        let before = counts(&app).await;
        assert_eq!(other.code(ACCEPT, only(&id)).await, "CONFLICT");
        assert_eq!(counts(&app).await, before);
        offered(&app, &ids, "TRANSFER", "KEEP").await;
    }

    async fn what_the_recipient_holds_already_is_not_taken_over(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &NUMBERS).await;
        give_devices(&app, app.other_dealer, &["76348702"]).await;
        accepted(&app, app.stranger, STRANGER, &ids, None).await;
        let id = offered(&app, &ids, "TRANSFER", "END").await;
        let mut other = app.client(app.other_dealer).await;
        let before = counts(&app).await;
        let refused = other.refusal(ACCEPT, only(&id)).await;
        assert_eq!((&refused["field"], &refused["reason"]), (&json!("devices"), &json!("DEVICES_HELD")));
        assert_eq!(counts(&app).await, before);
        assert!(can_read(&app, app.stranger, ids[0]).await);
    }

    async fn a_sub_dealer_holds_what_was_passed_on_until_it_is_taken_back_in_part_or_given_back(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &NUMBERS).await;
        let id = offered(&app, &ids, "PASS_ON", "KEEP").await;
        let mut sub_dealer = app.client(app.other_dealer).await;
        sub_dealer.data(ACCEPT, only(&id)).await;
        assert_eq!((held(&app, app.dealer).await.len(), held(&app, app.other_dealer).await.len()), (0, 3));
        let give = "mutation($input: AssignReadRightsInput!) { assignReadRights(input: $input) { assignments { id } } }";
        sub_dealer.data(give, json!({ "input": { "emails": ["anna@example.org"], "selection": { "ids": [ids[0]] } } })).await;

        let before = counts(&app).await;
        let mut further = input(&ids[..1], "PASS_ON", "KEEP");
        further["input"]["accountNumber"] = json!("200014");
        assert_eq!(sub_dealer.refusal(OFFER, further).await["reason"], "DEVICES_BOUND", "what was passed on is passed on to nobody");
        let mut dealer = app.client(app.dealer).await;
        let back = |serials: Option<&str>| json!({ "input": { "id": id, "rights": "KEEP", "serials": serials } });
        for (serials, reason) in [("76348701 7634", "NOT_A_SERIAL"), ("76348701 76349999", "NOT_IN_STOCK")] {
            let refused = dealer.refusal(BACK, back(Some(serials))).await;
            assert_eq!((&refused["field"], &refused["reason"]), (&json!("serials"), &json!(reason)));
        }
        assert_eq!(app.client(app.stranger).await.code(BACK, back(None)).await, "FORBIDDEN");
        assert_eq!(counts(&app).await, before);

        let done = dealer.data(BACK, back(Some("76348701"))).await;
        assert_eq!(done["giveDevicesBack"]["deviceCount"], 1);
        assert!(was_told(&app, "k200015@kunde.example", &["hat ein Gerät zurückgenommen"]).await);
        let given = dealer.data(ASSIGNMENTS, json!({})).await;
        assert_eq!(given["assignments"]["nodes"][0]["email"], "anna@example.org", "the right came along");
        assert_eq!(dealer.data(LIST, json!({})).await["transfers"]["nodes"][0]["heldCount"], 2);
        let done = sub_dealer.data(BACK, back(None)).await;
        assert_eq!(done["giveDevicesBack"]["deviceCount"], 2);
        assert_eq!((held(&app, app.dealer).await, held(&app, app.other_dealer).await.len()), (NUMBERS.map(ToOwned::to_owned).to_vec(), 0));
        let before = counts(&app).await;
        assert_eq!(dealer.code(BACK, back(None)).await, "CONFLICT");
        assert_eq!(counts(&app).await, before);
        offered(&app, &ids, "TRANSFER", "KEEP").await;
    }

    async fn what_went_over_for_good_does_not_come_back(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &NUMBERS).await;
        let id = offered(&app, &ids, "TRANSFER", "KEEP").await;
        app.client(app.other_dealer).await.data(ACCEPT, only(&id)).await;
        let before = counts(&app).await;
        let back = json!({ "input": { "id": id, "rights": "KEEP" } });
        assert_eq!(app.client(app.dealer).await.code(BACK, back).await, "CONFLICT");
        assert_eq!(counts(&app).await, before);
    }

    async fn three_thousand_devices_take_as_many_statements_as_three_and_counts_stay_right(app: TestApp) {
        let many: Vec<String> = (0..3_000).map(|number| format!("5{number:07}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        give_devices(&app, app.dealer, &many).await;
        let few = give_devices(&app, app.dealer, &NUMBERS).await;
        let all = json!({ "input": { "accountNumber": "200015", "kind": "TRANSFER", "rights": "KEEP", "selection": { "filter": { "serialPrefix": "5" }, "expectedCount": 3_000 } } });
        let mut dealer = app.client(app.dealer).await;
        let much = app.statements(dealer.data(OFFER, all)).await;
        app.pass(TimeDelta::milliseconds(2));
        let little = app.statements(dealer.data(OFFER, input(&few, "TRANSFER", "KEEP"))).await;
        assert!(much <= little + 1, "{much} and {little}");
        let mut other = app.client(app.other_dealer).await;
        let listed = other.data(LIST, json!({})).await["transfers"]["nodes"].take();
        let (of_few, of_many) = (&listed[0]["id"], &listed[1]["id"]);
        let much = app.statements(other.data(ACCEPT, only(of_many))).await;
        let little = app.statements(other.data(ACCEPT, only(of_few))).await;
        assert_eq!(much, little);
        assert_eq!(other.data(DEVICES, json!({})).await["devices"]["totalCount"], 3_003);
        assert_eq!(dealer.data(DEVICES, json!({})).await["devices"]["totalCount"], 0);
        let one = app.statements(other.data(LIST, json!({}))).await;
        let ids = give_devices(&app, app.dealer, &["76348799"]).await;
        offered(&app, &ids, "TRANSFER", "KEEP").await;
        assert_eq!(app.statements(other.data(LIST, json!({}))).await, one, "a page costs the same");
    }
}
