//! Signing in and out, sessions, stepping up.
use crate::app::{PASSWORD, TestApp};
use chrono::TimeDelta;
use sea_orm::{EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use server::entity::{audit, session};

const SIGN_IN: &str =
    "mutation($input: SignInInput!) { signIn(input: $input) { viewer { account { number } rights } } }";
const VIEWER: &str = "{ viewer { account { number } } }";

fn credentials(name: &str, password: &str) -> Value {
    json!({ "input": { "name": name, "password": password } })
}

async fn sessions(app: &TestApp) -> u64 {
    session::Entity::find().count(app.db()).await.unwrap()
}

crate::on_both! {
    async fn a_customer_signs_in_with_number_or_address_in_any_case(app: TestApp) {
        for name in ["104233", " 104233 ", "k104233@kunde.example", "K104233@Kunde.Example"] {
            let mut browser = app.anonymous();
            let data = browser.data(SIGN_IN, credentials(name, PASSWORD)).await;
            assert_eq!(data["signIn"]["viewer"]["account"]["number"], "104233");
            assert_eq!(browser.data(VIEWER, json!({})).await["viewer"]["account"]["number"], "104233");
        }
    }

    async fn a_wrong_password_and_an_unknown_name_are_told_alike_and_cost_the_same(app: TestApp) {
        let mut browser = app.anonymous();
        let before = app.app.hasher.count();
        let wrong = browser.graphql(SIGN_IN, credentials("104233", "Sieben-Wege-27")).await;
        assert_eq!(app.app.hasher.count(), before + 1);
        let unknown = browser.graphql(SIGN_IN, credentials("999999", PASSWORD)).await;
        assert_eq!(app.app.hasher.count(), before + 2);
        assert_eq!(wrong, unknown);
        let extensions = &wrong["errors"][0]["extensions"];
        assert_eq!((&extensions["code"], &extensions["reason"], &extensions["field"]), (&json!("INVALID"), &json!("WRONG_CREDENTIALS"), &json!("password")));
        assert_eq!(sessions(&app).await, 0);
        assert_eq!(browser.data(VIEWER, json!({})).await, json!({ "viewer": null }));
    }

    async fn the_token_is_in_a_host_cookie_only_and_hashed_in_the_database(app: TestApp) {
        let mut browser = app.anonymous();
        let request = axum::http::Request::post("/graphql")
            .header("content-type", "application/json").header("x-keyhaus-csrf", "1")
            .body(json!({ "query": SIGN_IN, "variables": credentials("104233", PASSWORD) }).to_string().into()).unwrap();
        let answer = browser.send(request).await;
        let cookie = answer.headers["set-cookie"].to_str().unwrap();
        let (pair, attributes) = cookie.split_once("; ").unwrap();
        assert_eq!(attributes, "Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=86400");
        let token = pair.strip_prefix("__Host-keyhaus=").unwrap();
        assert_eq!(token.len(), 43, "256 bits in base64url");
        assert!(!answer.text().contains(token));
        let row = session::Entity::find().one(app.db()).await.unwrap().unwrap();
        assert_eq!(row.token_hash, server::session::token_hash(token));
        assert_eq!(row.token_hash.len(), 32);
    }

    async fn a_session_that_was_signed_out_is_worth_nothing(app: TestApp) {
        let mut browser = app.client(app.customer).await;
        let stolen = browser.cookie.clone();
        browser.data("mutation { signOut { isSignedOut } }", json!({})).await;
        assert_eq!(browser.cookie, None);
        browser.cookie = stolen;
        assert_eq!(browser.data(VIEWER, json!({})).await, json!({ "viewer": null }));
        assert_eq!(sessions(&app).await, 0);
    }

    async fn a_session_ends_unused_after_an_hour_and_used_after_a_day(app: TestApp) {
        let mut idle = app.client(app.customer).await;
        app.pass(TimeDelta::minutes(59));
        assert_eq!(idle.data(VIEWER, json!({})).await["viewer"]["account"]["number"], "104233");
        app.pass(TimeDelta::minutes(61));
        assert_eq!(idle.data(VIEWER, json!({})).await, json!({ "viewer": null }));

        let mut used = app.client(app.customer).await;
        for _ in 0..47 {
            app.pass(TimeDelta::minutes(30));
            assert_eq!(used.data(VIEWER, json!({})).await["viewer"]["account"]["number"], "104233");
        }
        app.pass(TimeDelta::minutes(31));
        assert_eq!(used.data(VIEWER, json!({})).await, json!({ "viewer": null }));
    }

    async fn signing_in_replaces_the_session_that_the_browser_came_with(app: TestApp) {
        let mut browser = app.client(app.stranger).await;
        let planted = browser.cookie.clone();
        browser.data(SIGN_IN, credentials("104233", PASSWORD)).await;
        assert_ne!(browser.cookie, planted);
        browser.cookie = planted;
        assert_eq!(browser.data(VIEWER, json!({})).await, json!({ "viewer": null }));
        assert_eq!(sessions(&app).await, 1);
    }

    async fn stepping_up_takes_the_password_and_gives_a_new_token(app: TestApp) {
        const STEP_UP: &str = "mutation($input: StepUpInput!) { stepUp(input: $input) { validUntil } }";
        let mut browser = app.client(app.customer).await;
        let old = browser.cookie.clone();
        let acts = audit::Entity::find().filter(audit::COLUMN.is_allowed.eq(true)).count(app.db()).await.unwrap();
        let refusal = browser.refusal(STEP_UP, json!({ "input": { "password": "Sieben-Wege-27" } })).await;
        assert_eq!(refusal["reason"], "WRONG_PASSWORD");
        assert_eq!((browser.cookie.clone(), audit::Entity::find().filter(audit::COLUMN.is_allowed.eq(true)).count(app.db()).await.unwrap()), (old.clone(), acts));
        let data = browser.data(STEP_UP, json!({ "input": { "password": PASSWORD } })).await;
        assert_eq!(data["stepUp"]["validUntil"], "2026-11-23T09:10:00+00:00");
        assert_ne!(browser.cookie, old);
        browser.cookie = old;
        assert_eq!(browser.data(VIEWER, json!({})).await, json!({ "viewer": null }));
    }

    async fn nobody_takes_an_account_into_view_that_he_does_not_belong_to(app: TestApp) {
        const SWITCH: &str = "mutation($input: SwitchAccountInput!) { switchAccount(input: $input) { viewer { account { number } } } }";
        let mut browser = app.client(app.customer).await;
        let foreign = browser.graphql(SWITCH, json!({ "input": { "accountId": app.stranger.account } })).await;
        let missing = browser.graphql(SWITCH, json!({ "input": { "accountId": uuid::Uuid::nil() } })).await;
        assert_eq!(foreign, missing);
        assert_eq!(foreign["errors"][0]["extensions"]["code"], "NOT_FOUND");
        assert_eq!(browser.data(VIEWER, json!({})).await["viewer"]["account"]["number"], "104233");
    }
}
