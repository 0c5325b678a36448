//! Signing out: from the client's side, and told to it from ours.
use super::*;
use axum::{Router, extract::State, http::StatusCode, routing::post as posted};
use chrono::TimeDelta;
use openidconnect::url::form_urlencoded;
use sea_orm::sea_query::Expr;
use serde_json::json;
use server::{
    entity::{membership, session, sso_visit, user},
    sso::{
        backchannel::{Teller, tell_due},
        visit,
    },
};
use shared::account::Right;
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU16, Ordering},
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

async fn sessions(app: &TestApp) -> u64 {
    session::Entity::find().count(app.db()).await.unwrap()
}

/// What a client that listens has heard, and how it answers.
type Ears = (Arc<Mutex<Vec<String>>>, Arc<AtomicU16>);

/// A client that listens.
struct Listener {
    address: String,
    heard: Arc<Mutex<Vec<String>>>,
    answers: Arc<AtomicU16>,
}

impl Listener {
    async fn start() -> Self {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let answers = Arc::new(AtomicU16::new(200));
        let state = (Arc::clone(&heard), Arc::clone(&answers));
        let router = Router::new()
            .route(
                "/bye",
                posted(async |State((heard, answers)): State<Ears>, body: String| {
                    heard.lock().unwrap().push(body);
                    StatusCode::from_u16(answers.load(Ordering::Relaxed)).unwrap()
                }),
            )
            .with_state(state);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/bye", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            address,
            heard,
            answers,
        }
    }

    /// The logout tokens that came, and none twice.
    fn take(&self) -> Vec<String> {
        let bodies = std::mem::take(&mut *self.heard.lock().unwrap());
        let token = |body: String| {
            let mut pairs = form_urlencoded::parse(body.as_bytes());
            let (name, token) = pairs.next().unwrap();
            assert_eq!((name.as_ref(), pairs.next()), ("logout_token", None));
            token.into_owned()
        };
        bodies.into_iter().map(token).collect()
    }
}

/// A portal whose client `contracts` listens.
async fn with_listener(app: TestApp) -> (TestApp, Listener) {
    let listener = Listener::start().await;
    let app = with_clients(app).restarted(|settings| {
        settings.sso.clients[0].backchannel_logout_uri = Some(listener.address.clone());
    });
    (app, listener)
}

/// What the worker does, once.
async fn tell(app: &TestApp) -> (usize, u64) {
    let ended = visit::end_over(&app.app).await.unwrap();
    let told = tell_due(&app.app, &Teller::new().unwrap(), &CancellationToken::new())
        .await
        .unwrap();
    (ended, told)
}

