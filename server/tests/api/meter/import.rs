//! Importing key files.
use super::*;

async fn counts(app: &TestApp) -> [u64; 4] {
    [
        device::Entity::find().count(app.db()).await.unwrap(),
        device_key::Entity::find().count(app.db()).await.unwrap(),
        key_import::Entity::find().count(app.db()).await.unwrap(),
        audits(app, "importKeys").await.len() as u64,
    ]
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
            let (_, revealed) = meter::reveal(&app.app, &actor, id, name, None).await.unwrap();
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
