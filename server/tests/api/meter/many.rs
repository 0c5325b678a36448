//! A dealer with very many devices: what lists say of themselves is kept by the database, and a long list opens like a
//! short one.
use super::*;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DbBackend, IntoActiveModel};
use server::{entity::device_count, meter::staging::worker::judge_waiting};
use shared::device::DeviceKind;
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;

/// What the page asks for its rows, with who may read them.
const PAGE: &str = "query($first: Int, $after: String) { devices(first: $first, after: $after) {
    nodes { id manufacturer model orderNumber readRights { email state until } readableThrough readableUntil serialNumber }
    pageInfo { endCursor hasNextPage } totalCount } }";

/// What its filters offer.
const FACETS: &str = "{ deviceFacets { models orderNumbers } }";

const ASSIGN: &str = "mutation($input: AssignReadRightsInput!) { assignReadRights(input: $input) {
    assignments { deviceCount } } }";

/// So many devices are of one order.
const ORDER: usize = 10_000;

/// Gives an account copies of a device that it or another holds, whose serial numbers begin at `from`.
async fn fill(app: &TestApp, owner: Person, from: usize, count: usize) {
    let columns =
        "kind, manufacturer, model, type_number, config_number, own_number, proof, proven_at, created_at, version,
        medium, import_id";
    let last = from + count - 1;
    let id = owner.account.0.simple();
    let sql = match app.db().get_database_backend() {
        DbBackend::Sqlite => format!(
            "WITH RECURSIVE n(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {last})
             INSERT INTO device (id, account_id, serial_number, order_number, {columns})
             SELECT randomblob(16), x'{id}', printf('%08d', i), printf('A-%05d', i / {ORDER}), {columns}
             FROM n, (SELECT * FROM device WHERE serial_number = '76348701') AS one"
        ),
        _ => format!(
            "INSERT INTO device (id, account_id, serial_number, order_number, {columns})
             SELECT gen_random_uuid(), '{id}', lpad(i::text, 8, '0'), 'A-' || lpad((i / {ORDER})::text, 5, '0'), {columns}
             FROM generate_series({from}, {last}) AS i, (SELECT * FROM device WHERE serial_number = '76348701') AS one"
        ),
    };
    app.db().execute_unprepared(&sql).await.unwrap();
}

/// The median of so many times that the first page of 100 and the one after it were opened.
async fn median(app: &TestApp, rounds: usize, total: usize) -> Duration {
    let mut browser = app.client(app.dealer).await;
    let mut times = Vec::new();
    for _ in 0..rounds {
        let mut after = Value::Null;
        for _ in 0..2 {
            let start = Instant::now();
            let data = browser.data(PAGE, json!({ "first": 100, "after": after })).await;
            times.push(start.elapsed());
            assert_eq!(data["devices"]["nodes"].as_array().unwrap().len(), 100);
            assert_eq!(data["devices"]["totalCount"], total);
            assert_eq!(
                data["devices"]["nodes"][50]["readRights"][0]["email"],
                "kunde@kamstrup.example"
            );
            after = data["devices"]["pageInfo"]["endCursor"].clone();
        }
    }
    times.sort_unstable();
    times[times.len() / 2]
}

async fn statements(app: &TestApp) -> [usize; 2] {
    let mut browser = app.client(app.dealer).await;
    let page = app.statements(browser.data(PAGE, json!({ "first": 100 }))).await;
    let facets = app.statements(browser.data(FACETS, json!({}))).await;
    [page, facets]
}

async fn assign(app: &TestApp, filter: Value) -> u64 {
    let mut browser = app.client(app.dealer).await;
    let input = json!({ "selection": { "filter": filter }, "emails": ["kunde@kamstrup.example"] });
    let data = browser.data(ASSIGN, json!({ "input": input })).await;
    data["assignReadRights"]["assignments"][0]["deviceCount"]
        .as_u64()
        .unwrap()
}

