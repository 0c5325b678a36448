//! Taking keys in files: each format, who may, once.
use super::{
    quota::{APPROVE, ASK, let_read},
    *,
};
use crate::log::Captured;
use axum::{body::Body, http::Request};
use server::{
    entity::{key_export, key_use},
    file::sha256 as sum,
};
use std::io::{Cursor, Read};

const EXPORT: &str = "mutation($input: ExportKeysInput!) { exportKeys(input: $input) { id fileName deviceCount mark sha256 expiresAt password } }";

fn export_input(ids: &[DeviceId], format: &str) -> Value {
    json!({ "input": { "selection": { "ids": ids }, "format": format } })
}

async fn fetch(browser: &mut Client, id: &Value) -> (u16, Vec<u8>) {
    let request =
        Request::get(format!("/download/keys/{}", id.as_str().unwrap())).header("sec-fetch-site", "same-origin");
    let answer = browser.send(request.body(Body::empty()).unwrap()).await;
    (answer.status.as_u16(), answer.body.to_vec())
}

/// The files of a package, by their names.
fn files(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes.to_vec())).unwrap();
    (0..zip.len())
        .map(|at| {
            let mut file = zip.by_index(at).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().to_string(), bytes)
        })
        .collect()
}

fn text(files: &[(String, Vec<u8>)], name: &str) -> String {
    let (_, bytes) = files.iter().find(|file| file.0 == name).unwrap();
    String::from_utf8(bytes.clone()).unwrap()
}

