//! Devices: importing key files, who sees which device, reading a key.
use crate::app::{Client, Person, TestApp, corpus};
use chrono::TimeDelta;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use server::{
    actor::{Actor, InView},
    entity::{audit, device, device_key, key_import},
    file::sha256,
    meter::{
        self,
        kem::{self, Container, Format, KeyFile},
        key::MeterKey,
    },
};
use shared::{
    account::{AccountKind, Right, Rights},
    id::DeviceId,
};
use std::{
    fs,
    io::Write,
    sync::{Arc, Mutex},
};

pub const FILE_PASSWORD: &str = "0450000H";

const PREVIEW: &str = "query($input: ImportKeysInput!) { keyImportPreview(input: $input) {
    fileName format orderNumber totalCount newCount sameCount skippedCount
    rows { position serialNumber manufacturer model verdict problem } } }";
const IMPORT: &str = "mutation($input: ImportKeysInput!) { importKeys(input: $input) {
    import { fileName orderNumber newCount sameCount skippedCount importedBy createdAt } } }";
const DEVICES: &str = "query($filter: DeviceFilter, $first: Int, $after: String) {
    devices(filter: $filter, first: $first, after: $after) { nodes { serialNumber } totalCount pageInfo { endCursor hasNextPage } } }";
const EVERYTHING: &str = "query($first: Int) { devices(first: $first) { totalCount nodes {
    id kind manufacturer serialNumber model typeNumber configNumber orderNumber ownNumber addedAt keyNames readableUntil
    readableThrough viewerCanAssign viewerCanReveal readRights { state email until assignment { id deviceCount note } } } } }";
const DEVICE: &str = "query($id: DeviceId!) { device(id: $id) { serialNumber } }";
const REVEAL: &str =
    "mutation($input: RevealKeyInput!) { revealKey(input: $input) { device { serialNumber } name key } }";

/// The key of a test's device: the same for the same serial number, and like chance.
pub fn key_of(serial: &str) -> String {
    sha256(serial.as_bytes())[..32].to_uppercase()
}

/// A device as a key file lists it.
pub fn in_file(serial: &str, name: &str, order: &str, keys: &[(&str, &str)]) -> kem::Device {
    kem::Device {
        row: 0,
        serial: serial.parse().unwrap(),
        manufacturer: Some("KAM".parse().unwrap()),
        order: Some(order.to_owned()),
        name: Some(name.to_owned()),
        type_number: Some("02146C0G8RK".to_owned()),
        config_number: Some("0100200013933".to_owned()),
        own_number: None,
        consumption: Some("VolumeCold".to_owned()),
        keys: keys
            .iter()
            .map(|(name, key)| ((*name).to_owned(), MeterKey::from_hex(key).unwrap()))
            .collect(),
    }
}

fn meters(serials: &[&str]) -> Vec<kem::Device> {
    serials
        .iter()
        .map(|serial| in_file(serial, "MC21", "20542729", &[("DEK", &key_of(serial))]))
        .collect()
}

fn key_file(devices: Vec<kem::Device>) -> Vec<u8> {
    let file = KeyFile {
        format: Format::Kem2,
        order: None,
        devices,
        problems: Vec::new(),
    };
    kem::write(&file, FILE_PASSWORD, Container::Zip).unwrap()
}

/// The actor that a person is in a browser that has just signed in.
pub fn actor(app: &TestApp, person: Person, kind: AccountKind) -> Actor {
    Actor {
        user: person.user,
        account: Some(InView {
            id: person.account,
            kind,
            rights: Rights::of(&[Right::Owner]),
        }),
        authenticated_at: app.app.clock.now(),
        session: Vec::new(),
        ip: None,
    }
}

