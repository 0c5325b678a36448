//! Registering: a link to the address, a user out of the link, the same answer for everybody.
use crate::app::{ORIGIN, PASSWORD, TestApp};
use axum::http::Request;
use chrono::TimeDelta;
use futures::future::join_all;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use server::entity::{account, link, user};
use shared::link::LinkPurpose;

const REGISTER: &str = "mutation($input: RegisterInput!) { register(input: $input) { isTakenDown } }";
const LOOK: &str = "query($token: String!) { mailLink(token: $token) { purpose email isOver } }";
const COMPLETE: &str = "mutation($input: CompleteRegistrationInput!) { completeRegistration(input: $input) {
    viewer { email rights account { kind } } } }";
const RENEW: &str = "mutation($input: RenewLinkInput!) { renewLink(input: $input) { isTakenDown } }";

fn email(email: &str) -> Value {
    json!({ "input": { "email": email, "language": "DE" } })
}

fn completed(token: &str) -> Value {
    json!({ "input": { "token": token, "password": PASSWORD, "language": "DE" } })
}

/// The token in the newest mail, below the configured origin.
async fn token(app: &TestApp) -> String {
    let mail = app.mails().await.pop().unwrap();
    let links = server::mail::links(&mail.text);
    links[0]
        .strip_prefix(&format!("{ORIGIN}/registration#"))
        .unwrap()
        .to_owned()
}

async fn asked(app: &TestApp, address: &str) -> String {
    app.anonymous().data(REGISTER, email(address)).await;
    let token = token(app).await;
    app.pass(TimeDelta::milliseconds(1));
    token
}

async fn users(app: &TestApp) -> (u64, u64) {
    (
        user::Entity::find().count(app.db()).await.unwrap(),
        account::Entity::find().count(app.db()).await.unwrap(),
    )
}

