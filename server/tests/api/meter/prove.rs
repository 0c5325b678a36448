//! Proving keys by telegrams.
use super::*;
use shared::id::DeviceId;

const PROVE: &str = "mutation($input: ProveKeysInput!) { proveKeys(input: $input) { proofs {
    position serialNumber manufacturer device { serialNumber } verdict mode strengthBits fault keyName isCompact repair
    fitsDevice { serialNumber } readings { quantity value unit storage } } } }";

/// A cold water meter, in counter mode of the link layer; what it says is invented.
const WATER: &str = "2A442D2C010000901B168D2091D37CAC2128BD82C4899EE28FAB98A54FB8523C489897D674E6FF29CFE4E2";
const WATER_KEY: &str = "000102030405060708090A0B0C0D0E0F";
/// A heat meter, in mode 5.
const HEAT: &str = "2E442D2C0300009040047A83002005C73760D2DA9760D0056155DEF3E8696B2A0B30E13CD13F379638208C8214FD9A";
const HEAT_KEY: &str = "202122232425262728292A2B2C2D2E2F";

fn pasted(telegrams: &str) -> Value {
    json!({ "input": { "telegrams": telegrams } })
}

/// Gives the dealer meters with these keys, all of one order.
async fn give(app: &TestApp, meters: &[(&str, &str)]) -> Vec<DeviceId> {
    let devices = meters
        .iter()
        .map(|(serial, key)| in_file(serial, "MC21", "20542729", &[("DEK", key)]))
        .collect();
    let dealer = actor(app, app.dealer, AccountKind::Dealer);
    meter::import(&app.app, &dealer, "a.kem2", key_file(devices), FILE_PASSWORD.to_owned())
        .await
        .unwrap();
    let mut ids = Vec::new();
    for (serial, _) in meters {
        let rows = device::Entity::find().filter(device::COLUMN.serial_number.eq(*serial));
        ids.push(rows.one(app.db()).await.unwrap().unwrap().id);
    }
    ids
}

