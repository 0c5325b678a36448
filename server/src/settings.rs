//! How an installation is set up: environment first, then a TOML file, then defaults that are safe.
use crate::sso::client::Sso;
use anyhow::{Context, bail};
use chrono_tz::Tz;
use serde::Deserialize;
use shared::password::PasswordMode;
use std::{
    env, fs,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

/// Where the provider is if the installation does not say.
pub const TIME_ZONE: Tz = Tz::Europe__Berlin;

/// How many wrong guesses an address has in 15 minutes if the installation does not say.
pub const TRIES_PER_ADDRESS: i32 = 40;

/// What the queries of one user may cost in a minute if the installation does not say: one of the dearest a second.
pub const QUERY_BUDGET: i32 = 1_200_000;

/// How many keys a person may see or take in an hour if the installation does not say.
pub const KEY_QUOTA: i32 = 20;

/// How many days before the end of a read right mails tell of it, if the installation does not say.
pub const RIGHT_END_DAYS: i32 = 14;

/// The settings of one process, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the database, the files and (in demo mode) the keys lie. `KEYHAUS_DATA_DIR`.
    pub data_dir: PathBuf,
    /// The key-encryption keys. `KEYHAUS_KEY_FILE`; only demo mode makes one by itself.
    pub key_file: PathBuf,
    /// `sqlite:` or `postgres:`. `DATABASE_URL`; by default an SQLite file in the data folder.
    pub database_url: String,
    /// Scheme, host and port of the portal as people type it, without a slash at the end. `KEYHAUS_ORIGIN`.
    pub origin: String,
    /// Where the server listens. `KEYHAUS_LISTEN`.
    pub listen: SocketAddr,
    /// The certificate and key for TLS in this process; without them TLS ends at a proxy. `KEYHAUS_TLS_CERT` and
    /// `KEYHAUS_TLS_KEY`.
    pub tls: Option<TlsFiles>,
    /// Where mails go, such as `smtps://user:password@mail.example:465`. `KEYHAUS_SMTP_URL`.
    pub smtp_url: Option<String>,
    /// The sender of mails. `KEYHAUS_MAIL_FROM`.
    pub mail_from: String,
    /// Proxies whose `X-Forwarded-For` is believed. `KEYHAUS_TRUSTED_PROXIES`, with commas.
    pub trusted_proxies: Vec<IpAddr>,
    /// How many secrets may be guessed wrongly from one address in 15 minutes. `KEYHAUS_TRIES_PER_ADDRESS`.
    pub tries_per_address: i32,
    /// What the queries of one user, or of one address where nobody is signed in, may cost in a minute.
    /// `KEYHAUS_QUERY_BUDGET`.
    pub query_budget: i32,
    /// How many keys of devices a person may see or take in an hour without a second one. `KEYHAUS_KEY_QUOTA`.
    pub key_quota: i32,
    /// How many days before the end of a read right reader and dealer are told; 0 for never. `KEYHAUS_RIGHT_END_DAYS`.
    pub right_end_days: i32,
    /// Whether the schema and the playground are shown to those who are signed in. `KEYHAUS_PLAYGROUND`; on by
    /// default.
    pub playground: bool,
    /// Whether this is a demo: invented data, and mails are shown instead of sent.
    pub is_demo: bool,
    /// The rules of new passwords.
    pub password_mode: PasswordMode,
    /// Whether dealers, staff and readers of keys need a second factor. `KEYHAUS_REQUIRE_SECOND_FACTOR`; on unless
    /// this is a demo.
    pub require_second_factor: bool,
    /// Whether events may be told to this machine and to private networks. `KEYHAUS_WEBHOOKS_TO_PRIVATE`; off unless
    /// this is a demo.
    pub webhooks_to_private: bool,
    /// Whether some customers are consumers: then there are the two buttons of the law for those who have not signed in.
    /// `KEYHAUS_CONSUMERS`; on by default.
    pub consumers: bool,
    /// Whether invoices whose sums contradict themselves wait until staff publishes them.
    /// `KEYHAUS_HOLD_INVOICES`; on by default.
    pub hold_invoices: bool,
    /// A folder whose files are taken in as invoices. `KEYHAUS_INVOICE_FOLDER`.
    pub invoice_folder: Option<PathBuf>,
    /// Who runs the portal.
    pub provider: Provider,
    /// Where the provider is, as the IANA time zone database names it: his day decides when notice came.
    /// `KEYHAUS_TIME_ZONE`.
    pub time_zone: Tz,
    /// The places that a session of the portal opens.
    pub sso: Sso,
}