/// Opens pages of a dealer with 2,000 devices where there are no others, and with 500,000 of 2,000,000.
async fn opens_as_fast(app: TestApp) {
    give_devices(&app, app.dealer, &["76348701"]).await;
    fill(&app, app.dealer, 1, 1_999).await;
    assert_eq!(assign(&app, json!({})).await, 2_000);
    app.db().execute_unprepared("ANALYZE").await.unwrap();
    let cost = statements(&app).await;
    median(&app, 5, 2_000).await;
    let few = median(&app, 30, 2_000).await;
    fill(&app, app.dealer, 2_000, 498_000).await;
    for part in 0..3 {
        fill(&app, app.stranger, 1_000_000 + part * 500_000, 500_000).await;
    }
    app.db().execute_unprepared("ANALYZE").await.unwrap();
    assert_eq!(statements(&app).await, cost);
    median(&app, 5, 500_000).await;
    let many = median(&app, 30, 500_000).await;
    let ratio = many.as_secs_f64() / few.as_secs_f64();
    let mut browser = app.client(app.dealer).await;
    let start = Instant::now();
    browser.data(FACETS, json!({})).await;
    let facets = start.elapsed();
    let start = Instant::now();
    let assigned = assign(&app, json!({ "orderNumber": "A-00007" })).await;
    let took = start.elapsed();
    println!(
        "page of 100 of 2,000 devices: median {few:.2?}; of 500,000 among 2,000,000: {many:.2?}; ratio {ratio:.2}, of 2 \
         allowed; filters {facets:.2?}; {assigned} assigned in {took:.2?}, of 2 s allowed on SQLite"
    );
    assert_eq!(assigned, ORDER as u64);
    assert!(ratio < 2.0, "the page takes {ratio:.2} times as long");
    let is_sqlite = app.db().get_database_backend() == DbBackend::Sqlite;
    assert!(!is_sqlite || took < Duration::from_secs(2), "assigning took {took:.2?}");
}

#[tokio::test]
#[ignore = "measures time; `cargo xtask bench` runs it alone"]
async fn half_a_million_open_as_fast_as_two_thousand_on_sqlite() {
    let Some(app) = TestApp::on_sqlite().await else { return };
    opens_as_fast(app).await;
}

#[tokio::test]
#[ignore = "measures time; `cargo xtask bench` runs it alone"]
async fn half_a_million_open_as_fast_as_two_thousand_on_postgres() {
    let Some(app) = TestApp::on_postgres().await else {
        return;
    };
    opens_as_fast(app).await;
}

/// Takes in a table of so many keys; prints what `cargo xtask bench` reads.
async fn takes_in(app: TestApp, rows: usize) {
    let mut text = String::from("Seriennummer;Hersteller;Schlüssel;Modell\r\n");
    for number in 0..rows {
        let serial = format!("{:08}", 10_000_000 + number);
        writeln!(text, "{serial};KAM;{};MC21\r", key_of(&serial)).unwrap();
    }
    let mut browser = app.client(app.dealer).await;
    let start = Instant::now();
    let file = browser.upload("keys.csv", text.into_bytes()).await;
    let stage = "mutation($input: StageKeyImportInput!) { stageKeyImport(input: $input) { import { id } } }";
    let data = browser.data(stage, json!({ "input": { "fileId": file } })).await;
    let id = &data["stageKeyImport"]["import"]["id"];
    judge_waiting(&app.app, &CancellationToken::new()).await.unwrap();
    let commit = "mutation($input: StagedKeyImportInput!) { commitKeyImport(input: $input) { import { newCount } } }";
    let done = browser.data(commit, json!({ "input": { "id": id } })).await;
    let took = start.elapsed();
    assert_eq!(done["commitKeyImport"]["import"]["newCount"], rows);
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak = peak.trim().trim_end_matches(" kB");
    println!("keys: {rows} rows, {} ms, {peak} KiB", took.as_millis());
}

#[tokio::test]
#[ignore = "measures time; `cargo xtask bench` runs it alone"]
async fn ten_thousand_rows_are_taken_in() {
    let Some(app) = TestApp::on_sqlite().await else { return };
    takes_in(app, 10_000).await;
}