/// Gives a dealer devices with these serial numbers; their ids come in the order of the serial numbers.
pub async fn give_devices(app: &TestApp, dealer: Person, serials: &[&str]) -> Vec<DeviceId> {
    let actor = actor(app, dealer, AccountKind::Dealer);
    meter::import(
        &app.app,
        &actor,
        "a.kem2",
        key_file(meters(serials)),
        FILE_PASSWORD.to_owned(),
    )
    .await
    .unwrap();
    let held = device::Entity::find().filter(device::COLUMN.account_id.eq(dealer.account));
    let rows = held
        .filter(device::COLUMN.serial_number.is_in(serials.iter().copied()))
        .order_by_asc(device::Column::SerialNumber);
    rows.all(app.db())
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.id)
        .collect()
}

async fn with_file(browser: &mut Client, name: &str, bytes: Vec<u8>, password: &str) -> Value {
    json!({ "input": { "fileId": browser.upload(name, bytes).await, "password": password } })
}

pub fn serials(devices: &Value) -> Vec<&str> {
    devices["devices"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["serialNumber"].as_str().unwrap())
        .collect()
}

fn reveal_input(device: DeviceId, name: &str) -> Value {
    json!({ "input": { "deviceId": device, "name": name } })
}

async fn audits(app: &TestApp, act: &str) -> Vec<audit::Model> {
    audit::Entity::find()
        .filter(audit::COLUMN.act.eq(act))
        .order_by_asc(audit::Column::Id)
        .all(app.db())
        .await
        .unwrap()
}

async fn counts(app: &TestApp) -> [u64; 4] {
    [
        device::Entity::find().count(app.db()).await.unwrap(),
        device_key::Entity::find().count(app.db()).await.unwrap(),
        key_import::Entity::find().count(app.db()).await.unwrap(),
        audits(app, "importKeys").await.len() as u64,
    ]
}

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

