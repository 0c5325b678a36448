//! The OpenID Connect provider: what a client of the settings file gets, and what nobody gets.
mod authorize;
mod key;
mod logout;
mod token;

use crate::app::{Answer, Client as Browser, ORIGIN, TestApp};
use axum::{body::Body, http::Request};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::url::{Url, form_urlencoded::Serializer};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::Value;
use server::{
    entity::{audit, sso_code},
    sso::client::{Client, Sso},
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The pair of RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

const SECRET: &str = "a-secret-of-the-contract-administration";
const BACK: &str = "https://contracts.example/back";
const GOODBYE: &str = "https://contracts.example/goodbye";
const SIGN_OUT: &str = "mutation { signOut { isSignedOut } }";

/// A client, confidential or public.
fn client(id: &str, secret: Option<&str>) -> Client {
    Client {
        id: id.to_owned(),
        name: "Vertragsverwaltung".to_owned(),
        secret_sha256: secret.map(|secret| hex::encode(Sha256::digest(secret))),
        redirect_uris: vec![BACK.to_owned(), format!("{BACK}/two?tenant=1")],
        post_logout_redirect_uris: vec![GOODBYE.to_owned()],
        backchannel_logout_uri: None,
        initiate_login_uri: Some("https://contracts.example/start".to_owned()),
    }
}

/// A portal that knows three clients: `contracts`, `other` with the same secret, and `public`.
fn with_clients(app: TestApp) -> TestApp {
    app.restarted(|settings| {
        settings.sso = Sso {
            clients: vec![
                client("contracts", Some(SECRET)),
                client("other", Some(SECRET)),
                client("public", None),
            ],
            ..Sso::default()
        };
    })
}

fn form(standard: &[(&str, &str)], changed: &[(&str, &str)]) -> String {
    let mut pairs: BTreeMap<_, _> = standard.iter().copied().collect();
    pairs.extend(changed.iter().copied());
    let kept = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    Serializer::new(String::new()).extend_pairs(kept).finish()
}

/// The query of a good request, with some parameters changed; an empty one is left out.
fn asking(changed: &[(&str, &str)]) -> String {
    let standard = [
        ("client_id", "contracts"),
        ("redirect_uri", BACK),
        ("response_type", "code"),
        ("scope", "openid profile email"),
        ("state", "s&t"),
        ("nonce", "n-1"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    form(&standard, changed)
}

/// Where a browser is sent.
async fn sent_to(browser: &mut Browser, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 303, "{path}: {}", answer.text());
    answer.headers["location"].to_str().unwrap().to_owned()
}

/// What the client is told about a request, by name.
async fn told(browser: &mut Browser, changed: &[(&str, &str)]) -> BTreeMap<String, String> {
    let to = sent_to(browser, &format!("/authorize?{}", asking(changed))).await;
    parameters(&to)
}

fn parameters(address: &str) -> BTreeMap<String, String> {
    let url = Url::parse(address).unwrap_or_else(|_| panic!("no address of a client: {address}"));
    assert!(address.starts_with("https://contracts.example/"), "{address}");
    url.query_pairs().into_owned().collect()
}

/// A code for the client `contracts`.
async fn code(browser: &mut Browser) -> String {
    told(browser, &[]).await["code"].clone()
}

/// Asks the token endpoint as the client `contracts` does, with some parameters changed.
async fn redeem(app: &TestApp, code: &str, changed: &[(&str, &str)]) -> Answer {
    let standard = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
        ("client_id", "contracts"),
        ("client_secret", SECRET),
    ];
    post(app, "/token", &form(&standard, changed), None).await
}

/// Posts a form without a browser.
async fn post(app: &TestApp, path: &str, form: &str, authorization: Option<&str>) -> Answer {
    let mut request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    if let Some(value) = authorization {
        request = request.header("authorization", value);
    }
    app.anonymous()
        .send(request.body(Body::from(form.to_owned())).unwrap())
        .await
}

/// What came of a good redemption.
async fn tokens(app: &TestApp, code: &str) -> Value {
    let answer = redeem(app, code, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// What `/userinfo` answers.
async fn user_info(app: &TestApp, tokens: &Value) -> Answer {
    let mut program = app.anonymous();
    program.bearer = Some(tokens["access_token"].as_str().unwrap().to_owned());
    program.get("/userinfo").await
}

/// A part of a JWT: 0 is the header, 1 the claims.
fn part(token: &str, position: usize) -> Value {
    let part = token.split('.').nth(position).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn claims(tokens: &Value) -> Value {
    part(tokens["id_token"].as_str().unwrap(), 1)
}

async fn codes(app: &TestApp) -> u64 {
    sso_code::Entity::find().count(app.db()).await.unwrap()
}

/// What the log says of single sign-on, what was done before what was refused: object, code of the refusal.
async fn log(app: &TestApp) -> Vec<(Option<String>, Option<String>)> {
    let rows = audit::Entity::find()
        .filter(audit::COLUMN.act.eq("singleSignOn"))
        .all(app.db())
        .await
        .unwrap();
    let mut rows: Vec<_> = rows.into_iter().map(|row| (row.object, row.code)).collect();
    rows.sort();
    rows
}

/// Whether a JWT is signed by a key of the set, by ES256: checked with nothing of what made it.
fn is_signed_by(token: &str, keys: &Value) -> bool {
    use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier};
    let header = part(token, 0);
    let Some(key) = keys["keys"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["kid"] == header["kid"])
    else {
        return false;
    };
    let coordinate = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
    let key = VerifyingKey::from_sec1_bytes(&point).unwrap();
    let (message, signature) = token.rsplit_once('.').unwrap();
    let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
    header["alg"] == "ES256" && key.verify(message.as_bytes(), &signature).is_ok()
}

async fn keys(app: &TestApp) -> Value {
    app.anonymous().get("/jwks").await.json()
}

/// Nothing of what a client gets may lie in a cache or a log of another place.
fn assert_is_kept_nowhere(answer: &Answer) {
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["referrer-policy"], "no-referrer");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
}
