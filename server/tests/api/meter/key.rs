//! Reading keys, and where keys never are.
use super::*;
use crate::log::Captured;

const ORIGINS: &str = "query($id: DeviceId!) { device(id: $id) { keyNames readRightGivenAt readRightEmail
    keys { name importedAt importedBy fileName fileSha256 } } }";

crate::on_both! {
    async fn the_holder_sees_where_each_key_came_from_and_its_reader_who_gave_the_right(app: TestApp) {
        let keys = [("AK", key_of("ak")), ("DEK", key_of("dek"))];
        let named: Vec<_> = keys.iter().map(|(name, key)| (*name, key.as_str())).collect();
        let first = key_file(vec![in_file("76348701", "MC21", "20542729", &named[1..])]);
        let second = key_file(vec![in_file("76348701", "MC21", "20542729", &named[..1])]);
        let dealer = actor(&app, app.dealer, AccountKind::Dealer);
        for (name, bytes) in [("a.kem2", &first), ("b.kem2", &second)] {
            meter::import(&app.app, &dealer, name, bytes.clone(), FILE_PASSWORD.to_owned()).await.unwrap();
            app.pass(TimeDelta::minutes(1));
        }
        let row = device::Entity::find().filter(device::COLUMN.serial_number.eq("76348701")).one(app.db()).await.unwrap().unwrap();
        let input = json!({ "id": row.id });
        let of_dealer = app.client(app.dealer).await.data(ORIGINS, input.clone()).await["device"].clone();
        let origin = |name: &str, at: &str, file: &str, bytes: &[u8]| json!({ "name": name, "importedAt": at,
            "importedBy": of_dealer["keys"][0]["importedBy"], "fileName": file, "fileSha256": sha256(bytes) });
        assert_eq!(of_dealer["keys"], json!([origin("AK", "2026-11-23T09:01:00+00:00", "b.kem2", &second),
            origin("DEK", "2026-11-23T09:00:00+00:00", "a.kem2", &first)]));
        let who = of_dealer["keys"][0]["importedBy"].as_str().unwrap();
        assert!(who == "k200014@kunde.example" || who.contains(' '), "{who}");
        assert_eq!(json!([of_dealer["readRightGivenAt"], of_dealer["readRightEmail"]]), json!([null, null]));

        super::quota::let_read(&app, app.stranger, "k104871@kunde.example", &[row.id]).await;
        let of_reader = app.client(app.stranger).await.data(ORIGINS, input).await["device"].clone();
        assert_eq!(of_reader, json!({ "keyNames": ["AK", "DEK"], "keys": [], "readRightGivenAt": "2026-11-23T09:02:00+00:00",
            "readRightEmail": "k104871@kunde.example" }));
    }

    async fn a_foreign_device_looks_like_one_that_does_not_exist_e02(app: TestApp) {
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

    async fn a_dealer_reads_a_key_after_stepping_up_and_the_audit_log_says_so_e08_d07(app: TestApp) {
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

    async fn a_key_is_read_with_a_second_factor_only_where_the_provider_says_so_e08(app: TestApp) {
        let device = give_devices(&app, app.dealer, &["76348701"]).await[0];
        let strict = app.restarted(|settings| settings.require_second_factor = true);
        let mut browser = strict.client(strict.dealer).await;
        assert_eq!(browser.code(REVEAL, reveal_input(device, "DEK")).await, "SECOND_FACTOR_REQUIRED");
        assert_eq!(audits(&strict, "revealKey").await.len(), 0);
    }

    async fn without_an_audit_row_there_is_no_key_h05(app: TestApp) {
        let device = give_devices(&app, app.dealer, &["76348701"]).await[0];
        let mut browser = app.client(app.dealer).await;
        app.db().execute_unprepared("ALTER TABLE audit RENAME TO audit_gone").await.unwrap();
        let answer = browser.graphql(REVEAL, reveal_input(device, "DEK")).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL");
        assert!(!answer.to_string().contains(&key_of("76348701")), "{answer}");
    }

    async fn keys_lie_sealed_and_are_in_no_list_e08(app: TestApp) {
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

    async fn keys_and_passwords_are_in_no_log_line_h04(app: TestApp) {
        let log = Captured::begin();
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
}