crate::on_both! {
    async fn a_file_of_keys_has_a_manifest_and_a_mark_and_is_fetched_once_by_its_session(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        let mut browser = app.client(app.dealer).await;
        let made = browser.data(EXPORT, export_input(&ids, "WMBUSMETERS")).await["exportKeys"].clone();
        assert_eq!((&made["deviceCount"], &made["password"]), (&json!(2), &Value::Null));
        let row = key_export::Entity::find().one(app.db()).await.unwrap().unwrap();
        let raw = hex::decode(key_of("76348701")).unwrap();
        let sealed = row.sealed.unwrap();
        assert!(!sealed.windows(16).any(|bytes| bytes == raw) && !sealed.starts_with(b"PK"));
        // Another session of the same person, another person, and another site get nothing, and leave it there.
        assert_eq!(fetch(&mut app.client(app.dealer).await, &made["id"]).await.0, 404);
        assert_eq!(fetch(&mut app.client(app.stranger).await, &made["id"]).await.0, 404);
        assert_eq!(fetch(&mut app.anonymous(), &made["id"]).await.0, 401);
        let elsewhere = Request::get(format!("/download/keys/{}", made["id"].as_str().unwrap())).header("sec-fetch-site", "cross-site");
        assert_eq!(browser.send(elsewhere.body(Body::empty()).unwrap()).await.status, 403);
        let (status, bytes) = fetch(&mut browser, &made["id"]).await;
        assert_eq!((status, json!(sum(&bytes))), (200, made["sha256"].clone()));
        assert_eq!(fetch(&mut browser, &made["id"]).await.0, 404);
        let row = key_export::Entity::find().one(app.db()).await.unwrap().unwrap();
        assert_eq!((row.sealed, row.fetched_at.is_some(), json!(row.mark)), (None, true, made["mark"].clone()));

        let files = files(&bytes);
        let names: Vec<_> = files.iter().map(|file| file.0.as_str()).collect();
        assert_eq!(names, ["wmbusmeters.d/76348701", "wmbusmeters.d/76348702", "manifest.json"]);
        let meter = text(&files, "wmbusmeters.d/76348701");
        for line in ["driver=kamwater", "id=76348701", &format!("key={}", key_of("76348701"))] {
            assert!(meter.lines().any(|found| found == line), "{line}: {meter}");
        }
        let manifest: Value = serde_json::from_str(&text(&files, "manifest.json")).unwrap();
        assert_eq!((&manifest["mark"], &manifest["recipient"], &manifest["madeAt"], &manifest["devices"]),
            (&made["mark"], &json!("200014 Haustechnik Brandt & Söhne KG"), &json!("2026-11-23T09:00:00Z"), &json!(2)));
        assert_eq!(manifest["files"][0], json!({ "name": names[0], "bytes": meter.len(), "sha256": sum(meter.as_bytes()) }));
        assert!(meter.contains(made["mark"].as_str().unwrap()));
        let log = audits(&app, "exportKeys").await;
        assert_eq!((log.len(), audits(&app, "fetchKeys").await.len()), (1, 1));
        assert!(log[0].object.as_ref().unwrap().contains(row.mark.as_str()));
    }

    async fn a_key_file_opens_with_the_password_that_is_shown_once_and_kept_nowhere_h04(app: TestApp) {
        let log = Captured::begin();
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let mut browser = app.client(app.dealer).await;
        let made = browser.data(EXPORT, export_input(&ids, "KEM")).await["exportKeys"].clone();
        let password = made["password"].as_str().unwrap();
        assert_eq!(password.len(), 16);
        assert!(password.bytes().all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit()));
        let (_, bytes) = fetch(&mut browser, &made["id"]).await;
        let files = files(&bytes);
        assert!(files[0].0.ends_with("_selected_DownloadMeters.zip.kem"), "{}", files[0].0);
        let read = kem::read(&files[0].1, password).unwrap();
        assert_eq!((read.devices.len(), read.devices[0].serial.to_string()), (1, "76348701".to_owned()));
        assert_eq!(read.devices[0].keys, [("DEK".to_owned(), MeterKey::from_hex(&key_of("76348701")).unwrap())]);
        assert!(kem::read(&files[0].1, "AAAAAAAAAAAAAAAA").is_err());
        let kept = format!("{:?} {:?} {:?}", audit::Entity::find().all(app.db()).await.unwrap(), app.mails().await,
            key_export::Entity::find().all(app.db()).await.unwrap());
        let logged = log.text();
        for secret in [password.to_owned(), key_of("76348701"), key_of("76348701").to_lowercase()] {
            assert!(!kept.contains(&secret) && !logged.contains(&secret), "{secret}");
        }
        assert!(logged.contains("/download/keys/"), "the request itself is logged");
    }

    async fn a_name_that_begins_like_a_formula_is_text_in_the_table_h08(app: TestApp) {
        let mut device = in_file("76348701", "=1+1", "@SUM(A1)", &[("DEK", &key_of("76348701"))]);
        device.own_number = Some("-2+3".to_owned());
        let dealer = actor(&app, app.dealer, AccountKind::Dealer);
        meter::import(&app.app, &dealer, "a.kem2", key_file(vec![device]), FILE_PASSWORD.to_owned()).await.unwrap();
        let mut browser = app.client(app.dealer).await;
        let input = json!({ "input": { "selection": { "filter": {} }, "format": "CSV" } });
        let made = browser.data(EXPORT, input).await["exportKeys"].clone();
        let (_, bytes) = fetch(&mut browser, &made["id"]).await;
        let table = text(&files(&bytes), "keys.csv");
        for cell in ["'=1+1", "'@SUM(A1)", "'-2+3"] {
            assert!(table.contains(cell), "{cell}: {table}");
        }
        assert!(!table.contains(",=") && !table.contains(";=") && !table.contains("\"="), "{table}");
    }

    async fn every_form_holds_the_key(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let mut browser = app.client(app.dealer).await;
        for (format, name) in [("JSON", "keys.json"), ("HOME_ASSISTANT", "wmbusmeters-addon.json"), ("ESPHOME", "secrets.yaml"), ("CSV", "keys.csv")] {
            let made = browser.data(EXPORT, export_input(&ids, format)).await["exportKeys"].clone();
            let (_, bytes) = fetch(&mut browser, &made["id"]).await;
            assert!(text(&files(&bytes), name).contains(&key_of("76348701")), "{format}");
        }
        let how: Vec<_> = key_use::Entity::find().all(app.db()).await.unwrap().into_iter().map(|row| row.how).collect();
        assert_eq!(how, [shared::device::KeyUse::Exported; 4]);
    }

    async fn without_an_audit_row_there_is_no_file_h05(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let mut browser = app.client(app.dealer).await;
        app.db().execute_unprepared("ALTER TABLE audit RENAME TO audit_gone").await.unwrap();
        let answer = browser.graphql(EXPORT, export_input(&ids, "KEM")).await;
        assert_eq!((&answer["errors"][0]["extensions"]["code"], &answer["data"]), (&json!("INTERNAL"), &Value::Null));
        assert_eq!(key_export::Entity::find().count(app.db()).await.unwrap(), 0);
        assert_eq!(key_use::Entity::find().count(app.db()).await.unwrap(), 0);
    }

    async fn a_file_needs_the_password_given_lately_and_room_in_the_quota_e08_h07(app: TestApp) {
        let numbers: Vec<_> = (0..21).map(|n| format!("763487{n:02}")).collect();
        let ids = give_devices(&app, app.dealer, &numbers.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let mut browser = app.client(app.dealer).await;
        app.pass(TimeDelta::minutes(10));
        assert_eq!(browser.code(EXPORT, export_input(&ids[..1], "CSV")).await, "STEP_UP_REQUIRED");
        let mut browser = app.client(app.dealer).await;
        let refusal = browser.refusal(EXPORT, export_input(&ids, "CSV")).await;
        assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("selection"), &json!("KEY_QUOTA")));
        for (input, code) in [
            (json!({ "input": { "format": "CSV" } }), "INVALID"),
            (json!({ "input": { "selection": { "ids": [] }, "format": "CSV" } }), "INVALID"),
            (export_input(&[DeviceId(app.app.new_id())], "CSV"), "NOT_FOUND"),
        ] {
            assert_eq!(browser.code(EXPORT, input).await, code);
        }
        let mut program = app.program(app.dealer, &[Right::ReadKeys]).await;
        assert_eq!(program.code(EXPORT, export_input(&ids[..1], "CSV")).await, "FORBIDDEN");
        assert_eq!(key_export::Entity::find().count(app.db()).await.unwrap(), 0);
        let denied: std::collections::BTreeSet<_> = audit::Entity::find().filter(audit::COLUMN.act.eq("exportKeys"))
            .all(app.db()).await.unwrap().into_iter().map(|row| (row.is_allowed, row.code.unwrap())).collect();
        let expected = ["STEP_UP_REQUIRED", "INVALID", "NOT_FOUND", "FORBIDDEN"];
        assert_eq!(denied, expected.map(|code| (false, code.to_owned())).into());
        browser.data(EXPORT, export_input(&ids[..20], "CSV")).await;
        assert_eq!(browser.code(EXPORT, export_input(&ids[..1], "CSV")).await, "INVALID");
    }

    async fn an_approved_request_is_taken_in_one_file_whatever_the_quota(app: TestApp) {
        let numbers: Vec<_> = (0..21).map(|n| format!("763487{n:02}")).collect();
        let ids = give_devices(&app, app.dealer, &numbers.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let second = app.member(app.dealer.account, "200014/zwei", &[Right::ReadKeys]).await;
        let mut browser = app.client(app.dealer).await;
        let ask = json!({ "input": { "selection": { "filter": {}, "except": [ids[0]] } } });
        let id = browser.data(ASK, ask).await["requestKeys"]["request"]["id"].clone();
        app.client(second).await.data(APPROVE, json!({ "input": { "id": id } })).await;
        let input = json!({ "input": { "requestId": id, "format": "JSON" } });
        assert_eq!(app.client(second).await.code(EXPORT, input.clone()).await, "NOT_FOUND");
        let made = browser.data(EXPORT, input.clone()).await["exportKeys"].clone();
        assert_eq!(made["deviceCount"], 20);
        assert_eq!(browser.code(EXPORT, input).await, "CONFLICT");
        let (_, bytes) = fetch(&mut browser, &made["id"]).await;
        let text = text(&files(&bytes), "keys.json");
        assert!(!text.contains(&key_of("76348700")) && text.contains(&key_of("76348720")));
    }

    async fn a_file_that_nobody_fetches_is_gone_after_five_minutes(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701"]).await;
        let mut browser = app.client(app.dealer).await;
        let made = browser.data(EXPORT, export_input(&ids, "CSV")).await["exportKeys"].clone();
        app.pass(TimeDelta::minutes(5));
        assert_eq!(fetch(&mut browser, &made["id"]).await.0, 404);
        browser.data(EXPORT, export_input(&ids, "CSV")).await;
        let kept = key_export::Entity::find().filter(key_export::COLUMN.sealed.is_not_null()).count(app.db()).await.unwrap();
        assert_eq!(kept, 1);
    }

    async fn a_reader_takes_the_keys_that_were_given_to_him_and_no_others(app: TestApp) {
        let ids = give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        let_read(&app, app.stranger, "k104871@kunde.example", &ids[..1]).await;
        let mut reader = app.client(app.stranger).await;
        assert_eq!(reader.code(EXPORT, export_input(&ids, "CSV")).await, "NOT_FOUND");
        let all = json!({ "input": { "selection": { "filter": {} }, "format": "JSON" } });
        let made = reader.data(EXPORT, all).await["exportKeys"].clone();
        let (_, bytes) = fetch(&mut reader, &made["id"]).await;
        let text = text(&files(&bytes), "keys.json");
        assert!(text.contains(&key_of("76348701")) && !text.contains(&key_of("76348702")));
    }
}
