//! The help: every question of the sources has an answer, every answer leads to its place, every place leads back.
use serde_json::json;
use server::help::{articles, articles::ARTICLES};
use shared::account::Language;
use std::{collections::BTreeSet, fs, path::Path};

/// The questions of the portal's FAQ and the steps of the key service's guide, in their order, and what answers them.
const SOURCES: [(&str, &[&str]); 23] = [
    ("when and how the former portal is replaced", &["switch-over"]),
    ("which settings there are", &["what-i-can-do"]),
    (
        "the contract administration without signing in again",
        &["contract-administration"],
    ),
    ("how to sign in, and the first time", &["sign-in", "letter-code"]),
    ("the address of the portal", &["portal-address"]),
    ("new login details", &["forgotten-access"]),
    ("information on products", &["product-information", "order-and-change"]),
    ("change the password", &["change-password"]),
    ("why a second factor", &["why-second-factor"]),
    ("where and how a second factor is set up", &["set-up-second-factor"]),
    ("see invoices", &["see-invoices"]),
    ("change contact data", &["change-contact-data"]),
    ("another e-mail address for invoices", &["billing-email"]),
    ("several users", &["more-users"]),
    ("conclude a data processing agreement", &["conclude-agreement"]),
    ("what the key service is for", &["key-service"]),
    ("create a personal account", &["register"]),
    ("activate the account", &["activate"]),
    ("the password policy", &["password-rules"]),
    ("ask for access to one's meters as a dealer", &["become-dealer"]),
    ("select the meters whose keys are distributed", &["select-devices"]),
    ("assign read rights", &["assign-read-rights"]),
    ("a customer who is not registered yet", &["recipient-without-account"]),
];

/// Pages before signing in: their frame links to the answers of the page that it stands around.
const ENTRANCES: [&str; 6] = [
    "/sign-in",
    "/forgotten",
    "/letter",
    "/registration",
    "/cancel",
    "/withdraw",
];

/// All files of the client, one after the other.
fn client() -> String {
    fn read(folder: &Path, all: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, all);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                all.push_str(&fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut all = String::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/src"), &mut all);
    all
}

/// The addresses that the client's router knows.
fn routes(client: &str) -> BTreeSet<String> {
    let paths = client
        .split("path!(\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    paths.map(|path| format!("/{}", path.trim_matches('/'))).collect()
}

#[test]
fn every_question_of_the_sources_is_answered() {
    let slugs: BTreeSet<_> = articles().iter().map(|article| article.slug).collect();
    for (question, answers) in SOURCES {
        for slug in answers {
            assert!(slugs.contains(slug), "{question}: {slug}");
        }
    }
}

#[test]
fn every_place_and_every_link_is_an_address_of_the_portal() {
    let routes = routes(&client());
    let slugs: BTreeSet<_> = ARTICLES.iter().map(|article| article.slug).collect();
    let mut wrong = Vec::new();
    for article in ARTICLES {
        for language in [Language::De, Language::En] {
            let answer = article.text(language).answer;
            let links = answer.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            for target in links.chain([article.place]) {
                let is_right = match target.strip_prefix("/help/") {
                    Some(slug) => slugs.contains(slug),
                    None => routes.contains(target),
                };
                if !is_right {
                    wrong.push(format!("{} {language:?}: {target}", article.slug));
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "{routes:?}");
}

#[test]
fn every_place_links_back_to_its_answers() {
    let client = client();
    let mut places: BTreeSet<_> = ARTICLES.iter().map(|article| article.place).collect();
    places.retain(|place| !ENTRANCES.contains(place));
    for place in &places {
        assert!(
            client.contains(&format!("help=\"{place}\"")),
            "no page has help=\"{place}\""
        );
    }
    for linked in client
        .split("help=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
    {
        assert!(places.contains(linked), "{linked} has no answers");
    }
}

crate::on_both! {
    async fn everybody_reads_the_help_in_both_languages(app: TestApp) {
        let query = "query($language: Language!) { helpArticles(language: $language) { slug topic title keywords place html } }";
        let mut anybody = app.anonymous();
        for (language, title, words) in [
            ("DE", "Wie ändere ich mein Passwort?", "Klicken Sie unter <strong>Passwort</strong> auf <strong>Passwort ändern</strong>."),
            ("EN", "How do I change my password?", "Click <strong>Change password</strong> under <strong>Password</strong>."),
        ] {
            let answer = anybody.data(query, json!({ "language": language })).await;
            let all = answer["helpArticles"].as_array().unwrap();
            assert_eq!(all.len(), ARTICLES.len());
            let article = all.iter().find(|article| article["slug"] == "change-password").unwrap();
            assert_eq!((&article["topic"], &article["title"], &article["place"]), (&json!("SECURITY"), &json!(title), &json!("/security")));
            let html = article["html"].as_str().unwrap();
            assert!(html.contains(words) && html.contains("<a href=\"/security\">"), "{html}");
            for article in all {
                let html = article["html"].as_str().unwrap();
                assert!(!html.contains("](") && !html.contains("**"), "{}: {html}", article["slug"]);
            }
        }
    }
}
