//! Imports in two steps: judged, corrected, done or dropped, and undone.
use super::*;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use server::{
    entity::{former_key, staged_import, staged_row},
    meter::staging::worker::judge_waiting,
};
use tokio_util::sync::CancellationToken;

const STAGE: &str =
    "mutation($input: StageKeyImportInput!) { stageKeyImport(input: $input) { import { id format state rowCount } } }";
const STAGED: &str =
    "query($id: StagedImportId!, $verdict: RowVerdict, $first: Int, $after: String) { stagedKeyImport(id: $id) {
    state judgedCount rowCount writtenCount replacingCount orderNumber verdicts { verdict count } sample { cells }
    layout { delimiter hasHeader columns manufacturer restoresZeros }
    rows(verdict: $verdict, first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage }
        nodes { position serialNumber manufacturer model verdict note keyName replaces } } } }";
const LAY_OUT: &str =
    "mutation($input: LayOutKeyImportInput!) { layOutKeyImport(input: $input) { import { state rowCount } } }";
const DECIDE: &str = "mutation($input: DecideKeyImportInput!) { decideKeyImport(input: $input) { import { id } } }";
const COMMIT: &str = "mutation($input: StagedKeyImportInput!) { commitKeyImport(input: $input) { import {
    id newCount sameCount skippedCount replacedCount fileName sha256 } } }";
const DROP: &str = "mutation($input: StagedKeyImportInput!) { dropKeyImport(input: $input) { id } }";
const UNDO: &str = "mutation($input: UndoKeyImportInput!) { undoKeyImport(input: $input) { import { undoneAt } } }";

async fn judge(app: &TestApp) {
    judge_waiting(&app.app, &CancellationToken::new()).await.unwrap();
}

/// Uploads and stages a text; its id.
async fn stage(app: &TestApp, browser: &mut Client, name: &str, bytes: impl Into<Vec<u8>>) -> Value {
    let file = browser.upload(name, bytes.into()).await;
    let data = browser.data(STAGE, json!({ "input": { "fileId": file } })).await;
    judge(app).await;
    data["stageKeyImport"]["import"]["id"].clone()
}

async fn verdicts(browser: &mut Client, id: &Value) -> Vec<(u64, String, String)> {
    let data = browser.data(STAGED, json!({ "id": id, "first": 100 })).await;
    assert_eq!(data["stagedKeyImport"]["state"], "READY");
    let nodes = data["stagedKeyImport"]["rows"]["nodes"].as_array().unwrap().clone();
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    nodes
        .iter()
        .map(|row| {
            (
                row["position"].as_u64().unwrap(),
                word(&row["verdict"]),
                word(&row["note"]),
            )
        })
        .collect()
}

fn only(id: &Value) -> Value {
    json!({ "input": { "id": id } })
}

async fn devices_and_keys(app: &TestApp) -> (u64, u64) {
    (
        device::Entity::find().count(app.db()).await.unwrap(),
        device_key::Entity::find().count(app.db()).await.unwrap(),
    )
}

async fn nothing_waits(app: &TestApp) {
    assert_eq!(staged_import::Entity::find().count(app.db()).await.unwrap(), 0);
    assert_eq!(staged_row::Entity::find().count(app.db()).await.unwrap(), 0);
}

