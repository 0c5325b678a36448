//! How the first of the staff gets in: at the console, and in no other way.
use crate::portal::keyhaus;
use sea_orm::{ConnectionTrait, Database, EntityTrait, PaginatorTrait};
use server::{
    app::{App, Chance, Clock, Parts},
    database,
    entity::{account, audit, membership, user},
    file::Files,
    seal::Keyring,
    session::{Origin, password::Hasher},
    settings::Settings,
    user::recovery::{self, Chosen},
};
use shared::account::{AccountKind, Right};
use std::{
    env,
    path::Path,
    process::{Command, Output},
};
use tokio::sync::Notify;

const ORIGIN: &str = "https://portal.example";

/// The binary on a data folder with keys of its own.
fn on(data: &Path, url: &str) -> Command {
    let mut command = keyhaus();
    command
        .env("KEYHAUS_DATA_DIR", data)
        .env("KEYHAUS_KEY_FILE", data.join("keys"))
        .env("KEYHAUS_ORIGIN", ORIGIN)
        .env("DATABASE_URL", url);
    command
}

fn create(data: &Path, url: &str, email: &str) -> Output {
    on(data, url)
        .args(["admin", "create", "--email", email, "--name", "Jana Reimann"])
        .output()
        .unwrap()
}

/// The same portal within the test, at the same time as the binary.
async fn app(data: &Path, url: &str) -> App {
    let mut settings = Settings::read(true).unwrap();
    settings.data_dir = data.to_owned();
    settings.key_file = data.join("keys");
    settings.database_url = url.to_owned();
    App::new(Parts {
        db: database::open(url).await.unwrap(),
        clock: Clock::System,
        rng: Chance::System,
        keys: Keyring::read(&settings.key_file).unwrap(),
        files: Files::local(&data.join("files")).unwrap(),
        hasher: Hasher::new().unwrap(),
        settings,
        entrance_waits: Notify::new(),
        intakes_wait: Notify::new(),
        imports_progress: server::meter::staging::Progress::default(),
        imports_wait: Notify::new(),
        mail_waits: Notify::new(),
        visits_wait: Notify::new(),
        webhooks_wait: Notify::new(),
    })
}

async fn first_of_the_staff(url: &str, data: &Path) {
    assert!(
        on(data, url)
            .args(["keys", "create"])
            .arg(data.join("keys"))
            .status()
            .unwrap()
            .success()
    );
    let app = app(data, url).await;
    let users = async || user::Entity::find().count(&app.db).await.unwrap();
    assert_eq!(users().await, 0, "a new database has nobody");

    let refused = create(data, url, "no address");
    assert_eq!(
        (refused.status.code(), refused.stdout.len(), users().await),
        (Some(1), 0, 0)
    );
    let made = create(data, url, "J.Reimann@Lindwerk.example");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let said = String::from_utf8(made.stdout).unwrap();
    let token = said
        .trim_end()
        .strip_prefix(&format!("{ORIGIN}/password#"))
        .unwrap()
        .to_owned();
    let row = user::Entity::find().one(&app.db).await.unwrap().unwrap();
    assert_eq!(
        (row.email.as_deref(), row.password_hash),
        (Some("j.reimann@lindwerk.example"), None)
    );
    let provider = account::Entity::find().one(&app.db).await.unwrap().unwrap();
    assert_eq!((provider.kind, provider.number.as_str()), (AccountKind::Provider, "1"));
    let member = membership::Entity::find().one(&app.db).await.unwrap().unwrap();
    let staff: Vec<_> = Right::ALL.into_iter().filter(|right| right.is_of_staff()).collect();
    assert_eq!(
        (member.user_id, member.account_id, member.rights.to_vec()),
        (row.id, provider.id, staff)
    );
    let noted = audit::Entity::find().one(&app.db).await.unwrap().unwrap();
    assert_eq!(
        (noted.act.as_str(), noted.object),
        ("createAdmin", Some(format!("user {}", row.id)))
    );

    let again = create(data, url, "j.reimann@lindwerk.example");
    assert_eq!(
        (again.status.code(), again.stdout.len(), users().await),
        (Some(1), 0, 1)
    );
    assert_eq!(
        String::from_utf8(again.stderr).unwrap(),
        "keyhaus: j.reimann@lindwerk.example belongs to a user already\n"
    );

    let choose = async || recovery::choose_password(&app, &Origin::default(), &token, "Sieben-Wege-26").await;
    assert!(matches!(choose().await.unwrap(), Chosen::SignedIn { .. }));
    assert!(choose().await.is_err(), "the link is good once");

    assert!(create(data, url, "zweite@lindwerk.example").status.success());
    assert_eq!(
        (users().await, account::Entity::find().count(&app.db).await.unwrap()),
        (2, 1)
    );
}

#[tokio::test]
async fn a_new_database_has_nobody_until_the_operator_makes_somebody_b11() {
    let data = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", data.path().join("keyhaus.db").display());
    first_of_the_staff(&url, data.path()).await;
}

#[tokio::test]
async fn a_new_postgresql_has_nobody_until_the_operator_makes_somebody_b11() {
    let databases = env::var("KEYHAUS_TEST_DATABASES").unwrap_or_default();
    if !databases.contains("postgres") {
        println!("skipped: postgres is not in KEYHAUS_TEST_DATABASES");
        return;
    }
    let server =
        env::var("KEYHAUS_TEST_POSTGRES_URL").expect("KEYHAUS_TEST_POSTGRES_URL names the server of the tests");
    let name = format!("admin_{}", std::process::id());
    let console = Database::connect(server.clone()).await.unwrap();
    console
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    console.close().await.unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    let data = tempfile::tempdir().unwrap();
    first_of_the_staff(&format!("{base}/{name}"), data.path()).await;
}