crate::on_both! {
    async fn an_address_becomes_a_user_with_an_account_of_his_own_by_its_link_f01(app: TestApp) {
        let before = users(&app).await;
        let token = asked(&app, "neu@example.org").await;
        assert_eq!(users(&app).await, before);
        let mut browser = app.anonymous();
        let data = browser.data(COMPLETE, completed(&token)).await;
        let viewer = json!({ "email": "neu@example.org", "rights": data["completeRegistration"]["viewer"]["rights"], "account": { "kind": "CUSTOMER" } });
        assert_eq!(data["completeRegistration"]["viewer"], viewer);
        assert_eq!(users(&app).await, (before.0 + 1, before.1 + 1));
        let refusal = app.anonymous().refusal(COMPLETE, completed(&token)).await;
        assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("token"), &json!("LINK_INVALID")));
        assert_eq!(users(&app).await, (before.0 + 1, before.1 + 1));
    }

    async fn a_known_and_an_unknown_address_are_answered_with_the_same_bytes_b09(app: TestApp) {
        let mut answers = Vec::new();
        for address in ["neu@example.org", "k104233@kunde.example"] {
            let mut client = app.anonymous();
            let mut answer = None;
            let statements = app.statements(async { answer = Some(client.graphql(REGISTER, email(address)).await) }).await;
            answers.push((answer.unwrap().to_string(), statements));
            app.pass(TimeDelta::milliseconds(1));
        }
        assert_eq!(answers[0], answers[1]);
        let mails = app.mails().await;
        assert_eq!(mails.iter().map(|mail| mail.recipient.as_str()).collect::<Vec<_>>(), ["neu@example.org", "k104233@kunde.example"]);
        assert!(mails[1].text.contains(&format!("{ORIGIN}/forgotten")), "{}", mails[1].text);
        assert_eq!(link::Entity::find().count(app.db()).await.unwrap(), 1, "none for who has an account");
    }

    async fn of_eight_who_complete_a_registration_at_once_one_becomes_a_user_f01(app: TestApp) {
        let token = asked(&app, "neu@example.org").await;
        let before = users(&app).await;
        let tries = (0..8).map(|_| { let (mut client, input) = (app.anonymous(), completed(&token)); async move { client.graphql(COMPLETE, input).await } });
        let answers = join_all(tries).await;
        assert_eq!(answers.iter().filter(|answer| answer.get("errors").is_none()).count(), 1, "{answers:?}");
        assert_eq!(users(&app).await, (before.0 + 1, before.1 + 1));
    }

    async fn a_link_is_over_after_a_day_and_renewed_to_the_same_address_once_f01_f03(app: TestApp) {
        let first = asked(&app, "neu@example.org").await;
        app.anonymous().data(RENEW, json!({ "input": { "token": first } })).await;
        assert_eq!(app.mails().await.len(), 1, "it still counts");
        app.pass(TimeDelta::hours(24));
        let looked = app.anonymous().data(LOOK, json!({ "token": first })).await;
        assert_eq!(looked["mailLink"], json!({ "purpose": "REGISTRATION", "email": "neu@example.org", "isOver": true }));
        assert_eq!(app.anonymous().refusal(COMPLETE, completed(&first)).await["reason"], "LINK_INVALID");
        let renewed = app.anonymous().data(RENEW, json!({ "input": { "token": first } })).await;
        let invented = app.anonymous().data(RENEW, json!({ "input": { "token": "x" } })).await;
        assert_eq!(renewed, invented);
        assert_eq!(app.mails().await.len(), 2);
        let second = token(&app).await;
        assert_eq!(app.mails().await.pop().unwrap().recipient, "neu@example.org");
        assert_eq!(app.anonymous().refusal(COMPLETE, completed(&first)).await["reason"], "LINK_INVALID");
        app.anonymous().data(COMPLETE, completed(&second)).await;
    }

    async fn a_second_request_ends_the_first_link_f03(app: TestApp) {
        let first = asked(&app, "neu@example.org").await;
        let second = asked(&app, "Neu@Example.org").await;
        let before = users(&app).await;
        assert_eq!(app.anonymous().refusal(COMPLETE, completed(&first)).await["reason"], "LINK_INVALID");
        assert_eq!(users(&app).await, before);
        app.anonymous().data(COMPLETE, completed(&second)).await;
    }

    async fn looking_at_a_link_three_times_changes_nothing_f04(app: TestApp) {
        let token = asked(&app, "neu@example.org").await;
        for _ in 0..3 {
            let looked = app.anonymous().data(LOOK, json!({ "token": token })).await;
            assert_eq!(looked["mailLink"], json!({ "purpose": "REGISTRATION", "email": "neu@example.org", "isOver": false }));
            app.anonymous().get("/registration").await;
        }
        let row = link::Entity::find().one(app.db()).await.unwrap().unwrap();
        assert_eq!(row.used_at, None);
        app.anonymous().data(COMPLETE, completed(&token)).await;
    }

    async fn links_lead_to_the_configured_origin_whatever_the_request_calls_its_host_f05(app: TestApp) {
        let body = json!({ "query": REGISTER, "variables": email("neu@example.org") }).to_string();
        let request = Request::post("/graphql")
            .header("host", "evil.example").header("x-forwarded-host", "evil.example")
            .header("content-type", "application/json").header("x-keyhaus-csrf", "1")
            .body(body.into()).unwrap();
        app.anonymous().send(request).await;
        let mails = app.mails().await;
        assert_eq!(mails.len(), 1);
        for mail in mails {
            assert!(!mail.text.contains("evil.example"), "{}", mail.text);
            assert!(mail.text.contains(&format!("{ORIGIN}/registration#")), "{}", mail.text);
        }
    }

    async fn what_is_no_address_is_refused_at_its_field_and_spellings_of_one_are_one_f06(app: TestApp) {
        for bad in ["", "neu", "neu@example.org\r\nBcc: eve@example.org", "neu@example.org,eve@example.org", "<neu@example.org>", "neu@example.org\u{0}", "neu @example.org"] {
            let refusal = app.anonymous().refusal(REGISTER, email(bad)).await;
            assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("email"), &json!("NOT_AN_EMAIL")), "{bad:?}");
        }
        assert_eq!(app.mails().await.len(), 0);
        for good in [" A.B+C@Example.ORG ", "mail@Müller.example"] {
            app.anonymous().data(REGISTER, email(good)).await;
            app.pass(TimeDelta::milliseconds(1));
        }
        let to: Vec<_> = app.mails().await.into_iter().map(|mail| mail.recipient).collect();
        assert_eq!(to, ["a.b+c@example.org", "mail@müller.example"]);
    }

    async fn no_spelling_of_an_address_reaches_a_second_recipient_f06(app: TestApp) {
        let tails = [
            "\r\nBcc: eve@evil.example", "\nBcc: eve@evil.example", "\rBcc: eve@evil.example", "%0d%0aBcc: eve@evil.example",
            "\u{85}eve@evil.example", "\u{2028}eve@evil.example", ",eve@evil.example", ";eve@evil.example", " eve@evil.example",
            "\teve@evil.example", "<eve@evil.example>", "\"eve@evil.example", "(eve@evil.example)", "\u{0}", "@evil.example", "\r\n", "\n",
        ];
        for tail in tails {
            for bad in [format!("neu@example.org{tail}"), format!("neu{tail}@example.org")] {
                let refusal = app.anonymous().refusal(REGISTER, email(&bad)).await;
                assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("email"), &json!("NOT_AN_EMAIL")), "{bad:?}");
            }
        }
        assert_eq!((app.mails().await.len(), link::Entity::find().count(app.db()).await.unwrap()), (0, 0));
    }
}

#[test]
fn links_count_as_long_as_their_purpose_allows_f01() {
    let hours = |purpose| server::link::life(purpose).num_hours();
    assert_eq!(hours(LinkPurpose::PasswordReset), 1);
    for purpose in [
        LinkPurpose::Registration,
        LinkPurpose::EmailChange,
        LinkPurpose::BillingEmail,
    ] {
        assert_eq!(hours(purpose), 24, "{purpose:?}");
    }
    for purpose in [
        LinkPurpose::FirstSignIn,
        LinkPurpose::Invitation,
        LinkPurpose::ReadRights,
        LinkPurpose::EmailUndo,
        LinkPurpose::BillingEmailUndo,
    ] {
        assert_eq!(hours(purpose), 7 * 24, "{purpose:?}");
    }
}
