//! Which test shows which requirement of security: the ids are in the tests' names.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

use crate::workspace;

/// The sections that must be covered completely, with their number of requirements.
const COMPLETE: [(char, u8); 6] = [('A', 12), ('B', 13), ('C', 13), ('D', 8), ('E', 9), ('F', 7)];

/// Those of other sections that must be covered.
const SINGLE: [&str; 15] = [
    "G06", "G08", "G09", "H01", "H02", "H03", "H04", "H05", "H07", "H08", "H09", "H10", "H11", "H13", "H14",
];

/// Where tests are.
const FOLDERS: [&str; 5] = ["server/src", "server/tests", "shared/src", "web/src", "e2e/tests"];

/// Where a requirement that is knowingly not met names the ADR with the reason.
const DOCUMENT: &str = "docs/security.md";

/// Prints each requirement with its tests.
///
/// # Errors
/// If one of the complete sections, or one of the single ones, has neither a test nor an ADR.
#[expect(clippy::print_stdout, reason = "the list is this step's answer")]
pub(crate) fn list() -> Result<()> {
    let mut tests = BTreeMap::<String, Vec<String>>::new();
    for folder in FOLDERS {
        for entry in WalkDir::new(workspace::root().join(folder)).sort_by_file_name() {
            let entry = entry?;
            let path = entry.path();
            let is_source = path
                .extension()
                .is_some_and(|extension| extension == "rs" || extension == "ts");
            if entry.file_type().is_file() && is_source {
                read(path, &mut tests)?;
            }
        }
    }
    let document = workspace::root().join(DOCUMENT);
    let document = fs::read_to_string(&document).with_context(|| format!("{DOCUMENT} cannot be read"))?;
    let unmet = |id: &str| {
        document
            .lines()
            .find(|line| line.starts_with(&format!("| {id} ")) && line.contains("ADR "))
    };
    let mut missing = Vec::new();
    let of_sections = COMPLETE
        .iter()
        .flat_map(|(section, count)| (1..=*count).map(move |number| format!("{section}{number:02}")));
    for id in of_sections.chain(SINGLE.map(str::to_owned)) {
        if !tests.contains_key(&id) {
            match unmet(&id) {
                Some(line) => tests.entry(id).or_default().push(format!("not met: {}", line.trim())),
                None => missing.push(id),
            }
        }
    }
    for (id, names) in &tests {
        for name in names {
            println!("{id}  {name}");
        }
    }
    if missing.is_empty() {
        Ok(())
    } else {
        bail!("no test and no ADR for {}", missing.join(", "))
    }
}

/// Adds the tests of one file.
fn read(path: &Path, tests: &mut BTreeMap<String, Vec<String>>) -> Result<()> {
    let text = fs::read_to_string(path)?;
    let file = path.strip_prefix(workspace::root()).unwrap_or(path).display();
    for line in text.lines() {
        for (id, name) in named(line) {
            tests.entry(id).or_default().push(format!("{name} ({file})"));
        }
    }
    Ok(())
}

/// The ids in a line that begins a test, with the test's name: `fn …_a01_b02(` or `test('… [A12]'`.
fn named(line: &str) -> Vec<(String, String)> {
    let line = line.trim_start();
    if let Some((_, rest)) = line.split_once("fn ")
        && let Some((name, _)) = rest.split_once(['(', '<'])
    {
        return name
            .rsplit('_')
            .take_while(|part| is_id(part))
            .map(|part| (part.to_ascii_uppercase(), name.to_owned()))
            .collect();
    }
    let Some(title) = line
        .strip_prefix("test(")
        .or_else(|| line.strip_prefix("await test.step("))
    else {
        return Vec::new();
    };
    let title = title.trim_matches(|c: char| c == '\'' || c == '"' || c == '`');
    let name = title.split(['\'', '"', '`']).next().unwrap_or(title);
    name.split(['[', ']', ' ', ','])
        .filter(|part| is_id(part) && part.starts_with(|c: char| c.is_ascii_uppercase()))
        .map(|part| (part.to_owned(), name.to_owned()))
        .collect()
}

/// A letter from A to H and two digits.
fn is_id(part: &str) -> bool {
    let bytes = part.as_bytes();
    bytes.len() == 3
        && matches!(bytes[0].to_ascii_uppercase(), b'A'..=b'H')
        && bytes[1].is_ascii_digit()
        && bytes[2].is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn ids_are_read_from_the_end_of_a_name() {
        let ids = |line: &str| named(line).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
        assert_eq!(
            ids("    async fn a_code_works_once_c02_c03(app: TestApp) {"),
            ["C03", "C02"]
        );
        assert_eq!(ids("fn a_fee_of_e05_is_shown()"), [] as [&str; 0]);
        assert_eq!(ids("  test('a password can be pasted [A12]', async () => {"), ["A12"]);
        assert_eq!(ids("let x = b02;"), [] as [&str; 0]);
    }
}
