//! What was acknowledged is there after `kill -9`, with its mail (security H11, H12), and a second start keeps the data.
use crate::portal::Portal;
use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};
use std::{collections::BTreeSet, env};

const ASSIGN: &str =
    "mutation($input: AssignReadRightsInput!) { assignReadRights(input: $input) { assignment { email } } }";

fn acknowledged_survives(database_url: Option<&str>) {
    let data = tempfile::tempdir().unwrap();
    let mut portal = Portal::start(data.path(), database_url);
    portal.sign_in("200014");
    let mut acknowledged = BTreeSet::new();
    for number in 0..5 {
        let email = format!("reader-{number}@example.org");
        let selection = json!({ "filter": { "serialPrefix": "7634874" } });
        let given = portal.data(ASSIGN, json!({ "input": { "email": email, "selection": selection } }));
        assert_eq!(given["assignReadRights"]["assignment"]["email"], json!(email));
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
        assignments["assignments"]["totalCount"], 8,
        "three of the demo, five of the test: nothing twice"
    );
    let mails = portal.data("{ mails(first: 100) { nodes { to } totalCount } }", json!({}));
    assert_eq!(texts(&mails["mails"], "to"), acknowledged);
    assert_eq!(mails["mails"]["totalCount"], 8);
    let devices = portal.data("{ devices { totalCount } }", json!({}));
    assert_eq!(devices["devices"]["totalCount"], 480, "the second start added nothing");
}

#[test]
fn an_acknowledged_mutation_survives_kill_9_on_sqlite() {
    acknowledged_survives(None);
}

#[tokio::test]
async fn an_acknowledged_mutation_survives_kill_9_on_postgres() {
    if !env::var("KEYHAUS_TEST_DATABASES")
        .unwrap_or_default()
        .contains("postgres")
    {
        println!("skipped: postgres is not in KEYHAUS_TEST_DATABASES");
        return;
    }
    let server =
        env::var("KEYHAUS_TEST_POSTGRES_URL").expect("KEYHAUS_TEST_POSTGRES_URL names the server of the tests");
    let name = format!("killed_{}", std::process::id());
    let admin = Database::connect(server.clone()).await.unwrap();
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    admin.close().await.unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    let url = format!("{base}/{name}");
    tokio::task::spawn_blocking(move || acknowledged_survives(Some(&url)))
        .await
        .unwrap();
}