crate::on_both! {
    async fn a_preview_judges_each_row_and_changes_nothing(app: TestApp) {
        give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        let before = counts(&app).await;
        let zero = "0".repeat(32);
        let mut unnamed = in_file("76348707", "MC21", "1", &[("DEK", &key_of("76348707"))]);
        unnamed.manufacturer = None;
        let devices = vec![
            in_file("76348701", "MC21", "1", &[("DEK", &key_of("76348701"))]),
            in_file("76348702", "MC21", "1", &[("DEK", &key_of("another"))]),
            in_file("76348703", "KWM2210", "1", &[("DEK", &key_of("76348703"))]),
            in_file("76348703", "KWM2210", "1", &[("DEK", &key_of("another"))]),
            in_file("76348704", "MC21", "1", &[("DEK", &zero)]),
            in_file("76348705", "MC21", "1", &[("DEK", "000102030405060708090A0B0C0D0E0F")]),
            in_file("76348706", "MC21", "1", &[]),
            unnamed,
        ];
        let mut browser = app.client(app.dealer).await;
        let input = with_file(&mut browser, "Mai.zip.kem2", key_file(devices), FILE_PASSWORD).await;
        let data = browser.data(PREVIEW, input).await;
        let row = |position: u32, serial: &str, model: &str, verdict: &str, problem: Option<&str>| json!({
            "position": position, "serialNumber": serial, "manufacturer": "KAM", "model": model, "verdict": verdict, "problem": problem,
        });
        let mut malformed = row(7, "76348706", "", "MALFORMED", Some("the device has no key"));
        malformed["manufacturer"] = Value::Null;
        malformed["model"] = Value::Null;
        let mut no_manufacturer = row(8, "76348707", "Multical 21", "MALFORMED", Some("the manufacturer is not three letters"));
        no_manufacturer["manufacturer"] = Value::Null;
        assert_eq!(data["keyImportPreview"], json!({
            "fileName": "Mai.zip.kem2", "format": "KEM2", "orderNumber": "1", "totalCount": 8, "newCount": 2, "sameCount": 1, "skippedCount": 5,
            "rows": [
                row(1, "76348701", "Multical 21", "SAME", None),
                row(2, "76348702", "Multical 21", "DIFFERENT_KEY", Some("another key DEK is stored and is kept")),
                row(3, "76348703", "flowIQ 2210", "NEW", None),
                row(4, "76348703", "flowIQ 2210", "DUPLICATE", None),
                row(5, "76348704", "Multical 21", "WEAK_KEY", Some("the key DEK is one that anybody could guess")),
                row(6, "76348705", "Multical 21", "NEW", Some("the key DEK counts up or down: an example, not a secret")),
                malformed,
                no_manufacturer,
            ],
        }));
        assert_eq!(counts(&app).await, before);
    }

    async fn an_import_adds_what_is_new_and_twice_is_the_same_as_once(app: TestApp) {
        let mut browser = app.client(app.dealer).await;
        let input = with_file(&mut browser, "Mai.zip.kem2", key_file(meters(&["76348701", "76348702"])), FILE_PASSWORD).await;
        let import = |new: u32, same: u32, at: &str| json!({ "import": {
            "fileName": "Mai.zip.kem2", "orderNumber": "20542729", "newCount": new, "sameCount": same, "skippedCount": 0,
            "importedBy": "k200014@kunde.example", "createdAt": at,
        }});
        assert_eq!(browser.data(IMPORT, input.clone()).await["importKeys"], import(2, 0, "2026-11-23T09:00:00+00:00"));
        assert_eq!(counts(&app).await, [2, 2, 1, 1]);
        app.pass(TimeDelta::seconds(1));
        assert_eq!(browser.data(IMPORT, input).await["importKeys"], import(0, 2, "2026-11-23T09:00:01+00:00"));
        assert_eq!(counts(&app).await, [2, 2, 2, 2]);
        let listed = browser.data("{ keyImports(first: 1) { nodes { newCount sameCount importedBy } totalCount pageInfo { hasNextPage } } }", json!({})).await;
        assert_eq!(listed["keyImports"], json!({
            "nodes": [{ "newCount": 0, "sameCount": 2, "importedBy": "k200014@kunde.example" }],
            "totalCount": 2, "pageInfo": { "hasNextPage": true },
        }));
    }

    async fn a_stored_key_is_never_overwritten_and_a_missing_one_is_added(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        let devices = vec![
            in_file("76348701", "MC21", "1", &[("DEK", &key_of("another")), ("GPK60", &key_of("new"))]),
            in_file("76348702", "MC21", "1", &[("DEK", &key_of("76348702")), ("GPK60", &key_of("new"))]),
        ];
        let actor = actor(&app, app.dealer, AccountKind::Dealer);
        let done = meter::import(&app.app, &actor, "b.kem2", key_file(devices), FILE_PASSWORD.to_owned()).await.unwrap();
        assert_eq!((done.new_count, done.same_count, done.skipped_count), (1, 0, 1));
        assert_eq!(counts(&app).await, [2, 3, 2, 2]);
        for (id, name, key) in [(ids[0], "DEK", "76348701"), (ids[1], "DEK", "76348702"), (ids[1], "GPK60", "new")] {
            let (_, revealed) = meter::reveal(&app.app, &actor, id, name).await.unwrap();
            assert_eq!(*revealed, key_of(key));
        }
    }

    async fn a_file_that_cannot_be_read_is_refused_by_reason_and_adds_nothing(app: TestApp) {
        let good = key_file(meters(&["76348701"]));
        let mut cut = kem::write(
            &KeyFile { format: Format::Kem, order: Some("1".into()), devices: meters(&["76348701"]), problems: vec![] },
            FILE_PASSWORD, Container::Bare,
        ).unwrap();
        cut.truncate(cut.len() / 2);
        let mut browser = app.client(app.dealer).await;
        for (bytes, password, field, reason) in [
            (good.clone(), "0450000h", "password", "WRONG_FILE_PASSWORD"),
            (good.clone(), "", "password", "WRONG_FILE_PASSWORD"),
            (good, "seventeen letters", "password", "WRONG_FILE_PASSWORD"),
            (b"%PDF-1.7".to_vec(), FILE_PASSWORD, "fileId", "NOT_A_KEM_FILE"),
            (cut, FILE_PASSWORD, "fileId", "BROKEN_FILE"),
        ] {
            let input = with_file(&mut browser, "a.kem", bytes, password).await;
            for operation in [PREVIEW, IMPORT] {
                let refusal = browser.refusal(operation, input.clone()).await;
                assert_eq!((&refusal["code"], &refusal["field"], &refusal["reason"]), (&json!("INVALID"), &json!(field), &json!(reason)));
            }
        }
        assert_eq!(counts(&app).await, [0; 4]);
    }

    async fn the_file_of_somebody_else_is_not_there(app: TestApp) {
        let mut other = app.client(app.other_dealer).await;
        let input = with_file(&mut other, "a.kem2", key_file(meters(&["76348701"])), FILE_PASSWORD).await;
        assert_eq!(app.client(app.dealer).await.code(IMPORT, input.clone()).await, "NOT_FOUND");
        assert_eq!(counts(&app).await, [0; 4]);
        assert_eq!(other.data(IMPORT, input).await["importKeys"]["import"]["newCount"], 1);
    }

    async fn the_sample_files_of_the_corpus_give_three_devices_each(app: TestApp) {
        let Some(folder) = corpus("kem") else { return };
        let mut browser = app.client(app.dealer).await;
        let files = [
            ("20260101_0900DownloadMeters.zip.kem", FILE_PASSWORD, "KEM", 3, 0),
            ("20260101_0900_selected_DownloadDevices.zip.kem2", "12345", "KEM2", 0, 3),
        ];
        for (name, password, format, new, same) in files {
            let bytes = fs::read(folder.join(name)).unwrap();
            let wrong = with_file(&mut browser, name, bytes.clone(), "0450001H").await;
            assert_eq!(browser.refusal(IMPORT, wrong).await["reason"], "WRONG_FILE_PASSWORD");
            let input = with_file(&mut browser, name, bytes, password).await;
            let preview = browser.data(PREVIEW, input.clone()).await;
            assert_eq!((&preview["keyImportPreview"]["format"], &preview["keyImportPreview"]["orderNumber"]), (&json!(format), &json!("99999999")));
            let import = browser.data(IMPORT, input).await["importKeys"]["import"].clone();
            assert_eq!((&import["newCount"], &import["sameCount"], &import["skippedCount"]), (&json!(new), &json!(same), &json!(0)));
        }
        let devices = browser.data("{ devices { nodes { serialNumber manufacturer model orderNumber keyNames } } }", json!({})).await;
        let device = |serial: &str, manufacturer: &str, model: &str| json!({
            "serialNumber": serial, "manufacturer": manufacturer, "model": model, "orderNumber": "99999999", "keyNames": ["DEK"],
        });
        assert_eq!(devices["devices"]["nodes"], json!([
            device("90000001", "KAM", "Multical 21"), device("90000002", "KAW", "flowIQ 2210"), device("90000003", "KAM", "Multical 403"),
        ]));
    }

    async fn a_dealer_pages_through_his_devices_by_serial_number(app: TestApp) {
        give_devices(&app, app.dealer, &["76348703", "76348701", "76348705", "76348702", "76348704"]).await;
        give_devices(&app, app.other_dealer, &["76348700"]).await;
        let mut browser = app.client(app.dealer).await;
        let first = browser.data(DEVICES, json!({ "first": 3 })).await;
        assert_eq!(serials(&first), ["76348701", "76348702", "76348703"]);
        assert_eq!((&first["devices"]["totalCount"], &first["devices"]["pageInfo"]["hasNextPage"]), (&json!(5), &json!(true)));
        let after = first["devices"]["pageInfo"]["endCursor"].clone();
        let last = browser.data(DEVICES, json!({ "first": 3, "after": after })).await;
        assert_eq!(serials(&last), ["76348704", "76348705"]);
        assert_eq!((&last["devices"]["totalCount"], &last["devices"]["pageInfo"]["hasNextPage"]), (&json!(5), &json!(false)));
        for wrong in [json!({ "first": 101 }), json!({ "first": 0 }), json!({ "after": "x" })] {
            assert_eq!(browser.code(DEVICES, wrong).await, "INVALID");
        }
    }

    async fn filters_choose_by_number_order_and_model(app: TestApp) {
        let devices = vec![
            in_file("11000001", "MC21", "A-1", &[("DEK", &key_of("1"))]),
            in_file("11000002", "MC403", "A-1", &[("DEK", &key_of("2"))]),
            in_file("12000003", "MC21", "B-2", &[("DEK", &key_of("3"))]),
        ];
        let dealer = actor(&app, app.dealer, AccountKind::Dealer);
        meter::import(&app.app, &dealer, "a.kem2", key_file(devices), FILE_PASSWORD.to_owned()).await.unwrap();
        let mut browser = app.client(app.dealer).await;
        for (filter, expected) in [
            (json!({ "serialPrefix": "11" }), vec!["11000001", "11000002"]),
            (json!({ "serialPrefix": " 12000003 " }), vec!["12000003"]),
            (json!({ "serialPrefix": "" }), vec!["11000001", "11000002", "12000003"]),
            (json!({ "serialPrefix": "120000031" }), vec![]),
            (json!({ "serialPrefix": "1%" }), vec![]),
            (json!({ "serialPrefix": "_1" }), vec![]),
            (json!({ "orderNumber": "A-1", "model": "Multical 21" }), vec!["11000001"]),
            (json!({ "orderNumber": "A" }), vec![]),
            (json!({ "model": "Multical 403" }), vec!["11000002"]),
            (json!({ "assigned": "FREE" }), vec!["11000001", "11000002", "12000003"]),
            (json!({ "assigned": "ACTIVE" }), vec![]),
        ] {
            let found = browser.data(DEVICES, json!({ "filter": filter })).await;
            assert_eq!(serials(&found), expected, "{filter}");
            assert_eq!(found["devices"]["totalCount"], expected.len());
        }
        let facets = browser.data("{ deviceFacets { models orderNumbers } }", json!({})).await;
        assert_eq!(facets["deviceFacets"], json!({ "models": ["Multical 21", "Multical 403"], "orderNumbers": ["A-1", "B-2"] }));
        let other = app.client(app.other_dealer).await.data("{ deviceFacets { models orderNumbers } }", json!({})).await;
        assert_eq!(other["deviceFacets"], json!({ "models": [], "orderNumbers": [] }));
    }

    async fn a_selection_is_named_or_filtered_among_devices_that_are_held(app: TestApp) {
        let own = give_devices(&app, app.dealer, &["76348701", "76348702", "76348703"]).await;
        let foreign = give_devices(&app, app.other_dealer, &["76348704"]).await;
        const SELECTION: &str = "query($selection: DeviceSelection!) { deviceSelection(selection: $selection) { count assignedCount sample { serialNumber } } }";
        let mut browser = app.client(app.dealer).await;
        for (selection, expected) in [
            (json!({ "ids": [own[2], own[0], own[2]] }), vec!["76348701", "76348703"]),
            (json!({ "filter": {}, "except": [own[1], foreign[0]] }), vec!["76348701", "76348703"]),
            (json!({ "filter": { "serialPrefix": "76348704" } }), vec![]),
            (json!({ "ids": [] }), vec![]),
        ] {
            let data = browser.data(SELECTION, json!({ "selection": selection })).await;
            let sample: Vec<_> = expected.iter().map(|serial| json!({ "serialNumber": serial })).collect();
            assert_eq!(data["deviceSelection"], json!({ "count": expected.len(), "assignedCount": 0, "sample": sample }));
        }
        let many: Vec<_> = (0..101).map(|_| app.app.new_id()).collect();
        for (selection, code) in [
            (json!({}), "INVALID"),
            (json!({ "ids": own, "filter": {} }), "INVALID"),
            (json!({ "ids": [own[0], foreign[0]] }), "NOT_FOUND"),
            (json!({ "ids": many }), "TOO_LARGE"),
        ] {
            assert_eq!(browser.code(SELECTION, json!({ "selection": selection })).await, code, "{selection}");
        }
    }

    async fn a_foreign_device_looks_like_one_that_does_not_exist(app: TestApp) {
        let device = give_devices(&app, app.dealer, &["76348701"]).await[0];
        let missing = DeviceId(app.app.new_id());
        for person in [app.customer, app.stranger, app.other_dealer] {
            let mut browser = app.client(person).await;
            let list = browser.data(EVERYTHING, json!({})).await;
            assert_eq!(list["devices"], json!({ "totalCount": 0, "nodes": [] }));
            app.pass(TimeDelta::minutes(11)); // no step-up is asked for what is not seen
            for (operation, foreign, missing) in [
                (DEVICE, json!({ "id": device }), json!({ "id": missing })),
                (REVEAL, reveal_input(device, "DEK"), reveal_input(missing, "DEK")),
                (REVEAL, reveal_input(device, "no such key"), reveal_input(missing, "no such key")),
            ] {
                let answer = browser.graphql(operation, foreign).await;
                assert_eq!(answer, browser.graphql(operation, missing).await);
                assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_FOUND");
            }
        }
        assert_eq!(audits(&app, "revealKey").await.len(), 0);
    }

    async fn a_dealer_reads_a_key_after_stepping_up_and_the_audit_log_says_so(app: TestApp) {
        let device = give_devices(&app, app.dealer, &["76348701"]).await[0];
        let mut browser = app.client(app.dealer).await;
        app.pass(TimeDelta::minutes(10));
        assert_eq!(browser.code(REVEAL, reveal_input(device, "DEK")).await, "STEP_UP_REQUIRED");
        assert_eq!(browser.code(REVEAL, reveal_input(device, "GPK60")).await, "NOT_FOUND");
        assert_eq!(audits(&app, "revealKey").await.len(), 0);
        browser.data("mutation { stepUp(input: { password: \"Sieben-Wege-26\" }) { validUntil } }", json!({})).await;
        let data = browser.data(REVEAL, reveal_input(device, "DEK")).await;
        let key = key_of("76348701");
        assert_eq!(data["revealKey"], json!({ "device": { "serialNumber": "76348701" }, "name": "DEK", "key": key }));
        let log = audits(&app, "revealKey").await;
        assert_eq!(log.len(), 1);
        assert_eq!((log[0].user_id, log[0].account_id, log[0].is_allowed), (Some(app.dealer.user), Some(app.dealer.account), true));
        assert_eq!(log[0].object, Some(format!("{device} DEK")));
    }

    async fn without_an_audit_row_there_is_no_key(app: TestApp) {
        let device = give_devices(&app, app.dealer, &["76348701"]).await[0];
        let mut browser = app.client(app.dealer).await;
        app.db().execute_unprepared("ALTER TABLE audit RENAME TO audit_gone").await.unwrap();
        let answer = browser.graphql(REVEAL, reveal_input(device, "DEK")).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL");
        assert!(!answer.to_string().contains(&key_of("76348701")), "{answer}");
    }

    async fn keys_lie_sealed_and_are_in_no_list(app: TestApp) {
        let serial = "76348701";
        let device = give_devices(&app, app.dealer, &[serial]).await[0];
        let mut browser = app.client(app.dealer).await;
        browser.data(REVEAL, reveal_input(device, "DEK")).await;
        let key = MeterKey::from_hex(&key_of(serial)).unwrap();
        let row = device_key::Entity::find().one(app.db()).await.unwrap().unwrap();
        assert_eq!((row.device_id, row.name.as_str(), row.sealed.len()), (device, "DEK", 12 + 16 + 16));
        assert!(!row.sealed.windows(16).any(|bytes| bytes == key.expose()));
        let list = browser.data(EVERYTHING, json!({})).await;
        assert_eq!(list["devices"]["nodes"][0]["keyNames"], json!(["DEK"]));
        let imports = browser.data("{ keyImports { nodes { fileName orderNumber importedBy } } }", json!({})).await;
        let audit = audit::Entity::find().all(app.db()).await.unwrap();
        let text = format!("{list} {imports} {audit:?}").to_uppercase();
        assert!(!text.contains(&key_of(serial)), "{text}");
    }

    async fn keys_and_passwords_are_in_no_log_line(app: TestApp) {
        let log = Log::default();
        let writer = log.clone();
        let lines = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
        let _captured = tracing::subscriber::set_default(lines);
        let mut browser = app.client(app.dealer).await;
        let input = with_file(&mut browser, "a.kem2", key_file(meters(&["76348701"])), FILE_PASSWORD).await;
        browser.data(PREVIEW, input.clone()).await;
        browser.data(IMPORT, input).await;
        let device = device::Entity::find().one(app.db()).await.unwrap().unwrap().id;
        assert_eq!(browser.data(REVEAL, reveal_input(device, "DEK")).await["revealKey"]["key"], key_of("76348701"));
        app.db().execute_unprepared("UPDATE device_key SET key_version = 2").await.unwrap();
        assert_eq!(browser.code(REVEAL, reveal_input(device, "DEK")).await, "INTERNAL");
        let text = log.text().to_uppercase();
        assert!(text.contains("KEY-ENCRYPTION KEY 2 IS NOT IN THE KEY FILE"), "the log says what broke: {text}");
        for secret in [key_of("76348701"), FILE_PASSWORD.to_owned()] {
            assert!(!text.contains(&secret), "{secret}");
        }
    }

    async fn a_key_moved_to_another_device_does_not_open(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        let rows = device_key::Entity::find().all(app.db()).await.unwrap();
        let stolen = rows.iter().find(|row| row.device_id == ids[0]).unwrap().sealed.clone();
        device_key::Entity::update_many()
            .col_expr(device_key::Column::Sealed, sea_orm::sea_query::Expr::value(stolen))
            .filter(device_key::COLUMN.device_id.eq(ids[1]))
            .exec(app.db())
            .await
            .unwrap();
        let mut browser = app.client(app.dealer).await;
        assert_eq!(browser.code(REVEAL, reveal_input(ids[1], "DEK")).await, "INTERNAL");
        assert_eq!(browser.data(REVEAL, reveal_input(ids[0], "DEK")).await["revealKey"]["key"], key_of("76348701"));
    }

    async fn a_page_of_a_hundred_costs_as_many_statements_as_one_of_ten(app: TestApp) {
        let numbers: Vec<_> = (0..120).map(|n| format!("50000{n:03}")).collect();
        give_devices(&app, app.dealer, &numbers.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let actor = actor(&app, app.dealer, AccountKind::Dealer);
        crate::access::assign_all(&app, &actor, "anna@example.org").await;
        let mut browser = app.client(app.dealer).await;
        let ten = app.statements(browser.data(EVERYTHING, json!({ "first": 10 }))).await;
        let hundred = app.statements(browser.data(EVERYTHING, json!({ "first": 100 }))).await;
        assert_eq!(ten, hundred);
        let page = browser.data(EVERYTHING, json!({ "first": 100 })).await;
        let last = &page["devices"]["nodes"][99];
        assert_eq!(last["readRights"][0]["email"], "anna@example.org");
        assert_eq!(last["readRights"][0]["assignment"]["deviceCount"], numbers.len());
    }

    async fn importing_many_devices_takes_few_statements(app: TestApp) {
        let dealer = actor(&app, app.dealer, AccountKind::Dealer);
        let numbers: Vec<_> = (0..1200).map(|n| format!("5000{n:04}")).collect();
        let bytes = key_file(meters(&numbers.iter().map(String::as_str).collect::<Vec<_>>()));
        let work = meter::import(&app.app, &dealer, "many.kem2", bytes, FILE_PASSWORD.to_owned());
        // 3 reads, 3 batches of devices and of keys, the import, the audit row, and what opens and closes a transaction
        let statements = app.statements(async { assert_eq!(work.await.unwrap().new_count, 1200) }).await;
        assert!(statements <= 14, "{statements}");
        assert_eq!(counts(&app).await, [1200, 1200, 1, 1]);
    }
}