/// What TLS in this process needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// A PEM file with the certificate of the portal's host, and those that lead to a known authority behind it.
    pub cert: PathBuf,
    /// A PEM file with the private key of the first certificate.
    pub key: PathBuf,
}

/// Who runs the portal, as customers see it.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Provider {
    /// The name of the company.
    pub name: String,
    /// Its postal address in one line, as it stands above the window of a letter.
    pub address: Option<String>,
    /// Its telephone number.
    pub phone: Option<String>,
    /// When somebody answers.
    pub hours: Option<String>,
    /// The same in English.
    pub hours_en: Option<String>,
    /// Where customers ask for help.
    pub support_email: Option<String>,
}

impl Default for Provider {
    fn default() -> Self {
        Self {
            name: "Keyhaus".to_owned(),
            address: None,
            phone: None,
            hours: None,
            hours_en: None,
            support_email: None,
        }
    }
}

/// What may stand in the file; the names are those of the environment, in small letters and without `KEYHAUS_`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SettingsFile {
    data_dir: Option<PathBuf>,
    key_file: Option<PathBuf>,
    database_url: Option<String>,
    origin: Option<String>,
    listen: Option<String>,
    tls_cert: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    smtp_url: Option<String>,
    mail_from: Option<String>,
    trusted_proxies: Option<String>,
    tries_per_address: Option<i32>,
    query_budget: Option<i32>,
    key_quota: Option<i32>,
    right_end_days: Option<i32>,
    playground: Option<bool>,
    password_mode: Option<PasswordMode>,
    require_second_factor: Option<bool>,
    webhooks_to_private: Option<bool>,
    consumers: Option<bool>,
    hold_invoices: Option<bool>,
    invoice_folder: Option<PathBuf>,
    provider: Option<Provider>,
    time_zone: Option<String>,
    sso: Option<Sso>,
}

fn time_zone(named: Option<String>) -> anyhow::Result<Tz> {
    named.map_or(Ok(TIME_ZONE), |name| {
        name.parse()
            .with_context(|| format!("KEYHAUS_TIME_ZONE is {name:?}; it takes a name such as Europe/Berlin"))
    })
}

