//! A whole Keyhaus for one test: a fresh database, a clock that is set, clients by role, a mailbox to read.
pub use crate::client::{Answer, Client};
use axum::Router;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, EntityTrait, QueryOrder};
use serde_json::json;
use server::{
    account::{self, NewAccount},
    app::{App, Chance, Clock, Parts},
    database,
    entity::mail,
    file::Files,
    http,
    seal::Keyring,
    session::{self, Origin, password::Hasher},
    settings::{Provider, Settings},
    user::{self, NewUser, entrance_request},
};
use shared::{
    account::{AccountKind, Language, Right, Rights},
    id::{AccountId, UserId},
    name::EmailAddress,
    password::PasswordMode,
};
use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tempfile::TempDir;
use tokio::sync::{Notify, OnceCell};

/// The password of everybody in a test.
pub const PASSWORD: &str = "Sieben-Wege-26";

/// The origin of a test's portal.
pub const ORIGIN: &str = "https://portal.example";

/// Runs each test on SQLite and on PostgreSQL.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: TestApp) $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports, reason = "a test may need nothing of its file")]
            use super::*;

            $(#[$meta])*
            async fn test($app: $crate::app::TestApp) $body

            #[tokio::test]
            async fn sqlite() {
                if let Some(app) = $crate::app::TestApp::on_sqlite().await { test(app).await }
            }

            #[tokio::test]
            async fn postgres() {
                if let Some(app) = $crate::app::TestApp::on_postgres().await { test(app).await }
            }
        }
    )*};
}

/// Somebody in a test, with the account that he acts in.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    pub user: UserId,
    pub account: AccountId,
}

/// A Keyhaus of its own for one test.
pub struct TestApp {
    pub app: App,
    router: Router,
    statements: Arc<AtomicUsize>,
    /// Owner of the customer 104233.
    pub customer: Person,
    /// A member of 104233 who may only see invoices.
    pub bookkeeper: Person,
    /// A member of 104233 who may only read keys.
    pub technician: Person,
    /// Owner of another customer, 104871.
    pub stranger: Person,
    /// Owner of the dealer 200014.
    pub dealer: Person,
    /// Owner of another dealer, 200015.
    pub other_dealer: Person,
    /// A member of the provider with all rights of staff.
    pub staff: Person,
    folder: TempDir,
}

/// Which databases are tested, from the environment; SQLite alone by default.
fn is_tested(name: &str) -> bool {
    let databases = env::var("KEYHAUS_TEST_DATABASES").unwrap_or_else(|_| "sqlite".to_owned());
    let is_tested = databases.split(',').any(|database| database.trim() == name);
    if !is_tested {
        println!("skipped: {name} is not in KEYHAUS_TEST_DATABASES");
    }
    is_tested
}

impl TestApp {
    /// On a new SQLite file.
    pub async fn on_sqlite() -> Option<Self> {
        static TEMPLATE: OnceCell<PathBuf> = OnceCell::const_new();
        if !is_tested("sqlite") {
            return None;
        }
        let template = TEMPLATE
            .get_or_init(async || {
                let path = tempfile::tempdir().unwrap().keep().join("template.db");
                let db = database::open(&format!("sqlite://{}?mode=rwc", path.display()))
                    .await
                    .unwrap();
                db.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
                db.close().await.unwrap();
                path
            })
            .await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyhaus.db");
        fs::copy(template, &path).unwrap();
        Some(Self::with(&format!("sqlite://{}", path.display()), folder).await)
    }

    /// On a new PostgreSQL database of the server that `KEYHAUS_TEST_POSTGRES_URL` names.
    pub async fn on_postgres() -> Option<Self> {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        if !is_tested("postgres") {
            return None;
        }
        let server =
            env::var("KEYHAUS_TEST_POSTGRES_URL").expect("KEYHAUS_TEST_POSTGRES_URL names the server of the tests");
        let named = |name: &str| {
            let (base, _) = server.rsplit_once('/').unwrap();
            format!("{base}/{name}")
        };
        let admin = Database::connect(server.clone()).await.unwrap();
        let template = TEMPLATE
            .get_or_init(async || {
                let name = format!("template_{}", hex::encode(Chance::System.bytes::<8>()));
                admin
                    .execute_unprepared(&format!("CREATE DATABASE {name}"))
                    .await
                    .unwrap();
                database::open(&named(&name)).await.unwrap().close().await.unwrap();
                name
            })
            .await;
        let name = format!("test_{}", hex::encode(Chance::System.bytes::<8>()));
        admin
            .execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {template}"))
            .await
            .unwrap();
        admin.close().await.unwrap();
        Some(Self::with(&named(&name), tempfile::tempdir().unwrap()).await)
    }

