//! Passwords: what is taken, how it is kept, and changing it.
use crate::app::{Client, PASSWORD, TestApp};
use chrono::TimeDelta;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait, Set};
use serde_json::{Value, json};
use server::{
    entity::{session, user},
    error::Error,
    session::password::Hasher,
    user::password::check_new,
};
use shared::password::{PasswordMode, PasswordRule};

const CHANGE: &str = "mutation($input: ChangePasswordInput!) { changePassword(input: $input) { changedAt } }";
const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) { viewer { account { number } } } }";
const VIEWER: &str = "{ viewer { account { number } } }";

fn change(current: &str, new: &str) -> Value {
    json!({ "input": { "currentPassword": current, "newPassword": new } })
}

async fn row(app: &TestApp) -> user::Model {
    user::Entity::find_by_id(app.customer.user)
        .one(app.db())
        .await
        .unwrap()
        .unwrap()
}

/// Whether the customer comes in with a password.
async fn fits(app: &TestApp, password: &str) -> bool {
    let input = json!({ "input": { "name": "104233", "password": password } });
    app.anonymous().graphql(SIGN_IN, input).await["data"]["signIn"]["viewer"]["account"]["number"] == "104233"
}

/// Changes the customer's password, which is [`PASSWORD`].
async fn changed(app: &TestApp, new: &str) -> Client {
    let mut client = app.client(app.customer).await;
    client.data(CHANGE, change(PASSWORD, new)).await;
    client
}

fn rules(checked: Result<(), Error>) -> Vec<PasswordRule> {
    match checked {
        Ok(()) => Vec::new(),
        Err(Error::WeakPassword { rules, .. }) => rules,
        Err(other) => panic!("{other}"),
    }
}

