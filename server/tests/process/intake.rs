//! Files with invoices on their way in survive `kill -9`: none is lost, none is there twice.
use crate::{portal::Portal, postgres::new_database};
use serde_json::json;
use std::{collections::BTreeSet, fs, path::Path};

/// So many invoices lie in the watched folder.
const FILES: usize = 60;

/// So often the process is killed in the middle.
const KILLS: usize = 3;

/// How many files came in by the folder, of a state.
fn count(portal: &mut Portal, states: &[&str]) -> usize {
    let query = "query($states: [IntakeState!]) { intakes(states: $states, first: 100) { nodes { source } } }";
    let found = portal.data(query, json!({ "states": states }));
    let nodes = found["intakes"]["nodes"].as_array().unwrap().clone();
    nodes.iter().filter(|node| node["source"] == "FOLDER").count()
}

fn names(folder: &Path) -> BTreeSet<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return BTreeSet::new();
    };
    let files = entries.map(|entry| entry.unwrap());
    let files = files.filter(|entry| entry.file_type().unwrap().is_file());
    files.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

fn nothing_is_lost_or_doubled(database_url: Option<&str>) {
    let data = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let text = include_str!("../fixtures/invoices/xrechnung-ubl.xml");
    let mut put = BTreeSet::new();
    for number in 0..FILES {
        let name = format!("{number:03}.xml");
        fs::write(
            folder.path().join(&name),
            text.replace("RE-2026-009417", &format!("KILL-{number:03}")),
        )
        .unwrap();
        put.insert(name);
    }
    let start = || {
        let mut portal = Portal::start_with(data.path(), database_url, &[("KEYHAUS_INVOICE_FOLDER", folder.path())]);
        portal.sign_in("j.reimann@lindwerk.example");
        portal
    };
    for round in 1..=KILLS {
        let mut portal = start();
        // killed while files are read: some are done, and more arrive
        while count(&mut portal, &["IMPORTED"]) < round * 10 {}
        portal.kill();
    }
    let mut portal = start();
    while !names(folder.path()).is_empty() || count(&mut portal, &["WAITING"]) > 0 {}
    assert_eq!(names(&folder.path().join("done")), put);
    assert_eq!(
        (
            count(&mut portal, &["IMPORTED"]),
            count(&mut portal, &["ALREADY_THERE", "REFUSED", "CONFLICT"])
        ),
        (FILES, 0)
    );
    let kept = portal.data(
        "{ officeInvoices(filter: { text: \"KILL-\" }, first: 100) { totalCount nodes { number } } }",
        json!({}),
    );
    let nodes = kept["officeInvoices"]["nodes"].as_array().unwrap();
    let numbers: BTreeSet<&str> = nodes.iter().map(|node| node["number"].as_str().unwrap()).collect();
    assert_eq!((nodes.len(), numbers.len()), (FILES, FILES));
}

#[test]
fn files_that_are_read_while_it_is_killed_make_one_invoice_each_on_sqlite() {
    nothing_is_lost_or_doubled(None);
}

#[tokio::test]
async fn files_that_are_read_while_it_is_killed_make_one_invoice_each_on_postgres() {
    let Some(url) = new_database("intake").await else {
        return;
    };
    tokio::task::spawn_blocking(move || nothing_is_lost_or_doubled(Some(&url)))
        .await
        .unwrap();
}