    async fn with(database_url: &str, folder: TempDir) -> Self {
        crate::log::install();
        let mut db = database::open(database_url).await.unwrap();
        let statements = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&statements);
        db.set_metric_callback(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
        });
        let rng = Chance::seeded(26);
        let key_file = folder.path().join("keys");
        Keyring::create_if_missing(&key_file, &rng).unwrap();
        let settings = Settings {
            data_dir: folder.path().to_owned(),
            key_file: key_file.clone(),
            database_url: database_url.to_owned(),
            origin: ORIGIN.to_owned(),
            listen: ([127, 0, 0, 1], 0).into(),
            tls: None,
            smtp_url: None,
            mail_from: "portal@lindwerk.example".to_owned(),
            trusted_proxies: Vec::new(),
            tries_per_address: server::settings::TRIES_PER_ADDRESS,
            query_budget: server::settings::QUERY_BUDGET,
            key_quota: server::settings::KEY_QUOTA,
            right_end_days: server::settings::RIGHT_END_DAYS,
            playground: true,
            is_demo: false,
            password_mode: PasswordMode::Guide,
            require_second_factor: false,
            webhooks_to_private: true,
            time_zone: server::settings::TIME_ZONE,
            consumers: true,
            hold_invoices: true,
            invoice_folder: None,
            provider: Provider {
                name: "Lindwerk Netze GmbH".to_owned(),
                ..Provider::default()
            },
            sso: server::sso::client::Sso::default(),
        };
        let app = App::new(Parts {
            db,
            clock: Clock::Set(now().into()),
            rng,
            keys: Keyring::read(&key_file).unwrap(),
            files: Files::local(&folder.path().join("files")).unwrap(),
            hasher: Hasher::with(64, 1, 2).unwrap(),
            settings,
            entrance_waits: Notify::new(),
            intakes_wait: Notify::new(),
            imports_progress: server::meter::staging::Progress::default(),
            imports_wait: Notify::new(),
            mail_waits: Notify::new(),
            visits_wait: Notify::new(),
            webhooks_wait: Notify::new(),
        });
        let hash = app.hasher.hash(PASSWORD).await.unwrap();
        let owner = [Right::Owner].as_slice();
        let (customer, account) = person(
            &app,
            &hash,
            AccountKind::Customer,
            "104233",
            "Bäckerei Öztürk GmbH",
            owner,
        )
        .await;
        let bookkeeper = member(
            &app,
            &hash,
            account,
            "104233/buch",
            "buchhaltung@oeztuerk.example",
            &[Right::SeeInvoices],
        )
        .await;
        let technician = member(
            &app,
            &hash,
            account,
            "104233/technik",
            "technik@oeztuerk.example",
            &[Right::ReadKeys],
        )
        .await;
        let (stranger, _) = person(&app, &hash, AccountKind::Customer, "104871", "Petra Schäfer", owner).await;
        let (dealer, _) = person(
            &app,
            &hash,
            AccountKind::Dealer,
            "200014",
            "Haustechnik Brandt & Söhne KG",
            owner,
        )
        .await;
        let (other_dealer, _) = person(&app, &hash, AccountKind::Dealer, "200015", "Messdienst West", owner).await;
        let staff = [
            Right::HandleRequests,
            Right::ManageCustomers,
            Right::ManageInvoices,
            Right::Administer,
        ];
        let (staff, _) = person(&app, &hash, AccountKind::Provider, "1", "Lindwerk Netze GmbH", &staff).await;
        let router = http::router(app.clone());
        statements.store(0, Ordering::Relaxed);
        Self {
            app,
            router,
            statements,
            customer,
            bookkeeper,
            technician,
            stranger,
            dealer,
            other_dealer,
            staff,
            folder,
        }
    }

    /// The same portal, started again with other settings.
    pub fn restarted(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = self.app.settings.clone();
        change(&mut settings);
        self.app = App::new(Parts {
            db: self.app.db.clone(),
            clock: Clock::Set(self.app.clock.now().into()),
            rng: Chance::seeded(27),
            keys: Keyring::read(&settings.key_file).unwrap(),
            files: Files::local(&settings.data_dir.join("files")).unwrap(),
            hasher: Hasher::with(64, 1, 2).unwrap(),
            settings,
            entrance_waits: Notify::new(),
            intakes_wait: Notify::new(),
            imports_progress: server::meter::staging::Progress::default(),
            imports_wait: Notify::new(),
            mail_waits: Notify::new(),
            visits_wait: Notify::new(),
            webhooks_wait: Notify::new(),
        });
        self.router = http::router(self.app.clone());
        self
    }

    /// Database of the test.
    pub fn db(&self) -> &DatabaseConnection {
        &self.app.db
    }

    /// A folder that is gone after the test.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Another member of an account, with this user name.
    pub async fn member(&self, account: AccountId, name: &str, rights: &[Right]) -> Person {
        let hash = self.app.hasher.hash(PASSWORD).await.unwrap();
        let email = format!("{}@kunde.example", name.replace('/', "-"));
        member(&self.app, &hash, account, name, &email, rights).await
    }

    /// A browser in which nobody is signed in.
    pub fn anonymous(&self) -> Client {
        Client {
            router: self.router.clone(),
            cookie: None,
            bearer: None,
        }
    }

    /// A program with a token of this person's that allows these rights in his account.
    pub async fn program(&self, person: Person, scopes: &[Right]) -> Client {
        let input = json!({ "name": "Programm", "scopes": scopes, "expiresOn": "2026-12-31" });
        let create = "mutation($input: CreateTokenInput!) { createToken(input: $input) { secret } }";
        let made = self.client(person).await.data(create, json!({ "input": input })).await;
        let secret = made["createToken"]["secret"].as_str().unwrap().to_owned();
        Client {
            bearer: Some(secret),
            ..self.anonymous()
        }
    }

    /// A browser in which this person is signed in, just now.
    pub async fn client(&self, person: Person) -> Client {
        let token = session::open(self.db(), &self.app, &Origin::default(), person.user)
            .await
            .unwrap();
        Client {
            router: self.router.clone(),
            cookie: Some(format!("{}={token}", session::COOKIE)),
            bearer: None,
        }
    }

    /// Moves the clock on.
    pub fn pass(&self, time: chrono::TimeDelta) {
        self.app.clock.set(self.app.clock.now() + time);
    }

    /// How many SQL statements `work` needs.
    pub async fn statements<T>(&self, work: impl Future<Output = T>) -> usize {
        let before = self.statements.load(Ordering::Relaxed);
        work.await;
        self.statements.load(Ordering::Relaxed) - before
    }

    /// The mails that wait or were sent, the oldest first; what was asked for at the entrance is answered before.
    pub async fn mails(&self) -> Vec<mail::Model> {
        entrance_request::answer_all(&self.app).await.unwrap();
        mail::Entity::find()
            .order_by_asc(mail::Column::Id)
            .all(self.db())
            .await
            .unwrap()
    }
}