impl Settings {
    /// Reads and checks the settings of this process. The file is `KEYHAUS_CONFIG`, else `keyhaus.toml` in the
    /// working folder, if there is one.
    ///
    /// # Errors
    /// One sentence that says which setting is wrong and what it takes.
    pub fn read(is_demo: bool) -> anyhow::Result<Self> {
        let file = read_file(env::var_os("KEYHAUS_CONFIG").map(PathBuf::from).as_deref())?;
        let text =
            |name: &str, written: Option<String>| env::var(name).ok().filter(|value| !value.is_empty()).or(written);
        let path = |name: &str, written: Option<PathBuf>| {
            let named = env::var_os(name).filter(|value| !value.is_empty());
            named.map(PathBuf::from).or(written)
        };
        let data_dir = path("KEYHAUS_DATA_DIR", file.data_dir).unwrap_or_else(|| PathBuf::from("keyhaus-data"));
        let listen = text("KEYHAUS_LISTEN", file.listen).unwrap_or_else(|| "127.0.0.1:8080".to_owned());
        let listen: SocketAddr = listen.parse().with_context(|| {
            format!("KEYHAUS_LISTEN is \"{listen}\", but takes an address and a port such as 127.0.0.1:8080")
        })?;
        let tls = match (
            path("KEYHAUS_TLS_CERT", file.tls_cert),
            path("KEYHAUS_TLS_KEY", file.tls_key),
        ) {
            (Some(cert), Some(key)) => Some(TlsFiles { cert, key }),
            (None, None) => None,
            (Some(_), None) => bail!("KEYHAUS_TLS_CERT is set without KEYHAUS_TLS_KEY: TLS needs both, or neither"),
            (None, Some(_)) => bail!("KEYHAUS_TLS_KEY is set without KEYHAUS_TLS_CERT: TLS needs both, or neither"),
        };
        let scheme = if tls.is_some() { "https" } else { "http" };
        let key_file = match path("KEYHAUS_KEY_FILE", file.key_file) {
            Some(key_file) => key_file,
            None if is_demo => data_dir.join("keys"),
            None => bail!(
                "KEYHAUS_KEY_FILE is not set: name the file with the key-encryption keys (\"keyhaus keys create FILE\" makes one); keep it apart from the database and its backups"
            ),
        };
        let settings = Self {
            database_url: text("DATABASE_URL", file.database_url)
                .unwrap_or_else(|| format!("sqlite://{}?mode=rwc", data_dir.join("keyhaus.db").display())),
            origin: text("KEYHAUS_ORIGIN", file.origin).unwrap_or_else(|| format!("{scheme}://{listen}")),
            smtp_url: text("KEYHAUS_SMTP_URL", file.smtp_url),
            mail_from: text("KEYHAUS_MAIL_FROM", file.mail_from).unwrap_or_else(|| "portal@localhost".to_owned()),
            trusted_proxies: addresses(&text("KEYHAUS_TRUSTED_PROXIES", file.trusted_proxies).unwrap_or_default())?,
            tries_per_address: number("KEYHAUS_TRIES_PER_ADDRESS", file.tries_per_address)?
                .unwrap_or(TRIES_PER_ADDRESS),
            query_budget: number("KEYHAUS_QUERY_BUDGET", file.query_budget)?.unwrap_or(QUERY_BUDGET),
            key_quota: number("KEYHAUS_KEY_QUOTA", file.key_quota)?.unwrap_or(KEY_QUOTA),
            right_end_days: number("KEYHAUS_RIGHT_END_DAYS", file.right_end_days)?.unwrap_or(RIGHT_END_DAYS),
            playground: switch("KEYHAUS_PLAYGROUND", file.playground)?.unwrap_or(true),
            password_mode: file.password_mode.unwrap_or_default(),
            require_second_factor: switch("KEYHAUS_REQUIRE_SECOND_FACTOR", file.require_second_factor)?
                .unwrap_or(!is_demo),
            webhooks_to_private: switch("KEYHAUS_WEBHOOKS_TO_PRIVATE", file.webhooks_to_private)?.unwrap_or(is_demo),
            time_zone: time_zone(text("KEYHAUS_TIME_ZONE", file.time_zone))?,
            consumers: switch("KEYHAUS_CONSUMERS", file.consumers)?.unwrap_or(true),
            hold_invoices: switch("KEYHAUS_HOLD_INVOICES", file.hold_invoices)?.unwrap_or(true),
            invoice_folder: path("KEYHAUS_INVOICE_FOLDER", file.invoice_folder),
            provider: file.provider.unwrap_or_else(|| {
                if is_demo {
                    crate::demo::provider()
                } else {
                    Provider::default()
                }
            }),
            sso: file.sso.unwrap_or_default(),
            data_dir,
            key_file,
            listen,
            tls,
            is_demo,
        };
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> anyhow::Result<()> {
        self.sso.check()?;
        if let Some(folder) = self.invoice_folder.as_ref().filter(|folder| !folder.is_dir()) {
            bail!("KEYHAUS_INVOICE_FOLDER is \"{}\", which is no folder", folder.display());
        }
        let Some((scheme, rest)) = self.origin.split_once("://") else {
            bail!(
                "KEYHAUS_ORIGIN is \"{}\", but takes scheme and host such as https://portal.example",
                self.origin
            );
        };
        if rest.is_empty() || rest.contains(['/', '?', '#', '@', ' ']) {
            bail!(
                "KEYHAUS_ORIGIN is \"{}\", but takes scheme, host and port only, without a slash at the end",
                self.origin
            );
        }
        match scheme {
            "https" => Ok(()),
            "http" if self.tls.is_some() => bail!(
                "KEYHAUS_ORIGIN is \"{}\", but with KEYHAUS_TLS_CERT the portal is served by https",
                self.origin
            ),
            "http" if is_loopback(rest) => Ok(()),
            "http" => bail!(
                "KEYHAUS_ORIGIN is \"{}\": without https only this machine itself may be served",
                self.origin
            ),
            _ => bail!("KEYHAUS_ORIGIN is \"{}\", but takes https://…", self.origin),
        }
    }

    /// Whether the portal's database is SQLite.
    pub fn is_sqlite(&self) -> bool {
        self.database_url.starts_with("sqlite:")
    }
}

/// Whether host and port, as they stand in an address (RFC 3986 section 3.2), are those of this machine itself.
fn is_loopback(authority: &str) -> bool {
    let ip = |text: &str| text.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if let Some((host, port)) = authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return host.contains(':') && ip(host) && (port.is_empty() || port.starts_with(':'));
    }
    let host = authority.split_once(':').map_or(authority, |(host, _)| host);
    host == "localhost" || ip(host)
}

