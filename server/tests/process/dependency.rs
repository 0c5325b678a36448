//! The database is gone for a while: errors are clean, nobody is let in, and all goes on when it is back (security H14).
use crate::{
    portal::Portal,
    postgres::{Way, new_database},
};
use serde_json::json;

const INVOICES: &str = "{ invoices { totalCount } }";
const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) { viewer { id } } }";

fn portal_survives(url: &str) {
    let (scheme, rest) = url.split_once("://").unwrap();
    let (user, rest) = rest.rsplit_once('@').map_or(("", rest), |(user, rest)| (user, rest));
    let (server, name) = rest.split_once('/').unwrap();
    let server = if server.contains(':') {
        server.to_owned()
    } else {
        format!("{server}:5432")
    };
    let way = Way::to(server.clone());
    let user = if user.is_empty() {
        String::new()
    } else {
        format!("{user}@")
    };
    let url = format!("{scheme}://{user}{}/{name}", way.address());

    let data = tempfile::tempdir().unwrap();
    let mut portal = Portal::start(data.path(), Some(&url));
    portal.sign_in("104233");
    let before = portal.data(INVOICES, json!({}));
    let (caller, port) = (portal.caller(), server.rsplit(':').next().unwrap().to_owned());
    for _ in 0..2 {
        way.cut();
        for _ in 0..20 {
            let (status, body) = caller.ask(INVOICES, json!({}));
            assert!(status == 503 || body.contains("\"INTERNAL\""), "{status} {body}");
            assert!(!body.contains("totalCount"), "{body}");
            let wrong = json!({ "input": { "name": "104233", "password": server::demo::PASSWORD } });
            let (status, body) = caller.ask(SIGN_IN, wrong);
            assert!(status == 503 || body.contains("\"INTERNAL\""), "{status} {body}");
            for inner in ["sqlx", "pool", "Connection", "postgres", "refused", port.as_str()] {
                assert!(!body.contains(inner), "{inner}: {body}");
            }
        }
        assert_eq!(caller.get("/healthz").0, 200, "it lives");
        assert_eq!(caller.get("/readyz").0, 503, "it is not ready");
        way.mend();
        // The pool forgets its dead connections one request at a time.
        let is_back = (0..100)
            .any(|_| caller.get("/readyz").0 == 200 && caller.ask(INVOICES, json!({})).1.contains("totalCount"));
        assert!(is_back, "it does not come back by itself");
        assert_eq!(
            portal.data(INVOICES, json!({})),
            before,
            "nothing was lost, and the session counts"
        );
    }
}

#[tokio::test]
async fn a_database_that_is_gone_opens_nothing_and_is_used_again_once_it_is_back_h14() {
    let Some(url) = new_database("gone").await else { return };
    tokio::task::spawn_blocking(move || portal_survives(&url))
        .await
        .unwrap();
}
