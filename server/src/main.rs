//! The `keyhaus` binary: serve the portal, or do one of the operator's jobs.
#![expect(clippy::print_stdout, reason = "a command answers on standard output")]

use anyhow::Context;
use axum::serve::ListenerExt;
use chrono::NaiveDate;
use clap::{Parser, Subcommand};
use server::{
    access,
    app::{App, Chance, Clock, Parts},
    audit, database, demo,
    exchange::{self, table::Format},
    file::Files,
    graphql,
    http::{self, tls::TlsListener},
    invoice::{
        arrival,
        import::{Operator, import_path},
        intake, payment,
    },
    letter, mail,
    meter::staging,
    office, order, rotation,
    seal::Keyring,
    session::password::Hasher,
    settings::Settings,
    sso, user, webhook,
};
use shared::{
    customer::CustomerVerdict,
    exchange::{ImportVerdict, Subject},
};
use std::{
    fs,
    io::{IsTerminal, Write},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Notify,
};
use tokio_util::sync::CancellationToken;

/// A self-service portal in one binary.
#[derive(Parser)]
#[command(name = "keyhaus", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the portal and send its mails.
    Serve {
        /// Use invented data, made at the first start, and show mails instead of sending them.
        #[arg(long)]
        demo: bool,
    },
    /// Let members of the staff in.
    Admin {
        #[command(subcommand)]
        what: Admin,
    },
    /// Take files of other systems in.
    Import {
        #[command(subcommand)]
        what: Import,
    },
    /// Make or check the file with the key-encryption keys.
    Keys {
        #[command(subcommand)]
        what: Keys,
    },
    /// Write all of the catalogue, all contracts or all orders to the standard output.
    Export {
        /// What.
        what: exchange::command::Named,
        /// The form of the file.
        #[arg(long, value_enum, default_value = "csv")]
        format: Format,
    },
    /// Send customers their access.
    Access {
        #[command(subcommand)]
        what: Access,
    },
    /// Look after the mails that were sent.
    Mail {
        #[command(subcommand)]
        what: Mail,
    },
    /// Check the log of who did what.
    Audit {
        #[command(subcommand)]
        what: Audit,
    },
    /// Look after the clients that a session of the portal opens (OpenID Connect).
    Sso {
        #[command(subcommand)]
        what: Sso,
    },
    /// Print the schema of the API.
    Schema,
}

#[derive(Subcommand)]
enum Admin {
    /// Make a member of the staff with all rights, and print the link with which he chooses a password, once.
    Create {
        /// Where he gets mails; he signs in with it.
        #[arg(long)]
        email: String,
        /// What he is called.
        #[arg(long)]
        name: Option<String>,
    },
}

#[derive(Subcommand)]
enum Audit {
    /// Say which rows were altered, are missing or were never sealed, and whether the end was cut off.
    Verify,
}

#[derive(Subcommand)]
enum Mail {
    /// Read delivery reports and note which mails came back.
    Bounces {
        /// A report, a mailbox (mbox), a folder with them, or - for the standard input.
        path: PathBuf,
    },
}

#[derive(Subcommand)]
enum Import {
    /// Read e-invoices: UBL, CII, and PDF files that carry one.
    Invoices {
        /// A file, a ZIP, a folder with files, or - for the standard input.
        path: PathBuf,
        /// The customer number of the account that they are for; otherwise each invoice says it itself.
        #[arg(long)]
        account: Option<String>,
    },
    /// Make and change products as a CSV or JSON file says; docs/exchange.md describes its columns.
    Products(ImportFile),
    /// Say what was paid of invoices as a CSV or JSON file says: invoice, customer, paid, paid_on.
    Payments(ImportFile),
    /// Make and change contracts as a CSV or JSON file says.
    Contracts(ImportFile),
    /// Make orders, and decide those that wait, as a CSV or JSON file says.
    Orders(ImportFile),
    /// Make and change customers as a CSV file says: customer number, name, e-mail, street, postal code, city, language.
    Customers {
        /// The file.
        path: PathBuf,
        /// Say what would be done, and do nothing.
        #[arg(long)]
        dry_run: bool,
    },
}

/// A file with rows to take in.
#[derive(clap::Args)]
struct ImportFile {
    /// The file.
    path: PathBuf,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Subcommand)]
