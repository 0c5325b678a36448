//! Devices: importing key files, who sees which device, reading a key.
mod hand_out;
mod history;
mod import;
mod key;
mod many;
mod prove;
mod quota;
mod staging;

use crate::app::{Client, Person, TestApp, corpus};
use chrono::TimeDelta;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use server::{
    actor::{Actor, Credential, InView},
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
use std::fs;

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
            needs_second_factor: false,
        }),
        authenticated_at: app.app.clock.now(),
        has_second_factor: false,
        credential: Credential::Session(Vec::new()),
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
        .filter(audit::COLUMN.is_allowed.eq(true))
        .order_by_asc(audit::Column::Id)
        .all(app.db())
        .await
        .unwrap()
}

crate::on_both! {
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

    async fn filters_choose_by_kind_by_what_is_measured_and_by_proof(app: TestApp) {
        let mut devices = vec![
            in_file("11000001", "MC21", "A-1", &[("DEK", &key_of("1"))]),
            in_file("11000002", "MC603", "A-1", &[("DEK", &key_of("2"))]),
            in_file("12000003", "READy Konzentrator", "B-2", &[("DEK", &key_of("3"))]),
        ];
        devices[1].consumption = Some("HeatCooling".to_owned());
        devices[2].consumption = None;
        let dealer = actor(&app, app.dealer, AccountKind::Dealer);
        meter::import(&app.app, &dealer, "a.kem2", key_file(devices), FILE_PASSWORD.to_owned()).await.unwrap();
        let mut browser = app.client(app.dealer).await;
        for (filter, expected) in [
            (json!({ "kind": "METER" }), vec!["11000001", "11000002"]),
            (json!({ "kind": "CONCENTRATOR" }), vec!["12000003"]),
            (json!({ "kind": "CONCENTRATOR", "orderNumber": "A-1" }), vec![]),
            (json!({ "medium": "HEAT_AND_COOLING" }), vec!["11000002"]),
            (json!({ "medium": "COLD_WATER", "kind": "METER" }), vec!["11000001"]),
            (json!({ "medium": "COLD_WATER", "serialPrefix": "12" }), vec![]),
            (json!({ "proof": "UNPROVEN", "kind": "METER" }), vec!["11000001", "11000002"]),
            (json!({ "proof": "PROVEN" }), vec![]),
        ] {
            let found = browser.data(DEVICES, json!({ "filter": filter })).await;
            assert_eq!(serials(&found), expected, "{filter}");
            assert_eq!(found["devices"]["totalCount"], expected.len(), "{filter}");
        }
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
}
