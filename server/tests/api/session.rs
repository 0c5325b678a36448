//! Signing in and out, sessions, stepping up.
use crate::app::{PASSWORD, TestApp};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use sea_orm::{ActiveModelTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::{Value, json};
use server::{
    entity::{audit, session, user},
    session::Origin,
};

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

    async fn the_token_is_in_a_host_cookie_only_and_hashed_in_the_database_d01_d02(app: TestApp) {
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

    async fn a_session_that_was_signed_out_is_worth_nothing_d05(app: TestApp) {
        let mut browser = app.client(app.customer).await;
        let stolen = browser.cookie.clone();
        browser.data("mutation { signOut { isSignedOut } }", json!({})).await;
        assert_eq!(browser.cookie, None);
        browser.cookie = stolen;
        assert_eq!(browser.data(VIEWER, json!({})).await, json!({ "viewer": null }));
        assert_eq!(sessions(&app).await, 0);
    }

    async fn a_session_ends_unused_after_an_hour_and_used_after_a_day_d04(app: TestApp) {
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

    async fn signing_in_replaces_the_session_that_the_browser_came_with_d03(app: TestApp) {
        let mut browser = app.client(app.stranger).await;
        let planted = browser.cookie.clone();
        browser.data(SIGN_IN, credentials("104233", PASSWORD)).await;
        assert_ne!(browser.cookie, planted);
        browser.cookie = planted;
        assert_eq!(browser.data(VIEWER, json!({})).await, json!({ "viewer": null }));
        assert_eq!(sessions(&app).await, 1);
    }

    async fn stepping_up_takes_the_password_and_gives_a_new_token_d03(app: TestApp) {
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

    async fn ten_thousand_tokens_are_all_different_d01(app: TestApp) {
        let tokens: std::collections::BTreeSet<_> = (0..10_000).map(|_| server::session::new_token(&app.app)).collect();
        assert_eq!(tokens.len(), 10_000);
    }

    async fn what_the_database_holds_is_no_cookie_d01(app: TestApp) {
        app.client(app.customer).await;
        let row = session::Entity::find().one(app.db()).await.unwrap().unwrap();
        for stolen in [hex::encode(&row.token_hash), URL_SAFE_NO_PAD.encode(&row.token_hash), row.id.to_string()] {
            let mut browser = app.anonymous();
            browser.cookie = Some(format!("{}={stolen}", server::session::COOKIE));
            assert_eq!(browser.data(VIEWER, json!({})).await, json!({ "viewer": null }));
        }
    }

    async fn somebody_sees_his_sessions_and_ends_one_of_them_d06(app: TestApp) {
        const SESSIONS: &str = "{ sessions { id isCurrent ip createdAt lastSeenAt device { browser system } } }";
        const END: &str = "mutation($input: EndSessionInput!) { endSession(input: $input) { id } }";
        let origin = Origin {
            ip: Some("203.0.113.41".to_owned()),
            user_agent: Some("Mozilla/5.0 (Windows NT 10.0; rv:147.0) Gecko/20100101 Firefox/147.0".to_owned()),
            session: None,
        };
        let token = server::session::open(app.db(), &app.app, &origin, app.customer.user).await.unwrap();
        let mut other = app.anonymous();
        other.cookie = Some(format!("{}={token}", server::session::COOKIE));
        app.pass(TimeDelta::minutes(2));
        let mut client = app.client(app.customer).await;
        let mut stranger = app.client(app.stranger).await;

        let seen = client.data(SESSIONS, json!({})).await;
        let sessions = seen["sessions"].as_array().unwrap();
        assert_eq!(sessions.len(), 2);
        assert_eq!((&sessions[0]["isCurrent"], &sessions[0]["device"]), (&json!(true), &json!(null)));
        let id = &sessions[1]["id"];
        assert_eq!(sessions[1], json!({
            "id": id, "isCurrent": false, "ip": "203.0.113.41",
            "createdAt": "2026-11-23T09:00:00+00:00", "lastSeenAt": "2026-11-23T09:00:00+00:00",
            "device": { "browser": "Firefox", "system": "Windows" }
        }));

        let input = json!({ "input": { "id": id } });
        assert_eq!(stranger.code(END, input.clone()).await, "NOT_FOUND");
        assert_eq!(other.data(VIEWER, json!({})).await["viewer"]["account"]["number"], "104233");
        client.data(END, input.clone()).await;
        assert_eq!(other.data(VIEWER, json!({})).await, json!({ "viewer": null }));
        assert_eq!(client.code(END, input).await, "NOT_FOUND");
        assert_eq!(client.data(SESSIONS, json!({})).await["sessions"].as_array().unwrap().len(), 1);
    }

    async fn all_other_sessions_end_at_once_and_those_of_others_go_on_d05_d06(app: TestApp) {
        let (mut one, mut two) = (app.client(app.customer).await, app.client(app.customer).await);
        let (mut client, mut stranger) = (app.client(app.customer).await, app.client(app.stranger).await);
        let data = client.data("mutation { endOtherSessions { count } }", json!({})).await;
        assert_eq!(data["endOtherSessions"]["count"], 2);
        for ended in [&mut one, &mut two] {
            assert_eq!(ended.code("{ contracts { totalCount } }", json!({})).await, "UNAUTHENTICATED");
        }
        assert_eq!(client.data(VIEWER, json!({})).await["viewer"]["account"]["number"], "104233");
        assert_eq!(stranger.data(VIEWER, json!({})).await["viewer"]["account"]["number"], "104871");
    }

    async fn staff_ends_the_sessions_of_anybody_after_proving_who_it_is_d06_d07(app: TestApp) {
        const END: &str = "mutation($input: EndSessionsOfUserInput!) { endSessionsOfUser(input: $input) { count } }";
        let input = json!({ "input": { "userId": app.customer.user } });
        let mut victim = app.client(app.customer).await;
        let mut staff = app.client(app.staff).await;
        app.pass(TimeDelta::minutes(11));
        assert_eq!(staff.code(END, input.clone()).await, "STEP_UP_REQUIRED");
        assert_eq!(victim.data(VIEWER, json!({})).await["viewer"]["account"]["number"], "104233");
        let mut staff = app.client(app.staff).await;
        assert_eq!(staff.data(END, input).await["endSessionsOfUser"]["count"], 1);
        assert_eq!(victim.data(VIEWER, json!({})).await, json!({ "viewer": null }));
    }

    async fn a_blocked_user_is_out_at_once_and_told_nothing_d05(app: TestApp) {
        let mut client = app.client(app.customer).await;
        let wrong = app.anonymous().graphql(SIGN_IN, credentials("104233", "Sieben-Wege-27")).await;
        let blocked = user::ActiveModel {
            id: Set(app.customer.user),
            blocked_at: Set(Some(app.app.clock.now())),
            ..Default::default()
        };
        blocked.update(app.db()).await.unwrap();
        assert_eq!(client.data(VIEWER, json!({})).await, json!({ "viewer": null }));
        assert_eq!(app.anonymous().graphql(SIGN_IN, credentials("104233", PASSWORD)).await, wrong);
        let noted = audit::Entity::find().filter(audit::COLUMN.object.eq("BLOCKED")).one(app.db()).await.unwrap().unwrap();
        assert_eq!((noted.user_id, noted.act.as_str(), noted.is_allowed), (Some(app.customer.user), "signIn", false));
    }

    async fn somebody_sees_how_he_signed_in_and_who_tried(app: TestApp) {
        const SIGN_INS: &str = "query($first: Int, $after: String) { signIns(first: $first, after: $after) { totalCount nodes { at result ip device { browser } } pageInfo { endCursor hasNextPage } } }";
        app.anonymous().graphql(SIGN_IN, credentials("104233", "Sieben-Wege-27")).await;
        app.pass(TimeDelta::minutes(1));
        app.anonymous().graphql(SIGN_IN, credentials("104871", "Sieben-Wege-27")).await;
        let mut client = app.anonymous();
        client.data(SIGN_IN, credentials("104233", PASSWORD)).await;
        let page = client.data(SIGN_INS, json!({ "first": 1 })).await;
        let page = &page["signIns"];
        assert_eq!((&page["totalCount"], &page["pageInfo"]["hasNextPage"]), (&json!(2), &json!(true)));
        assert_eq!(page["nodes"][0], json!({ "at": "2026-11-23T09:01:00+00:00", "result": "SIGNED_IN", "ip": null, "device": null }));
        let next = client.data(SIGN_INS, json!({ "first": 1, "after": page["pageInfo"]["endCursor"] })).await;
        assert_eq!(next["signIns"]["nodes"][0]["result"], "WRONG_PASSWORD");
        assert_eq!(next["signIns"]["pageInfo"]["hasNextPage"], false);
    }

    async fn a_sign_in_with_a_new_device_is_told_and_one_with_a_known_one_is_not_b13(app: TestApp) {
        let origin = |user_agent: &str| Origin { user_agent: Some(user_agent.to_owned()), ip: Some("203.0.113.41".to_owned()), session: None };
        let (old, newer, phone) = (
            origin("Mozilla/5.0 (Windows NT 10.0; rv:147.0) Gecko/20100101 Firefox/147.0"),
            origin("Mozilla/5.0 (Windows NT 10.0; rv:148.0) Gecko/20100101 Firefox/148.0"),
            origin("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/26.0 Mobile/15E148 Safari/604.1"),
        );
        for (origin, mails) in [(&old, 0), (&newer, 0), (&phone, 1), (&phone, 1), (&old, 1)] {
            app.pass(TimeDelta::minutes(1));
            server::session::sign_in(&app.app, origin, "104233", PASSWORD).await.unwrap();
            assert_eq!(app.mails().await.len(), mails, "{:?}", origin.user_agent);
        }
        let mail = app.mails().await.remove(0);
        assert_eq!(mail.subject, "Anmeldung mit einem neuen Gerät");
        assert!(mail.text.contains("Safari auf iPhone, IP-Adresse 203.0.113.41"), "{}", mail.text);
        assert!(mail.text.contains("Das waren Sie nicht?"), "{}", mail.text);
    }

    async fn signing_out_empties_the_browsers_cache_and_nothing_is_kept_before_d08(app: TestApp) {
        let mut client = app.client(app.customer).await;
        let request = |query: &str| axum::http::Request::post("/graphql")
            .header("content-type", "application/json").header("x-keyhaus-csrf", "1")
            .body(json!({ "query": query }).to_string().into()).unwrap();
        let answer = client.send(request(VIEWER)).await;
        assert_eq!(answer.headers["cache-control"], "no-store");
        let answer = client.send(request("mutation { signOut { isSignedOut } }")).await;
        assert_eq!(answer.headers["clear-site-data"], "\"cache\"");
        assert_eq!(answer.headers["set-cookie"], "__Host-keyhaus=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
    }
}