crate::on_both! {
    async fn a_client_ends_the_session_of_its_own_token_at_once(app: TestApp) {
        let app = with_clients(app);
        let mut browser = app.client(app.customer).await;
        let got = tokens(&app, &code(&mut browser).await).await;
        app.pass(TimeDelta::minutes(30));
        let asked = form(&[("id_token_hint", got["id_token"].as_str().unwrap()), ("post_logout_redirect_uri", GOODBYE), ("state", "a b")], &[]);
        let answer = browser.get(&format!("/end-session?{asked}")).await;
        assert_eq!((answer.status.as_u16(), answer.headers["location"].to_str().unwrap()), (303, "https://contracts.example/goodbye?state=a+b"));
        assert_eq!(answer.headers["set-cookie"], "__Host-keyhaus=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
        assert_is_kept_nowhere(&answer);
        assert_eq!(sessions(&app).await, 0);
        assert_eq!(user_info(&app, &got).await.status, 401);
        // whoever is signed out already is sent on as well
        let answer = app.anonymous().get(&format!("/end-session?{asked}")).await;
        assert_eq!(answer.headers["location"], "https://contracts.example/goodbye?state=a+b");
    }

    async fn nobody_is_signed_out_without_being_asked_or_sent_where_nobody_is_known(app: TestApp) {
        let app = with_clients(app);
        let mut browser = app.client(app.customer).await;
        let own = tokens(&app, &code(&mut browser).await).await;
        let mut elsewhere = app.client(app.customer).await;
        let of_another_session = tokens(&app, &code(&mut elsewhere).await).await;
        let mut stranger = app.client(app.stranger).await;
        let of_another = tokens(&app, &code(&mut stranger).await).await;
        for asked in [
            String::new(),
            form(&[("client_id", "contracts"), ("post_logout_redirect_uri", GOODBYE)], &[]),
            form(&[("id_token_hint", "x.y.z")], &[]),
            form(&[("id_token_hint", of_another_session["id_token"].as_str().unwrap())], &[]),
            form(&[("id_token_hint", of_another["id_token"].as_str().unwrap())], &[]),
        ] {
            let answer = browser.get(&format!("/end-session?{asked}")).await;
            assert_eq!(answer.status, 200, "{asked}");
            assert!(answer.text().contains("<form method=\"post\" action=\"/end-session\">"));
            let policy = answer.headers["content-security-policy"].to_str().unwrap();
            assert!(policy.contains("form-action 'self' https://contracts.example;") && policy.contains("script-src 'none'"), "{policy}");
        }
        let mixed = form(&[("id_token_hint", own["id_token"].as_str().unwrap()), ("client_id", "other")], &[]);
        assert_eq!(browser.get(&format!("/end-session?{mixed}")).await.status, 400);
        assert_eq!(sessions(&app).await, 3);
        for wrong in ["https://evil.example/", "https://contracts.example/goodbye?x=1", "//evil.example"] {
            let asked = form(&[("client_id", "contracts"), ("post_logout_redirect_uri", wrong)], &[]);
            let answer = app.anonymous().get(&format!("/end-session?{asked}")).await;
            assert_eq!(answer.headers["location"], "/sign-in", "{wrong}");
        }
    }

    async fn the_yes_comes_from_our_own_page_only(app: TestApp) {
        let app = with_clients(app);
        let mut browser = app.client(app.customer).await;
        let asked = form(&[("client_id", "contracts"), ("post_logout_redirect_uri", GOODBYE)], &[]);
        let yes = |site: Option<&str>| {
            let mut request = Request::post("/end-session").header("content-type", "application/x-www-form-urlencoded");
            if let Some(site) = site {
                request = request.header("sec-fetch-site", site);
            }
            request.body(Body::from(asked.clone())).unwrap()
        };
        for site in [None, Some("cross-site"), Some("same-site"), Some("none")] {
            let answer = browser.send(yes(site)).await;
            assert_eq!(answer.headers["location"].to_str().unwrap(), format!("/end-session?{asked}"), "{site:?}");
            assert_eq!(sessions(&app).await, 1);
        }
        let answer = browser.send(yes(Some("same-origin"))).await;
        assert_eq!(answer.headers["location"], GOODBYE);
        assert_eq!(sessions(&app).await, 0);
    }

    async fn a_client_hears_that_somebody_signed_out(app: TestApp) {
        let (app, listener) = with_listener(app).await;
        let mut browser = app.client(app.customer).await;
        let got = tokens(&app, &code(&mut browser).await).await;
        assert_eq!(tell(&app).await, (0, 0));
        browser.data(SIGN_OUT, json!({})).await;
        assert_eq!(tell(&app).await, (1, 1));
        let heard = listener.take();
        assert_eq!(heard.len(), 1);
        assert!(is_signed_by(&heard[0], &keys(&app).await));
        assert_eq!(part(&heard[0], 0)["typ"], "logout+jwt");
        let mut said = part(&heard[0], 1);
        let now = app.app.clock.now().timestamp();
        assert_eq!(said["jti"].as_str().unwrap().len(), 36);
        said.as_object_mut().unwrap().remove("jti");
        assert_eq!(said, json!({
            "iss": ORIGIN, "aud": "contracts", "sub": app.customer.user, "sid": claims(&got)["sid"],
            "iat": now, "exp": now + 120,
            "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
        }));
        assert_eq!(tell(&app).await, (0, 0), "once");
        assert_eq!(server::sso::logout::hinted(&app.app, &heard[0]).await.unwrap(), None, "a logout token is no ID token");
    }

    async fn whatever_ends_a_session_is_told(app: TestApp) {
        let (app, listener) = with_listener(app).await;
        let now = app.app.clock.now();
        let clerk = app.member(app.customer.account, "104233/vertrag", &[Right::ManageContracts]).await;
        let of_clerk = || membership::COLUMN.user_id.eq(clerk.user);
        for what in ["idle", "old", "others", "right", "membership", "blocked"] {
            let mut browser = app.client(clerk).await;
            code(&mut browser).await;
            assert_eq!(tell(&app).await, (0, 0), "{what}");
            match what {
                "idle" => { session::Entity::update_many().col_expr(session::Column::LastSeenAt, Expr::value(now - TimeDelta::hours(1))).exec(app.db()).await.unwrap(); }
                "old" => { session::Entity::update_many().col_expr(session::Column::CreatedAt, Expr::value(now - TimeDelta::hours(24))).exec(app.db()).await.unwrap(); }
                "others" => { app.client(clerk).await.data("mutation { endOtherSessions { count } }", json!({})).await; }
                "right" => { membership::Entity::update_many().col_expr(membership::Column::Rights, Expr::value(2048)).filter(of_clerk()).exec(app.db()).await.unwrap(); }
                "membership" => { membership::Entity::update_many().col_expr(membership::Column::BlockedAt, Expr::value(now)).filter(of_clerk()).exec(app.db()).await.unwrap(); }
                _ => { user::Entity::update_many().col_expr(user::Column::BlockedAt, Expr::value(now)).filter(user::COLUMN.id.eq(clerk.user)).exec(app.db()).await.unwrap(); }
            }
            assert_eq!(tell(&app).await, (1, 1), "{what}");
            assert_eq!(listener.take().len(), 1, "{what}");
            session::Entity::delete_many().exec(app.db()).await.unwrap();
            membership::Entity::update_many()
                .col_expr(membership::Column::Rights, Expr::value(shared::account::Rights::of(&[Right::ManageContracts])))
                .col_expr(membership::Column::BlockedAt, Expr::value(Option::<chrono::DateTime<chrono::Utc>>::None))
                .filter(of_clerk())
                .exec(app.db()).await.unwrap();
        }
    }

    async fn a_client_that_does_not_hear_is_told_again_and_given_up_in_the_end(app: TestApp) {
        let (app, listener) = with_listener(app).await;
        let mut browser = app.client(app.customer).await;
        code(&mut browser).await;
        browser.data(SIGN_OUT, json!({})).await;
        listener.answers.store(500, Ordering::Relaxed);
        assert_eq!(tell(&app).await, (1, 0));
        assert_eq!(tell(&app).await, (0, 0));
        assert_eq!(listener.take().len(), 1, "not before its time");
        let row = sso_visit::Entity::find().one(app.db()).await.unwrap().unwrap();
        assert_eq!(row.last_error.as_deref(), Some("answered 500 Internal Server Error"));
        assert_eq!(row.due_at.unwrap() - app.app.clock.now(), TimeDelta::seconds(5));
        app.pass(TimeDelta::seconds(5));
        listener.answers.store(204, Ordering::Relaxed);
        assert_eq!(tell(&app).await, (0, 1));
        let row = sso_visit::Entity::find().one(app.db()).await.unwrap().unwrap();
        assert_eq!((row.attempts, row.due_at, row.last_error), (2, None, None));

        listener.answers.store(302, Ordering::Relaxed);
        let mut browser = app.client(app.customer).await;
        code(&mut browser).await;
        browser.data(SIGN_OUT, json!({})).await;
        listener.take();
        for _ in 0..15 {
            tell(&app).await;
            app.pass(TimeDelta::hours(6));
        }
        assert_eq!(listener.take().len(), 12);
    }

    async fn two_processes_tell_once(app: TestApp) {
        let (app, listener) = with_listener(app).await;
        let mut browser = app.client(app.customer).await;
        code(&mut browser).await;
        browser.data(SIGN_OUT, json!({})).await;
        visit::end_over(&app.app).await.unwrap();
        let (teller, stop) = (Teller::new().unwrap(), CancellationToken::new());
        let (one, two) = tokio::join!(tell_due(&app.app, &teller, &stop), tell_due(&app.app, &teller, &stop));
        assert_eq!(one.unwrap() + two.unwrap(), 1);
        assert_eq!(listener.take().len(), 1);
    }

    async fn what_is_over_is_forgotten_in_time(app: TestApp) {
        let (app, _listener) = with_listener(app).await;
        let mut browser = app.client(app.customer).await;
        tokens(&app, &code(&mut browser).await).await;
        browser.data(SIGN_OUT, json!({})).await;
        tell(&app).await;
        app.pass(TimeDelta::hours(2));
        visit::forget(&app.app).await.unwrap();
        assert_eq!((codes(&app).await, sso_visit::Entity::find().count(app.db()).await.unwrap()), (0, 1));
        app.pass(TimeDelta::days(7));
        visit::forget(&app.app).await.unwrap();
        assert_eq!(sso_visit::Entity::find().count(app.db()).await.unwrap(), 0);
    }
}
