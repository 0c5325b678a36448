//! `cargo xtask check`: what is fast enough to run before every commit.

use anyhow::Result;

use crate::steps::Steps;
use crate::{client, workspace};

/// Format, lints, and all tests on SQLite.
pub(crate) fn check() -> Result<()> {
    client::make_folder()?;
    let mut steps = Steps::default();
    steps.take("format", format);
    steps.take("lints", lints);
    steps.take("tests on SQLite", || tests(&[("KEYHAUS_TEST_DATABASES", "sqlite")]));
    steps.finish()
}

/// Fails when a file is not formatted.
pub(crate) fn format() -> Result<()> {
    workspace::call(workspace::cargo().args(["fmt", "--all", "--check"]))
}

/// Fails on every warning; `web` is checked for this machine, which needs no other target.
pub(crate) fn lints() -> Result<()> {
    workspace::call(workspace::cargo().args(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]))
}

/// Runs the tests of all packages, the later ones also when an earlier one fails.
pub(crate) fn tests(variables: &[(&str, &str)]) -> Result<()> {
    workspace::call(
        workspace::cargo()
            .args(["test", "--workspace", "--no-fail-fast"])
            .envs(variables.iter().copied()),
    )
}