crate::on_both! {
    async fn telegrams_find_their_meters_and_say_what_these_measured(app: TestApp) {
        give(&app, &[("90000001", WATER_KEY), ("90000003", HEAT_KEY)]).await;
        let mut browser = app.client(app.dealer).await;
        let answer = browser.data(PROVE, pasted(&format!("{HEAT}\n\n  telegram=|{WATER}|\n"))).await;
        let proofs = answer["proveKeys"]["proofs"].as_array().unwrap();
        assert_eq!(proofs.len(), 2);
        let short = |proof: &Value| json!([proof["position"], proof["serialNumber"], proof["manufacturer"],
            proof["device"]["serialNumber"], proof["verdict"], proof["mode"], proof["strengthBits"], proof["keyName"]]);
        assert_eq!(short(&proofs[0]), json!([1, "90000003", "KAM", "90000003", "OK", "TPL mode 5", 16, "DEK"]));
        assert_eq!(short(&proofs[1]), json!([2, "90000001", "KAM", "90000001", "OK", "ELL AES-CTR", 16, "DEK"]));
        assert_eq!(proofs[0]["readings"][0], json!({ "quantity": "ENERGY", "value": "1234", "unit": "kWh", "storage": 0 }));
        assert!(proofs[1]["readings"].as_array().unwrap().contains(
            &json!({ "quantity": "VOLUME", "value": "12.345", "unit": "m³", "storage": 0 })));
        let log = audits(&app, "proveKeys").await;
        assert_eq!(log.len(), 1);
        assert!(!answer.to_string().contains(WATER_KEY) && !log[0].object.as_ref().unwrap().contains(WATER));
    }

    async fn a_right_to_prove_shows_readings_and_never_a_key(app: TestApp) {
        let ids = give(&app, &[("90000001", WATER_KEY), ("90000003", HEAT_KEY)]).await;
        let assign = "mutation($input: AssignReadRightsInput!) { assignReadRights(input: $input) { assignments { verifyOnly } } }";
        let input = json!({ "input": { "emails": ["k104871@kunde.example"], "selection": { "ids": [ids[0]] }, "verifyOnly": true } });
        let given = app.client(app.dealer).await.data(assign, input).await;
        assert_eq!(given["assignReadRights"]["assignments"][0]["verifyOnly"], true);
        let mail = app.mails().await.pop().unwrap();
        let token = mail.text.split_once("/invitation#").unwrap().1.split_whitespace().next().unwrap().to_owned();
        let mut reader = app.client(app.stranger).await;
        let accept = "mutation($input: AcceptReadRightsInput!) { acceptReadRights(input: $input) { deviceCount } }";
        reader.data(accept, json!({ "input": { "token": token } })).await;

        let seen = reader.data("{ devices { nodes { serialNumber viewerCanReveal } } }", json!({})).await;
        assert_eq!(seen["devices"]["nodes"], json!([{ "serialNumber": "90000001", "viewerCanReveal": false }]));
        let proofs = reader.data(PROVE, pasted(&format!("{WATER}\n{HEAT}"))).await;
        assert_eq!(proofs["proveKeys"]["proofs"][0]["verdict"], "OK");
        assert_eq!(proofs["proveKeys"]["proofs"][1]["verdict"], "UNKNOWN_DEVICE"); // the dealer's, and not given
        assert_eq!(reader.code(REVEAL, reveal_input(ids[0], "DEK")).await, "FORBIDDEN");
        assert_eq!(audits(&app, "revealKey").await.len(), 0);
    }

    async fn the_usual_accident_of_a_wrong_key_is_named(app: TestApp) {
        let reversed = "2F2E2D2C2B2A29282726252423222120";
        give(&app, &[("90000003", reversed)]).await;
        let mut browser = app.client(app.dealer).await;
        let answer = browser.data(PROVE, pasted(HEAT)).await;
        let proof = &answer["proveKeys"]["proofs"][0];
        assert_eq!(json!([proof["verdict"], proof["repair"], proof["readings"], proof["keyName"]]),
            json!(["WRONG_KEY", "REVERSED_BYTES", [], null]));
    }

    async fn a_key_that_fits_is_found_at_a_neighbour_of_the_order(app: TestApp) {
        give(&app, &[("90000001", HEAT_KEY), ("90000003", &key_of("90000003"))]).await;
        let mut browser = app.client(app.dealer).await;
        let answer = browser.data(PROVE, pasted(HEAT)).await;
        let proof = &answer["proveKeys"]["proofs"][0];
        assert_eq!(json!([proof["verdict"], proof["repair"], proof["fitsDevice"]]),
            json!(["WRONG_KEY", null, { "serialNumber": "90000001" }]));
    }

    async fn what_cannot_be_judged_says_why(app: TestApp) {
        let ids = give(&app, &[("90000001", WATER_KEY), ("90000003", HEAT_KEY)]).await;
        let mut browser = app.client(app.dealer).await;
        let other = "43".to_owned() + &"00".repeat(20);
        let answer = browser.data(PROVE, pasted(&format!("hello\n{}\n{other}", &WATER[..40]))).await;
        let told: Vec<_> = answer["proveKeys"]["proofs"].as_array().unwrap().iter()
            .map(|proof| json!([proof["verdict"], proof["fault"]])).collect();
        assert_eq!(told, [json!(["BAD_FRAME", "NOT_HEX"]), json!(["BAD_FRAME", "SHORT"]), json!(["BAD_FRAME", "SHORT"])]);
        let only = json!({ "input": { "telegrams": HEAT, "deviceId": ids[0] } });
        assert_eq!(browser.data(PROVE, only).await["proveKeys"]["proofs"][0]["verdict"], "WRONG_METER");
        let before = audits(&app, "proveKeys").await.len();
        for (text, reason) in [("  \n ", "MISSING"), (&*format!("{WATER}\n").repeat(51), "TOO_MANY")] {
            let refusal = browser.refusal(PROVE, pasted(text)).await;
            assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("telegrams"), &json!(reason)));
        }
        let missing = json!({ "input": { "telegrams": HEAT, "deviceId": DeviceId(app.app.new_id()) } });
        assert_eq!(browser.code(PROVE, missing).await, "NOT_FOUND");
        assert_eq!(audits(&app, "proveKeys").await.len(), before);
    }

    async fn what_telegrams_say_stands_in_the_list_of_the_holder(app: TestApp) {
        let ids = give(&app, &[("90000001", WATER_KEY), ("90000002", WATER_KEY), ("90000003", WATER_KEY)]).await;
        let mut browser = app.client(app.dealer).await;
        browser.data(PROVE, pasted(&format!("{WATER}\n{HEAT}"))).await;
        let list = "query($proof: DeviceProof) { devices(filter: { proof: $proof }) { nodes { serialNumber proof provenAt } } }";
        let at = app.app.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true).replace('Z', "+00:00");
        for (proof, serial, at) in [("PROVEN", "90000001", json!(at)), ("DOUBTFUL", "90000003", json!(at)), ("UNPROVEN", "90000002", Value::Null)] {
            let nodes = browser.data(list, json!({ "proof": proof })).await["devices"]["nodes"].clone();
            assert_eq!(nodes, json!([{ "serialNumber": serial, "proof": proof, "provenAt": at }]));
        }
        assert_eq!(ids.len(), 3);
    }

    async fn a_person_proves_no_more_than_sixty_times_an_hour(app: TestApp) {
        give(&app, &[("90000001", WATER_KEY)]).await;
        let second = app.member(app.dealer.account, "200014/zwei", &[Right::ReadKeys]).await;
        let mut browser = app.client(app.dealer).await;
        browser.refusal(PROVE, pasted(" ")).await; // bad input is no try
        for _ in 0..60 {
            assert_eq!(browser.data(PROVE, pasted(WATER)).await["proveKeys"]["proofs"][0]["verdict"], "OK");
        }
        let before = audits(&app, "proveKeys").await.len();
        assert_eq!(browser.code(PROVE, pasted(WATER)).await, "THROTTLED");
        assert_eq!(app.client(app.dealer).await.code(PROVE, pasted(WATER)).await, "THROTTLED"); // in another browser too
        assert_eq!(audits(&app, "proveKeys").await.len(), before);
        assert_eq!(app.client(second).await.data(PROVE, pasted(WATER)).await["proveKeys"]["proofs"][0]["verdict"], "OK");
        app.pass(TimeDelta::minutes(60));
        let later = app.client(app.dealer).await.data(PROVE, pasted(WATER)).await;
        assert_eq!(later["proveKeys"]["proofs"][0]["verdict"], "OK");
    }

    async fn a_telegram_that_was_wrapped_is_one(app: TestApp) {
        give(&app, &[("90000001", WATER_KEY)]).await;
        let wrapped = format!("{}\n{}\n{}", &WATER[..32], &WATER[32..64], &WATER[64..]);
        let answer = app.client(app.dealer).await.data(PROVE, pasted(&wrapped)).await;
        let proofs = answer["proveKeys"]["proofs"].as_array().unwrap();
        assert_eq!((proofs.len(), &proofs[0]["verdict"]), (1, &json!("OK")));
    }
}
