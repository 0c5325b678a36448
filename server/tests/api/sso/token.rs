//! What a code is redeemed for: once, in time, by its own client, while the session lives (security threat 15).
use super::*;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use sea_orm::sea_query::Expr;
use serde_json::json;
use server::entity::{membership, session, sso_token, user};
use shared::account::{Right, Rights};
use std::sync::Arc;
use tokio::sync::Barrier;

async fn tokens_kept(app: &TestApp) -> u64 {
    sso_token::Entity::find().count(app.db()).await.unwrap()
}

fn error(answer: &Answer) -> (u16, String) {
    (
        answer.status.as_u16(),
        answer.json()["error"].as_str().unwrap_or_default().to_owned(),
    )
}

fn bad_grant() -> (u16, String) {
    (400, "invalid_grant".to_owned())
}

crate::on_both! {
    async fn of_twenty_parallel_redemptions_one_succeeds_and_what_it_gave_is_taken_back(app: TestApp) {
        let app = Arc::new(with_clients(app));
        let mut browser = app.client(app.customer).await;
        let code = code(&mut browser).await;
        tokens(&app, &super::code(&mut browser).await).await; // so that the first key is there
        let start = Arc::new(Barrier::new(20));
        let tries = (0..20).map(|_| {
            let (app, code, start) = (Arc::clone(&app), code.clone(), Arc::clone(&start));
            tokio::spawn(async move {
                start.wait().await;
                redeem(&app, &code, &[]).await
            })
        });
        let mut given = Vec::new();
        for tried in tries.collect::<Vec<_>>() {
            let answer = tried.await.unwrap();
            match answer.status.as_u16() {
                200 => given.push(answer.json()),
                _ => assert_eq!(error(&answer), bad_grant()),
            }
        }
        assert_eq!(given.len(), 1);
        assert_eq!(user_info(&app, &given[0]).await.status, 401, "somebody else has seen the code");
        assert_eq!(tokens_kept(&app).await, 1, "those of another code stay");
        assert_eq!(log(&app).await.iter().filter(|(_, code)| code.is_some()).count(), 19);
    }

    async fn a_code_that_comes_again_takes_back_what_it_gave(app: TestApp) {
        let app = with_clients(app);
        let mut browser = app.client(app.customer).await;
        let code = code(&mut browser).await;
        let got = tokens(&app, &code).await;
        assert_eq!(user_info(&app, &got).await.status, 200);
        assert_eq!(error(&redeem(&app, &code, &[]).await), bad_grant());
        let refused = user_info(&app, &got).await;
        assert_eq!(refused.status, 401);
        assert_eq!(refused.headers["www-authenticate"], "Bearer error=\"invalid_token\"");
        let expected = [None, Some("INVALID".to_owned())].map(|code| (Some("contracts".to_owned()), code));
        assert_eq!(log(&app).await, expected);
    }

    async fn a_code_is_good_for_its_own_client_address_and_verifier_and_burns_at_the_first_wrong_try(app: TestApp) {
        let app = with_clients(app);
        let mut browser = app.client(app.customer).await;
        let other = "x".repeat(43);
        for changed in [
            [("code_verifier", other.as_str()), ("scope", "")],
            [("code_verifier", CHALLENGE), ("scope", "")],
            [("redirect_uri", "https://contracts.example/back/two?tenant=1"), ("scope", "")],
            [("redirect_uri", "https://evil.example/"), ("scope", "")],
            [("client_id", "other"), ("client_secret", SECRET)],
            [("client_id", "public"), ("client_secret", "")],
        ] {
            let code = code(&mut browser).await;
            assert_eq!(error(&redeem(&app, &code, &changed).await), bad_grant(), "{changed:?}");
            assert_eq!(error(&redeem(&app, &code, &[]).await), bad_grant(), "it was burnt: {changed:?}");
        }
        assert_eq!(error(&redeem(&app, &other, &[]).await), bad_grant());
        assert_eq!(tokens_kept(&app).await, 0);
    }

    async fn a_code_lives_for_sixty_seconds(app: TestApp) {
        let app = with_clients(app);
        let mut browser = app.client(app.customer).await;
        let (in_time, too_late) = (code(&mut browser).await, code(&mut browser).await);
        app.pass(TimeDelta::seconds(59));
        assert_eq!(redeem(&app, &in_time, &[]).await.status, 200);
        app.pass(TimeDelta::seconds(2));
        assert_eq!(error(&redeem(&app, &too_late, &[]).await), bad_grant());
    }

    async fn after_signing_out_neither_code_nor_token_counts(app: TestApp) {
        let app = with_clients(app);
        let mut browser = app.client(app.customer).await;
        let (first, second) = (code(&mut browser).await, code(&mut browser).await);
        let got = tokens(&app, &first).await;
        browser.data(SIGN_OUT, json!({})).await;
        assert_eq!(error(&redeem(&app, &second, &[]).await), bad_grant());
        assert_eq!(user_info(&app, &got).await.status, 401);
        let mut again = app.client(app.customer).await;
        assert_eq!(user_info(&app, &got).await.status, 401, "another session is another visit");
        assert_ne!(claims(&tokens(&app, &code(&mut again).await).await)["sid"], claims(&got)["sid"]);
    }

    async fn a_token_counts_only_while_its_person_may_be_there(app: TestApp) {
        let app = with_clients(app);
        let clerk = app.member(app.customer.account, "104233/vertrag", &[Right::ManageContracts]).await;
        let mut browser = app.client(clerk).await;
        let got = tokens(&app, &code(&mut browser).await).await;
        let waits = code(&mut browser).await;
        let of_clerk = membership::COLUMN.user_id.eq(clerk.user);
        let set = async |column, value| {
            let change = membership::Entity::update_many().col_expr(column, value);
            change.filter(of_clerk.clone()).exec(app.db()).await.unwrap();
        };
        let now = app.app.clock.now();
        let none = || Expr::value(Option::<chrono::DateTime<chrono::Utc>>::None);
        for (column, closed, open) in [
            (membership::Column::BlockedAt, Expr::value(now), none()),
            (membership::Column::ExpiresAt, Expr::value(now), none()),
            (membership::Column::Rights, Expr::value(Rights::of(&[Right::SeeInvoices])), Expr::value(Rights::of(&[Right::ManageContracts]))),
        ] {
            set(column, closed).await;
            assert_eq!(user_info(&app, &got).await.status, 401, "{column:?}");
            set(column, open).await;
            assert_eq!(user_info(&app, &got).await.status, 200, "{column:?}");
        }
        user::Entity::update_many().col_expr(user::Column::BlockedAt, Expr::value(now)).filter(user::COLUMN.id.eq(clerk.user)).exec(app.db()).await.unwrap();
        assert_eq!(user_info(&app, &got).await.status, 401, "blocked by staff");
        assert_eq!(error(&redeem(&app, &waits, &[]).await), bad_grant());
    }

    async fn a_token_ends_after_ten_minutes_and_with_the_idle_session(app: TestApp) {
        let app = with_clients(app);
        let mut browser = app.client(app.customer).await;
        let got = tokens(&app, &code(&mut browser).await).await;
        app.pass(TimeDelta::seconds(599));
        assert_eq!(user_info(&app, &got).await.status, 200);
        app.pass(TimeDelta::seconds(1));
        assert_eq!(user_info(&app, &got).await.status, 401);
        let late = tokens(&app, &code(&mut browser).await).await;
        session::Entity::update_many().col_expr(session::Column::LastSeenAt, Expr::value(app.app.clock.now() - TimeDelta::hours(1))).exec(app.db()).await.unwrap();
        assert_eq!(user_info(&app, &late).await.status, 401);
    }

    async fn a_client_proves_who_it_is_in_one_way(app: TestApp) {
        let app = with_clients(app);
        let mut browser = app.client(app.customer).await;
        let basic = |id: &str, secret: &str| format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
        let bare = |code: &str, more: &[(&str, &str)]| {
            let standard = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", BACK), ("code_verifier", VERIFIER)];
            form(&standard, more)
        };
        let good = basic("contracts", SECRET);
        let code_1 = code(&mut browser).await;
        assert_eq!(post(&app, "/token", &bare(&code_1, &[]), Some(&good)).await.status, 200);
        let code_2 = code(&mut browser).await;
        for (more, authorization) in [
            (vec![], None),
            (vec![("client_id", "contracts")], None),
            (vec![("client_id", "contracts"), ("client_secret", "wrong")], None),
            (vec![("client_id", "nobody"), ("client_secret", SECRET)], None),
            (vec![("client_id", "public"), ("client_secret", SECRET)], None),
            (vec![("client_secret", SECRET)], Some(good.clone())),
            (vec![("client_id", "other")], Some(good.clone())),
            (vec![], Some(basic("contracts", "wrong"))),
            (vec![], Some(basic("contracts", ""))),
            (vec![], Some("Basic ???".to_owned())),
            (vec![], Some(format!("Bearer {SECRET}"))),
        ] {
            let answer = post(&app, "/token", &bare(&code_2, &more), authorization.as_deref()).await;
            assert_eq!(error(&answer), (401, "invalid_client".to_owned()), "{more:?} {authorization:?}");
            assert_eq!(answer.headers["www-authenticate"], "Basic realm=\"token\"");
        }
        assert_eq!(post(&app, "/token", &bare(&code_2, &[]), Some(&good)).await.status, 200, "the code was not touched");

        let said = told(&mut browser, &[("client_id", "public")]).await;
        let answer = redeem(&app, &said["code"], &[("client_id", "public"), ("client_secret", "")]).await;
        assert_eq!(claims(&answer.json())["aud"], json!(["public"]), "a public client has its verifier");
    }

    async fn what_is_no_request_for_tokens_is_refused(app: TestApp) {
        let app = with_clients(app);
        let mut browser = app.client(app.customer).await;
        let code = code(&mut browser).await;
        for (changed, expected) in [
            (("grant_type", ""), "invalid_request"),
            (("grant_type", "password"), "unsupported_grant_type"),
            (("grant_type", "refresh_token"), "unsupported_grant_type"),
            (("code", ""), "invalid_request"),
            (("code_verifier", ""), "invalid_request"),
            (("redirect_uri", ""), "invalid_request"),
        ] {
            assert_eq!(error(&redeem(&app, &code, &[changed]).await), (400, expected.to_owned()), "{changed:?}");
        }
        let doubled = format!("{}&code=x", asking(&[]));
        let doubled = format!("{doubled}&code=y");
        assert_eq!(error(&post(&app, "/token", &doubled, None).await), (400, "invalid_request".to_owned()));
        let json = Request::post("/token").header("content-type", "application/json").body(Body::from("{}")).unwrap();
        assert_eq!(app.anonymous().send(json).await.status, 400);
        assert_eq!(app.anonymous().get("/token").await.status, 405);
        assert_eq!(post(&app, "/token", &"x".repeat(20_000), None).await.status, 413);
        assert_eq!(redeem(&app, &code, &[]).await.status, 200);
    }

    async fn tokens_of_the_api_and_of_single_sign_on_are_not_each_other(app: TestApp) {
        let app = with_clients(app);
        let mut browser = app.client(app.customer).await;
        let got = tokens(&app, &code(&mut browser).await).await;
        let mut program = app.anonymous();
        program.bearer = Some(got["access_token"].as_str().unwrap().to_owned());
        let request = Request::post("/graphql").header("content-type", "application/json").body(Body::from("{\"query\":\"{ viewer { id } }\"}")).unwrap();
        assert_eq!(program.send(request).await.status, 401);
        let mut own = app.program(app.customer, &[Right::ManageContracts]).await;
        assert_eq!(own.get("/userinfo").await.status, 401);
        assert_eq!(app.client(app.customer).await.get("/userinfo").await.status, 401, "a cookie is no token");
        assert_eq!(app.anonymous().get("/userinfo").await.headers["www-authenticate"], "Bearer");
        let posted = Request::post("/userinfo").header("authorization", format!("Bearer {}", got["access_token"].as_str().unwrap())).body(Body::empty()).unwrap();
        assert_eq!(app.anonymous().send(posted).await.status, 200);
    }
}
