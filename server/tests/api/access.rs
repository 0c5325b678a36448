//! Read rights: given by dealers, accepted by the people they are for, ended.
use crate::{
    app::{ORIGIN, PASSWORD, Person, TestApp},
    meter::{actor, give_devices, key_of, serials},
};
use chrono::{NaiveDate, TimeDelta};
use sea_orm::{EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use server::{
    access::{self, NewAssignment},
    actor::Actor,
    entity::{assignment, audit, link, mail, read_right},
    meter::{DeviceFilter, DeviceSelection},
};
use shared::{account::AccountKind, id::DeviceId};

const ASSIGN: &str = "mutation($input: AssignReadRightsInput!) { assignReadRights(input: $input) {
    assignment { id email state deviceCount until note createdAt } } }";
const ACCEPT: &str = "mutation($input: AcceptReadRightsInput!) { acceptReadRights(input: $input) { deviceCount viewer { deviceCount } } }";
const REVOKE: &str = "mutation($input: RevokeAssignmentInput!) { revokeAssignment(input: $input) { assignment { id state deviceCount } } }";
const REGISTER: &str = "mutation($input: CompleteRegistrationInput!) { completeRegistration(input: $input) { viewer { email deviceCount } } }";
const LINK: &str =
    "query($token: String!) { link(token: $token) { purpose email from deviceCount until needsRegistration } }";
const ASSIGNMENTS: &str = "query($state: ReadRightState, $first: Int, $after: String) { assignments(state: $state, first: $first, after: $after) {
    nodes { email state deviceCount } totalCount pageInfo { endCursor hasNextPage } } }";
const DEVICES: &str = "query($filter: DeviceFilter) { devices(filter: $filter) { totalCount nodes {
    serialNumber readableUntil readableThrough viewerCanAssign viewerCanReveal readRights { email state } } } }";
const DEVICE: &str = "query($id: DeviceId!) { device(id: $id) { serialNumber } }";
const REVEAL: &str = "mutation($input: RevealKeyInput!) { revealKey(input: $input) { key } }";

const STRANGER: &str = "k104871@kunde.example";

fn to(email: &str, ids: &[DeviceId]) -> Value {
    json!({ "input": { "email": email, "selection": { "ids": ids } } })
}

fn token_input(token: &str) -> Value {
    json!({ "input": { "token": token } })
}

fn reveal_input(device: DeviceId) -> Value {
    json!({ "input": { "deviceId": device, "name": "DEK" } })
}

/// The token in the newest mail, to its only recipient.
async fn token_for(app: &TestApp, email: &str) -> String {
    let mail = app.mails().await.pop().unwrap();
    assert_eq!(mail.recipient, email);
    app.pass(TimeDelta::milliseconds(1)); // so that the next mail is the newest for sure
    let link = mail
        .text
        .split_whitespace()
        .find_map(|word| word.strip_prefix(&format!("{ORIGIN}/invitation#")));
    link.unwrap().to_owned()
}

/// Gives the right to read all devices of the actor.
pub async fn assign_all(app: &TestApp, actor: &Actor, email: &str) {
    let selection = DeviceSelection {
        filter: Some(DeviceFilter::default()),
        ..DeviceSelection::default()
    };
    let new = NewAssignment {
        selection,
        email: email.to_owned(),
        until: None,
        note: None,
    };
    access::assign(&app.app, actor, new).await.unwrap();
}

/// Gives somebody who is registered a right and accepts it for him; gives the id of the assignment.
async fn accepted(app: &TestApp, reader: Person, email: &str, ids: &[DeviceId], until: Option<&str>) -> Value {
    let input = json!({ "input": { "email": email, "selection": { "ids": ids }, "until": until } });
    let data = app.client(app.dealer).await.data(ASSIGN, input).await;
    let token = token_for(app, email).await;
    let accepted = app.client(reader).await.data(ACCEPT, token_input(&token)).await;
    assert_eq!(accepted["acceptReadRights"]["deviceCount"], ids.len());
    data["assignReadRights"]["assignment"]["id"].clone()
}