enum Access {
    /// Mail the customers to whom none was sent a link with which they choose a password.
    Send {
        /// The customer number of one of them, who may have got it before.
        #[arg(long)]
        customer: Option<String>,
        /// From when the portal replaces what was before, as the mails shall say: a day such as 2026-12-01.
        #[arg(long)]
        from: Option<NaiveDate>,
    },
    /// Write the access letter of a customer, a PDF, to the standard output. The codes of earlier letters end.
    Letter {
        /// The customer number.
        number: String,
    },
}

#[derive(Subcommand)]
enum Sso {
    /// Make a new key that signs from now on. What the old one signed counts until it expires.
    Rotate,
    /// Print a new secret for a client, and what the settings file keeps of it.
    Secret,
}

#[derive(Subcommand)]
enum Keys {
    /// Add a version to the key file and seal everything again under it, while the portal serves. Killed, it goes on where
    /// it was when it is run again.
    Rotate,
    /// List the versions of the key file and how many values are sealed under each.
    List,
    /// Take a version out of the key file under which nothing is sealed any more.
    Retire {
        /// Which.
        version: i32,
    },
    /// Write a new key file, readable by its owner only. An existing one is kept.
    Create {
        /// Where.
        path: PathBuf,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments.command).await {
        Ok(code) => code,
        Err(error) => {
            // one sentence, the cause behind a colon
            eprintln!("keyhaus: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Schema => {
            print!("{}", graphql::sdl());
            Ok(ExitCode::SUCCESS)
        }
        Command::Keys {
            what: Keys::Create { path },
        } => {
            Keyring::create_if_missing(&path, &Chance::System)?;
            Keyring::read(&path)?;
            println!(
                "{} holds the key-encryption keys; keep a copy apart from the database's backups",
                path.display()
            );
            Ok(ExitCode::SUCCESS)
        }
        Command::Keys { what: Keys::Rotate } => rotate().await,
        Command::Keys { what: Keys::List } => {
            let app = open(Settings::read(false)?).await?;
            let usage = rotation::usage(&app).await.map_err(anyhow::Error::new)?;
            let current = app.keys.current();
            for version in app.keys.versions() {
                let count = usage.get(&version).copied().unwrap_or_default();
                let state = if version == current { "seals" } else { "opens" };
                println!("{version}\t{state}\t{count} values");
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Keys {
            what: Keys::Retire { version },
        } => {
            let app = open(Settings::read(false)?).await?;
            let usage = rotation::usage(&app).await.map_err(anyhow::Error::new)?;
            let count = usage.get(&version).copied().unwrap_or_default();
            if count > 0 {
                anyhow::bail!("{count} values are sealed under version {version}; run keyhaus keys rotate");
            }
            Keyring::remove_version(&app.settings.key_file, version, app.clock.now())?;
            println!("version {version} is retired");
            Ok(ExitCode::SUCCESS)
        }
        Command::Admin {
            what: Admin::Create { email, name },
        } => {
            let app = open(Settings::read(false)?).await?;
            let link = user::admin::create(&app, Operator, &email, name.as_deref()).await?;
            println!("{link}");
            Ok(ExitCode::SUCCESS)
        }
        Command::Import {
            what: Import::Invoices { path, account },
        } => {
            let app = open(Settings::read(false)?).await?;
            let mut has_failures = false;
            import_path(&app, Operator, &path, account.as_deref(), |report| {
                has_failures |= report.outcome.is_failure();
                println!("{report}");
            })
            .await?;
            Ok(if has_failures {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            })
        }
        Command::Import {
            what: Import::Customers { path, dry_run },
        } => {
            let app = open(Settings::read(false)?).await?;
            let report = office::command::import_customers(&app, Operator, &path, dry_run).await?;
            print!("{report}");
            Ok(if report.count(CustomerVerdict::Refused) > 0 {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            })
        }
        Command::Import {
            what: Import::Products(file),
        } => import_file(Subject::Products, file).await,
        Command::Import {
            what: Import::Payments(file),
        } => {
            let app = open(Settings::read(false)?).await?;
            let report = payment::import_file(&app, Operator, &file.path, file.dry_run).await?;
            print!("{report}");
            Ok(if report.has_refusals() {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            })
        }
        Command::Import {
            what: Import::Contracts(file),
        } => import_file(Subject::Contracts, file).await,
        Command::Import {
            what: Import::Orders(file),
        } => import_file(Subject::Orders, file).await,
        Command::Export { what, format } => {
            let app = open(Settings::read(false)?).await?;
            let bytes = exchange::command::export_file(&app, Operator, what.into(), format).await?;
            std::io::stdout()
                .write_all(&bytes)
                .context("the file could not be written")?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Access {
            what: Access::Send { customer, from },
        } => {
            let app = open(Settings::read(false)?).await?;
            match office::command::send_access(&app, Operator, customer.as_deref(), from).await? {
                Some(wave) => println!(
                    "{} mails go out, {} customers were left out",
                    wave.mailed_count, wave.skipped_count
                ),
                None => println!("nobody waits for his access, or has no address"),
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Access {
            what: Access::Letter { number },
        } => {
            let app = open(Settings::read(false)?).await?;
            let printed = letter::print_by_operator(&app, &number)
                .await
                .map_err(anyhow::Error::new)?;
            std::io::stdout()
                .write_all(&printed.pdf)
                .context("the letter could not be written")?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Mail {
            what: Mail::Bounces { path },
        } => {
            let app = open(Settings::read(false)?).await?;
            let reports = mail::bounce::take_path(&app, &path).await?;
            for report in &reports {
                println!("{report}");
            }
            Ok(if reports.iter().any(mail::bounce::Report::is_failure) {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            })
        }
        Command::Audit { what: Audit::Verify } => {
            let app = open(Settings::read(false)?).await?;
            let report = audit::verify::verify(&app).await.map_err(anyhow::Error::new)?;
            print!("{report}");
            Ok(if report.faults.is_empty() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            })
        }
        Command::Sso { what: Sso::Rotate } => {
            let app = open(Settings::read(false)?).await?;
            println!("{}", sso::key::rotate(&app).await.map_err(anyhow::Error::new)?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Sso { what: Sso::Secret } => {
            let (secret, hash) = sso::new_secret(&Chance::System);
            println!("{secret}\nsecret_sha256 = \"{hash}\"");
            Ok(ExitCode::SUCCESS)
        }
        Command::Serve { demo } => {
            log();
            serve(Settings::read(demo)?).await?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Rotates, or goes on with a rotation that was not finished.
async fn rotate() -> anyhow::Result<ExitCode> {
    let app = open(Settings::read(false)?).await?;
    let usage = rotation::usage(&app).await.map_err(anyhow::Error::new)?;
    let current = app.keys.current();
    if usage.keys().any(|version| *version != current) {
        println!("values of older versions are left: going on under version {current}");
    } else {
        let version = Keyring::add_version(&app.settings.key_file, &app.rng)?;
        println!("version {version} seals from now on; copy the key file apart from the database's backups");
    }
    let done = rotation::rewrap(&app, &CancellationToken::new(), |count| {
        if count % 10_000 == 0 {
            println!("{count} values");
        }
    })
    .await
    .map_err(anyhow::Error::new)?;
    println!("{done}");
    Ok(if done.broken > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

async fn import_file(subject: Subject, file: ImportFile) -> anyhow::Result<ExitCode> {
    let app = open(Settings::read(false)?).await?;
    let report = exchange::command::import_file(&app, Operator, subject, &file.path, file.dry_run).await?;
    print!("{report}");
    Ok(if report.count(ImportVerdict::Refused) > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Lines for people on a terminal, JSON for machines; how much is said by `KEYHAUS_LOG` (default `info`).
fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("KEYHAUS_LOG").unwrap_or_else(|_| "info,sqlx=warn".into());
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        log.init()
    } else {
        log.json().init()
    }
}

/// Opens all that an app is made of.
async fn open(settings: Settings) -> anyhow::Result<App> {
    fs::create_dir_all(&settings.data_dir)
        .with_context(|| format!("the data folder {} cannot be made", settings.data_dir.display()))?;
    check_writable(&settings)?;
    let (clock, rng) = (Clock::System, Chance::System);
    if settings.is_demo {
        Keyring::create_if_missing(&settings.key_file, &rng)?;
    }
    let keys = Keyring::read(&settings.key_file)?;
    let files = Files::local(&settings.data_dir.join("files"))?;
    let db = database::open(&settings.database_url).await?;
    let hasher = Hasher::new()?;
    Ok(App::new(Parts {
        db,
        clock,
        rng,
        keys,
        files,
        hasher,
        settings,
        entrance_waits: Notify::new(),
        intakes_wait: Notify::new(),
        imports_progress: staging::Progress::default(),
        imports_wait: Notify::new(),
        mail_waits: Notify::new(),
        visits_wait: Notify::new(),
        webhooks_wait: Notify::new(),
    }))
}

/// That the data folder can be written to, said before anything else goes wrong because of it.
fn check_writable(settings: &Settings) -> anyhow::Result<()> {
    let probe = settings.data_dir.join(".writable");
    fs::write(&probe, b"")
        .and_then(|()| fs::remove_file(&probe))
        .with_context(|| format!("the data folder {} cannot be written to", settings.data_dir.display()))
}

async fn serve(mut settings: Settings) -> anyhow::Result<()> {
    let tls = settings.tls.as_ref().map(http::tls::acceptor).transpose()?;
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("the address {} cannot be listened on", settings.listen))?;
    let administration = if settings.is_demo {
        demo::administration::prepare(&mut settings, &Chance::System).await?
    } else {
        None
    };
    let app = open(settings).await?;
    if app.settings.is_demo {
        demo::seed(&app).await?;
    }
    let stop = CancellationToken::new();
    let transport = mail::smtp::Transport::of(&app.settings)?;
    let outbox = tokio::spawn(mail::worker::run(app.clone(), transport, stop.clone()));
    let entrance = tokio::spawn(user::entrance_request::run(app.clone(), stop.clone()));
    let poster = webhook::post::Poster::new(&app)?;
    let orders = tokio::spawn(order::worker::run(app.clone(), stop.clone()));
    let intakes = tokio::spawn(intake::worker::run(app.clone(), stop.clone()));
    let imports = tokio::spawn(staging::worker::run(app.clone(), stop.clone()));
    let endings = tokio::spawn(access::ending::run(app.clone(), stop.clone()));
    let arrivals = tokio::spawn(arrival::run(app.clone(), stop.clone()));
    let folder = app.settings.invoice_folder.clone();
    let folder = folder.map(|path| tokio::spawn(intake::folder::run(app.clone(), path, stop.clone())));
    let webhooks = tokio::spawn(webhook::worker::run(app.clone(), poster, stop.clone()));
    let teller = sso::backchannel::Teller::new()?;
    let visits = tokio::spawn(sso::backchannel::run(app.clone(), teller, stop.clone()));
    if let Some(prepared) = administration {
        tokio::spawn(demo::administration::run(app.clone(), prepared, stop.clone()));
    }
    let sealer = tokio::spawn(audit::chain::run(app.clone(), stop.clone()));
    let origin = app.settings.origin.clone();
    tracing::info!(listen = %app.settings.listen, origin, "serving");
    if app.settings.is_demo {
        println!("{}", demo::sign_ins(&origin));
    }
    let router = http::router(app).into_make_service_with_connect_info::<SocketAddr>();
    let finished = match tls {
        Some(acceptor) => {
            let listener = TlsListener::new(listener, acceptor).tap_io(|stream| at_once(stream.get_ref().0));
            axum::serve(listener, router).with_graceful_shutdown(stopped()).await
        }
        None => {
            let listener = listener.tap_io(|stream| at_once(stream));
            axum::serve(listener, router).with_graceful_shutdown(stopped()).await
        }
    };
    stop.cancel();
    outbox.await.context("the outbox did not stop")?;
    entrance.await.context("the worker of the entrance did not stop")?;
    orders.await.context("the worker of the orders did not stop")?;
    intakes.await.context("the intake of invoices did not stop")?;
    imports.await.context("the judging of imports did not stop")?;
    endings
        .await
        .context("the mails before the end of rights did not stop")?;
    arrivals.await.context("the mails about invoices did not stop")?;
    if let Some(folder) = folder {
        folder
            .await
            .context("the watch over the folder of invoices did not stop")?;
    }
    webhooks.await.context("the worker of the webhooks did not stop")?;
    visits.await.context("the visits elsewhere did not stop")?;
    sealer.await.context("the sealer of the audit log did not stop")?;
    finished.context("serving failed")
}

/// Sends what is written without waiting for more (`TCP_NODELAY`): answers are written whole.
fn at_once(stream: &TcpStream) {
    if let Err(cause) = stream.set_nodelay(true) {
        tracing::debug!(%cause, "a connection waits before it sends");
    }
}

/// Waits until the process is asked to stop.
async fn stopped() {
    let interrupt = async { tokio::signal::ctrl_c().await.is_ok() };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await.is_some(),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<bool>();
    tokio::select! { _ = interrupt => {}, _ = terminate => {} }
    tracing::info!("stopping: requests under way are finished");
}