/// When every test begins.
pub fn now() -> DateTime<Utc> {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

/// An account with its owner, who signs in with the customer number.
async fn person(
    app: &App,
    hash: &str,
    kind: AccountKind,
    number: &str,
    name: &str,
    rights: &[Right],
) -> (Person, AccountId) {
    let new = NewAccount {
        kind,
        number: number.to_owned(),
        name: name.to_owned(),
        street: None,
        postal_code: None,
        city: None,
        vat_id: None,
    };
    let account = account::add(&app.db, app, new).await.unwrap();
    (
        member(app, hash, account, number, &format!("k{number}@kunde.example"), rights).await,
        account,
    )
}

/// A member of an account.
async fn member(app: &App, hash: &str, account: AccountId, name: &str, email: &str, rights: &[Right]) -> Person {
    let new = NewUser {
        name: None,
        email: Some(EmailAddress::parse(email).unwrap()),
        password_hash: Some(hash.to_owned()),
        language: Language::De,
        sign_in_names: vec![name.to_owned()],
    };
    let user = user::add(&app.db, app, new).await.unwrap();
    account::add_member(&app.db, app, account, user, Rights::of(rights))
        .await
        .unwrap();
    Person { user, account }
}

/// The folder with the files of others, or nothing where it is not there, which is said.
pub fn corpus(part: &str) -> Option<PathBuf> {
    let root = env::var_os("KEYHAUS_CORPUS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        PathBuf::from,
    );
    let folder = root.join(part);
    if folder.exists() {
        return Some(folder);
    }
    println!("skipped: {part} of the corpus is not there (KEYHAUS_CORPUS)");
    None
}