crate::on_both! {
    async fn every_row_of_a_table_has_its_verdict_and_nothing_is_added_before_it_is_done(app: TestApp) {
        give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        let before = devices_and_keys(&app).await;
        let mut browser = app.client(app.dealer).await;
        let spaced = key_of("76348703").as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair).into_owned()).collect::<Vec<_>>().join("-");
        let text = format!(
            "Seriennummer;Hersteller;Schlüssel;Modell\r\n76348701;KAM;{};MC21\r\n76348702;KAM;{};MC21\r\n76348703;KAM;{spaced};KWM2210\r\n76348703;KAM;{};\r\n\
             76348704;KAM;{};\r\n76348705;KAM;{};\r\n76348706;KAM;123;\r\n348707;KAM;{};\r\n;KAM;{};\r\n76348708;KAMST;{};\r\n\"76348709;KAM;{};\r\n76348710;KAM;64 1 0x{};\r\n",
            key_of("76348701"), key_of("another"), key_of("x"), "00".repeat(16), "000102030405060708090A0B0C0D0E0F",
            key_of("7"), key_of("8"), key_of("9"), key_of("10"), key_of("11"),
        );
        let id = stage(&app, &mut browser, "Zähler.csv", text).await;
        let expected = [
            (2, "SAME", ""), (3, "DIFFERENT_KEY", ""), (4, "NEW", ""), (5, "DUPLICATE", ""), (6, "WEAK_KEY", ""), (7, "NEW", "COUNTING_KEY"),
            (8, "MALFORMED", "NOT_A_KEY"), (9, "LOST_ZEROS", "NOT_A_SERIAL"), (10, "MALFORMED", "NO_SERIAL"), (11, "MALFORMED", "NO_MANUFACTURER"),
            (12, "MALFORMED", "OPEN_QUOTE"), (13, "NEW", "PASTE_REPAIRED"),
        ];
        let found = verdicts(&mut browser, &id).await;
        let found: Vec<_> = found.iter().map(|(at, verdict, note)| (*at, verdict.as_str(), note.as_str())).collect();
        assert_eq!(found, expected);
        let data = browser.data(STAGED, json!({ "id": id, "verdict": "NEW", "first": 2 })).await["stagedKeyImport"].clone();
        assert_eq!((&data["rowCount"], &data["judgedCount"], &data["rows"]["totalCount"]), (&json!(12), &json!(12), &json!(3)));
        assert_eq!(data["rows"]["pageInfo"]["hasNextPage"], true);
        assert_eq!(data["layout"], json!({ "delimiter": ";", "hasHeader": true, "columns": ["SERIAL", "MANUFACTURER", "KEY", "MODEL"], "manufacturer": "KAM", "restoresZeros": false }));
        assert!(!data.to_string().contains(&key_of("76348701")[..8]), "no key is shown");
        assert_eq!(devices_and_keys(&app).await, before);

        let done = browser.data(COMMIT, only(&id)).await["commitKeyImport"]["import"].clone();
        assert_eq!((&done["newCount"], &done["sameCount"], &done["skippedCount"], &done["replacedCount"]), (&json!(3), &json!(1), &json!(8), &json!(0)));
        assert_eq!(devices_and_keys(&app).await, (before.0 + 3, before.1 + 3));
        nothing_waits(&app).await;
        let names = device_key::Entity::find().filter(device_key::COLUMN.name.eq("GPK60")).count(app.db()).await.unwrap();
        assert_eq!(names, 1, "the pasted key got its name");
    }

    async fn a_wrong_guess_is_corrected_and_the_rows_are_judged_anew(app: TestApp) {
        let mut browser = app.client(app.dealer).await;
        // the order stands where a serial number could stand, and the serial number has lost its zero
        let text = format!("12345678,1234567,{}\n12345678,2345678,{}\n", key_of("1"), key_of("2"));
        let id = stage(&app, &mut browser, "a.txt", text).await;
        let found: Vec<_> = verdicts(&mut browser, &id).await.into_iter().map(|row| row.1).collect();
        assert_eq!(found, ["NEW", "DUPLICATE"]);
        let layout = |columns: Value, manufacturer: &str, delimiter: &str| json!({ "input": {
            "id": id, "delimiter": delimiter, "hasHeader": false, "columns": columns, "manufacturer": manufacturer, "restoresZeros": true,
        }});
        for (input, field) in [
            (layout(json!(["SERIAL", "SERIAL", "KEY"]), "KAM", ","), "columns"),
            (layout(json!(["SERIAL", "KEY"]), "KAMSTRUP", ","), "manufacturer"),
            (layout(json!(["SERIAL", "KEY"]), "KAM", "x"), "delimiter"),
            (layout(json!(["SERIAL", "KEY"]), "KAM", ""), "delimiter"),
            (layout(json!(vec!["IGNORED"; 41]), "KAM", ","), "columns"),
        ] {
            assert_eq!(browser.refusal(LAY_OUT, input).await["field"], field);
        }
        let laid = browser.data(LAY_OUT, layout(json!(["ORDER_NUMBER", "SERIAL", "KEY"]), "kaw", ",")).await;
        assert_eq!(laid["layOutKeyImport"]["import"], json!({ "state": "JUDGING", "rowCount": 2 }));
        assert_eq!(browser.code(COMMIT, only(&id)).await, "CONFLICT", "not before all rows are judged");
        judge(&app).await;
        let found = verdicts(&mut browser, &id).await;
        assert_eq!(found, [(1, "NEW".to_owned(), "ZEROS_RESTORED".to_owned()), (2, "NEW".to_owned(), "ZEROS_RESTORED".to_owned())]);
        browser.data(COMMIT, only(&id)).await;
        let devices = browser.data("{ devices { nodes { serialNumber manufacturer orderNumber } } }", json!({})).await;
        assert_eq!(devices["devices"]["nodes"], json!([
            { "serialNumber": "01234567", "manufacturer": "KAW", "orderNumber": "12345678" },
            { "serialNumber": "02345678", "manufacturer": "KAW", "orderNumber": "12345678" },
        ]));
    }

    async fn a_key_is_replaced_by_decision_only_and_undoing_puts_it_back(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        let owner = actor(&app, app.dealer, AccountKind::Dealer);
        let mut browser = app.client(app.dealer).await;
        let text = format!("76348701;KAM;{}\n76348702;KAM;{}\n", key_of("new1"), key_of("new2"));
        let id = stage(&app, &mut browser, "a.csv", text.clone()).await;
        let done = browser.data(COMMIT, only(&id)).await["commitKeyImport"]["import"].clone();
        assert_eq!((&done["newCount"], &done["replacedCount"], &done["skippedCount"]), (&json!(0), &json!(0), &json!(2)));

        let id = stage(&app, &mut browser, "a.csv", text).await;
        browser.data(DECIDE, json!({ "input": { "id": id, "positions": [1], "replaces": true } })).await;
        let staged = browser.data(STAGED, json!({ "id": id })).await["stagedKeyImport"].clone();
        assert_eq!((&staged["replacingCount"], &staged["writtenCount"]), (&json!(1), &Value::Null));
        app.pass(TimeDelta::minutes(20));
        assert_eq!(browser.code(COMMIT, only(&id)).await, "STEP_UP_REQUIRED");
        let mut browser = app.client(app.dealer).await;
        let done = browser.data(COMMIT, only(&id)).await["commitKeyImport"]["import"].clone();
        assert_eq!((&done["replacedCount"], &done["skippedCount"]), (&json!(1), &json!(1)));
        let prints = async || -> Vec<_> {
            let rows = device_key::Entity::find().order_by_asc(device_key::Column::DeviceId).all(app.db()).await.unwrap();
            rows.into_iter().map(|row| (row.device_id, row.fingerprint)).collect()
        };
        let print = |key: &str| app.app.keys.fingerprint(MeterKey::from_hex(&key_of(key)).unwrap().expose()).unwrap();
        let mut expected = vec![(ids[0], print("new1")), (ids[1], print("76348702"))];
        expected.sort();
        assert_eq!(prints().await, expected);

        browser.data(UNDO, only(&done["id"])).await;
        let (_, key) = meter::reveal(&app.app, &Actor { authenticated_at: app.app.clock.now(), ..owner }, ids[0], "DEK", None).await.unwrap();
        assert_eq!(*key, key_of("76348701"));
        assert_eq!(former_key::Entity::find().count(app.db()).await.unwrap(), 0);
    }

    async fn imports_that_replace_each_other_are_undone_from_the_last_on(app: TestApp) {
        let mut browser = app.client(app.dealer).await;
        let commit = async |browser: &mut Client, key: &str| {
            let id = stage(&app, browser, "a.csv", format!("76348701;KAM;{}\n", key_of(key))).await;
            browser.data(DECIDE, json!({ "input": { "id": id, "replaces": true } })).await;
            browser.data(COMMIT, only(&id)).await["commitKeyImport"]["import"]["id"].clone()
        };
        let stored = async || device_key::Entity::find().one(app.db()).await.unwrap().map(|row| row.fingerprint);
        let print = |key: &str| Some(app.app.keys.fingerprint(MeterKey::from_hex(&key_of(key)).unwrap().expose()).unwrap());
        let mut done = Vec::new();
        for key in ["first", "second", "third"] {
            done.push(commit(&mut browser, key).await);
        }
        for earlier in &done[..2] {
            let refusal = browser.refusal(UNDO, only(earlier)).await;
            assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("id"), &json!("REPLACED_SINCE")));
        }
        assert_eq!((stored().await, former_key::Entity::find().count(app.db()).await.unwrap()), (print("third"), 2));
        browser.data(UNDO, only(&done[2])).await;
        assert_eq!(stored().await, print("second"));

        let device = device::Entity::find().one(app.db()).await.unwrap().unwrap().id;
        browser.data(REVEAL, reveal_input(device, "DEK")).await;
        assert_eq!(browser.refusal(UNDO, only(&done[1])).await["reason"], "KEY_SEEN");
        assert_eq!((stored().await, former_key::Entity::find().count(app.db()).await.unwrap()), (print("second"), 1));
    }

    async fn of_imports_that_are_done_at_once_each_device_comes_in_once(app: TestApp) {
        let mut browser = app.client(app.dealer).await;
        let lines: String = (0..600).map(|n| format!("5000{n:04};KAM;{}\n", key_of(&n.to_string()))).collect();
        let one = stage(&app, &mut browser, "a.csv", lines.clone()).await;
        let other = stage(&app, &mut browser, "b.csv", lines).await;
        let (mut second, mut third) = (app.client(app.dealer).await, app.client(app.dealer).await);
        let (a, b, c) = tokio::join!(
            browser.graphql(COMMIT, only(&one)), second.graphql(COMMIT, only(&one)), third.graphql(COMMIT, only(&other)),
        );
        assert_eq!(devices_and_keys(&app).await, (600, 600));
        nothing_waits(&app).await;
        let new = |answer: &Value| answer["data"]["commitKeyImport"]["import"]["newCount"].as_u64();
        let news: Vec<_> = [&a, &b, &c].into_iter().map(new).collect();
        assert_eq!(news.iter().flatten().sum::<u64>(), 600, "{news:?}");
        assert_eq!(news.iter().filter(|new| new.is_none()).count(), 1, "who came second with the same import finds it gone");
        assert!([&a, &b].iter().any(|answer| answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"));
    }

    async fn key_files_of_others_are_judged_and_done(app: TestApp) {
        let Some(folder) = corpus("kem") else { return };
        let mut browser = app.client(app.dealer).await;
        let files = [
            ("20260101_0900DownloadMeters.zip.kem", FILE_PASSWORD, "KEM", "NEW"),
            ("0A1B2C3D4E5F60718293A4B5C6D7E8F9.kem", FILE_PASSWORD, "KEM", "SAME"),
            ("20260101_0900_selected_DownloadDevices.zip.kem2", "12345", "KEM2", "SAME"),
            ("1B2C3D4E5F60718293A4B5C6D7E8F90A.kem2", "12345", "KEM2", "SAME"),
        ];
        for (name, password, format, verdict) in files {
            let file = browser.upload(name, fs::read(folder.join(name)).unwrap()).await;
            let input = |password: &str| json!({ "input": { "fileId": file, "password": password } });
            assert_eq!(browser.refusal(STAGE, input("0450001H")).await["reason"], "WRONG_FILE_PASSWORD", "{name}");
            let staged = browser.data(STAGE, input(password)).await["stageKeyImport"]["import"].clone();
            assert_eq!((&staged["format"], &staged["rowCount"]), (&json!(format), &json!(3)), "{name}");
            judge(&app).await;
            let found: Vec<_> = verdicts(&mut browser, &staged["id"]).await.into_iter().map(|row| row.1).collect();
            assert_eq!(found, [verdict; 3], "{name}");
            browser.data(COMMIT, only(&staged["id"])).await;
            assert_eq!(devices_and_keys(&app).await, (3, 3), "{name}");
        }
    }

    async fn an_import_is_undone_while_no_key_of_it_was_seen(app: TestApp) {
        let mut browser = app.client(app.dealer).await;
        let lines = |serials: &[&str]| serials.iter().map(|serial| format!("{serial};KAM;{}\n", key_of(serial))).collect::<String>();
        let commit = async |browser: &mut Client, serials: &[&str]| {
            let id = stage(&app, browser, "a.csv", lines(serials)).await;
            browser.data(COMMIT, only(&id)).await["commitKeyImport"]["import"]["id"].clone()
        };
        let first = commit(&mut browser, &["76348701", "76348702"]).await;
        assert_eq!(app.client(app.other_dealer).await.code(UNDO, only(&first)).await, "NOT_FOUND");
        assert_eq!(devices_and_keys(&app).await, (2, 2));
        app.pass(TimeDelta::minutes(20));
        assert_eq!(browser.code(UNDO, only(&first)).await, "STEP_UP_REQUIRED");
        let mut browser = app.client(app.dealer).await;
        let undone = browser.data(UNDO, only(&first)).await;
        assert_eq!(undone["undoKeyImport"]["import"]["undoneAt"], "2026-11-23T09:20:00+00:00");
        assert_eq!(devices_and_keys(&app).await, (0, 0));
        assert_eq!(browser.code(UNDO, only(&first)).await, "CONFLICT");

        let seen = commit(&mut browser, &["76348703"]).await;
        let device = device::Entity::find().one(app.db()).await.unwrap().unwrap();
        browser.data(REVEAL, reveal_input(device.id, "DEK")).await;
        assert_eq!(browser.refusal(UNDO, only(&seen)).await["reason"], "KEY_SEEN");
        assert_eq!(devices_and_keys(&app).await, (1, 1));

        let given = commit(&mut browser, &["76348704"]).await;
        let owner = Actor { authenticated_at: app.app.clock.now(), ..actor(&app, app.dealer, AccountKind::Dealer) };
        crate::access::assign_all(&app, &owner, "anna@example.org").await;
        assert_eq!(browser.refusal(UNDO, only(&given)).await["reason"], "DEVICE_IN_USE");
        assert_eq!(devices_and_keys(&app).await, (2, 2));
    }

    async fn what_waits_belongs_to_one_person_for_a_day(app: TestApp) {
        let mut browser = app.client(app.dealer).await;
        let text = format!("76348701;KAM;{}\n", key_of("1"));
        let id = stage(&app, &mut browser, "a.csv", text.clone()).await;
        let mut other = app.client(app.other_dealer).await;
        for operation in [COMMIT, DROP] {
            assert_eq!(other.code(operation, only(&id)).await, "NOT_FOUND");
        }
        assert_eq!(other.code(STAGED, json!({ "id": id })).await, "NOT_FOUND");
        let rows = staged_row::Entity::find().all(app.db()).await.unwrap();
        let sealed = rows[0].sealed.clone().unwrap();
        assert!(!String::from_utf8_lossy(&sealed).contains(&key_of("1")), "the key lies sealed");
        browser.data(DROP, only(&id)).await;
        nothing_waits(&app).await;
        assert_eq!(browser.code(COMMIT, only(&id)).await, "NOT_FOUND");

        let id = stage(&app, &mut browser, "a.csv", text.clone()).await;
        app.pass(TimeDelta::hours(24));
        assert_eq!(app.client(app.dealer).await.code(STAGED, json!({ "id": id })).await, "NOT_FOUND");
        judge(&app).await;
        nothing_waits(&app).await;
        let mut browser = app.client(app.dealer).await;
        for _ in 0..5 {
            stage(&app, &mut browser, "a.csv", text.clone()).await;
        }
        let file = browser.upload("a.csv", text.into_bytes()).await;
        let refusal = browser.refusal(STAGE, json!({ "input": { "fileId": file } })).await;
        assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("fileId"), &json!("TOO_MANY")));
        assert_eq!(devices_and_keys(&app).await, (0, 0));
    }

    async fn bad_files_are_refused_by_reason_and_leave_nothing(app: TestApp) {
        let mut browser = app.client(app.dealer).await;
        for (bytes, field, reason) in [
            (b"".to_vec(), "fileId", "NOT_A_KEM_FILE"),
            (b"\xef\xbb\xbf \r\n\r\n".to_vec(), "fileId", "NOT_A_KEM_FILE"),
            (b"\x7fELF\0\0\0\x01".to_vec(), "fileId", "NOT_A_KEM_FILE"),
            (b"PK\x03\x04 no zip".to_vec(), "password", "WRONG_FILE_PASSWORD"),
            (b"<?xml version=\"1.0\"?><a/>".to_vec(), "password", "WRONG_FILE_PASSWORD"),
            (b"[{\"serialNumber\": \"1\"".to_vec(), "fileId", "BROKEN_FILE"),
            (b"{\"x\": 1}".to_vec(), "fileId", "BROKEN_FILE"),
            (key_file(meters(&["76348701"])), "password", "WRONG_FILE_PASSWORD"),
        ] {
            let file = browser.upload("a.bin", bytes.clone()).await;
            let refusal = browser.refusal(STAGE, json!({ "input": { "fileId": file } })).await;
            assert_eq!((&refusal["field"], &refusal["reason"]), (&json!(field), &json!(reason)), "{bytes:?}");
        }
        nothing_waits(&app).await;
        // text of any kind is a table, even if no row of it can be read
        let id = stage(&app, &mut browser, "a.txt", "just a letter\rwith two lines").await;
        let found: Vec<_> = verdicts(&mut browser, &id).await.into_iter().map(|row| row.1).collect();
        assert_eq!(found, ["MALFORMED", "MALFORMED"]);
        let done = browser.data(COMMIT, only(&id)).await["commitKeyImport"]["import"]["newCount"].clone();
        assert_eq!((done, devices_and_keys(&app).await), (json!(0), (0, 0)));
    }

    async fn kem_and_json_go_the_same_way(app: TestApp) {
        let mut browser = app.client(app.dealer).await;
        let file = browser.upload("a.kem2", key_file(meters(&["76348701", "76348702"]))).await;
        let data = browser.data(STAGE, json!({ "input": { "fileId": file, "password": FILE_PASSWORD } })).await;
        assert_eq!(data["stageKeyImport"]["import"]["format"], "KEM2");
        judge(&app).await;
        let id = data["stageKeyImport"]["import"]["id"].clone();
        let done = browser.data(COMMIT, only(&id)).await["commitKeyImport"]["import"].clone();
        assert_eq!(done["newCount"], 2);
        let text = json!({ "devices": [
            { "serialNumber": "76348702", "manufacturer": "KAM", "keys": { "GPK60": key_of("g"), "DEK": key_of("76348702") }, "version": 27, "medium": "16" },
            { "serialNumber": "76348703", "manufacturer": "2C2D", "key": format!("0x{}", key_of("3")), "version": 27, "medium": "16" },
            { "serialNumber": 5, "manufacturer": "KAM" },
        ]});
        let id = stage(&app, &mut browser, "a.json", text.to_string()).await;
        let found: Vec<_> = verdicts(&mut browser, &id).await.into_iter().map(|row| row.1).collect();
        assert_eq!(found, ["NEW", "NEW", "MALFORMED"]);
        browser.data(COMMIT, only(&id)).await;
        let devices = browser.data("{ devices { nodes { serialNumber manufacturerField version medium keyNames } } }", json!({})).await;
        let device = |serial: &str, version: Option<u8>, medium: &str, names: Value| json!({
            "serialNumber": serial, "manufacturerField": 0x2C2D, "version": version, "medium": medium, "keyNames": names,
        });
        assert_eq!(devices["devices"]["nodes"], json!([
            device("76348701", None, "COLD_WATER", json!(["DEK"])), device("76348702", None, "COLD_WATER", json!(["DEK", "GPK60"])),
            device("76348703", Some(27), "COLD_WATER", json!(["DEK"])),
        ]));
    }

    async fn a_key_on_many_devices_is_noted(app: TestApp) {
        let mut browser = app.client(app.dealer).await;
        let lines: String = (1..=5).map(|n| format!("7634870{n};KAM;{}\n", key_of("shared"))).collect();
        let id = stage(&app, &mut browser, "a.csv", lines).await;
        assert!(verdicts(&mut browser, &id).await.iter().all(|row| row.1 == "NEW" && row.2 == "SHARED_KEY"));
        browser.data(COMMIT, only(&id)).await;
        let id = stage(&app, &mut browser, "a.csv", format!("76348709;KAM;{}\n76348710;KAM;{}\n", key_of("shared"), key_of("own"))).await;
        let notes: Vec<_> = verdicts(&mut browser, &id).await.into_iter().map(|row| row.2).collect();
        assert_eq!(notes, ["SHARED_KEY", ""]);
    }

    async fn a_portal_that_died_while_judging_begins_anew_and_doubles_nothing(app: TestApp) {
        let mut browser = app.client(app.dealer).await;
        let lines: String = (0..1200).map(|n| format!("5000{n:04};KAM;{}\n", key_of(&n.to_string()))).collect();
        let file = browser.upload("a.csv", lines.into_bytes()).await;
        let data = browser.data(STAGE, json!({ "input": { "fileId": file } })).await;
        let id = data["stageKeyImport"]["import"]["id"].clone();
        // as if it had died after some rows
        judge(&app).await;
        staged_row::Entity::delete_many().filter(staged_row::COLUMN.position.gt(500)).exec(app.db()).await.unwrap();
        let row = staged_import::Entity::find().one(app.db()).await.unwrap().unwrap();
        let mut row = row.into_active_model();
        row.state = Set(shared::device::StagedImportState::Judging);
        row.update(app.db()).await.unwrap();
        let app = app.restarted(|_| {});
        judge(&app).await;
        let mut browser = app.client(app.dealer).await;
        assert_eq!(browser.data(STAGED, json!({ "id": id })).await["stagedKeyImport"]["verdicts"], json!([{ "verdict": "NEW", "count": 1200 }]));
        let statements = app.statements(browser.data(COMMIT, only(&id))).await;
        assert!(statements < 50, "{statements}");
        assert_eq!(devices_and_keys(&app).await, (1200, 1200));
        let origins = browser.data("{ devices(first: 1) { nodes { keys { importedBy fileName fileSha256 } } } }", json!({})).await;
        assert_eq!(origins["devices"]["nodes"][0]["keys"][0]["fileName"], "a.csv");
    }
}