crate::on_both! {
    async fn the_standards_mode_asks_for_fifteen_or_eight_beside_a_second_factor_a01(app: TestApp) {
        let guide = async |password: &str| rules(check_new(&app.app, "password", password, &[], false).await);
        assert_eq!((guide("aB3!xYz").await, guide("aB3!xYz9").await), (vec![PasswordRule::Length], vec![]));
        let app = app.restarted(|settings| settings.password_mode = PasswordMode::Standard);
        let standard = async |password: &str, with: bool| rules(check_new(&app.app, "password", password, &[], with).await);
        assert_eq!(standard("tulpe regen abc", false).await, []);
        assert_eq!(standard("tulpe regen ab", false).await, [PasswordRule::Length]);
        assert_eq!(standard("tulpe re", true).await, []);
        assert_eq!(standard("tulpe r", true).await, [PasswordRule::Length]);
        let own = app.client(app.customer).await.data("{ ownPassword { minLength } }", json!({})).await;
        assert_eq!(own["ownPassword"]["minLength"], 15);
    }

    async fn all_of_a_long_password_counts_and_its_capitals_do_a02(app: TestApp) {
        let long = "Kran-7 ".repeat(19)[..128].to_owned();
        changed(&app, &long).await;
        assert!(fits(&app, &long).await);
        assert!(!fits(&app, &long[..72]).await);
        assert!(!fits(&app, &long.to_lowercase()).await);
    }

    async fn any_character_counts_as_one_however_it_is_typed_a03(app: TestApp) {
        changed(&app, "Grüne Tür 🔑 9").await;
        assert!(fits(&app, "Gru\u{308}ne Tu\u{308}r 🔑 9").await);
        assert_eq!(rules(check_new(&app.app, "password", "aB3!xY🔑", &[], false).await), [PasswordRule::Length]);
        assert_eq!(rules(check_new(&app.app, "password", "aB3!xYz🔑", &[], false).await), []);
    }

    async fn each_failed_rule_is_reported_and_nothing_is_changed_a04(app: TestApp) {
        let mut client = app.client(app.customer).await;
        let before = row(&app).await;
        let refusal = client.refusal(CHANGE, change(PASSWORD, "abc")).await;
        assert_eq!(refusal, json!({
            "code": "INVALID", "field": "newPassword", "reason": "WEAK_PASSWORD",
            "rules": ["LENGTH", "UPPER", "DIGIT", "SPECIAL"]
        }));
        assert_eq!((row(&app).await, app.mails().await.len()), (before, 0));
        let app = app.restarted(|settings| settings.password_mode = PasswordMode::Standard);
        let mut client = app.client(app.customer).await;
        assert_eq!(client.refusal(CHANGE, change(PASSWORD, "abc")).await["rules"], json!(["LENGTH"]));
    }

    async fn a_password_contains_none_of_the_names_that_go_with_it_a05(app: TestApp) {
        let mut renamed = row(&app).await.into_active_model();
        renamed.name = Set(Some("Anna Li".to_owned()));
        renamed.update(app.db()).await.unwrap();
        let mut client = app.client(app.customer).await;
        for named in ["xxANNAxx-42!", "Tor-104233-aB", "Tor-k104233-aB", "Mein-Keyhaus-42", "Lindwerk-Tor-42"] {
            let refusal = client.refusal(CHANGE, change(PASSWORD, named)).await;
            assert_eq!((&refusal["field"], &refusal["rules"]), (&json!("newPassword"), &json!(["NOT_YOUR_NAME"])), "{named}");
        }
        client.data(CHANGE, change(PASSWORD, "Lila-Tor-42!")).await;
        assert_eq!(rules(check_new(&app.app, "password", "Abc-Li-4x?", &["", "Li", "A"], false).await), []);
    }

    async fn a_password_that_everybody_tries_first_is_refused_a06(app: TestApp) {
        let mut client = app.client(app.customer).await;
        let before = row(&app).await;
        for common in [
            "Password1!", "Passwort1!", "P@ssw0rd1", "Passw0rd!", "Sommer2026!", "Winter2025!", "Qwertz123!", "Qwerty123!",
            "Welcome1!", "Willkommen1!", "Hallo123!", "Schalke04!", "Admin123!", "Iloveyou1!", "Letmein1!", "Dragon123!",
            "1q2w3e4R!", "Zaq12wsx!", "Abcd1234!", "Berlin2024!",
        ] {
            let refusal = client.refusal(CHANGE, change(PASSWORD, common)).await;
            assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("newPassword"), &json!("COMMON_PASSWORD")), "{common}");
        }
        assert_eq!(row(&app).await, before);
    }

    async fn changing_takes_the_current_password_a07(app: TestApp) {
        let mut client = app.client(app.customer).await;
        let before = row(&app).await;
        for wrong in ["", "Sieben-Wege-27"] {
            let refusal = client.refusal(CHANGE, change(wrong, "Acht-Tore-27")).await;
            assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("currentPassword"), &json!("WRONG_PASSWORD")));
        }
        let without = client.graphql(CHANGE, json!({ "input": { "newPassword": "Acht-Tore-27" } })).await;
        assert_eq!(without["errors"][0]["extensions"]["code"], "MALFORMED");
        assert_eq!(row(&app).await, before);
        assert!(fits(&app, PASSWORD).await);
    }

    async fn guessing_the_current_password_is_limited_as_signing_in_is(app: TestApp) {
        let mut client = app.client(app.customer).await;
        for _ in 0..10 {
            client.refusal(CHANGE, change("Sieben-Wege-27", "Acht-Tore-27")).await;
        }
        assert_eq!(client.refusal(CHANGE, change(PASSWORD, "Acht-Tore-27")).await["reason"], "WRONG_PASSWORD");
        assert!(!fits(&app, PASSWORD).await);
        app.pass(TimeDelta::minutes(15));
        client.data(CHANGE, change(PASSWORD, "Acht-Tore-27")).await;
    }

    async fn a_password_does_not_grow_old_a08(app: TestApp) {
        app.pass(TimeDelta::days(400));
        let mut client = app.anonymous();
        let signed_in = client.data(SIGN_IN, json!({ "input": { "name": "104233", "password": PASSWORD } })).await;
        assert_eq!(signed_in["signIn"]["viewer"]["account"]["number"], "104233");
        assert_eq!(client.data(VIEWER, json!({})).await["viewer"]["account"]["number"], "104233");
    }

    async fn a_higher_cost_is_paid_at_the_next_sign_in_a10(app: TestApp) {
        let old = Hasher::with(32, 1, 1).unwrap().hash(PASSWORD).await.unwrap();
        let mut cheap = row(&app).await.into_active_model();
        cheap.password_hash = Set(Some(old.clone()));
        cheap.update(app.db()).await.unwrap();
        assert!(!fits(&app, "Sieben-Wege-27").await);
        assert_eq!(row(&app).await.password_hash, Some(old));
        assert!(fits(&app, PASSWORD).await);
        let new = row(&app).await.password_hash.unwrap();
        assert!(new.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{new}");
        let hashes = app.app.hasher.count();
        assert!(fits(&app, PASSWORD).await);
        assert_eq!((app.app.hasher.count(), row(&app).await.password_hash), (hashes + 1, Some(new)));
    }

    async fn a_changed_password_ends_all_other_sessions_and_is_told_d05(app: TestApp) {
        let (mut other, mut stranger) = (app.client(app.customer).await, app.client(app.stranger).await);
        let mut client = app.client(app.customer).await;
        let old = client.cookie.clone();
        app.pass(TimeDelta::minutes(5));
        let data = client.data(CHANGE, change(PASSWORD, "Acht-Tore-27")).await;
        assert_eq!(data["changePassword"]["changedAt"], "2026-11-23T09:05:00+00:00");
        assert_ne!(client.cookie, old);
        assert_eq!(client.data(VIEWER, json!({})).await["viewer"]["account"]["number"], "104233");
        assert_eq!(stranger.data(VIEWER, json!({})).await["viewer"]["account"]["number"], "104871");
        assert_eq!(other.code("{ contracts { totalCount } }", json!({})).await, "UNAUTHENTICATED");
        assert_eq!(session::Entity::find().count(app.db()).await.unwrap(), 2);
        let mails = app.mails().await;
        assert_eq!(mails.len(), 1);
        assert_eq!((mails[0].recipient.as_str(), mails[0].subject.as_str()), ("k104233@kunde.example", "Ihr Passwort wurde geändert"));
        assert!(mails[0].text.contains("Das waren Sie nicht?"), "{}", mails[0].text);
        assert_eq!((fits(&app, PASSWORD).await, fits(&app, "Acht-Tore-27").await), (false, true));
    }
}

#[tokio::test]
async fn passwords_are_kept_as_argon2id_of_sixty_four_mebibytes_with_a_salt_of_their_own_a09() {
    let hasher = Hasher::new().unwrap();
    let (one, two) = (
        hasher.hash(PASSWORD).await.unwrap(),
        hasher.hash(PASSWORD).await.unwrap(),
    );
    assert_ne!(one, two);
    for stored in [one, two] {
        let parts: Vec<_> = stored.split('$').collect();
        assert_eq!(parts[..4], ["", "argon2id", "v=19", "m=65536,t=3,p=1"], "{stored}");
        // base64 without padding: 16 bytes of salt, 32 of hash
        assert_eq!((parts[4].len(), parts[5].len()), (22, 43), "{stored}");
    }
}
