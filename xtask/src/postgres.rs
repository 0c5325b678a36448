//! A private PostgreSQL for the tests, from the installed server's programs, in a temporary folder.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::{apt, workspace};

/// The oldest version that the tests run on.
const OLDEST: u32 = 14;

/// A server that runs until this value is dropped, or until this process ends in whatever way.
pub(crate) struct Postgres {
    url: String,
    server: Option<(Child, ChildStdin)>,
}

impl Postgres {
    /// Starts a server on a free loopback port, installing Debian's where there is none and this user may.
    ///
    /// Where `KEYHAUS_TEST_POSTGRES_URL` names a server, that one is used and nothing is started.
    pub(crate) fn start() -> Result<Self> {
        if let Ok(url) = std::env::var("KEYHAUS_TEST_POSTGRES_URL") {
            return Ok(Self { url, server: None });
        }
        let programs = match find_programs() {
            Some(programs) => programs,
            None => {
                apt::install(&["postgresql"], "testing on PostgreSQL")?;
                find_programs()
                    .with_context(|| format!("PostgreSQL {OLDEST} or later was not found after its installation"))?
            }
        };
        let port = free_port()?;
        let password = password()?;
        let mut server = guard(&programs, port)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0) // Ctrl-C reaches this process only; the guard sees its input close
            .spawn()
            .context("the private PostgreSQL could not be started")?;
        let mut input = server.stdin.take().context("the guard of PostgreSQL has no input")?;
        let output = server.stdout.take().context("the guard of PostgreSQL has no output")?;
        writeln!(input, "{password}")?;
        let mut answer = String::new();
        BufReader::new(output).read_line(&mut answer)?;
        if answer.trim() != "ready" {
            let status = server.wait()?;
            bail!(
                "the private PostgreSQL from {} did not start ({status})",
                programs.display()
            );
        }
        let url = format!("postgres://keyhaus:{password}@127.0.0.1:{port}/postgres");
        Ok(Self {
            url,
            server: Some((server, input)),
        })
    }

    /// Where the server is, with the right to make databases.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some((mut server, input)) = self.server.take() {
            drop(input); // the guard stops the server when its input ends
            if let Err(error) = server.wait() {
                eprintln!("the private PostgreSQL may still run: {error}");
            }
        }
    }
}

/// The script that guards the server; as the user postgres for root, because initdb refuses root.
fn guard(programs: &Path, port: u16) -> Command {
    let mut command = Command::new(if apt::is_root() { "runuser" } else { "sh" });
    if apt::is_root() {
        command.args(["-u", "postgres", "--", "sh"]);
    }
    command
        .arg("-c")
        .arg(include_str!("postgres.sh"))
        .arg("postgres.sh")
        .arg(programs)
        .arg(port.to_string());
    command.current_dir("/"); // a folder that every user may enter
    command
}

/// The folder of the newest server's programs: Debian's, else by `PATH`; `None` when all are too old.
fn find_programs() -> Option<PathBuf> {
    let debian = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"));
    let path = workspace::find_program("initdb").and_then(|program| program.parent().map(Path::to_owned));
    let found = debian
        .chain(path)
        .filter_map(|folder| Some((version(&folder)?, folder)));
    found
        .filter(|(version, _)| *version >= OLDEST)
        .max()
        .map(|(_, folder)| folder)
}

/// The major version, of `postgres (PostgreSQL) 15.18`.
fn version(programs: &Path) -> Option<u32> {
    let answer = workspace::read(Command::new(programs.join("postgres")).arg("--version")).ok()?;
    answer
        .split_whitespace()
        .nth(2)?
        .split(|letter: char| !letter.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no loopback port is free")?;
    Ok(listener.local_addr()?.port())
}

/// A password that no one else on this machine knows.
fn password() -> Result<String> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")
        .and_then(|mut chance| chance.read_exact(&mut bytes))
        .context("/dev/urandom cannot be read")?;
    Ok(hex::encode(bytes))
}
