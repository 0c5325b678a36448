//! Keys survive `kill -9`: an import is there whole or not at all, and a rotation of the key-encryption keys that was cut
//! off goes on where it was, while the portal serves.
use crate::{
    portal::{Portal, keyhaus},
    postgres::new_database,
};
use sea_orm::{
    ColumnTrait, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, EntityTrait, PaginatorTrait,
    QueryFilter, Statement,
};
use serde_json::{Value, json};
use server::entity::{device, device_key, key_import, staged_row};
use std::{
    fmt::Write as _,
    path::Path,
    process::{Command, Stdio},
    thread,
};

/// So many devices are in the file.
const ROWS: u64 = 3_000;

/// So often the process is killed in the middle.
const KILLS: u64 = 3;

const STAGED: &str = "query($id: StagedImportId!) { stagedKeyImport(id: $id) { state judgedCount rowCount
    verdicts { verdict count } } }";
const COMMIT: &str =
    "mutation($input: StagedKeyImportInput!) { commitKeyImport(input: $input) { import { newCount } } }";
const REVEAL: &str = "mutation($input: RevealKeyInput!) { revealKey(input: $input) { key } }";

/// A database as the process that serves uses it.
struct World {
    data: tempfile::TempDir,
    url: Option<String>,
    db: DatabaseConnection,
}

fn serial(number: u64) -> String {
    format!("{}", 90_000_000 + number)
}

/// Like chance, and the same each time.
fn key(number: u64) -> String {
    format!(
        "{:016X}{:016X}",
        (number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15),
        (number + 7).wrapping_mul(0xC2B2_AE3D_27D4_EB4F)
    )
}

impl World {
    async fn new(url: Option<String>) -> Self {
        let data = tempfile::tempdir().unwrap();
        Portal::start(data.path(), url.as_deref()).kill();
        let file = format!("sqlite://{}", data.path().join("keyhaus.db").display());
        let mut options = ConnectOptions::new(url.clone().unwrap_or(file));
        options.max_connections(1);
        let db = Database::connect(options).await.unwrap();
        Self { data, url, db }
    }

    fn start(&self) -> Portal {
        let mut portal = Portal::start(self.data.path(), self.url.as_deref());
        portal.sign_in("200014");
        portal
    }

    /// Whether somebody adds devices at this moment.
    async fn is_adding(&self) -> bool {
        if self.db.get_database_backend() == DbBackend::Sqlite {
            // whoever writes is the only one
            self.db.execute_unprepared("PRAGMA busy_timeout = 0").await.unwrap();
            if self.db.execute_unprepared("BEGIN IMMEDIATE").await.is_err() {
                return true;
            }
            self.db.execute_unprepared("ROLLBACK").await.unwrap();
            return false;
        }
        let asked = "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' \
            AND query LIKE 'INSERT INTO \"device%'";
        let asked = Statement::from_string(DbBackend::Postgres, asked);
        let row = self.db.query_one_raw(asked).await.unwrap().unwrap();
        row.try_get::<i64>("", "n").unwrap() > 0
    }

    /// How many devices and keys of the file are there.
    async fn there(&self) -> (u64, u64) {
        let ours = device::Column::SerialNumber.between(serial(0), serial(ROWS));
        let devices = device::Entity::find().filter(ours.clone());
        let ids: Vec<_> = devices.all(&self.db).await.unwrap().iter().map(|row| row.id).collect();
        let mut keys = 0;
        for some in ids.chunks(500) {
            let of_some = device_key::Column::DeviceId.is_in(some.to_vec());
            keys += device_key::Entity::find()
                .filter(of_some)
                .count(&self.db)
                .await
                .unwrap();
        }
        (ids.len() as u64, keys)
    }

    async fn imports(&self) -> u64 {
        key_import::Entity::find().count(&self.db).await.unwrap()
    }

    /// How many keys are sealed under a version.
    async fn sealed_under(&self, version: i32) -> u64 {
        let under = device_key::Entity::find().filter(device_key::Column::KeyVersion.eq(version));
        under.count(&self.db).await.unwrap()
    }

    /// The command line on the same database and keys.
    fn keys(&self, arguments: &[&str]) -> Command {
        let mut command = keyhaus();
        command
            .arg("keys")
            .args(arguments)
            .env("KEYHAUS_DATA_DIR", self.data.path())
            .env("KEYHAUS_KEY_FILE", self.key_file())
            .env("KEYHAUS_ORIGIN", "https://portal.example");
        if let Some(url) = &self.url {
            command.env("DATABASE_URL", url);
        }
        command
    }

