//! Read rights for many people at once, out of a list.
use super::*;
use crate::client::Client;
use server::entity::{assignment_import, assignment_row};

const STAGE: &str = "mutation($input: StageAssignmentsInput!) { stageAssignments(input: $input) { import {
    id fileName rowCount givenCount mailCount doneAt } } }";
const LIST: &str = "query($id: AssignmentImportId!, $verdict: AssignmentVerdict, $first: Int, $after: String) { assignmentImport(id: $id) {
    verdicts { verdict count } rows(verdict: $verdict, first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage }
        nodes { position device deviceId email startsOn until verifyOnly note verdict isGiven } } } }";
const COMMIT: &str = "mutation($input: AssignmentImportInput!) { commitAssignments(input: $input) { import { id givenCount mailCount doneAt } } }";
const DROP: &str = "mutation($input: AssignmentImportInput!) { dropAssignments(input: $input) { id } }";

fn only(id: &Value) -> Value {
    json!({ "input": { "id": id } })
}

async fn stage(browser: &mut Client, text: &str) -> Value {
    let file = browser.upload("Mieter.csv", text.as_bytes().to_vec()).await;
    browser.data(STAGE, json!({ "input": { "fileId": file } })).await["stageAssignments"]["import"].clone()
}

async fn verdicts(browser: &mut Client, id: &Value) -> Vec<(u64, String)> {
    let data = browser.data(LIST, json!({ "id": id, "first": 100 })).await;
    let nodes = data["assignmentImport"]["rows"]["nodes"].as_array().unwrap().clone();
    nodes
        .iter()
        .map(|row| {
            (
                row["position"].as_u64().unwrap(),
                row["verdict"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

crate::on_both! {
    async fn every_row_of_a_list_has_its_verdict_and_what_is_good_is_given_in_one_go(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702", "76348703"]).await;
        give_devices(&app, app.other_dealer, &["76348709"]).await;
        let mut dealer = app.client(app.dealer).await;
        dealer.data(ASSIGN, to("anna@example.org", &ids[..1])).await;
        let before = counts(&app).await;
        let text = format!(
            "Seriennummer;E-Mail;Von;Bis;Notiz;Nur prüfen\r\n\
             76348701;anna@example.org;;;;\r\n76348702;Anna@Example.org;;31.12.2026;Haus 4;\r\n{};bert@example.org;2026-12-01;2026-12-31;;ja\r\n\
             76348702;anna@example.org;;;;\r\n76348709;bert@example.org;;;;\r\n76348799;bert@example.org;;;;\r\n348701;bert@example.org;;;;\r\n\
             76348701;bert@;;;;\r\n76348701;bert@example.org;;22.11.2026;;\r\n76348701;bert@example.org;2027-01-01;2026-12-31;;\r\n\
             76348701;bert@example.org;;;;vielleicht\r\n76348701;bert@example.org;;;=1+1;\r\n76348703;{STRANGER};;;;\r\n",
            ids[2],
        );
        let import = stage(&mut dealer, &text).await;
        assert_eq!((&import["fileName"], &import["rowCount"], &import["givenCount"], &import["mailCount"]), (&json!("Mieter.csv"), &json!(13), &json!(4), &json!(3)));
        let found = verdicts(&mut dealer, &import["id"]).await;
        let found: Vec<_> = found.iter().map(|(at, verdict)| (*at, verdict.as_str())).collect();
        assert_eq!(found, [
            (2, "ALREADY_ASSIGNED"), (3, "NEW"), (4, "NEW"), (5, "DUPLICATE"), (6, "UNKNOWN_DEVICE"), (7, "UNKNOWN_DEVICE"), (8, "LOST_ZEROS"),
            (9, "NOT_AN_EMAIL"), (10, "IMPOSSIBLE_DATES"), (11, "IMPOSSIBLE_DATES"), (12, "MALFORMED"), (13, "NEW"), (14, "NEW"),
        ]);
        let rows = dealer.data(LIST, json!({ "id": import["id"], "verdict": "UNKNOWN_DEVICE" })).await["assignmentImport"]["rows"]["nodes"].clone();
        let alike = |row: &Value| [&row["deviceId"], &row["verdict"], &row["isGiven"], &row["note"]].map(Clone::clone);
        assert_eq!(alike(&rows[0]), alike(&rows[1]), "a foreign device looks like none");
        assert_eq!(counts(&app).await[..4], before[..4], "nothing is given before it is done");

        let done = dealer.data(COMMIT, only(&import["id"])).await["commitAssignments"]["import"].clone();
        assert_eq!((&done["givenCount"], &done["mailCount"], done["doneAt"].is_string()), (&json!(4), &json!(3), true));
        // two of bert's differ in their days and kind: two assignments, one mail, one link
        assert_eq!(counts(&app).await[..4], [before[0] + 4, before[1] + 4, before[2] + 3, before[3] + 3]);
        let again = dealer.data(COMMIT, only(&import["id"])).await["commitAssignments"]["import"].clone();
        assert_eq!(again, done, "two clicks are one");
        assert_eq!(counts(&app).await[..4], [before[0] + 4, before[1] + 4, before[2] + 3, before[3] + 3]);

        let report = dealer.get(&format!("/download/assignments/{}?language=EN", import["id"].as_str().unwrap())).await;
        let report = String::from_utf8(report.body.to_vec()).unwrap();
        let lines: Vec<_> = report.lines().collect();
        assert_eq!(lines[0], "Line,Serial number,E-mail,From,Until,Verify only,Note,Result");
        assert_eq!(lines[2], "3,76348702,anna@example.org,,2026-12-31,no,Haus 4,assigned");
        assert_eq!(lines[5], "6,76348709,bert@example.org,,,no,,unknown device");
        assert_eq!(lines[12], "13,76348701,bert@example.org,,,no,'=1+1,assigned", "no cell is a formula");

        let repeated = stage(&mut dealer, &text).await;
        assert_eq!((&repeated["givenCount"], &repeated["mailCount"]), (&json!(0), &json!(0)));
        let verdicts = verdicts(&mut dealer, &repeated["id"]).await;
        assert_eq!(verdicts.iter().filter(|row| row.1 == "ALREADY_ASSIGNED").count(), 5, "{verdicts:?}");
        let before = counts(&app).await;
        dealer.data(COMMIT, only(&repeated["id"])).await;
        assert_eq!(counts(&app).await[..4], before[..4], "the same list again gives nothing and mails nobody");
    }

    async fn one_link_accepts_all_that_a_list_gave_to_an_address(app: TestApp) {
        give_devices(&app, app.dealer, &["76348701", "76348702", "76348703"]).await;
        let mut dealer = app.client(app.dealer).await;
        let text = format!("serial,email,until,verify only\n76348701,{STRANGER},2026-12-31,\n76348702,{STRANGER},2027-12-31,yes\n76348703,{STRANGER},2026-11-23,\n");
        let import = stage(&mut dealer, &text).await;
        dealer.data(COMMIT, only(&import["id"])).await;
        let mail = app.mails().await.pop().unwrap();
        assert_eq!(mail.subject, "Haustechnik Brandt & Söhne KG gibt Ihnen Zugang zu 3 Zählern");
        assert!(mail.text.contains("Der Zugang endet nicht für alle am selben Tag"), "{}", mail.text);
        let token = token_for(&app, STRANGER).await;
        app.app.clock.set("2026-11-24T09:00:00Z".parse().unwrap());
        let mut reader = app.client(app.stranger).await;
        let link = reader.data(LINK, json!({ "token": token })).await["link"].clone();
        assert_eq!((&link["deviceCount"], &link["until"]), (&json!(2), &json!("2027-12-31")), "what is over is not offered");
        assert_eq!(reader.data(ACCEPT, token_input(&token)).await["acceptReadRights"]["deviceCount"], 2);
        assert_eq!(serials(&reader.data(DEVICES, json!({})).await), ["76348701", "76348702"]);
        let shown = reader.data("{ devices { nodes { viewerCanReveal } } }", json!({})).await["devices"]["nodes"].clone();
        assert_eq!(shown, json!([{ "viewerCanReveal": true }, { "viewerCanReveal": false }]));
        assert_eq!(reader.refusal(ACCEPT, token_input(&token)).await["reason"], "LINK_INVALID");
    }

    async fn what_a_list_does_is_the_same_for_known_and_unknown_addresses(app: TestApp) {
        give_devices(&app, app.dealer, &["76348701"]).await;
        let mut dealer = app.client(app.dealer).await;
        let (mut answers, mut statements, mut reports) = (Vec::new(), Vec::new(), Vec::new());
        for email in [STRANGER, "nobody@example.org"] {
            let import = stage(&mut dealer, &format!("76348701;{email}\n")).await;
            let mut done = Value::Null;
            statements.push(app.statements(async { done = dealer.data(COMMIT, only(&import["id"])).await }).await);
            let rows = dealer.data(LIST, json!({ "id": import["id"] })).await;
            let report = dealer.get(&format!("/download/assignments/{}", import["id"].as_str().unwrap())).await;
            reports.push(String::from_utf8(report.body.to_vec()).unwrap().replace(email, "X"));
            answers.push(format!("{done} {rows}").replace(email, "X").replace(import["id"].as_str().unwrap(), "ID"));
        }
        assert_eq!((&answers[0], statements[0], &reports[0]), (&answers[1], statements[1], &reports[1]));
    }

    async fn what_came_in_between_is_judged_again(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702", "76348703"]).await;
        let mut dealer = app.client(app.dealer).await;
        let import = stage(&mut dealer, "serial;email;until\n76348701;anna@example.org;\n76348702;anna@example.org;23.11.2026\n76348703;anna@example.org;\n").await;
        assert_eq!(import["givenCount"], 3);
        dealer.data(ASSIGN, to("anna@example.org", &ids[..1])).await;
        let before = counts(&app).await;
        app.app.clock.set("2026-11-24T08:00:00Z".parse().unwrap());
        let mut dealer = app.client(app.dealer).await;
        let done = dealer.data(COMMIT, only(&import["id"])).await["commitAssignments"]["import"].clone();
        assert_eq!((&done["givenCount"], &done["mailCount"]), (&json!(1), &json!(1)));
        let found: Vec<_> = verdicts(&mut dealer, &import["id"]).await.into_iter().map(|row| row.1).collect();
        assert_eq!(found, ["ALREADY_ASSIGNED", "IMPOSSIBLE_DATES", "NEW"]);
        assert_eq!(counts(&app).await[..4], [before[0] + 1, before[1] + 1, before[2] + 1, before[3] + 1]);
    }

    async fn a_list_belongs_to_whoever_brought_it_and_is_gone_after_a_day(app: TestApp) {
        give_devices(&app, app.dealer, &["76348701"]).await;
        let mut dealer = app.client(app.dealer).await;
        let import = stage(&mut dealer, "76348701;anna@example.org\n").await;
        let before = counts(&app).await;
        for (person, code) in [(app.other_dealer, "NOT_FOUND"), (app.customer, "FORBIDDEN"), (app.staff, "FORBIDDEN")] {
            let mut other = app.client(person).await;
            for operation in [COMMIT, DROP] {
                assert_eq!(other.code(operation, only(&import["id"])).await, code);
            }
            assert_eq!(other.code(LIST, json!({ "id": import["id"] })).await, code);
            let report = other.get(&format!("/download/assignments/{}", import["id"].as_str().unwrap())).await;
            assert!(report.status == 404 || report.status == 403, "{}", report.status);
        }
        assert_eq!(counts(&app).await, before);
        dealer.data(DROP, only(&import["id"])).await;
        assert_eq!(dealer.code(COMMIT, only(&import["id"])).await, "NOT_FOUND");
        let old = stage(&mut dealer, "76348701;anna@example.org\n").await;
        app.pass(TimeDelta::hours(24));
        let mut dealer = app.client(app.dealer).await;
        assert_eq!(dealer.code(COMMIT, only(&old["id"])).await, "NOT_FOUND");
        stage(&mut dealer, "76348701;anna@example.org\n").await;
        assert_eq!(assignment_import::Entity::find().count(app.db()).await.unwrap(), 1);
        assert_eq!(assignment_row::Entity::find().count(app.db()).await.unwrap(), 1);
    }

    async fn what_is_no_list_is_refused_at_the_file_and_leaves_nothing(app: TestApp) {
        let mut dealer = app.client(app.dealer).await;
        for (bytes, reason) in [
            (b"a;b\n1;2\n".to_vec(), "NOT_A_TABLE"),
            (b"PK\x03\x04\x00\x00".to_vec(), "NOT_A_TABLE"),
            ("76348701;a@example.org\n".repeat(5001).into_bytes(), "TOO_MANY"),
        ] {
            let file = dealer.upload("a.csv", bytes).await;
            let refusal = dealer.refusal(STAGE, json!({ "input": { "fileId": file } })).await;
            assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("fileId"), &json!(reason)));
        }
        for _ in 0..10 {
            stage(&mut dealer, "76348701;anna@example.org\n").await;
        }
        let file = dealer.upload("a.csv", b"76348701;anna@example.org\n".to_vec()).await;
        assert_eq!(dealer.refusal(STAGE, json!({ "input": { "fileId": file } })).await["reason"], "TOO_MANY");
        assert_eq!(assignment_import::Entity::find().count(app.db()).await.unwrap(), 10);
    }

    async fn a_list_of_many_rows_takes_a_bounded_number_of_statements(app: TestApp) {
        let numbers: Vec<_> = (0..1000).map(|n| format!("5000{n:04}")).collect();
        give_devices(&app, app.dealer, &numbers.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let mut dealer = app.client(app.dealer).await;
        let list = |count: usize, email: &str| -> String { numbers[..count].iter().map(|serial| format!("{serial};{email}\n")).collect() };
        let mut statements = Vec::new();
        for (count, email) in [(10, "a@example.org"), (1000, "b@example.org")] {
            let import = stage(&mut dealer, &list(count, email)).await;
            assert_eq!(import["givenCount"], count);
            statements.push(app.statements(dealer.data(COMMIT, only(&import["id"]))).await);
        }
        assert!(statements[1] <= statements[0] + 6, "{statements:?}: one more for every 500 rows, and kind of statement");
        assert_eq!(read_right::Entity::find().count(app.db()).await.unwrap(), 1010);
    }
}
