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
    others_tools(&mut steps);
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

/// Installs what results are compared with. The tests name themselves as skipped where it is not there.
fn others_tools(steps: &mut Steps) {
    let missing: Vec<_> = ["qpdf", "oathtool"]
        .into_iter()
        .filter(|name| workspace::find_program(name).is_none())
        .collect();
    if missing.is_empty() {
        return;
    }
    if let Err(error) = apt::install(&missing, "comparing with the programs of others") {
        steps.skip("the programs of others", &format!("{error:#}"));
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
    let journeys = folder.join("report/journeys.json");
    if let Err(error) = walked {
        let failed = report::failed(&journeys).with_context(|| format!("{error:#}"))?;
        bail!("{error:#}\n{}", failed.join("\n"));
    }
    for journey in report::unsteady(&journeys)? {
        eprintln!("passed at the second try only: {journey}");
    }
    Ok(())
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
