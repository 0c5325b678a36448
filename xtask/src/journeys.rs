//! What Playwright reports of the journeys, so that the last lines of a check name those that failed.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

/// How many lines of a journey's error are told; the rest stands further up.
const TOLD: usize = 6;

#[derive(Deserialize)]
struct Report {
    suites: Vec<Suite>,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Suite {
    suites: Vec<Self>,
    specs: Vec<Spec>,
}

#[derive(Deserialize)]
struct Spec {
    title: String,
    ok: bool,
    file: String,
    line: u32,
    tests: Vec<Test>,
}

impl Spec {
    /// Where it stands, and its title.
    fn place(&self) -> String {
        format!("{}:{} › {}", self.file, self.line, self.title)
    }
}

#[derive(Deserialize)]
struct Test {
    results: Vec<Outcome>,
}

#[derive(Deserialize)]
struct Outcome {
    #[serde(default)]
    errors: Vec<Complaint>,
}

#[derive(Deserialize)]
struct Complaint {
    #[serde(default)]
    message: String,
}

/// The journeys of a report (Playwright's `json`) that failed: where each stands, its title, and how its errors begin.
pub(crate) fn failed(report: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(report).with_context(|| format!("{} cannot be read", report.display()))?;
    failed_of(&text)
}

/// The journeys of a report that passed at a second try only.
pub(crate) fn unsteady(report: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(report).with_context(|| format!("{} cannot be read", report.display()))?;
    unsteady_of(&text)
}

fn unsteady_of(report: &str) -> Result<Vec<String>> {
    let report: Report = serde_json::from_str(report).context("the report of the journeys has another form")?;
    let mut suites: Vec<&Suite> = report.suites.iter().collect();
    let mut found = Vec::new();
    while let Some(suite) = suites.pop() {
        let again = suite
            .specs
            .iter()
            .filter(|spec| spec.ok && spec.tests.iter().any(|test| test.results.len() > 1));
        found.extend(again.map(Spec::place));
        suites.extend(&suite.suites);
    }
    Ok(found)
}

fn failed_of(report: &str) -> Result<Vec<String>> {
    let report: Report = serde_json::from_str(report).context("the report of the journeys has another form")?;
    let mut failed = Vec::new();
    for suite in &report.suites {
        collect(suite, &mut failed);
    }
    Ok(failed)
}

fn collect(suite: &Suite, failed: &mut Vec<String>) {
    for spec in suite.specs.iter().filter(|spec| !spec.ok) {
        failed.push(spec.place());
        let complaints = spec
            .tests
            .iter()
            .flat_map(|test| &test.results)
            .flat_map(|result| &result.errors);
        for complaint in complaints {
            let plain = without_colours(&complaint.message);
            let lines = plain.lines().filter(|line| !line.trim().is_empty()).take(TOLD);
            failed.extend(lines.map(|line| format!("    {line}")));
        }
    }
    for inner in &suite.suites {
        collect(inner, failed);
    }
}

/// A text without a terminal's sequences (ECMA-48: ESC, `[`, parameters, a letter).
fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        if sign == '\u{1b}' {
            let _ = signs.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(sign);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journey_that_passed_at_the_second_try_is_named() {
        let report = r#"{"suites":[{"specs":[
            {"title":"good","ok":true,"file":"a.spec.ts","line":3,"tests":[{"results":[{"status":"passed"}]}]}],
            "suites":[{"specs":[{"title":"shaky","ok":true,"file":"b.spec.ts","line":5,
            "tests":[{"results":[{"status":"failed"},{"status":"passed"}]}]}]}]}]}"#;
        assert_eq!(unsteady_of(report).unwrap(), ["b.spec.ts:5 › shaky"]);
        assert_eq!(failed_of(report).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_failed_journey_is_named_with_the_beginning_of_its_error() {
        let report = r#"{"suites":[{"title":"a","specs":[
            {"title":"good","ok":true,"file":"a.spec.ts","line":3,"tests":[{"results":[{"status":"passed"}]}]}],
            "suites":[{"title":"in","specs":[{"title":"bad","ok":false,"file":"a.spec.ts","line":9,
            "tests":[{"results":[{"status":"failed","errors":[{"message":"\u001b[31mnot seen\u001b[39m\n\n  waited"}]}]}]}]}]}]}"#;
        assert_eq!(
            failed_of(report).unwrap(),
            ["a.spec.ts:9 › bad", "    not seen", "      waited"]
        );
    }
}
