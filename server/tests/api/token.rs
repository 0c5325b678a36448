//! Personal access tokens: what they open, what ends them, and that they never become a session.
use crate::app::{Answer, Client, Person, TestApp};
use axum::{body::Body, http::Request};
use chrono::TimeDelta;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, ModelTrait, PaginatorTrait, Set};
use serde_json::{Value, json};
use server::{
    account,
    entity::{account as account_row, audit, membership, second_factor, session as session_row, token, user},
    session,
};
use shared::account::{Right, Rights};

const CREATE: &str = "mutation($input: CreateTokenInput!) { createToken(input: $input) {
    secret token { id name scopes expiresOn isExpired lastUsedAt lastUsedFrom account { number } } } }";
const TOKENS: &str = "{ tokens { id name scopes expiresOn isExpired lastUsedAt lastUsedFrom account { number } } }";
const REVOKE: &str = "mutation($input: RevokeTokenInput!) { revokeToken(input: $input) { id } }";
const INVOICES: &str = "{ invoices { totalCount } }";

fn invoices_only() -> Value {
    json!({ "name": "Buchhaltung", "scopes": ["SEE_INVOICES"], "expiresOn": "2027-03-31" })
}

/// Asks as a program does: JSON and the token, no other header.
async fn ask(client: &mut Client, query: &str) -> Answer {
    let request = Request::post("/graphql")
        .header("content-type", "application/json")
        .body(Body::from(json!({ "query": query }).to_string()))
        .unwrap();
    client.send(request).await
}

async fn count(app: &TestApp) -> u64 {
    token::Entity::find().count(app.db()).await.unwrap()
}

