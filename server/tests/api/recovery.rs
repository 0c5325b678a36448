//! Getting in again and for the first time: links with which a password is chosen, and what they do not open.
use crate::app::{ORIGIN, PASSWORD, Person, TestApp};
use axum::http::Request;
use chrono::TimeDelta;
use futures::future::join_all;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Set};
use serde_json::{Value, json};
use server::{
    entity::{audit, entrance_request, link, mail, second_factor, session, user},
    user::{entrance_request as requests, recovery},
};

const REQUEST: &str = "mutation($input: RequestAccessInput!) { requestAccess(input: $input) { isTakenDown } }";
const REGISTER: &str = "mutation($input: RegisterInput!) { register(input: $input) { isTakenDown } }";
const COMPLETE: &str =
    "mutation($input: CompleteRegistrationInput!) { completeRegistration(input: $input) { viewer { email } } }";
const CHOOSE: &str = "mutation($input: ChoosePasswordInput!) { choosePassword(input: $input) { viewer { email } } }";
const RENEW: &str = "mutation($input: RenewLinkInput!) { renewLink(input: $input) { isTakenDown } }";
const LOOK: &str = "query($token: String!) { mailLink(token: $token) { purpose email isOver } }";
const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) { needsSecondFactor viewer { email } } }";
const VIEWER: &str = "{ viewer { email } }";
const NEW: &str = "Blaue-Tonne-58";

fn who(name: &str) -> Value {
    json!({ "input": { "name": name } })
}

fn chosen(token: &str) -> Value {
    json!({ "input": { "token": token, "password": NEW } })
}

fn credentials(name: &str, password: &str) -> Value {
    json!({ "input": { "name": name, "password": password } })
}

fn token_in(mail: &mail::Model, page: &str) -> String {
    let start = format!("{ORIGIN}/{page}#");
    let link = mail.text.split_whitespace().find_map(|word| word.strip_prefix(&start));
    link.unwrap_or_else(|| panic!("no link: {}", mail.text)).to_owned()
}

/// The token of the mail that a request causes.
async fn asked(app: &TestApp, name: &str) -> String {
    app.pass(TimeDelta::milliseconds(1));
    app.anonymous().data(REQUEST, who(name)).await;
    token_in(&app.mails().await.pop().unwrap(), "password")
}

async fn user_row(app: &TestApp, person: Person) -> user::Model {
    user::Entity::find_by_id(person.user)
        .one(app.db())
        .await
        .unwrap()
        .unwrap()
}

/// Takes the password of somebody away, as if he had never chosen one.
async fn forget(app: &TestApp, person: Person) {
    let row = user::ActiveModel {
        id: Set(person.user),
        password_hash: Set(None),
        ..Default::default()
    };
    row.update(app.db()).await.unwrap();
}

/// That a token opens nothing and leaves the person as he was.
async fn opens_nothing(app: &TestApp, token: &str) {
    let before = (
        user_row(app, app.customer).await,
        link::Entity::find().all(app.db()).await.unwrap(),
    );
    let mut browser = app.anonymous();
    let refusal = browser.refusal(CHOOSE, chosen(token)).await;
    assert_eq!(
        (&refusal["field"], &refusal["reason"]),
        (&json!("token"), &json!("LINK_INVALID"))
    );
    assert_eq!(browser.cookie, None);
    let after = (
        user_row(app, app.customer).await,
        link::Entity::find().all(app.db()).await.unwrap(),
    );
    assert_eq!(after, before);
}