    fn key_file(&self) -> std::path::PathBuf {
        let folder: &Path = self.data.path();
        folder.join("keys")
    }
}

/// Waits until the rows of a file that waits are judged; how many there are of each verdict.
fn judged(portal: &mut Portal, id: &Value) -> Value {
    loop {
        let found = portal.data(STAGED, json!({ "id": id }));
        if found["stagedKeyImport"]["state"] == "READY" {
            return found["stagedKeyImport"]["verdicts"].clone();
        }
    }
}

async fn imported_whole(world: &World) {
    let mut text = String::from("Seriennummer;Hersteller;Schlüssel;Modell\r\n");
    for number in 0..ROWS {
        writeln!(text, "{};KAM;{};MC21\r", serial(number), key(number)).unwrap();
    }
    let before = world.imports().await;
    let mut portal = world.start();
    let file = portal.caller().upload("keys.csv", &text);
    let stage = "mutation($input: StageKeyImportInput!) { stageKeyImport(input: $input) { import { id } } }";
    let staged = portal.data(stage, json!({ "input": { "fileId": file } }));
    let id = staged["stageKeyImport"]["import"]["id"].clone();
    // killed while rows are judged
    while portal.data(STAGED, json!({ "id": id }))["stagedKeyImport"]["judgedCount"] == 0 {}
    portal.kill();
    for _ in 0..KILLS {
        let mut portal = world.start();
        assert_eq!(judged(&mut portal, &id), json!([{ "verdict": "NEW", "count": ROWS }]));
        let caller = portal.caller();
        let input = json!({ "input": { "id": id } });
        let commit = thread::spawn(move || caller.is_acknowledged(COMMIT, input));
        while !commit.is_finished() && !world.is_adding().await {}
        portal.kill();
        if commit.join().unwrap() {
            break;
        }
        let there = world.there().await;
        if there.0 > 0 {
            break; // done, though nobody heard of it
        }
        assert_eq!(
            (there, world.imports().await),
            ((0, 0), before),
            "nothing of it is there"
        );
    }
    let mut portal = world.start();
    if world.there().await.0 == 0 {
        portal.data(COMMIT, json!({ "input": { "id": id } }));
    }
    assert_eq!((world.there().await, world.imports().await), ((ROWS, ROWS), before + 1));
    assert_eq!(
        staged_row::Entity::find().count(&world.db).await.unwrap(),
        0,
        "nothing waits"
    );
}

async fn rotated_whole(world: &World) {
    let mut portal = world.start();
    let find = json!({ "filter": { "serialPrefix": serial(0) } });
    let found = portal.data(
        "query($filter: DeviceFilter) { devices(filter: $filter) { nodes { id } } }",
        find,
    );
    let device = found["devices"]["nodes"][0]["id"].clone();
    let step_up = "mutation($input: StepUpInput!) { stepUp(input: $input) { __typename } }";
    portal.data(step_up, json!({ "input": { "password": server::demo::PASSWORD } }));
    let mut opens = move || {
        portal.data(REVEAL, json!({ "input": { "deviceId": device, "name": "DEK" } }))["revealKey"]["key"].clone()
    };
    assert_eq!(opens(), key(0));
    let all = world.sealed_under(1).await;
    assert!(all >= ROWS, "{all}");
    for round in 1..=KILLS {
        let mut rotation = world
            .keys(&["rotate"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while world.sealed_under(2).await < round * 300 {}
        rotation.kill().unwrap();
        rotation.wait().unwrap();
        assert_eq!(world.sealed_under(1).await + world.sealed_under(2).await, all);
        assert_eq!(opens(), key(0), "the portal that serves opens it");
        let retired = world.keys(&["retire", "1"]).output().unwrap();
        assert_eq!(
            retired.status.success(),
            world.sealed_under(1).await == 0,
            "{retired:?}"
        );
    }
    let finished = world.keys(&["rotate"]).output().unwrap();
    assert!(finished.status.success(), "{finished:?}");
    assert_eq!((world.sealed_under(1).await, world.sealed_under(2).await), (0, all));
    assert_eq!(opens(), key(0));
}

async fn keys_survive(url: Option<String>) {
    let world = World::new(url).await;
    imported_whole(&world).await;
    rotated_whole(&world).await;
}

#[tokio::test]
async fn keys_that_come_in_and_are_sealed_again_while_it_is_killed_are_there_whole_on_sqlite() {
    keys_survive(None).await;
}

#[tokio::test]
async fn keys_that_come_in_and_are_sealed_again_while_it_is_killed_are_there_whole_on_postgres() {
    let Some(url) = new_database("keys").await else {
        return;
    };
    keys_survive(Some(url)).await;
}
