//! Guessing passwords: how far it gets, and that nobody learns or loses anything by it.
use crate::app::{Answer, Client, PASSWORD, TestApp};
use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, header},
};
use chrono::TimeDelta;
use sea_orm::{EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use server::{
    entity::{self, audit, session},
    session::{
        Origin,
        throttle::{self, Guess, Verdict},
    },
};
use shared::CSRF_HEADER;
use std::net::SocketAddr;

const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) { viewer { account { number } } } }";

/// A sign-in from an address, as the server sees it, with a header of a proxy.
async fn try_from(client: &mut Client, peer: &str, forwarded: Option<&str>, name: &str, password: &str) -> Answer {
    let variables = json!({ "input": { "name": name, "password": password } });
    let mut request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(CSRF_HEADER, "1");
    if let Some(forwarded) = forwarded {
        request = request.header("x-forwarded-for", forwarded);
    }
    let mut request = request
        .body(Body::from(
            json!({ "query": SIGN_IN, "variables": variables }).to_string(),
        ))
        .unwrap();
    let peer: SocketAddr = format!("{peer}:40000").parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    client.send(request).await
}

/// What came of it: the number of the account, or the reason, or the code.
fn outcome(answer: &Value) -> String {
    let extensions = &answer["errors"][0]["extensions"];
    let text = answer["data"]["signIn"]["viewer"]["account"]["number"]
        .as_str()
        .or(extensions["reason"].as_str())
        .or(extensions["code"].as_str());
    text.unwrap_or_default().to_owned()
}

/// Each try comes from an address of its own, so that only the user's count matters.
struct Guesser {
    client: Client,
    tries: u32,
}

impl Guesser {
    fn new(app: &TestApp) -> Self {
        Self {
            client: app.anonymous(),
            tries: 0,
        }
    }

    async fn guess(&mut self, name: &str, password: &str) -> String {
        self.tries += 1;
        let peer = format!("198.51.{}.{}", self.tries / 250, self.tries % 250);
        self.client.cookie = None;
        outcome(&try_from(&mut self.client, &peer, None, name, password).await.json())
    }
}

async fn refusals(app: &TestApp, object: &str) -> u64 {
    audit::Entity::find()
        .filter(audit::COLUMN.act.eq("signIn"))
        .filter(audit::COLUMN.object.eq(object))
        .count(app.db())
        .await
        .unwrap()
}