fn read_file(named: Option<&Path>) -> anyhow::Result<SettingsFile> {
    let path = named.unwrap_or_else(|| Path::new("keyhaus.toml"));
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(SettingsFile::default());
        }
        Err(error) => {
            return Err(error).with_context(|| format!("the settings file {} cannot be read", path.display()));
        }
    };
    toml::from_str(&text).with_context(|| format!("the settings file {} is not right", path.display()))
}

/// A setting that is on or off.
fn switch(name: &str, written: Option<bool>) -> anyhow::Result<Option<bool>> {
    match env::var(name).ok().filter(|value| !value.is_empty()) {
        Some(value) => value
            .parse()
            .map(Some)
            .with_context(|| format!("{name} is \"{value}\", but takes true or false")),
        None => Ok(written),
    }
}

/// A setting that is a number of at least 1.
fn number(name: &str, written: Option<i32>) -> anyhow::Result<Option<i32>> {
    let said = env::var(name).ok().filter(|value| !value.is_empty());
    let Some(text) = said.or(written.map(|number| number.to_string())) else {
        return Ok(None);
    };
    match text.parse() {
        Ok(number) if number >= 1 => Ok(Some(number)),
        _ => bail!("{name} is \"{text}\", but takes a whole number of at least 1"),
    }
}

fn addresses(text: &str) -> anyhow::Result<Vec<IpAddr>> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            part.parse()
                .with_context(|| format!("KEYHAUS_TRUSTED_PROXIES has \"{part}\", which is no IP address"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_origin(origin: &str) -> anyhow::Result<()> {
        Settings {
            data_dir: PathBuf::new(),
            key_file: PathBuf::new(),
            database_url: String::new(),
            origin: origin.to_owned(),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            tls: None,
            smtp_url: None,
            mail_from: String::new(),
            trusted_proxies: Vec::new(),
            tries_per_address: TRIES_PER_ADDRESS,
            query_budget: QUERY_BUDGET,
            key_quota: KEY_QUOTA,
            right_end_days: RIGHT_END_DAYS,
            playground: true,
            is_demo: false,
            password_mode: PasswordMode::Guide,
            require_second_factor: true,
            webhooks_to_private: false,
            consumers: true,
            hold_invoices: true,
            invoice_folder: None,
            provider: Provider::default(),
            time_zone: TIME_ZONE,
            sso: Sso::default(),
        }
        .check()
    }

    #[test]
    fn only_this_machine_is_served_without_tls() {
        for origin in [
            "https://portal.example",
            "https://portal.example:8443",
            "http://127.0.0.1:8080",
            "http://localhost:1",
            "http://[::1]:80",
            "http://[::1]",
            "http://127.0.0.1",
            "http://localhost",
        ] {
            assert!(with_origin(origin).is_ok(), "{origin}");
        }
        for origin in [
            "http://portal.example",
            "http://192.168.1.2:8080",
            "ftp://127.0.0.1",
            "portal.example",
            "https://a/b",
            "https://u@a",
            "http://127.0.0.1.evil.example",
            "http://[::2]",
            "http://[::1].evil.example",
            "http://[::1",
            "http://::1",
        ] {
            assert!(with_origin(origin).is_err(), "{origin}");
        }
    }
}
