//! What clients learn by themselves, and the keys that sign.
use super::*;
use chrono::TimeDelta;
use sea_orm::QueryOrder;
use serde_json::json;
use server::{
    entity::sso_key,
    sso::{key, logout},
};
use std::{fs, path::Path};

async fn kids(app: &TestApp) -> Vec<String> {
    let keys = keys(app).await;
    let keys = keys["keys"].as_array().unwrap();
    keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

crate::on_both! {
    async fn a_client_finds_all_by_itself(app: TestApp) {
        let app = with_clients(app);
        let answer = app.anonymous().get("/.well-known/openid-configuration").await;
        assert_eq!((answer.headers["cache-control"].to_str().unwrap(), answer.headers["content-type"].to_str().unwrap()), ("public, max-age=300", "application/json"));
        let said = answer.json();
        for (name, expected) in [
            ("issuer", json!(ORIGIN)),
            ("authorization_endpoint", json!("https://portal.example/authorize")),
            ("token_endpoint", json!("https://portal.example/token")),
            ("userinfo_endpoint", json!("https://portal.example/userinfo")),
            ("jwks_uri", json!("https://portal.example/jwks")),
            ("end_session_endpoint", json!("https://portal.example/end-session")),
            ("response_types_supported", json!(["code"])),
            ("response_modes_supported", json!(["query", "form_post"])),
            ("grant_types_supported", json!(["authorization_code"])),
            ("subject_types_supported", json!(["public"])),
            ("id_token_signing_alg_values_supported", json!(["ES256"])),
            ("token_endpoint_auth_methods_supported", json!(["client_secret_basic", "client_secret_post", "none"])),
            ("code_challenge_methods_supported", json!(["S256"])),
            ("scopes_supported", json!(["openid", "profile", "email"])),
            ("acr_values_supported", json!(["urn:keyhaus:acr:password", "urn:keyhaus:acr:second-factor"])),
            ("backchannel_logout_supported", json!(true)),
            ("backchannel_logout_session_supported", json!(true)),
            ("authorization_response_iss_parameter_supported", json!(true)),
            ("claims_parameter_supported", json!(false)),
            ("request_parameter_supported", json!(false)),
            ("request_uri_parameter_supported", json!(false)),
        ] {
            assert_eq!(said[name], expected, "{name}");
        }
    }

    async fn only_the_public_half_of_a_key_is_seen_and_the_other_is_sealed(app: TestApp) {
        let app = with_clients(app);
        let keys = keys(&app).await;
        let key = keys["keys"][0].as_object().unwrap();
        let names: Vec<_> = key.keys().map(String::as_str).collect();
        assert_eq!(names, ["crv", "kid", "kty", "use", "x", "y"], "no d");
        assert_eq!((&key["kty"], &key["crv"], &key["use"]), (&json!("EC"), &json!("P-256"), &json!("sig")));
        let row = sso_key::Entity::find().one(app.db()).await.unwrap().unwrap();
        assert_eq!(row.sealed.as_ref().unwrap().len(), 12 + 32 + 16, "nonce, secret, tag");
        let stolen = sso_key::Model { id: uuid::Uuid::nil(), ..row.clone() };
        sso_key::Entity::delete_many().exec(app.db()).await.unwrap();
        sea_orm::ActiveModelTrait::insert(sea_orm::IntoActiveModel::into_active_model(stolen), app.db()).await.unwrap();
        assert!(key::current(&app.app).await.is_err(), "it opens in its own row only");
    }

    async fn a_replaced_key_is_shown_until_what_it_signed_has_expired(app: TestApp) {
        let app = with_clients(app);
        let mut browser = app.client(app.customer).await;
        let old = tokens(&app, &code(&mut browser).await).await;
        let old = old["id_token"].as_str().unwrap();
        let first = kids(&app).await;
        assert_eq!(first, [part(old, 0)["kid"].as_str().unwrap()]);
        let rotated = key::rotate(&app.app).await.unwrap();
        assert_eq!(kids(&app).await, [rotated.clone(), first[0].clone()]);
        assert!(is_signed_by(old, &keys(&app).await));
        let new = tokens(&app, &code(&mut browser).await).await;
        let new = new["id_token"].as_str().unwrap();
        assert_eq!(part(new, 0)["kid"], rotated.as_str());
        assert!(is_signed_by(new, &keys(&app).await));
        let rows = sso_key::Entity::find().order_by_asc(sso_key::Column::Generation).all(app.db()).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.sealed.is_some()).collect::<Vec<_>>(), [false, true], "the old private half is gone");
        app.pass(TimeDelta::hours(25) - TimeDelta::seconds(1));
        assert_eq!(kids(&app).await.len(), 2);
        app.pass(TimeDelta::seconds(1));
        assert_eq!(kids(&app).await, [rotated]);
        assert!(!is_signed_by(old, &keys(&app).await));
        assert_eq!(logout::hinted(&app.app, old).await.unwrap(), None);
    }

    async fn keys_are_replaced_in_time_and_by_one_of_several_processes(app: TestApp) {
        let app = with_clients(app);
        let (one, two) = tokio::join!(key::current(&app.app), key::current(&app.app));
        assert_eq!(one.unwrap().kid(), two.unwrap().kid());
        let first = kids(&app).await;
        assert_eq!(first.len(), 1);
        app.pass(TimeDelta::days(90) - TimeDelta::seconds(1));
        assert_eq!(kids(&app).await, first);
        app.pass(TimeDelta::seconds(1));
        let (one, two) = tokio::join!(key::current(&app.app), key::current(&app.app));
        assert_eq!(one.unwrap().kid(), two.unwrap().kid());
        let second = kids(&app).await;
        assert_eq!((second.len(), &second[1]), (2, &first[0]));
    }

    async fn a_token_without_our_signature_says_nothing(app: TestApp) {
        let app = with_clients(app);
        let mut browser = app.client(app.customer).await;
        let got = tokens(&app, &code(&mut browser).await).await;
        let good = got["id_token"].as_str().unwrap();
        let known = logout::hinted(&app.app, good).await.unwrap().unwrap();
        assert_eq!((known.user, known.client.as_str()), (app.customer.user, "contracts"));
        app.pass(TimeDelta::hours(3));
        assert!(logout::hinted(&app.app, good).await.unwrap().is_some(), "a hint may be old");

        let (head, body, signature) = (part(good, 0), good.split('.').nth(1).unwrap(), good.split('.').nth(2).unwrap());
        let with_header = |change: Value| {
            let mut header = head.clone();
            for (name, value) in change.as_object().unwrap() {
                header[name] = value.clone();
            }
            URL_SAFE_NO_PAD.encode(header.to_string())
        };
        let mut claims = part(good, 1);
        claims["sub"] = json!(app.stranger.user);
        let other_body = URL_SAFE_NO_PAD.encode(claims.to_string());
        for forged in [
            format!("{}.{body}.", with_header(json!({ "alg": "none" }))),
            format!("{}.{body}.{signature}", with_header(json!({ "alg": "none" }))),
            format!("{}.{body}.{signature}", with_header(json!({ "alg": "HS256" }))),
            format!("{}.{body}.{signature}", with_header(json!({ "alg": "RS256" }))),
            format!("{}.{body}.{signature}", with_header(json!({ "kid": "other" }))),
            format!("{}.{other_body}.{signature}", with_header(json!({}))),
            format!("{}.{body}.{}", with_header(json!({})), URL_SAFE_NO_PAD.encode([1; 64])),
            format!("{}.{body}", with_header(json!({}))),
            String::new(),
        ] {
            assert_eq!(logout::hinted(&app.app, &forged).await.unwrap(), None, "{forged}");
        }
    }
}

/// RUSTSEC-2023-0071 is about private RSA keys. `openidconnect` brings the crate along; we give it no key.
#[test]
fn no_rsa_key_is_ever_loaded() {
    fn look(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                look(&path, found);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap_or_default();
            let has_rsa = [
                "CoreRsaPrivateSigningKey",
                "rsa::",
                "RsaPrivateKey",
                "RsaSsa",
                "new_rsa",
            ]
            .iter()
            .any(|word| text.contains(word));
            if path.extension().is_some_and(|ending| ending == "rs") && has_rsa {
                found.push(path.display().to_string());
            }
        }
    }
    let mut found = Vec::new();
    look(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert_eq!(found, Vec::<String>::new());
}
