//! Taking rights back, whole and in part, offering them again, and selections that are what was seen.
use super::*;

const READERS: &str = "query($selection: DeviceSelection!, $first: Int) { selectionReaders(selection: $selection, first: $first) { totalCount nodes {
    deviceCount assignment { id email state deviceCount } } } }";
const RESEND: &str =
    "mutation($input: ResendReadRightsInput!) { resendReadRights(input: $input) { assignments { email state } } }";
const FILTERED: &str = "query($state: ReadRightState, $email: String, $serial: String) { assignments(state: $state, email: $email, serialPrefix: $serial) { nodes { email } } }";

fn part(ids: &[&Value], devices: Value) -> Value {
    json!({ "input": { "assignmentIds": ids, "devices": devices } })
}

fn emails(found: &Value) -> Vec<String> {
    let nodes = found["assignments"]["nodes"].as_array().unwrap();
    nodes
        .iter()
        .map(|node| node["email"].as_str().unwrap().to_owned())
        .collect()
}

crate::on_both! {
    async fn some_devices_of_a_right_are_taken_back_and_the_others_stay(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702", "76348703"]).await;
        let id = accepted(&app, app.stranger, STRANGER, &ids, None).await;
        let mut dealer = app.client(app.dealer).await;
        let ended = dealer.data(REVOKE, part(&[&id], json!({ "ids": [ids[0], ids[1]] }))).await["revokeReadRights"]["assignments"].clone();
        assert_eq!((ended.as_array().unwrap().len(), &ended[0]["state"], &ended[0]["deviceCount"]), (1, &json!("REVOKED"), &json!(0)));
        assert_ne!(ended[0]["id"], id, "what goes on keeps its name");
        let mut reader = app.client(app.stranger).await;
        assert_eq!(serials(&reader.data(DEVICES, json!({})).await), ["76348703"]);
        assert_eq!(reader.code(REVEAL, reveal_input(ids[0])).await, "NOT_FOUND");
        let before = counts(&app).await;
        assert_eq!(dealer.code(REVOKE, part(&[&id], json!({ "ids": [ids[0]] }))).await, "CONFLICT");
        assert_eq!(counts(&app).await, before);
        let last = dealer.data(REVOKE, part(&[&id], json!({ "filter": { "assigned": "ACTIVE" }, "expectedCount": 1 }))).await;
        assert_eq!(last["revokeReadRights"]["assignments"][0]["id"], id, "the rest is the whole");
        let rights = read_right::Entity::find().all(app.db()).await.unwrap();
        assert_eq!(rights.len(), 3, "what was given stays known");
    }

    async fn many_are_taken_back_or_none_e07(app: TestApp) {
        let own: Vec<String> = (0..99).map(|n| format!("500000{n:02}")).collect();
        let mut ids = give_devices(&app, app.dealer, &own.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let foreign = give_devices(&app, app.other_dealer, &["76348709"]).await;
        let first = accepted(&app, app.stranger, STRANGER, &ids[..50], None).await;
        let second = app.client(app.dealer).await.data(ASSIGN, to("anna@example.org", &ids[50..])).await["assignReadRights"]["assignments"][0]["id"].clone();
        let theirs = app.client(app.other_dealer).await.data(ASSIGN, to("anna@example.org", &foreign)).await["assignReadRights"]["assignments"][0]["id"].clone();
        ids.push(foreign[0]);
        let mut dealer = app.client(app.dealer).await;
        let before = counts(&app).await;
        for (input, code) in [
            (of_ids(&[&first, &theirs]), "NOT_FOUND"),
            (of_ids(&[&first, &json!(app.app.new_id())]), "NOT_FOUND"),
            (part(&[&first, &second], json!({ "ids": ids })), "NOT_FOUND"),
            (part(&[&first, &second], json!({ "ids": [ids[0]] })), "CONFLICT"),
            (part(&[&first, &second], json!({ "filter": {}, "expectedCount": 98 })), "CONFLICT"),
            (of_ids(&[]), "INVALID"),
        ] {
            assert_eq!(dealer.code(REVOKE, input).await, code);
        }
        assert_eq!(dealer.code(ASSIGN, to("bert@example.org", &ids)).await, "NOT_FOUND");
        assert_eq!(counts(&app).await, before, "99 own devices and a foreign one change nothing");
        assert!(assignment::Entity::find().all(app.db()).await.unwrap().iter().all(|row| row.revoked_at.is_none()));
        let done = dealer.data(REVOKE, part(&[&first, &second], json!({ "filter": {}, "expectedCount": 99 }))).await;
        assert_eq!(done["revokeReadRights"]["assignments"].as_array().unwrap().len(), 2);
        assert_eq!(serials(&app.client(app.stranger).await.data(DEVICES, json!({})).await), Vec::<&str>::new());
        let row = assignment::Entity::find().filter(assignment::COLUMN.email.eq(STRANGER)).one(app.db()).await.unwrap().unwrap();
        assert_eq!(row.revoked_by, Some(app.dealer.user));
    }

    async fn nothing_is_given_when_other_devices_match_than_were_seen(app: TestApp) {
        give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        let mut dealer = app.client(app.dealer).await;
        let seen = json!({ "input": { "emails": ["anna@example.org"], "selection": { "filter": { "serialPrefix": "7634" }, "expectedCount": 2 } } });
        give_devices(&app, app.dealer, &["76348703"]).await;
        let before = counts(&app).await;
        assert_eq!(dealer.code(ASSIGN, seen.clone()).await, "CONFLICT");
        assert_eq!(counts(&app).await, before);
        let mut now = seen;
        now["input"]["selection"]["expectedCount"] = json!(3);
        assert_eq!(dealer.data(ASSIGN, now).await["assignReadRights"]["assignments"][0]["deviceCount"], 3);
    }

    async fn several_addresses_get_the_same_each_once_and_each_a_mail(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        let mut dealer = app.client(app.dealer).await;
        let input = json!({ "input": {
            "emails": ["anna@example.org", " Anna@Example.org", STRANGER], "verifyOnly": true, "startsOn": "2026-12-01",
            "selection": { "filter": { "assigned": "FREE" }, "expectedCount": 2 },
        }});
        let given = dealer.data(ASSIGN, input).await["assignReadRights"]["assignments"].clone();
        let shown: Vec<_> = given.as_array().unwrap().iter().map(|row| (row["email"].clone(), row["state"].clone(), row["deviceCount"].clone())).collect();
        assert_eq!(shown, [(json!("anna@example.org"), json!("PENDING"), json!(2)), (json!(STRANGER), json!("PENDING"), json!(2))]);
        let mails = app.mails().await;
        let to: Vec<_> = mails.iter().map(|mail| mail.recipient.as_str()).collect();
        assert_eq!((mails.len(), to.contains(&"anna@example.org"), to.contains(&STRANGER)), (2, true, true));
        assert!(mails[0].text.contains("ohne die Schlüssel zu sehen"), "{}", mails[0].text);
        assert_eq!(read_right::Entity::find().count(app.db()).await.unwrap(), 4);
        assert_eq!(ids.len(), 2);
    }

    async fn who_reads_a_selection_is_shown_by_assignment(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702", "76348703"]).await;
        let foreign = give_devices(&app, app.other_dealer, &["76348709"]).await;
        let active = accepted(&app, app.stranger, STRANGER, &ids, None).await;
        app.pass(TimeDelta::seconds(1));
        let mut dealer = app.client(app.dealer).await;
        let pending = dealer.data(ASSIGN, to("anna@example.org", &ids[2..])).await["assignReadRights"]["assignments"][0]["id"].clone();
        let reader = |id: &Value, email: &str, state: &str, all: u32, selected: u32| json!({
            "deviceCount": selected, "assignment": { "id": id, "email": email, "state": state, "deviceCount": all },
        });
        let both = json!([reader(&pending, "anna@example.org", "PENDING", 1, 1), reader(&active, STRANGER, "ACTIVE", 3, 2)]);
        let found = dealer.data(READERS, json!({ "selection": { "ids": [ids[0], ids[2]] } })).await["selectionReaders"].clone();
        assert_eq!((&found["nodes"], &found["totalCount"]), (&both, &json!(2)));
        let first = dealer.data(READERS, json!({ "selection": { "ids": [ids[0]] } })).await["selectionReaders"]["nodes"].clone();
        assert_eq!(first, json!([reader(&active, STRANGER, "ACTIVE", 3, 1)]));
        assert_eq!(dealer.code(READERS, json!({ "selection": { "ids": [ids[0], foreign[0]] } })).await, "NOT_FOUND");
        assert_eq!(app.client(app.other_dealer).await.data(READERS, json!({ "selection": { "filter": {} } })).await["selectionReaders"]["totalCount"], 0);
        for (filter, expected) in [
            (json!({ "email": "NNA@" }), vec!["anna@example.org"]),
            (json!({ "email": "_nna" }), vec![]),
            (json!({ "serial": "76348703" }), vec!["anna@example.org", STRANGER]),
            (json!({ "serial": "76348701", "state": "ACTIVE" }), vec![STRANGER]),
            (json!({ "serial": "x" }), vec![]),
            (json!({ "email": " ", "serial": "" }), vec!["anna@example.org", STRANGER]),
        ] {
            assert_eq!(emails(&dealer.data(FILTERED, filter.clone()).await), expected, "{filter}");
        }
    }

    async fn a_mail_is_sent_again_with_a_new_link_three_times_a_day(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let mut dealer = app.client(app.dealer).await;
        let id = dealer.data(ASSIGN, to(STRANGER, &ids)).await["assignReadRights"]["assignments"][0]["id"].clone();
        let first = token_for(&app, STRANGER).await;
        dealer.data(RESEND, of_ids(&[&id])).await;
        let second = token_for(&app, STRANGER).await;
        dealer.data(RESEND, of_ids(&[&id])).await;
        let third = token_for(&app, STRANGER).await;
        let before = counts(&app).await;
        assert_eq!(dealer.code(RESEND, of_ids(&[&id])).await, "THROTTLED");
        assert_eq!(counts(&app).await, before);
        let mut reader = app.client(app.stranger).await;
        for old in [first, second] {
            assert_eq!(reader.refusal(ACCEPT, token_input(&old)).await["reason"], "LINK_INVALID");
        }
        assert_eq!(reader.data(ACCEPT, token_input(&third)).await["acceptReadRights"]["deviceCount"], 1);
        assert_eq!(dealer.code(RESEND, of_ids(&[&id])).await, "CONFLICT");
        assert_eq!(app.client(app.other_dealer).await.code(RESEND, of_ids(&[&id])).await, "NOT_FOUND");
    }

    async fn the_list_is_a_file_without_formulas_and_as_narrow_as_the_page_h08(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        accepted(&app, app.stranger, STRANGER, &ids[..1], Some("2026-12-31")).await;
        let mut dealer = app.client(app.dealer).await;
        let noted = json!({ "input": { "emails": ["anna@example.org"], "selection": { "ids": ids }, "note": "=HYPERLINK(1)" } });
        dealer.data(ASSIGN, noted).await;
        let text = async |path: &str| {
            let file = app.client(app.dealer).await.get(path).await;
            assert_eq!(file.status, 200);
            String::from_utf8(file.body.to_vec()).unwrap()
        };
        let all = text("/download/read-rights.csv?language=EN").await;
        let mut lines: Vec<_> = all.lines().collect();
        lines[1..].sort_unstable();
        assert_eq!(lines[0], "E-Mail,Serial number,Manufacturer,Model,State,From,Until,Verify only,Assigned (UTC),Accepted (UTC),Taken back (UTC),Note");
        assert_eq!(lines.len(), 4);
        assert!(lines[1].starts_with("anna@example.org,76348701,KAM,") && lines[1].contains(",pending,,,no,2026-11-23 09:00,,,'=HYPERLINK(1)"), "{}", lines[1]);
        assert!(lines[3].contains(",active,,2026-12-31,no,"), "{}", lines[3]);
        let active = text("/download/read-rights.csv?state=active&language=DE").await;
        assert_eq!((active.lines().count(), active.contains(",aktiv,")), (2, true));
        assert_eq!(text("/download/read-rights.csv?serial=76348702&email=anna").await.lines().count(), 2);
        assert_eq!(app.client(app.other_dealer).await.get("/download/read-rights.csv").await.body.to_vec().iter().filter(|byte| **byte == b'\n').count(), 1);
        for person in [app.customer, app.stranger, app.staff] {
            assert_eq!(app.client(person).await.get("/download/read-rights.csv").await.status, 403);
        }
        assert_eq!(app.client(app.dealer).await.get("/download/read-rights.csv?state=x").await.status, 404);
    }
}
