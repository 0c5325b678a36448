//! What was acknowledged is there after `kill -9`, with its mail (security H11, H12), and a second start keeps the data.
use crate::{portal::Portal, postgres::new_database};
use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, mpsc},
    thread,
};

/// So many people write at once.
const CLIENTS: usize = 4;

/// So often the process is killed.
const KILLS: usize = 3;

/// After so many acknowledgements it is killed, while all write on.
const ACKNOWLEDGED: usize = 6;

const ASSIGN: &str =
    "mutation($input: AssignReadRightsInput!) { assignReadRights(input: $input) { assignments { email } } }";

fn acknowledged_survives(database_url: Option<&str>) {
    let data = tempfile::tempdir().unwrap();
    let mut portal = Portal::start(data.path(), database_url);
    portal.sign_in("200014");
    let counts = "{ assignments { totalCount } mails { totalCount } }";
    let of_demo = portal.data(counts, json!({}));
    let with_five = |list: &str| of_demo[list]["totalCount"].as_i64().unwrap() + 5;
    let mut acknowledged = BTreeSet::new();
    for number in 0..5 {
        let email = format!("reader-{number}@example.org");
        let selection = json!({ "filter": { "serialPrefix": "7634874" } });
        let given = portal.data(
            ASSIGN,
            json!({ "input": { "emails": [email], "selection": selection } }),
        );
        assert_eq!(given["assignReadRights"]["assignments"][0]["email"], json!(email));
        acknowledged.insert(email);
    }
    portal.kill();

    let mut portal = Portal::start(data.path(), database_url);
    portal.sign_in("200014");
    let texts = |list: &Value, field: &str| -> BTreeSet<String> {
        let nodes = list["nodes"].as_array().unwrap().iter();
        nodes
            .map(|node| node[field].as_str().unwrap().to_owned())
            .filter(|text| text.starts_with("reader-"))
            .collect()
    };
    let assignments = portal.data(
        "{ assignments(first: 100) { nodes { email deviceCount } totalCount } }",
        json!({}),
    );
    assert_eq!(texts(&assignments["assignments"], "email"), acknowledged);
    assert_eq!(
        assignments["assignments"]["totalCount"],
        with_five("assignments"),
        "those of the demo, five of the test: nothing twice"
    );
    let mails = portal.data("{ mails(first: 100) { nodes { to } totalCount } }", json!({}));
    assert_eq!(texts(&mails["mails"], "to"), acknowledged);
    assert_eq!(
        mails["mails"]["totalCount"],
        with_five("mails"),
        "those of the demo, five of the test: nothing twice"
    );
    let devices = portal.data("{ devices { totalCount } }", json!({}));
    assert_eq!(devices["devices"]["totalCount"], 480, "the second start added nothing");
}

/// What the witnesses of a run saw.
#[derive(Default)]
struct Seen {
    /// What was sent.
    sent: BTreeSet<String>,
    /// What was acknowledged.
    acknowledged: BTreeSet<String>,
}

/// Lets several clients write until the process is killed under them; what they sent and what they heard.
fn killed_under_load(portal: Portal, round: usize, seen: &Arc<Mutex<Seen>>) {
    let (heard, hears) = mpsc::channel();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (caller, seen, heard) = (portal.caller(), Arc::clone(seen), heard.clone());
            thread::spawn(move || {
                for number in 0.. {
                    let email = format!("witness-{round}-{client}-{number}@example.org");
                    seen.lock().unwrap().sent.insert(email.clone());
                    let input = json!({ "emails": [email], "selection": { "filter": { "serialPrefix": "7634874" } } });
                    if !caller.is_acknowledged(ASSIGN, json!({ "input": input })) {
                        return;
                    }
                    seen.lock().unwrap().acknowledged.insert(email);
                    heard.send(()).ok();
                }
            })
        })
        .collect();
    drop(heard);
    assert_eq!(
        hears.iter().take(ACKNOWLEDGED).count(),
        ACKNOWLEDGED,
        "the portal refused"
    );
    portal.kill();
    for client in clients {
        client.join().unwrap();
    }
}

/// How many rows of a table there are.
fn count(url: &str, from: &str) -> i64 {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let db = Database::connect(url.to_owned()).await.unwrap();
        let statement = Statement::from_string(db.get_database_backend(), format!("SELECT count(*) AS n FROM {from}"));
        let row = db.query_one_raw(statement).await.unwrap().unwrap();
        db.close().await.unwrap();
        row.try_get("", "n").unwrap()
    })
}

fn witnesses_agree(database_url: Option<&str>) {
    let data = tempfile::tempdir().unwrap();
    let file = format!("sqlite://{}", data.path().join("keyhaus.db").display());
    let url = database_url.unwrap_or(&file);
    let seen = Arc::new(Mutex::new(Seen::default()));
    let acts = "audit WHERE act = 'assignReadRights' AND is_allowed";
    let mut acts_before = None;
    for round in 0..KILLS {
        let mut portal = Portal::start(data.path(), database_url);
        acts_before.get_or_insert_with(|| count(url, acts));
        portal.sign_in("200014");
        killed_under_load(portal, round, &seen);
    }
    let mut portal = Portal::start(data.path(), database_url);
    portal.sign_in("200014");
    let emails = |list: &Value, field: &str| -> Vec<String> {
        let texts = list["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|node| node[field].as_str().unwrap().to_owned());
        texts.filter(|text| text.starts_with("witness-")).collect()
    };
    let kept = portal.data("{ assignments(first: 100) { nodes { email } } }", json!({}));
    let kept = emails(&kept["assignments"], "email");
    let mails = portal.data("{ mails(first: 100) { nodes { to } } }", json!({}));
    let mails = emails(&mails["mails"], "to");
    let seen = seen.lock().unwrap();
    let set: BTreeSet<String> = kept.iter().cloned().collect();
    assert_eq!(set.len(), kept.len(), "nothing is there twice");
    assert!(
        seen.acknowledged.is_subset(&set),
        "lost: {:?}",
        seen.acknowledged.difference(&set)
    );
    assert!(
        set.is_subset(&seen.sent),
        "nobody sent: {:?}",
        set.difference(&seen.sent)
    );
    let in_flight = set.difference(&seen.acknowledged).count();
    assert!(in_flight <= CLIENTS * KILLS, "{in_flight} kept that nobody waited for");
    assert_eq!(mails.len(), set.len(), "as many mails as effects");
    assert_eq!(mails.into_iter().collect::<BTreeSet<_>>(), set);
    let acts = count(url, acts) - acts_before.unwrap();
    assert_eq!(
        usize::try_from(acts).unwrap(),
        set.len(),
        "as many audit rows as effects"
    );
}

#[test]
fn what_many_clients_were_told_agrees_with_what_is_kept_after_kill_9_on_sqlite_h11() {
    witnesses_agree(None);
}

#[tokio::test]
async fn what_many_clients_were_told_agrees_with_what_is_kept_after_kill_9_on_postgres_h11() {
    let Some(url) = new_database("witness").await else {
        return;
    };
    tokio::task::spawn_blocking(move || witnesses_agree(Some(&url)))
        .await
        .unwrap();
}

#[test]
fn an_acknowledged_mutation_survives_kill_9_on_sqlite_h11() {
    acknowledged_survives(None);
}

#[tokio::test]
async fn an_acknowledged_mutation_survives_kill_9_on_postgres_h11() {
    let Some(url) = new_database("killed").await else {
        return;
    };
    tokio::task::spawn_blocking(move || acknowledged_survives(Some(&url)))
        .await
        .unwrap();
}