#[tokio::test]
#[ignore = "measures time; `cargo xtask bench` runs it alone"]
async fn a_hundred_thousand_rows_are_taken_in() {
    let Some(app) = TestApp::on_sqlite().await else { return };
    takes_in(app, 100_000).await;
}

/// What the database keeps, and the same by counting devices here.
async fn kept_and_counted(app: &TestApp) -> [BTreeMap<String, i64>; 2] {
    let key = |account: &dyn std::fmt::Debug, order: &str, model: &str, kind: DeviceKind| {
        format!("{account:?} {order} {model} {kind:?}")
    };
    let mut counted = BTreeMap::new();
    for row in device::Entity::find().all(app.db()).await.unwrap() {
        let (order, model) = (row.order_number.unwrap_or_default(), row.model.unwrap_or_default());
        *counted
            .entry(key(&row.account_id, &order, &model, row.kind))
            .or_default() += 1;
    }
    let kept = device_count::Entity::find().all(app.db()).await.unwrap();
    let kept = kept
        .iter()
        .map(|row| (key(&row.account_id, &row.order_number, &row.model, row.kind), row.count));
    [kept.collect(), counted]
}

crate::on_both! {
    async fn kept_counts_are_what_counting_gives_after_every_change(app: TestApp) {
        give_devices(&app, app.dealer, &["76348701", "76348702", "76348703"]).await;
        fill(&app, app.stranger, 20_000, 300).await;
        let agree = async |after: &str| {
            let [kept, counted] = kept_and_counted(&app).await;
            assert_eq!(kept, counted, "{after}");
        };
        agree("as they came").await;
        let one = device::Entity::find().filter(device::COLUMN.serial_number.eq("76348702"));
        let mut edited = one.clone().one(app.db()).await.unwrap().unwrap().into_active_model();
        edited.order_number = Set(None);
        edited.kind = Set(DeviceKind::Concentrator);
        edited.update(app.db()).await.unwrap();
        agree("one has no order and is of another kind").await;
        let mut edited = one.clone().one(app.db()).await.unwrap().unwrap().into_active_model();
        edited.model = Set(None);
        edited.account_id = Set(app.stranger.account);
        edited.update(app.db()).await.unwrap();
        agree("one went to another account").await;
        device::Entity::update_many()
            .col_expr(device::Column::OrderNumber, sea_orm::sea_query::Expr::value("moved"))
            .filter(device::COLUMN.account_id.eq(app.stranger.account))
            .exec(app.db())
            .await
            .unwrap();
        agree("many are of another order").await;
device_key::Entity::delete_many().exec(app.db()).await.unwrap();
        device::Entity::delete_many().filter(device::COLUMN.account_id.eq(app.stranger.account)).exec(app.db()).await.unwrap();
        agree("one account has none").await;
        let kept = device_count::Entity::find().all(app.db()).await.unwrap();
        assert!(kept.iter().all(|row| row.account_id == app.dealer.account && row.count > 0), "{kept:?}");
    }

    async fn a_list_of_thousands_takes_as_many_statements_as_one_of_few(app: TestApp) {
        give_devices(&app, app.dealer, &["76348701", "76348702"]).await;
        assert_eq!(assign(&app, json!({})).await, 2);
        let few = statements(&app).await;
        fill(&app, app.dealer, 1, 3_000).await;
        assert_eq!(assign(&app, json!({})).await, 3_002);
        assert_eq!(statements(&app).await, few);
        let mut browser = app.client(app.dealer).await;
        for (filter, total) in [(json!({}), 3_002), (json!({ "orderNumber": "A-00000" }), 3_000), (json!({ "orderNumber": "" }), 0),
            (json!({ "serialPrefix": "763" }), 2), (json!({ "model": "Multical 21", "orderNumber": "20542729" }), 2)] {
            let data = browser.data(DEVICES, json!({ "filter": filter, "first": 1 })).await;
            assert_eq!(data["devices"]["totalCount"], total, "{filter}");
        }
        let facets = browser.data(FACETS, json!({})).await;
        assert_eq!(facets["deviceFacets"], json!({ "models": ["Multical 21"], "orderNumbers": ["20542729", "A-00000"] }));
    }
}