async fn only(app: &TestApp) -> token::Model {
    let mut rows = token::Entity::find().all(app.db()).await.unwrap();
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

async fn membership(app: &TestApp, person: Person) -> membership::ActiveModel {
    let id = (person.user, person.account);
    let row = membership::Entity::find_by_id(id).one(app.db()).await.unwrap().unwrap();
    row.into_active_model()
}

/// That a token is worth nothing: 401 from the API and from downloads, with the challenge.
async fn assert_dead(program: &mut Client, why: &str) {
    let answer = ask(program, INVOICES).await;
    assert_eq!(answer.status, 401, "{why}");
    assert_eq!(
        answer.json()["errors"][0]["extensions"]["code"],
        "UNAUTHENTICATED",
        "{why}"
    );
    assert_eq!(answer.headers["www-authenticate"], "Bearer error=\"invalid_token\"");
    assert_eq!(program.get("/download/invoices/x").await.status, 401, "{why}");
}

crate::on_both! {
    async fn a_token_is_shown_once_kept_as_a_hash_and_announced_by_mail(app: TestApp) {
        let mut browser = app.client(app.customer).await;
        let made = browser.data(CREATE, json!({ "input": invoices_only() })).await;
        let made = &made["createToken"];
        let secret = made["secret"].as_str().unwrap();
        assert!(secret.starts_with("khp_") && secret.len() == 76, "{secret}");
        let shown = json!({
            "id": made["token"]["id"], "name": "Buchhaltung", "scopes": ["SEE_INVOICES"], "expiresOn": "2027-03-31",
            "isExpired": false, "lastUsedAt": null, "lastUsedFrom": null, "account": { "number": "104233" },
        });
        assert_eq!(made["token"], shown);
        assert_eq!(browser.data(TOKENS, json!({})).await["tokens"], json!([shown]));
        assert_eq!(only(&app).await.token_hash, session::token_hash(secret));
        let mails = app.mails().await;
        assert_eq!(mails.len(), 1);
        assert_eq!((mails[0].recipient.as_str(), mails[0].subject.as_str()), ("k104233@kunde.example", "Neuer Zugang für ein Programm: Buchhaltung"));
        for part in ["auf Bäckerei Öztürk GmbH zugreifen", "bis einschließlich: 31.03.2027", "Das waren Sie nicht?", "https://portal.example/security"] {
            assert!(mails[0].text.contains(part), "{part}: {}", mails[0].text);
        }
        assert!(!mails[0].text.contains("khp_"));
        let rows = audit::Entity::find().all(app.db()).await.unwrap();
        let row = rows.iter().find(|row| row.act == "createToken").unwrap();
        assert_eq!((row.user_id, row.account_id, row.is_allowed), (Some(app.customer.user), Some(app.customer.account), true));
        assert_eq!(row.object.as_deref(), made["token"]["id"].as_str());
    }

    async fn a_program_needs_no_other_header_and_gets_no_cookie(app: TestApp) {
        let mut program = app.program(app.customer, &[Right::SeeInvoices]).await;
        let sessions = session_row::Entity::find().count(app.db()).await.unwrap();
        let answer = ask(&mut program, INVOICES).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["data"]["invoices"]["totalCount"]), (200, &json!(0)));
        assert!(!answer.headers.contains_key("set-cookie"));
        for body in ["{ viewer { account { number } rights } }"] {
            let data = &ask(&mut program, body).await.json()["data"];
            assert_eq!(data["viewer"], json!({ "account": { "number": "104233" }, "rights": ["SEE_INVOICES"] }));
        }
        let text = Request::post("/graphql").header("content-type", "text/plain").body(Body::from("{}")).unwrap();
        assert_eq!(program.send(text).await.status, 415);
        let file = Request::post("/files?name=x").header("x-keyhaus-csrf", "1").body(Body::from("x")).unwrap();
        assert_eq!(program.send(file).await.status, 403);
        assert_eq!(session_row::Entity::find().count(app.db()).await.unwrap(), sessions);
    }

    async fn a_forgotten_password_ends_all_tokens_of_the_person_d05(app: TestApp) {
        let mut own = app.program(app.customer, &[Right::SeeInvoices]).await;
        let mut others = app.program(app.stranger, &[Right::SeeInvoices]).await;
        let request = "mutation($input: RequestAccessInput!) { requestAccess(input: $input) { isTakenDown } }";
        app.anonymous().data(request, json!({ "input": { "name": "104233" } })).await;
        let prefix = format!("{}/password#", crate::app::ORIGIN);
        let mails = app.mails().await;
        let mut words = mails.iter().flat_map(|mail| mail.text.split_whitespace());
        let token = words.find_map(|word| word.strip_prefix(&prefix)).unwrap().to_owned();
        let choose = "mutation($input: ChoosePasswordInput!) { choosePassword(input: $input) { viewer { id } } }";
        app.anonymous().data(choose, json!({ "input": { "token": token, "password": "Acht-Tore-27" } })).await;
        assert_dead(&mut own, "after a forgotten password").await;
        others.data(INVOICES, json!({})).await;
    }

    async fn a_changed_password_ends_the_tokens_unless_they_shall_stay_d05(app: TestApp) {
        let change = "mutation($input: ChangePasswordInput!) { changePassword(input: $input) { changedAt } }";
        let mut program = app.program(app.customer, &[Right::SeeInvoices]).await;
        let mut others = app.program(app.stranger, &[Right::SeeInvoices]).await;
        let mut browser = app.client(app.customer).await;
        let wrong = json!({ "input": { "currentPassword": "Falsch-26-x", "newPassword": "Acht-Tore-27" } });
        assert_eq!(browser.code(change, wrong).await, "INVALID");
        program.data(INVOICES, json!({})).await;
        browser.data(change, json!({ "input": { "currentPassword": crate::app::PASSWORD, "newPassword": "Acht-Tore-27", "endTokens": false } })).await;
        program.data(INVOICES, json!({})).await;
        browser.data(change, json!({ "input": { "currentPassword": "Acht-Tore-27", "newPassword": "Neun-Wege-28" } })).await;
        assert_dead(&mut program, "after a changed password").await;
        others.data(INVOICES, json!({})).await;
    }

    async fn signing_in_with_a_token_opens_no_session(app: TestApp) {
        let mut program = app.program(app.customer, &[Right::Owner]).await;
        let sessions = session_row::Entity::find().count(app.db()).await.unwrap();
        let sign_in = "mutation($input: SignInInput!) { signIn(input: $input) { viewer { id } } }";
        let input = json!({ "input": { "name": "104233", "password": crate::app::PASSWORD } });
        assert_eq!(program.code(sign_in, input).await, "FORBIDDEN");
        assert_eq!(program.cookie, None);
        assert_eq!(session_row::Entity::find().count(app.db()).await.unwrap(), sessions);
    }

    async fn a_cookie_beside_a_token_is_not_looked_at(app: TestApp) {
        let mut program = app.program(app.bookkeeper, &[Right::SeeInvoices]).await;
        program.cookie = app.client(app.customer).await.cookie;
        let data = ask(&mut program, "{ viewer { id } }").await.json();
        assert_eq!(data["data"]["viewer"]["id"], json!(app.bookkeeper.user));
        program.bearer = Some("khp_0".to_owned());
        assert_dead(&mut program, "a wrong token beside a good cookie").await;
        program.bearer = None;
        assert_eq!(ask(&mut program, INVOICES).await.status, 403, "without a token the header is needed again");
    }

    async fn another_scheme_is_left_to_the_proxy_that_asked_for_it(app: TestApp) {
        let mut browser = app.client(app.customer).await;
        let request = Request::post("/graphql").header("content-type", "application/json").header("x-keyhaus-csrf", "1")
            .header("authorization", "Basic dTpw").body(Body::from(json!({ "query": INVOICES }).to_string())).unwrap();
        assert_eq!(browser.send(request).await.json()["data"]["invoices"]["totalCount"], 0);
    }

    async fn a_token_does_what_both_its_rights_and_its_user_allow_at_that_moment_e05(app: TestApp) {
        let mut program = app.program(app.customer, &[Right::SeeInvoices, Right::ReadKeys]).await;
        assert_eq!(program.code("{ contracts { totalCount } }", json!({})).await, "FORBIDDEN");
        assert_eq!(ask(&mut program, INVOICES).await.json()["errors"], Value::Null);
        let mut row = membership(&app, app.customer).await;
        row.rights = Set(Rights::of(&[Right::ManageContracts, Right::ReadKeys]));
        row.update(app.db()).await.unwrap();
        assert_eq!(program.code(INVOICES, json!({})).await, "FORBIDDEN");
        assert_eq!(ask(&mut program, "{ viewer { rights } }").await.json()["data"]["viewer"]["rights"], json!(["READ_KEYS"]));
    }

    async fn a_token_dies_with_its_revocation_its_last_day_its_member_and_its_user_e05(app: TestApp) {
        let mut program = app.program(app.customer, &[Right::SeeInvoices]).await;
        let now = app.app.clock.now();
        assert_eq!(ask(&mut program, INVOICES).await.status, 200);

        let mut row = membership(&app, app.customer).await;
        row.blocked_at = Set(Some(now));
        let mut row = row.update(app.db()).await.unwrap().into_active_model();
        assert_dead(&mut program, "blocked as a member").await;
        row.blocked_at = Set(None);
        row.expires_at = Set(Some(now));
        let mut row = row.update(app.db()).await.unwrap().into_active_model();
        assert_dead(&mut program, "no member any more").await;
        row.expires_at = Set(None);
        let row = row.update(app.db()).await.unwrap();
        assert_eq!(ask(&mut program, INVOICES).await.status, 200);

        let person = user::Entity::find_by_id(app.customer.user).one(app.db()).await.unwrap().unwrap();
        let mut blocked = person.into_active_model();
        blocked.blocked_at = Set(Some(now));
        let mut blocked = blocked.update(app.db()).await.unwrap().into_active_model();
        assert_dead(&mut program, "a blocked user").await;
        blocked.blocked_at = Set(None);
        blocked.update(app.db()).await.unwrap();

        let mut last_day = only(&app).await.into_active_model();
        last_day.expires_on = Set(now.date_naive());
        last_day.update(app.db()).await.unwrap();
        assert_eq!(ask(&mut program, INVOICES).await.status, 200, "its last day counts");
        app.pass(TimeDelta::days(1));
        assert_dead(&mut program, "the day after").await;
        app.pass(TimeDelta::days(-1));
        assert_eq!(ask(&mut program, INVOICES).await.status, 200);

        let id = only(&app).await.id;
        app.client(app.customer).await.data(REVOKE, json!({ "input": { "id": id } })).await;
        assert_dead(&mut program, "revoked").await;
        assert_eq!(count(&app).await, 0);
        row.delete(app.db()).await.unwrap();
    }

    async fn a_removed_member_leaves_no_token_that_works_e05(app: TestApp) {
        let mut program = app.program(app.bookkeeper, &[Right::SeeInvoices]).await;
        membership::Entity::delete_by_id((app.bookkeeper.user, app.bookkeeper.account)).exec(app.db()).await.unwrap();
        assert_dead(&mut program, "removed").await;
    }

    async fn an_account_that_asks_for_a_second_factor_is_closed_to_a_token_of_somebody_without_one(app: TestApp) {
        let mut program = app.program(app.customer, &[Right::SeeInvoices]).await;
        let row = account_row::Entity::find_by_id(app.customer.account).one(app.db()).await.unwrap().unwrap();
        let mut row = row.into_active_model();
        row.requires_second_factor = Set(true);
        row.update(app.db()).await.unwrap();
        assert_eq!(program.code(INVOICES, json!({})).await, "SECOND_FACTOR_REQUIRED");
        let factor = second_factor::Model {
            user_id: app.customer.user,
            sealed: vec![0],
            key_version: 1,
            last_step: 0,
            created_at: app.app.clock.now(),
        };
        let factor = factor.into_active_model().insert(app.db()).await.unwrap();
        assert_eq!(ask(&mut program, INVOICES).await.json()["errors"], Value::Null, "its user has one");
        factor.delete(app.db()).await.unwrap();
        let before = count(&app).await;
        assert_eq!(app.client(app.customer).await.code(CREATE, json!({ "input": invoices_only() })).await, "SECOND_FACTOR_REQUIRED");
        assert_eq!(count(&app).await, before);
    }

    async fn making_a_token_needs_a_recent_password_d07(app: TestApp) {
        let mut browser = app.client(app.customer).await;
        app.pass(TimeDelta::minutes(10));
        assert_eq!(browser.code(CREATE, json!({ "input": invoices_only() })).await, "STEP_UP_REQUIRED");
        assert_eq!((count(&app).await, app.mails().await.len()), (0, 0));
    }

    async fn nobody_gives_a_token_more_than_he_has_e06(app: TestApp) {
        let mut bookkeeper = app.client(app.bookkeeper).await;
        for scopes in [json!(["OWNER"]), json!(["SEE_INVOICES", "READ_KEYS"]), json!(["ADMINISTER"])] {
            let mut input = invoices_only();
            input["scopes"] = scopes.clone();
            assert_eq!(bookkeeper.code(CREATE, json!({ "input": input })).await, "FORBIDDEN", "{scopes}");
        }
        let mut owner = app.client(app.customer).await;
        let mut input = invoices_only();
        input["scopes"] = json!(["ADMINISTER"]);
        assert_eq!(owner.code(CREATE, json!({ "input": input })).await, "FORBIDDEN");
        assert_eq!(count(&app).await, 0);
    }

    async fn bad_input_names_its_field(app: TestApp) {
        let mut browser = app.client(app.customer).await;
        for (field, value, reason) in [
            ("name", json!(" \t"), "MISSING"),
            ("name", json!("ä".repeat(101)), "TOO_LONG"),
            ("scopes", json!([]), "MISSING"),
            ("expiresOn", json!("2026-11-22"), "DATE_IN_PAST"),
            ("expiresOn", json!("2027-11-24"), "DATE_TOO_FAR"),
        ] {
            let mut input = invoices_only();
            input[field] = value.clone();
            let refusal = browser.refusal(CREATE, json!({ "input": input })).await;
            assert_eq!((&refusal["code"], &refusal["field"], &refusal["reason"]), (&json!("INVALID"), &json!(field), &json!(reason)), "{value}");
        }
        assert_eq!(count(&app).await, 0);
        for (field, value) in [("name", json!("ä".repeat(100))), ("expiresOn", json!("2026-11-23")), ("expiresOn", json!("2027-11-23"))] {
            let mut input = invoices_only();
            input[field] = value;
            browser.data(CREATE, json!({ "input": input })).await;
        }
        assert_eq!(count(&app).await, 3);
    }

    async fn a_token_acts_in_the_account_that_it_was_made_for(app: TestApp) {
        account::add_member(app.db(), &app.app, app.stranger.account, app.bookkeeper.user, Rights::of(&[Right::SeeInvoices])).await.unwrap();
        let mut browser = app.client(app.bookkeeper).await;
        let mut input = invoices_only();
        input["accountId"] = json!(app.stranger.account);
        let made = browser.data(CREATE, json!({ "input": input })).await;
        let mut program = app.anonymous();
        program.bearer = made["createToken"]["secret"].as_str().map(str::to_owned);
        let number = |answer: Value| answer["data"]["viewer"]["account"]["number"].clone();
        assert_eq!(number(ask(&mut program, "{ viewer { account { number } } }").await.json()), "104871");
        input["accountId"] = json!(app.dealer.account);
        let foreign = browser.graphql(CREATE, json!({ "input": input })).await;
        input["accountId"] = json!(uuid::Uuid::nil());
        let missing = browser.graphql(CREATE, json!({ "input": input })).await;
        assert_eq!((foreign["errors"][0]["extensions"]["code"].as_str(), &foreign), (Some("NOT_FOUND"), &missing));
        assert_eq!(count(&app).await, 1);
    }

    async fn the_tokens_of_others_cannot_be_seen_or_ended_e02(app: TestApp) {
        app.program(app.customer, &[Right::SeeInvoices]).await;
        let id = only(&app).await.id;
        let mut stranger = app.client(app.stranger).await;
        assert_eq!(stranger.data(TOKENS, json!({})).await["tokens"], json!([]));
        let foreign = stranger.graphql(REVOKE, json!({ "input": { "id": id } })).await;
        let missing = stranger.graphql(REVOKE, json!({ "input": { "id": uuid::Uuid::nil() } })).await;
        assert_eq!((foreign["errors"][0]["extensions"]["code"].as_str(), &foreign), (Some("NOT_FOUND"), &missing));
        assert_eq!(app.client(app.bookkeeper).await.code(REVOKE, json!({ "input": { "id": id } })).await, "NOT_FOUND");
        assert_eq!(count(&app).await, 1);
    }

    async fn a_user_has_at_most_fifty_also_when_two_are_made_at_once(app: TestApp) {
        let mut browser = app.client(app.customer).await;
        for _ in 0..49 {
            browser.data(CREATE, json!({ "input": invoices_only() })).await;
        }
        let mut others = [browser.clone(), browser.clone(), browser.clone()];
        let [a, b, c] = &mut others;
        let create = |browser| Client::graphql(browser, CREATE, json!({ "input": invoices_only() }));
        let (a, b, c) = tokio::join!(create(a), create(b), create(c));
        let done = [&a, &b, &c].into_iter().filter(|answer| answer.get("errors").is_none()).count();
        assert_eq!((done, count(&app).await), (1, 50), "{a} {b} {c}");
        assert_eq!(browser.code(CREATE, json!({ "input": invoices_only() })).await, "TOO_LARGE");
        app.client(app.stranger).await.data(CREATE, json!({ "input": invoices_only() })).await;
    }

    async fn the_last_use_is_kept_to_the_minute(app: TestApp) {
        let mut program = app.program(app.customer, &[Right::SeeInvoices]).await;
        let first = app.app.clock.now();
        ask(&mut program, INVOICES).await;
        assert_eq!(only(&app).await.last_used_at, Some(first));
        app.pass(TimeDelta::seconds(59));
        ask(&mut program, INVOICES).await;
        assert_eq!(only(&app).await.last_used_at, Some(first));
        app.pass(TimeDelta::seconds(1));
        ask(&mut program, INVOICES).await;
        assert_eq!(only(&app).await.last_used_at, Some(first + TimeDelta::seconds(60)));
    }

    async fn wrong_tokens_on_and_on_are_told_to_wait_and_right_ones_go_on_working(app: TestApp) {
        let mut program = app.program(app.customer, &[Right::SeeInvoices]).await;
        let mut guesser = app.anonymous();
        for _ in 0..40 {
            guesser.bearer = Some(format!("khp_{}", "0".repeat(72)));
            assert_eq!(ask(&mut guesser, INVOICES).await.status, 401);
        }
        let answer = ask(&mut guesser, INVOICES).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["errors"][0]["extensions"]["code"]), (429, &json!("THROTTLED")));
        assert_eq!(ask(&mut program, INVOICES).await.status, 200);
        app.pass(TimeDelta::minutes(15));
        assert_eq!(ask(&mut guesser, INVOICES).await.status, 401);
    }
}