/// How many assignments, rights, links, mails and audit rows there are.
async fn counts(app: &TestApp) -> [u64; 5] {
    [
        assignment::Entity::find().count(app.db()).await.unwrap(),
        read_right::Entity::find().count(app.db()).await.unwrap(),
        link::Entity::find().count(app.db()).await.unwrap(),
        mail::Entity::find().count(app.db()).await.unwrap(),
        audit::Entity::find()
            .filter(audit::COLUMN.act.ne("signIn"))
            .count(app.db())
            .await
            .unwrap(),
    ]
}

crate::on_both! {
    async fn whoever_is_not_registered_gets_a_mail_registers_and_reads_exactly_what_was_given(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702", "76348703"]).await;
        let input = json!({ "input": {
            "email": " Mara.Lehmann@Example.org ", "selection": { "ids": [ids[0], ids[2]] }, "until": "2026-12-31", "note": " Haus 4 ",
        }});
        let data = app.client(app.dealer).await.data(ASSIGN, input).await;
        let mut given = data["assignReadRights"]["assignment"].clone();
        given.as_object_mut().unwrap().remove("id");
        assert_eq!(given, json!({
            "email": "mara.lehmann@example.org", "state": "PENDING", "deviceCount": 2, "until": "2026-12-31", "note": "Haus 4",
            "createdAt": "2026-11-23T09:00:00+00:00",
        }));
        let token = token_for(&app, "mara.lehmann@example.org").await;
        assert_eq!(token.len(), 43, "256 bits in base64url");

        let mut browser = app.anonymous();
        let looked = browser.data(LINK, json!({ "token": token })).await;
        assert_eq!(looked["link"], json!({
            "purpose": "ASSIGNMENT", "email": "mara.lehmann@example.org", "from": "Haustechnik Brandt & Söhne KG", "deviceCount": 2,
            "until": "2026-12-31", "needsRegistration": true,
        }));
        let registration = json!({ "input": { "token": token, "password": PASSWORD, "name": "Mara", "language": "DE" } });
        let registered = browser.data(REGISTER, registration).await;
        assert_eq!(registered["completeRegistration"]["viewer"], json!({ "email": "mara.lehmann@example.org", "deviceCount": 2 }));

        let devices = browser.data(DEVICES, json!({})).await;
        let device = |serial: &str| json!({
            "serialNumber": serial, "readableUntil": "2026-12-31", "readableThrough": "Haustechnik Brandt & Söhne KG",
            "viewerCanAssign": false, "viewerCanReveal": true, "readRights": [],
        });
        assert_eq!(devices["devices"], json!({ "totalCount": 2, "nodes": [device("76348701"), device("76348703")] }));
        let revealed = browser.data(REVEAL, reveal_input(ids[0])).await;
        assert_eq!(revealed["revealKey"]["key"], key_of("76348701"));
        assert_eq!(browser.code(REVEAL, reveal_input(ids[1])).await, "NOT_FOUND");
        assert_eq!(browser.code(DEVICE, json!({ "id": ids[1] })).await, "NOT_FOUND");
        assert_eq!(browser.refusal(LINK, json!({ "token": token })).await["reason"], "LINK_INVALID");
    }

    async fn whoever_is_registered_accepts_once_for_the_account_in_view(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        app.client(app.dealer).await.data(ASSIGN, to(STRANGER, &ids[..1])).await;
        let token = token_for(&app, STRANGER).await;
        let mut browser = app.client(app.stranger).await;
        assert_eq!(browser.data(LINK, json!({ "token": token })).await["link"]["needsRegistration"], false);
        assert_eq!(serials(&browser.data(DEVICES, json!({})).await), Vec::<&str>::new());
        let accepted = browser.data(ACCEPT, token_input(&token)).await;
        assert_eq!(accepted["acceptReadRights"], json!({ "deviceCount": 1, "viewer": { "deviceCount": 1 } }));
        assert_eq!(serials(&browser.data(DEVICES, json!({})).await), ["76348701"]);
        let again = browser.refusal(ACCEPT, token_input(&token)).await;
        assert_eq!((&again["code"], &again["field"], &again["reason"]), (&json!("INVALID"), &json!("token"), &json!("LINK_INVALID")));
        let register = json!({ "input": { "token": token, "password": PASSWORD, "language": "DE" } });
        assert_eq!(app.anonymous().refusal(REGISTER, register).await["reason"], "LINK_INVALID");
    }

    async fn a_link_counts_for_its_address_only_and_stays_good_when_others_try(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        app.client(app.dealer).await.data(ASSIGN, to(STRANGER, &ids)).await;
        let token = token_for(&app, STRANGER).await;
        let before = counts(&app).await;
        for person in [app.customer, app.bookkeeper, app.other_dealer, app.dealer, app.staff] {
            assert_eq!(app.client(person).await.code(ACCEPT, token_input(&token)).await, "FORBIDDEN");
        }
        assert_eq!(app.anonymous().code(ACCEPT, token_input(&token)).await, "UNAUTHENTICATED");
        let register = json!({ "input": { "token": token, "password": PASSWORD, "language": "DE" } });
        assert_eq!(app.anonymous().refusal(REGISTER, register).await["reason"], "ALREADY_REGISTERED");
        assert_eq!(counts(&app).await, before);
        assert_eq!(app.client(app.customer).await.data(DEVICES, json!({})).await["devices"]["totalCount"], 0);
        assert_eq!(app.client(app.stranger).await.data(ACCEPT, token_input(&token)).await["acceptReadRights"]["deviceCount"], 1);
    }

    async fn the_answer_is_the_same_whether_the_address_is_registered_or_not(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let mut browser = app.client(app.dealer).await;
        let mut answers = Vec::new();
        let mut statements = Vec::new();
        for email in [STRANGER, "nobody@example.org"] {
            let mut answer = Value::Null;
            let work = async { answer = browser.data(ASSIGN, to(email, &ids)).await };
            statements.push(app.statements(work).await);
            let given = answer["assignReadRights"]["assignment"].as_object_mut().unwrap();
            assert_eq!((given.remove("email"), given.remove("id").is_some()), (Some(json!(email)), true));
            answers.push(answer);
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!(statements[0], statements[1]);
        let mails: Vec<_> = app.mails().await.into_iter().map(|mail| mail.subject).collect();
        assert_eq!((mails.len(), &mails[0]), (2, &mails[1]));
    }

    async fn one_foreign_device_in_a_selection_and_nothing_is_given(app: TestApp) {
        let mut ids = give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        let foreign = give_devices(&app, app.other_dealer, &["76348703"]).await;
        let before = counts(&app).await;
        let mut browser = app.client(app.dealer).await;
        for stray in [foreign[0], DeviceId(app.app.new_id())] {
            ids.push(stray);
            assert_eq!(browser.code(ASSIGN, to("anna@example.org", &ids)).await, "NOT_FOUND");
            ids.pop();
        }
        assert_eq!(counts(&app).await, before);
        browser.data(ASSIGN, to("anna@example.org", &ids)).await;
        assert_eq!(counts(&app).await, [1, 2, 1, 1, before[4] + 1]);
    }

    async fn what_is_wrong_with_an_assignment_is_said_by_field_and_changes_nothing(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let before = counts(&app).await;
        let mut browser = app.client(app.dealer).await;
        let good = json!({ "email": "anna@example.org", "selection": { "ids": ids }, "until": "2026-11-23", "note": "ä".repeat(500) });
        for (field, value, reason) in [
            ("email", json!("anna"), "NOT_AN_EMAIL"),
            ("email", json!("anna@example.org\r\nBcc: eve@example.org"), "NOT_AN_EMAIL"),
            ("until", json!("2026-11-22"), "DATE_IN_PAST"),
            ("note", json!("ä".repeat(501)), "TOO_LONG"),
            ("selection", json!({}), "NOTHING_SELECTED"),
            ("selection", json!({ "ids": [] }), "NOTHING_SELECTED"),
            ("selection", json!({ "ids": ids, "filter": {} }), "NOTHING_SELECTED"),
            ("selection", json!({ "ids": ids, "except": ids }), "NOTHING_SELECTED"),
            ("selection", json!({ "filter": {}, "except": ids }), "NOTHING_SELECTED"),
            ("selection", json!({ "filter": { "serialPrefix": "9" } }), "NOTHING_SELECTED"),
        ] {
            let mut input = good.clone();
            input[field] = value;
            let refusal = browser.refusal(ASSIGN, json!({ "input": input })).await;
            assert_eq!((&refusal["code"], &refusal["field"], &refusal["reason"]), (&json!("INVALID"), &json!(field), &json!(reason)));
        }
        assert_eq!(counts(&app).await, before);
        browser.data(ASSIGN, json!({ "input": good })).await;
    }

    async fn all_that_match_a_filter_but_for_exceptions_take_one_statement_more_or_less(app: TestApp) {
        let numbers: Vec<_> = (0..1000).map(|n| format!("5000{n:04}")).collect();
        let ids = give_devices(&app, app.dealer, &numbers.iter().map(String::as_str).collect::<Vec<_>>()).await;
        give_devices(&app, app.other_dealer, &["50001000"]).await;
        let mut browser = app.client(app.dealer).await;
        let mut statements = Vec::new();
        for (prefix, expected) in [("5000000", 9), ("", 999)] {
            let input = json!({ "input": {
                "email": "anna@example.org", "selection": { "filter": { "serialPrefix": prefix }, "except": [ids[3]] },
            }});
            let mut data = Value::Null;
            statements.push(app.statements(async { data = browser.data(ASSIGN, input).await }).await);
            assert_eq!(data["assignReadRights"]["assignment"]["deviceCount"], expected);
        }
        assert_eq!(statements[0], statements[1]);
        let rights = read_right::Entity::find().all(app.db()).await.unwrap();
        assert_eq!(rights.len(), 9 + 999);
        assert!(rights.iter().all(|right| right.device_id != ids[3] && ids.contains(&right.device_id)));
    }

    async fn a_right_counts_through_its_last_day_and_not_a_moment_longer(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        accepted(&app, app.stranger, STRANGER, &ids, Some("2026-11-24")).await;
        app.app.clock.set("2026-11-24T23:59:59Z".parse().unwrap());
        let mut browser = app.client(app.stranger).await;
        assert_eq!(browser.data(REVEAL, reveal_input(ids[0])).await["revealKey"]["key"], key_of("76348701"));
        app.app.clock.set("2026-11-25T00:00:00Z".parse().unwrap());
        assert_eq!(browser.code(REVEAL, reveal_input(ids[0])).await, "NOT_FOUND");
        assert_eq!(browser.code(DEVICE, json!({ "id": ids[0] })).await, "NOT_FOUND");
        assert_eq!(browser.data(DEVICES, json!({})).await["devices"], json!({ "totalCount": 0, "nodes": [] }));
        let ended = app.client(app.dealer).await.data(ASSIGNMENTS, json!({})).await;
        assert_eq!(ended["assignments"]["nodes"], json!([{ "email": STRANGER, "state": "ENDED", "deviceCount": 0 }]));
    }

    async fn a_revoked_right_ends_on_the_next_request(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let id = accepted(&app, app.stranger, STRANGER, &ids, None).await;
        let mut browser = app.client(app.stranger).await;
        let seen = browser.data(DEVICES, json!({})).await;
        assert_eq!(seen["devices"]["nodes"][0]["readableUntil"], Value::Null);
        assert_eq!(browser.data(REVEAL, reveal_input(ids[0])).await["revealKey"]["key"], key_of("76348701"));
        let revoked = app.client(app.dealer).await.data(REVOKE, json!({ "input": { "id": id } })).await;
        assert_eq!(revoked["revokeAssignment"]["assignment"], json!({ "id": id, "state": "ENDED", "deviceCount": 0 }));
        assert_eq!(browser.code(REVEAL, reveal_input(ids[0])).await, "NOT_FOUND");
        assert_eq!(browser.data(DEVICES, json!({})).await["devices"], json!({ "totalCount": 0, "nodes": [] }));
        assert_eq!(app.client(app.dealer).await.code(REVOKE, json!({ "input": { "id": id } })).await, "CONFLICT");
    }

    async fn only_the_dealer_himself_revokes(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let id = accepted(&app, app.stranger, STRANGER, &ids, None).await;
        let input = json!({ "input": { "id": id } });
        for (person, code) in [(app.other_dealer, "NOT_FOUND"), (app.stranger, "FORBIDDEN"), (app.staff, "FORBIDDEN")] {
            assert_eq!(app.client(person).await.code(REVOKE, input.clone()).await, code);
        }
        assert_eq!(assignment::Entity::find().one(app.db()).await.unwrap().unwrap().revoked_at, None);
    }

    async fn a_pending_link_dies_with_its_assignment_its_last_day_and_after_a_week(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let mut dealer = app.client(app.dealer).await;
        let mut reader = app.client(app.stranger).await;

        let given = dealer.data(ASSIGN, to(STRANGER, &ids)).await;
        let revoked = token_for(&app, STRANGER).await;
        dealer.data(REVOKE, json!({ "input": { "id": given["assignReadRights"]["assignment"]["id"] } })).await;
        assert_eq!(reader.refusal(LINK, json!({ "token": revoked })).await["reason"], "LINK_INVALID");
        assert_eq!(reader.refusal(ACCEPT, token_input(&revoked)).await["reason"], "LINK_INVALID");

        dealer.data(ASSIGN, json!({ "input": { "email": STRANGER, "selection": { "ids": ids }, "until": "2026-11-23" } })).await;
        let today = token_for(&app, STRANGER).await;
        dealer.data(ASSIGN, to(STRANGER, &ids)).await;
        let week = token_for(&app, STRANGER).await;
        app.app.clock.set("2026-11-24T00:00:00Z".parse().unwrap());
        let mut reader = app.client(app.stranger).await;
        assert_eq!(reader.refusal(ACCEPT, token_input(&today)).await["reason"], "LINK_INVALID");
        app.app.clock.set("2026-11-30T09:00:01Z".parse().unwrap());
        let mut reader = app.client(app.stranger).await;
        assert_eq!(reader.refusal(ACCEPT, token_input(&week)).await["reason"], "LINK_INVALID");
        app.app.clock.set("2026-11-30T09:00:00Z".parse().unwrap());
        assert_eq!(reader.data(ACCEPT, token_input(&week)).await["acceptReadRights"]["deviceCount"], 1);
    }

    async fn of_two_who_use_a_link_at_once_one_gets_it(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        app.client(app.dealer).await.data(ASSIGN, to(STRANGER, &ids)).await;
        let token = token_for(&app, STRANGER).await;
        let (mut one, mut two) = (app.client(app.stranger).await, app.client(app.stranger).await);
        let answers = tokio::join!(one.graphql(ACCEPT, token_input(&token)), two.graphql(ACCEPT, token_input(&token)));
        let refused = [&answers.0, &answers.1].iter().filter(|answer| answer["errors"][0]["extensions"]["reason"] == "LINK_INVALID").count();
        assert_eq!(refused, 1, "{answers:?}");
    }

    async fn the_token_is_stored_nowhere_but_in_the_mail(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let answer = app.client(app.dealer).await.data(ASSIGN, to("anna@example.org", &ids)).await;
        let token = token_for(&app, "anna@example.org").await;
        let row = link::Entity::find().one(app.db()).await.unwrap().unwrap();
        assert_eq!((row.token_hash.len(), row.email.as_str()), (32, "anna@example.org"));
        assert_eq!(row.expires_at - row.created_at, TimeDelta::days(7));
        let audit = audit::Entity::find().all(app.db()).await.unwrap();
        assert!(!format!("{answer} {row:?} {audit:?}").contains(&token));
    }

    async fn a_dealer_sees_what_is_pending_in_force_and_over(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        let mut dealer = app.client(app.dealer).await;
        let over = accepted(&app, app.customer, "k104233@kunde.example", &ids, None).await;
        dealer.data(REVOKE, json!({ "input": { "id": over } })).await;
        app.pass(TimeDelta::seconds(1));
        accepted(&app, app.stranger, STRANGER, &ids[..1], None).await;
        app.pass(TimeDelta::seconds(1));
        dealer.data(ASSIGN, to("anna@example.org", &ids)).await;

        let row = |email: &str, state: &str, count: u32| json!({ "email": email, "state": state, "deviceCount": count });
        let pending = row("anna@example.org", "PENDING", 2);
        let active = row(STRANGER, "ACTIVE", 1);
        let ended = row("k104233@kunde.example", "ENDED", 0);
        for (state, expected) in [
            (Value::Null, json!([pending, active, ended])),
            (json!("PENDING"), json!([pending])),
            (json!("ACTIVE"), json!([active])),
            (json!("ENDED"), json!([ended])),
        ] {
            let list = dealer.data(ASSIGNMENTS, json!({ "state": state })).await;
            assert_eq!(list["assignments"]["nodes"], expected);
            assert_eq!(list["assignments"]["totalCount"], expected.as_array().unwrap().len());
        }
        let first = dealer.data(ASSIGNMENTS, json!({ "first": 2 })).await;
        assert_eq!(first["assignments"]["nodes"], json!([pending, active]));
        let after = &first["assignments"]["pageInfo"]["endCursor"];
        let last = dealer.data(ASSIGNMENTS, json!({ "first": 2, "after": after })).await;
        assert_eq!((&last["assignments"]["nodes"], &last["assignments"]["pageInfo"]["hasNextPage"]), (&json!([ended]), &json!(false)));
        assert_eq!(app.client(app.other_dealer).await.data(ASSIGNMENTS, json!({})).await["assignments"]["totalCount"], 0);

        for (assigned, expected) in [("FREE", vec![]), ("PENDING", vec!["76348701", "76348702"]), ("ACTIVE", vec!["76348701"])] {
            let found = dealer.data(DEVICES, json!({ "filter": { "assigned": assigned } })).await;
            assert_eq!(serials(&found), expected, "{assigned}");
        }
        let devices = dealer.data(DEVICES, json!({})).await;
        let right = |email: &str, state: &str| json!({ "email": email, "state": state });
        assert_eq!(devices["devices"]["nodes"][0]["readRights"], json!([right("anna@example.org", "PENDING"), right(STRANGER, "ACTIVE")]));
        assert_eq!(devices["devices"]["nodes"][1]["readRights"], json!([right("anna@example.org", "PENDING")]));
        assert_eq!(devices["devices"]["nodes"][0]["viewerCanAssign"], true);
    }

    async fn a_device_shows_its_ten_newest_rights(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        let mut dealer = app.client(app.dealer).await;
        for number in 0..12 {
            app.pass(TimeDelta::milliseconds(1));
            dealer.data(ASSIGN, to(&format!("a{number}@example.org"), &ids[..1])).await;
        }
        let devices = dealer.data(DEVICES, json!({})).await;
        let emails: Vec<_> = devices["devices"]["nodes"][0]["readRights"].as_array().unwrap().iter().map(|right| right["email"].as_str().unwrap()).collect();
        let expected: Vec<_> = (2..12).rev().map(|number| format!("a{number}@example.org")).collect();
        assert_eq!(emails, expected);
        assert_eq!(devices["devices"]["nodes"][1]["readRights"], json!([]));
    }

    async fn a_reader_learns_nothing_of_the_rights_of_others(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        accepted(&app, app.stranger, STRANGER, &ids, None).await;
        app.client(app.dealer).await.data(ASSIGN, to("anna@example.org", &ids)).await;
        let mut browser = app.client(app.stranger).await;
        assert_eq!(browser.data(DEVICES, json!({})).await["devices"]["nodes"][0]["readRights"], json!([]));
        for assigned in ["FREE", "PENDING", "ACTIVE"] {
            let found = browser.data(DEVICES, json!({ "filter": { "assigned": assigned } })).await;
            assert_eq!(found["devices"]["totalCount"], 0, "{assigned}");
        }
    }

    async fn of_several_rights_the_one_that_lasts_longest_is_shown(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let shown = async |app: &TestApp| app.client(app.stranger).await.data(DEVICES, json!({})).await["devices"].clone();
        for (until, expected) in [
            (Some("2026-12-01"), json!("2026-12-01")),
            (Some("2027-06-30"), json!("2027-06-30")),
            (Some("2027-01-01"), json!("2027-06-30")),
            (None, Value::Null),
            (Some("2027-02-01"), Value::Null),
        ] {
            accepted(&app, app.stranger, STRANGER, &ids, until).await;
            let devices = shown(&app).await;
            assert_eq!((&devices["totalCount"], &devices["nodes"][0]["readableUntil"]), (&json!(1), &expected));
        }
    }

    async fn a_page_of_a_hundred_costs_a_reader_as_many_statements_as_one_of_ten(app: TestApp) {
        const PAGE: &str = "query($first: Int) { devices(first: $first) { totalCount nodes {
            serialNumber keyNames readableUntil readableThrough viewerCanReveal readRights { email } } } }";
        let numbers: Vec<_> = (0..120).map(|n| format!("50000{n:03}")).collect();
        give_devices(&app, app.dealer, &numbers.iter().map(String::as_str).collect::<Vec<_>>()).await;
        assign_all(&app, &actor(&app, app.dealer, AccountKind::Dealer), STRANGER).await;
        let token = token_for(&app, STRANGER).await;
        let mut browser = app.client(app.stranger).await;
        browser.data(ACCEPT, token_input(&token)).await;
        let mut page = Value::Null;
        let ten = app.statements(async { page = browser.data(PAGE, json!({ "first": 10 })).await }).await;
        assert_eq!((page["devices"]["nodes"].as_array().unwrap().len(), &page["devices"]["totalCount"]), (10, &json!(120)));
        let hundred = app.statements(async { page = browser.data(PAGE, json!({ "first": 100 })).await }).await;
        assert_eq!(page["devices"]["nodes"][99]["readableThrough"], "Haustechnik Brandt & Söhne KG");
        assert_eq!(ten, hundred);
    }

    async fn a_page_of_a_hundred_assignments_costs_as_many_statements_as_one_of_ten(app: TestApp) {
        give_devices(&app, app.dealer, &["76348701"]).await;
        let dealer = actor(&app, app.dealer, AccountKind::Dealer);
        for number in 0..100 {
            assign_all(&app, &dealer, &format!("a{number}@example.org")).await;
        }
        let mut browser = app.client(app.dealer).await;
        let ten = app.statements(browser.data(ASSIGNMENTS, json!({ "first": 10 }))).await;
        let hundred = app.statements(browser.data(ASSIGNMENTS, json!({ "first": 100 }))).await;
        assert_eq!(ten, hundred);
    }

    async fn a_dealer_may_read_what_another_dealer_gave_him_besides_his_own(app: TestApp) {
        let own = give_devices(&app, app.other_dealer, &["76348700"]).await;
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        accepted(&app, app.other_dealer, "k200015@kunde.example", &ids, None).await;
        let mut browser = app.client(app.other_dealer).await;
        let devices = browser.data(DEVICES, json!({})).await;
        let shown = |serial: &str, through: Option<&str>, assign: bool| json!({
            "serialNumber": serial, "readableUntil": null, "readableThrough": through, "viewerCanAssign": assign, "viewerCanReveal": true, "readRights": [],
        });
        assert_eq!(devices["devices"]["nodes"], json!([
            shown("76348700", None, true), shown("76348701", Some("Haustechnik Brandt & Söhne KG"), false),
        ]));
        assert_eq!(browser.data(REVEAL, reveal_input(own[0])).await["revealKey"]["key"], key_of("76348700"));
        assert_eq!(browser.data(REVEAL, reveal_input(ids[0])).await["revealKey"]["key"], key_of("76348701"));
        assert_eq!(browser.code(ASSIGN, to("anna@example.org", &ids)).await, "NOT_FOUND");
    }
}

#[test]
fn where_an_assignment_stands_depends_on_the_day() {
    use shared::device::ReadRightState::{Active, Ended, Pending};
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let at = crate::app::now();
    let row = |until: Option<&str>, accepted: bool, revoked: bool| assignment::Model {
        id: shared::id::AssignmentId(uuid::Uuid::nil()),
        account_id: shared::id::AccountId(uuid::Uuid::nil()),
        user_id: shared::id::UserId(uuid::Uuid::nil()),
        email: "anna@example.org".to_owned(),
        reader_account_id: None,
        until: until.map(day),
        note: None,
        created_at: at,
        accepted_at: accepted.then_some(at),
        revoked_at: revoked.then_some(at),
    };
    for (until, accepted, revoked, state) in [
        (None, false, false, Pending),
        (None, true, false, Active),
        (None, true, true, Ended),
        (None, false, true, Ended),
        (Some("2026-11-23"), true, false, Active),
        (Some("2026-11-22"), true, false, Ended),
        (Some("2026-11-22"), false, false, Ended),
    ] {
        assert_eq!(access::state(&row(until, accepted, revoked), day("2026-11-23")), state);
    }
}