crate::on_both! {
    async fn a_forgotten_password_is_replaced_by_the_link_once_and_all_sessions_end_f01(app: TestApp) {
        let mut signed_in = app.client(app.customer).await;
        let token = asked(&app, "104233").await;
        let mail = app.mails().await.remove(0);
        assert_eq!((mail.recipient.as_str(), mail.text.contains("104233")), ("k104233@kunde.example", true));
        let mut browser = app.anonymous();
        assert_eq!(browser.data(CHOOSE, chosen(&token)).await["choosePassword"], json!({ "viewer": null }));
        assert_eq!((browser.cookie, session::Entity::find().count(app.db()).await.unwrap()), (None, 0));
        assert_eq!(signed_in.data(VIEWER, json!({})).await, json!({ "viewer": null }));
        assert_eq!(app.anonymous().refusal(SIGN_IN, credentials("104233", PASSWORD)).await["reason"], "WRONG_CREDENTIALS");
        let entered = app.anonymous().data(SIGN_IN, credentials("104233", NEW)).await;
        assert_eq!(entered["signIn"]["viewer"]["email"], "k104233@kunde.example");
        assert_eq!(app.mails().await.len(), 2, "the person is told that the password changed");
        opens_nothing(&app, &token).await;
    }

    async fn a_token_with_one_sign_changed_opens_nothing_f01(app: TestApp) {
        let token = asked(&app, "104233").await;
        for place in [0, 20, 42] {
            let mut signs: Vec<char> = token.chars().collect();
            signs[place] = if signs[place] == 'A' { 'E' } else { 'A' };
            opens_nothing(&app, &signs.into_iter().collect::<String>()).await;
        }
        opens_nothing(&app, "").await;
        app.anonymous().data(CHOOSE, chosen(&token)).await;
    }

    async fn a_reset_counts_for_an_hour_and_a_first_sign_in_for_seven_days_f01(app: TestApp) {
        for (is_first, life) in [(false, TimeDelta::hours(1)), (true, TimeDelta::days(7))] {
            if is_first { forget(&app, app.customer).await }
            let token = asked(&app, "104233").await;
            app.pass(life);
            opens_nothing(&app, &token).await;
            let token = asked(&app, "104233").await;
            app.pass(life - TimeDelta::seconds(1));
            app.anonymous().data(CHOOSE, chosen(&token)).await;
        }
    }

    async fn of_eight_who_use_a_link_at_once_one_sets_the_password_f01(app: TestApp) {
        let token = asked(&app, "104233").await;
        let tries = (0..8).map(|_| { let (mut client, input) = (app.anonymous(), chosen(&token)); async move { client.graphql(CHOOSE, input).await } });
        let answers = join_all(tries).await;
        assert_eq!(answers.iter().filter(|answer| answer.get("errors").is_none()).count(), 1, "{answers:?}");
        let noted = audit::Entity::find().filter(audit::COLUMN.act.eq("choosePassword")).filter(audit::COLUMN.is_allowed.eq(true));
        assert_eq!(noted.count(app.db()).await.unwrap(), 1);
    }

    async fn a_link_that_is_over_is_renewed_to_the_same_address_and_no_other_is_f01(app: TestApp) {
        let token = asked(&app, "104233").await;
        app.anonymous().data(RENEW, json!({ "input": { "token": token } })).await;
        assert_eq!(app.mails().await.len(), 1, "it still counts");
        app.pass(TimeDelta::hours(1));
        let looked = app.anonymous().data(LOOK, json!({ "token": token })).await;
        assert_eq!(looked["mailLink"], json!({ "purpose": "PASSWORD_RESET", "email": "k104233@kunde.example", "isOver": true }));
        app.anonymous().data(RENEW, json!({ "input": { "token": token } })).await;
        let mails = app.mails().await;
        assert_eq!((mails.len(), mails[1].recipient.as_str()), (2, "k104233@kunde.example"));
        opens_nothing(&app, &token).await;
        app.anonymous().data(CHOOSE, chosen(&token_in(&mails[1], "password"))).await;
    }

    async fn a_second_request_ends_the_first_link_f03(app: TestApp) {
        let first = asked(&app, "104233").await;
        let second = asked(&app, "k104233@kunde.example").await;
        opens_nothing(&app, &first).await;
        app.anonymous().data(CHOOSE, chosen(&second)).await;
    }

    async fn looking_at_a_link_three_times_changes_nothing_f04(app: TestApp) {
        let token = asked(&app, "104233").await;
        let before = (user_row(&app, app.customer).await, link::Entity::find().all(app.db()).await.unwrap());
        for _ in 0..3 {
            let looked = app.anonymous().data(LOOK, json!({ "token": token })).await;
            assert_eq!(looked["mailLink"], json!({ "purpose": "PASSWORD_RESET", "email": "k104233@kunde.example", "isOver": false }));
            app.anonymous().get("/password").await;
            app.anonymous().get(&format!("/password?token={token}")).await;
        }
        assert_eq!((user_row(&app, app.customer).await, link::Entity::find().all(app.db()).await.unwrap()), before);
        app.anonymous().data(CHOOSE, chosen(&token)).await;
    }

    async fn the_link_leads_to_the_configured_origin_whatever_the_request_calls_its_host_f05(app: TestApp) {
        let body = json!({ "query": REQUEST, "variables": who("104233") }).to_string();
        let request = Request::post("/graphql")
            .header("host", "evil.example").header("x-forwarded-host", "evil.example")
            .header("content-type", "application/json").header("x-keyhaus-csrf", "1")
            .body(body.into()).unwrap();
        app.anonymous().send(request).await;
        let mail = app.mails().await.remove(0);
        assert!(!mail.text.contains("evil.example"), "{}", mail.text);
        assert_eq!(token_in(&mail, "password").len(), 43);
    }

    async fn names_and_links_known_and_unknown_are_answered_with_the_same_bytes_b09(app: TestApp) {
        let old = asked(&app, "104233").await;
        app.pass(TimeDelta::hours(1));
        for (operation, known, unknown) in [
            (RENEW, json!({ "input": { "token": old } }), json!({ "input": { "token": "x" } })),
            (REQUEST, who("104233"), who("999999")),
            (REQUEST, who("K104871@kunde.example"), who("niemand@kunde.example")),
        ] {
            let mut answers = Vec::new();
            let before = app.mails().await.len();
            for (input, mails) in [(unknown, before), (known, before + 1)] {
                let body = json!({ "query": operation, "variables": input }).to_string();
                let request = Request::post("/graphql")
                    .header("content-type", "application/json").header("x-keyhaus-csrf", "1")
                    .body(body.into()).unwrap();
                let mut client = app.anonymous();
                let mut sent = None;
                let statements = app.statements(async { sent = Some(client.send(request).await) }).await;
                let answer = sent.unwrap();
                answers.push((answer.status, answer.body, statements));
                assert_eq!(entrance_request::Entity::find().count(app.db()).await.unwrap(), 1, "{operation}");
                assert_eq!(app.mails().await.len(), mails, "{operation}");
            }
            assert_eq!(answers[0], answers[1]);
            assert_eq!(entrance_request::Entity::find().count(app.db()).await.unwrap(), 0, "{operation}");
        }
    }

    async fn of_processes_that_answer_a_request_at_once_one_does(app: TestApp) {
        app.anonymous().data(REQUEST, who("104233")).await;
        let tries = (0..4).map(|_| requests::answer_all(&app.app));
        for answered in join_all(tries).await {
            answered.unwrap();
        }
        assert_eq!(app.mails().await.len(), 1);
        assert_eq!(link::Entity::find().count(app.db()).await.unwrap(), 1);
    }

    async fn a_request_that_nobody_could_answer_for_a_day_is_dropped(app: TestApp) {
        app.anonymous().data(REQUEST, who("104233")).await;
        app.pass(TimeDelta::days(1));
        assert_eq!(app.mails().await.len(), 0);
        assert_eq!(entrance_request::Entity::find().count(app.db()).await.unwrap(), 0);
    }

    async fn a_request_is_kept_without_the_token_of_its_link(app: TestApp) {
        let old = asked(&app, "104233").await;
        app.pass(TimeDelta::hours(1));
        app.anonymous().data(RENEW, json!({ "input": { "token": old } })).await;
        let row = entrance_request::Entity::find().one(app.db()).await.unwrap().unwrap();
        assert_eq!(row.name.len(), 64);
        assert!(!format!("{row:?}").contains(&old));
    }

    async fn an_address_that_was_guessed_at_before_it_was_known_registers_and_signs_in_b06(app: TestApp) {
        for _ in 0..20 {
            app.anonymous().code(SIGN_IN, credentials("neu@example.org", "Sieben-Wege-27")).await;
        }
        app.anonymous().data(REGISTER, json!({ "input": { "email": "neu@example.org", "language": "DE" } })).await;
        let token = token_in(&app.mails().await.remove(0), "registration");
        let input = json!({ "input": { "token": token, "password": PASSWORD, "language": "DE" } });
        app.anonymous().data(COMPLETE, input).await;
        let entered = app.anonymous().data(SIGN_IN, credentials("neu@example.org", PASSWORD)).await;
        assert_eq!(entered["signIn"]["viewer"]["email"], "neu@example.org");
    }

    async fn a_new_password_does_not_pass_by_the_second_factor_c10(app: TestApp) {
        let row = second_factor::Model {
            user_id: app.customer.user,
            sealed: Vec::new(),
            key_version: 1,
            last_step: 0,
            created_at: app.app.clock.now(),
        };
        row.into_active_model().insert(app.db()).await.unwrap();
        for is_first in [false, true] {
            if is_first { forget(&app, app.customer).await }
            let token = asked(&app, "104233").await;
            let mut browser = app.anonymous();
            assert_eq!(browser.data(CHOOSE, chosen(&token)).await["choosePassword"], json!({ "viewer": null }));
            assert_eq!(browser.data(VIEWER, json!({})).await, json!({ "viewer": null }));
            let entered = browser.data(SIGN_IN, credentials("104233", NEW)).await;
            assert_eq!(entered["signIn"], json!({ "needsSecondFactor": true, "viewer": null }));
            assert_eq!(browser.data(VIEWER, json!({})).await, json!({ "viewer": null }));
        }
        assert_eq!(second_factor::Entity::find().count(app.db()).await.unwrap(), 1, "it stays on");
    }

    async fn the_link_of_a_first_sign_in_signs_in(app: TestApp) {
        forget(&app, app.customer).await;
        let row = user_row(&app, app.customer).await;
        let link = recovery::first_sign_in_link(app.db(), &app.app, &row).await.unwrap();
        let token = link.strip_prefix(&format!("{ORIGIN}/password#")).unwrap();
        let mut browser = app.anonymous();
        assert_eq!(browser.data(CHOOSE, chosen(token)).await["choosePassword"]["viewer"]["email"], "k104233@kunde.example");
        assert_eq!(browser.data(VIEWER, json!({})).await["viewer"]["email"], "k104233@kunde.example");
        opens_nothing(&app, token).await;
    }

    async fn a_weak_password_is_refused_and_the_link_stays_good(app: TestApp) {
        let token = asked(&app, "104233").await;
        let before = user_row(&app, app.customer).await;
        let weak = json!({ "input": { "token": token, "password": "kurz" } });
        assert_eq!(app.anonymous().refusal(CHOOSE, weak).await["field"], "password");
        assert_eq!(user_row(&app, app.customer).await, before);
        app.anonymous().data(CHOOSE, chosen(&token)).await;
    }

    async fn who_is_blocked_gets_no_link_and_an_earlier_one_opens_nothing(app: TestApp) {
        let token = asked(&app, "104233").await;
        let blocked = user::ActiveModel { id: Set(app.customer.user), blocked_at: Set(Some(app.app.clock.now())), ..Default::default() };
        blocked.update(app.db()).await.unwrap();
        opens_nothing(&app, &token).await;
        app.anonymous().data(REQUEST, who("104233")).await;
        assert_eq!(app.mails().await.len(), 1);
    }
}