crate::on_both! {
    async fn after_ten_wrong_passwords_the_right_one_waits_for_the_window_to_pass_b01(app: TestApp) {
        let mut guesser = Guesser::new(&app);
        for _ in 0..101 {
            assert_eq!(guesser.guess("104233", "Sieben-Wege-27").await, "WRONG_CREDENTIALS");
        }
        assert_eq!(guesser.guess("104233", PASSWORD).await, "WRONG_CREDENTIALS");
        assert_eq!((refusals(&app, "WRONG_CREDENTIALS").await, refusals(&app, "TEMP_LOCKED").await), (10, 92));
        app.pass(TimeDelta::minutes(15));
        assert_eq!(guesser.guess("104233", PASSWORD).await, "104233");
    }

    async fn nine_wrong_passwords_lock_nobody(app: TestApp) {
        let mut guesser = Guesser::new(&app);
        for _ in 0..9 {
            guesser.guess("104233", "Sieben-Wege-27").await;
        }
        assert_eq!(guesser.guess("104233", PASSWORD).await, "104233");
    }

    async fn ones_own_success_clears_nothing_of_others_b02(app: TestApp) {
        let mut client = app.anonymous();
        for _ in 0..10 {
            assert_eq!(outcome(&try_from(&mut client, "203.0.113.5", None, "104233", "Sieben-Wege-27").await.json()), "WRONG_CREDENTIALS");
            assert_eq!(outcome(&try_from(&mut client, "203.0.113.5", None, "104871", PASSWORD).await.json()), "104871");
        }
        client.cookie = None;
        assert_eq!(outcome(&try_from(&mut client, "203.0.113.6", None, "104233", PASSWORD).await.json()), "WRONG_CREDENTIALS");
        assert_eq!(throttle::charges(&app.app, Guess::PasswordFromAddress, "203.0.113.5").await.unwrap(), 10);
    }

    async fn a_locked_user_is_told_what_a_wrong_password_is_told_b03(app: TestApp) {
        let mut client = app.anonymous();
        let wrong = try_from(&mut client, "203.0.113.5", None, "104233", "Sieben-Wege-27").await;
        for _ in 0..9 {
            try_from(&mut client, "203.0.113.5", None, "104233", "Sieben-Wege-27").await;
        }
        let hashes = app.app.hasher.count();
        let locked = try_from(&mut client, "203.0.113.5", None, "104233", PASSWORD).await;
        assert_eq!((locked.status, &locked.body), (wrong.status, &wrong.body));
        assert_eq!(app.app.hasher.count(), hashes + 1, "and costs a hash");
        let last = audit::Entity::find().filter(audit::COLUMN.object.eq("TEMP_LOCKED")).one(app.db()).await.unwrap().unwrap();
        assert_eq!((last.act.as_str(), last.is_allowed), ("signIn", false));
        assert_eq!((last.user_id, last.ip.as_deref()), (Some(app.customer.user), Some("203.0.113.5")));
    }

    async fn tries_while_it_is_locked_do_not_make_it_longer_b04(app: TestApp) {
        let mut guesser = Guesser::new(&app);
        for _ in 0..10 {
            guesser.guess("104233", "Sieben-Wege-27").await;
        }
        app.pass(TimeDelta::minutes(14));
        for _ in 0..50 {
            guesser.guess("104233", "Sieben-Wege-27").await;
        }
        app.pass(TimeDelta::minutes(1));
        assert_eq!(guesser.guess("104233", PASSWORD).await, "104233");
    }

    async fn all_names_of_a_user_count_together_b05(app: TestApp) {
        let mut guesser = Guesser::new(&app);
        for name in ["104233", "k104233@kunde.example", "K104233@KUNDE.example", " 104233 ", "K104233@kunde.EXAMPLE"] {
            guesser.guess(name, "Sieben-Wege-27").await;
            guesser.guess(name, "Sieben-Wege-28").await;
        }
        for name in ["104233", "k104233@kunde.example"] {
            assert_eq!(guesser.guess(name, PASSWORD).await, "WRONG_CREDENTIALS");
        }
        assert_eq!(throttle::charges(&app.app, Guess::Password, &app.customer.user.to_string()).await.unwrap(), 10);
    }

    async fn guesses_at_a_name_that_nobody_has_do_not_keep_its_owner_out_later_b06(app: TestApp) {
        let mut guesser = Guesser::new(&app);
        for _ in 0..20 {
            assert_eq!(guesser.guess("104233/neu", PASSWORD).await, "WRONG_CREDENTIALS");
        }
        assert_eq!(refusals(&app, "WRONG_CREDENTIALS").await, 0, "nobody in particular was refused");
        app.member(app.customer.account, "104233/neu", &[]).await;
        assert_eq!(guesser.guess("104233/neu", PASSWORD).await, "104233");
    }

    async fn of_two_hundred_guesses_at_once_ten_are_looked_at_b07(app: TestApp) {
        let guesses = (0..200).map(|_| throttle::charge(&app.app, Guess::Password, "somebody"));
        let verdicts = futures::future::join_all(guesses).await;
        let open = verdicts.into_iter().filter(|verdict| matches!(verdict, Ok(Verdict::Open(_)))).count();
        assert_eq!(open, 10);
        let app = app.restarted(|_| {});
        assert!(matches!(throttle::charge(&app.app, Guess::Password, "somebody").await.unwrap(), Verdict::Locked));
        assert!(matches!(throttle::charge(&app.app, Guess::Password, "else").await.unwrap(), Verdict::Open(_)));
    }

    async fn the_right_password_among_parallel_wrong_ones_gets_no_further_than_the_limit_b07(app: TestApp) {
        let origins: Vec<_> = (0..40).map(|n| Origin { ip: Some(format!("198.51.100.{n}")), ..Origin::default() }).collect();
        let tries = origins.iter().map(|origin| server::session::sign_in(&app.app, origin, "104233", "Sieben-Wege-27"));
        futures::future::join_all(tries).await;
        assert_eq!(throttle::charges(&app.app, Guess::Password, &app.customer.user.to_string()).await.unwrap(), 10);
        assert_eq!(refusals(&app, "WRONG_CREDENTIALS").await, 10);
        assert_eq!(session::Entity::find().count(app.db()).await.unwrap(), 0);
    }

    async fn an_unknown_name_costs_a_hash_and_is_answered_alike_b08(app: TestApp) {
        let mut client = app.anonymous();
        let hashes = app.app.hasher.count();
        let wrong = try_from(&mut client, "203.0.113.5", None, "104233", "Sieben-Wege-27").await;
        let unknown = try_from(&mut client, "203.0.113.5", None, "999999", "Sieben-Wege-27").await;
        assert_eq!((wrong.status, &wrong.body), (unknown.status, &unknown.body));
        assert_eq!(app.app.hasher.count(), hashes + 2);
    }

    async fn one_password_tried_on_many_customer_numbers_is_stopped_b10(app: TestApp) {
        let mut client = app.anonymous();
        let mut refused = 0;
        for number in 0..500 {
            let answer = try_from(&mut client, "203.0.113.5", None, &(300_000 + number).to_string(), "Sommer-2026!").await;
            match outcome(&answer.json()).as_str() {
                "WRONG_CREDENTIALS" => refused += 1,
                other => assert_eq!(other, "THROTTLED"),
            }
        }
        assert_eq!(refused, 40);
        assert_eq!(outcome(&try_from(&mut client, "203.0.113.6", None, "104233", PASSWORD).await.json()), "104233");
    }

    async fn a_header_of_a_stranger_is_no_new_address_b12(app: TestApp) {
        let mut client = app.anonymous();
        for n in 0..40 {
            let forwarded = format!("192.0.2.{n}");
            try_from(&mut client, "203.0.113.5", Some(&forwarded), &format!("4{n}"), "x").await;
        }
        let answer = try_from(&mut client, "203.0.113.5", Some("192.0.2.200"), "104233", PASSWORD).await;
        assert_eq!(outcome(&answer.json()), "THROTTLED");
        let app = app.restarted(|settings| settings.trusted_proxies = vec!["203.0.113.5".parse().unwrap()]);
        let answer = try_from(&mut app.anonymous(), "203.0.113.5", Some("192.0.2.200"), "104233", PASSWORD).await;
        assert_eq!(outcome(&answer.json()), "104233");
    }

    async fn a_household_with_many_ipv6_addresses_counts_as_one(app: TestApp) {
        let mut client = app.anonymous();
        for n in 0..40 {
            try_from(&mut client, &format!("[2001:db8:1:2::{n:x}]"), None, &format!("4{n}"), "x").await;
        }
        let answer = try_from(&mut client, "[2001:db8:1:2:ffff::1]", None, "104233", PASSWORD).await;
        assert_eq!(outcome(&answer.json()), "THROTTLED");
        let answer = try_from(&mut client, "[2001:db8:1:3::1]", None, "104233", PASSWORD).await;
        assert_eq!(outcome(&answer.json()), "104233");
    }

    async fn a_success_after_many_failures_is_told_b13(app: TestApp) {
        let mut guesser = Guesser::new(&app);
        assert_eq!(guesser.guess("104233", PASSWORD).await, "104233");
        for _ in 0..4 {
            app.pass(TimeDelta::seconds(1));
            guesser.guess("104233", "Sieben-Wege-27").await;
        }
        app.pass(TimeDelta::seconds(1));
        guesser.guess("104233", PASSWORD).await;
        assert_eq!(app.mails().await.len(), 0, "four are none");
        for _ in 0..5 {
            app.pass(TimeDelta::seconds(1));
            guesser.guess("104233", "Sieben-Wege-27").await;
        }
        app.pass(TimeDelta::seconds(1));
        assert_eq!(guesser.guess("104233", PASSWORD).await, "104233");
        let mails = app.mails().await;
        assert_eq!(mails.len(), 1);
        assert_eq!((mails[0].recipient.as_str(), mails[0].subject.as_str()), ("k104233@kunde.example", "Anmeldung nach falschen Passwörtern"));
        assert!(mails[0].text.contains("https://portal.example/security"), "{}", mails[0].text);
    }

    async fn what_is_over_is_forgotten_and_what_is_not_counts_on(app: TestApp) {
        throttle::charge(&app.app, Guess::Password, "old").await.unwrap();
        app.client(app.customer).await;
        app.pass(TimeDelta::minutes(50));
        throttle::charge(&app.app, Guess::Password, "new").await.unwrap();
        app.client(app.stranger).await;
        app.pass(TimeDelta::minutes(10));
        throttle::forget(&app.app).await.unwrap();
        server::session::list::forget(&app.app).await.unwrap();
        assert_eq!(entity::throttle::Entity::find().count(app.db()).await.unwrap(), 1);
        assert_eq!(throttle::charges(&app.app, Guess::Password, "new").await.unwrap(), 1);
        let sessions = session::Entity::find().all(app.db()).await.unwrap();
        assert_eq!(sessions.iter().map(|row| row.user_id).collect::<Vec<_>>(), [app.stranger.user]);
    }
}
