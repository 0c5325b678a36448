//! `cargo xtask test`: everything that a change has to pass, on both databases and in a real browser.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::postgres::Postgres;
use crate::steps::Steps;
use crate::{apt, check, client, journeys as report, npm, requirements, workspace};

/// Takes all steps, sums them up, and fails when one failed.
pub(crate) fn test() -> Result<()> {
    client::make_folder()?;
    let mut steps = Steps::default();
    steps.take("format", check::format);
    steps.take("lints", check::lints);
    dependencies(&mut steps);
    let client_built = steps.take("client", client::build);
    steps.take("tests on SQLite and PostgreSQL", || {
        let postgres = Postgres::start()?; // stops when this step ends
        check::tests(&[
            ("KEYHAUS_TEST_DATABASES", "sqlite,postgres"),
            ("KEYHAUS_TEST_POSTGRES_URL", postgres.url()),
        ])
    });
    if client_built {
        steps.take("journeys in Chromium", journeys);
    } else {
        steps.skip("journeys in Chromium", "there is no client");
    }
    steps.take("requirements of security", requirements::list);
    let corpus = workspace::corpus();
    if !corpus.is_dir() {
        steps.skip(
            "corpus",
            &format!(
                "there is no folder {}; the tests ran on the project's own fixtures",
                corpus.display()
            ),
        );
    }
    steps.finish()
}

/// Checks what the dependencies may be, where cargo-deny is there, and what is known against them, where that can be fetched.
fn dependencies(steps: &mut Steps) {
    let deny = |arguments: &[&str]| workspace::call(workspace::cargo().arg("deny").args(arguments));
    if workspace::find_program("cargo-deny").is_none() {
        steps.skip("dependencies", "cargo-deny is not installed");
        return;
    }
    steps.take("dependencies", || deny(&["check", "bans", "licenses", "sources"]));
    if deny(&["fetch", "db"]).is_ok() {
        steps.take("advisories", || deny(&["--offline", "check", "advisories"]));
    } else {
        steps.skip("advisories", "the database of RustSec cannot be fetched");
    }
}

/// Walks the journeys of `e2e/` against the server.
fn journeys() -> Result<()> {
    // The tests of the process have built the server already, with the same features; `cargo build` would choose others
    // and compile most of it again.
    workspace::call(workspace::cargo().args(["test", "--workspace", "--test", "process", "--no-run"]))?;
    let folder = workspace::root().join("e2e");
    npm::install(&folder)?;
    let walked = workspace::call(
        npm::program(&folder, "playwright")
            .arg("test")
            .env("PLAYWRIGHT_CHROMIUM", chromium()?)
            .env("KEYHAUS_BINARY", workspace::built("debug", "keyhaus")?),
    );
    walked.or_else(|error| {
        let failed = report::failed(&folder.join("report/journeys.json")).with_context(|| format!("{error:#}"))?;
        bail!("{error:#}\n{}", failed.join("\n"))
    })
}

/// The browser: the one that `PLAYWRIGHT_CHROMIUM` names, else the system's, else Debian's, installed now.
fn chromium() -> Result<PathBuf> {
    if let Some(named) = env::var_os("PLAYWRIGHT_CHROMIUM") {
        return Ok(named.into());
    }
    let installed = || {
        ["chromium", "chromium-browser", "google-chrome"]
            .into_iter()
            .find_map(workspace::find_program)
    };
    if let Some(program) = installed() {
        return Ok(program);
    }
    apt::install(&["chromium"], "walking the journeys")?;
    installed().context("Debian's package chromium brought no program of that name")
}
