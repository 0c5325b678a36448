//! Who gets a code, and who is sent where.
use super::*;
use crate::{
    app::{PASSWORD, Person},
    second_factor::turn_on,
};
use chrono::TimeDelta;
use sea_orm::sea_query::Expr;
use serde_json::json;
use server::entity::{account, audit_refusal, sso_visit};
use shared::account::Right;

const STEP_UP: &str = "mutation($input: StepUpInput!) { stepUp(input: $input) { validUntil } }";
const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) { needsSecondFactor } }";
const VERIFY: &str =
    "mutation($input: VerifySecondFactorInput!) { verifySecondFactor(input: $input) { viewer { id } } }";
const DOORS: &str = "{ doors { id name address } }";

fn password() -> Value {
    json!({ "input": { "password": PASSWORD } })
}

/// The waiting request of an address that leads to a page of ours.
fn waiting(address: &str) -> (String, Option<String>) {
    let url = Url::parse(ORIGIN).unwrap().join(address).unwrap();
    assert_eq!(
        (url.origin().ascii_serialization().as_str(), url.path()),
        (ORIGIN, "/continue"),
        "{address}"
    );
    let said: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
    (said["request"].clone(), said.get("first").cloned())
}

async fn require_second_factor(app: &TestApp, person: Person) {
    account::Entity::update_many()
        .col_expr(account::Column::RequiresSecondFactor, Expr::value(true))
        .filter(account::COLUMN.id.eq(person.account))
        .exec(app.db())
        .await
        .unwrap();
}

crate::on_both! {
    async fn a_session_goes_on_without_signing_in_again(app: TestApp) {
        let app = with_clients(app);
        let mut browser = app.client(app.customer).await;
        let answer = browser.get(&format!("/authorize?{}", asking(&[]))).await;
        assert_eq!(answer.status, 303);
        assert_is_kept_nowhere(&answer);
        let to = answer.headers["location"].to_str().unwrap();
        assert!(to.starts_with(&format!("{BACK}?code=")), "{to}");
        let said = parameters(to);
        assert_eq!((said["state"].as_str(), said["iss"].as_str(), said.len()), ("s&t", ORIGIN, 3));
        assert_eq!(said["code"].len(), 43, "256 bits in base64url");
        let row = sso_code::Entity::find().one(app.db()).await.unwrap().unwrap();
        assert_eq!(row.code_hash, Sha256::digest(said["code"].as_bytes()).to_vec(), "only the hash is kept");
        assert_eq!(row.expires_at - app.app.clock.now(), TimeDelta::seconds(60));
        assert_eq!(log(&app).await, [(Some("contracts".to_owned()), None)]);

        let answer = redeem(&app, &said["code"], &[]).await;
        assert_is_kept_nowhere(&answer);
        let got = answer.json();
        assert_eq!((&got["token_type"], &got["expires_in"], &got["scope"]), (&json!("bearer"), &json!(600), &json!("openid profile email")));
        assert!(is_signed_by(got["id_token"].as_str().unwrap(), &keys(&app).await));
        let mut told = claims(&got);
        let visit = sso_visit::Entity::find().one(app.db()).await.unwrap().unwrap();
        let at_hash = &Sha256::digest(got["access_token"].as_str().unwrap())[..16];
        assert_eq!(told["at_hash"], URL_SAFE_NO_PAD.encode(at_hash));
        told.as_object_mut().unwrap().remove("at_hash");
        let now = app.app.clock.now().timestamp();
        assert_eq!(told, json!({
            "iss": ORIGIN, "aud": ["contracts"], "iat": now, "exp": now + 600, "auth_time": now, "nonce": "n-1",
            "sub": app.customer.user, "sid": visit.id, "acr": "urn:keyhaus:acr:password", "amr": ["pwd"],
            "name": "Bäckerei Öztürk GmbH", "preferred_username": "104233", "locale": "de",
            "email": "k104233@kunde.example", "email_verified": true,
            "customer_number": "104233", "account": app.customer.account, "account_name": "Bäckerei Öztürk GmbH",
            "account_kind": "CUSTOMER",
            "rights": ["OWNER", "MANAGE_CONTRACTS", "SEE_INVOICES", "MANAGE_USERS", "READ_KEYS", "MANAGE_KEYS"],
        }));
        let info = user_info(&app, &got).await;
        assert_is_kept_nowhere(&info);
        for claim in ["sub", "sid", "email", "name", "customer_number", "rights"] {
            assert_eq!(info.json()[claim], told[claim], "{claim}");
        }
    }

    async fn no_more_is_said_than_the_scope_asks_for(app: TestApp) {
        let app = with_clients(app);
        let clerk = app.member(app.customer.account, "104233/vertrag", &[Right::ManageContracts]).await;
        let mut browser = app.client(clerk).await;
        let said = told(&mut browser, &[("scope", "openid phone"), ("nonce", "")]).await;
        let got = tokens(&app, &said["code"]).await;
        assert_eq!(got["scope"], "openid");
        let told = claims(&got);
        for claim in ["name", "preferred_username", "locale", "email", "email_verified", "nonce"] {
            assert!(told[claim].is_null(), "{claim}");
        }
        assert_eq!(told["rights"], json!(["MANAGE_CONTRACTS"]));
        assert_eq!(told["customer_number"], "104233");
    }

    async fn the_door_is_shown_to_those_who_manage_contracts_only(app: TestApp) {
        let app = with_clients(app);
        let address = format!("https://contracts.example/start?iss={}", "https%3A%2F%2Fportal.example");
        let doors = app.client(app.customer).await.data(DOORS, json!({})).await["doors"].clone();
        assert_eq!(doors[0], json!({ "id": "contracts", "name": "Vertragsverwaltung", "address": address }));
        assert_eq!(doors.as_array().unwrap().len(), 3);
        for person in [app.bookkeeper, app.technician, app.staff] {
            assert_eq!(app.client(person).await.data(DOORS, json!({})).await["doors"], json!([]));
        }
        let mut program = app.program(app.customer, &[Right::ManageContracts]).await;
        assert_eq!(program.code(DOORS, json!({})).await, "FORBIDDEN");
    }

    async fn those_who_may_not_manage_contracts_are_told_so_and_get_no_code(app: TestApp) {
        let app = with_clients(app);
        for person in [app.bookkeeper, app.technician, app.staff] {
            let mut browser = app.client(person).await;
            let said = told(&mut browser, &[]).await;
            assert_eq!((said["error"].as_str(), said["state"].as_str()), ("access_denied", "s&t"));
            assert!(!said.contains_key("code"));
        }
        assert_eq!(codes(&app).await, 0);
        let refused = (Some("contracts".to_owned()), Some("FORBIDDEN".to_owned()));
        assert_eq!(log(&app).await, [refused.clone(), refused.clone(), refused]);
    }

    async fn whoever_is_not_signed_in_comes_back_with_exactly_the_same_request(app: TestApp) {
        let app = with_clients(app);
        let mut browser = app.anonymous();
        let to = sent_to(&mut browser, &format!("/authorize?{}", asking(&[]))).await;
        let (request, first) = waiting(&to);
        assert_eq!(first, None);
        assert!(!request.contains("contracts"), "it is sealed");
        assert_eq!(sent_to(&mut browser, &format!("/authorize?continue={request}")).await.split('?').next(), Some("/continue"));
        let mut signed_in = app.client(app.customer).await;
        // what stands beside a waiting request does not count
        let aside = asking(&[("redirect_uri", "https://evil.example"), ("state", "evil")]);
        let to = sent_to(&mut signed_in, &format!("/authorize?{aside}&continue={request}")).await;
        assert!(to.starts_with(&format!("{BACK}?code=")), "{to}");
        assert_eq!(parameters(&to)["state"], "s&t");
        assert_eq!(claims(&tokens(&app, &parameters(&to)["code"]).await)["nonce"], "n-1");

        let changed = format!("{}{}", &request[..request.len() - 1], if request.ends_with('A') { 'B' } else { 'A' });
        for wrong in [changed.as_str(), "AAAA", "x y", "https://evil.example"] {
            let path = format!("/authorize?{}", form(&[("continue", wrong)], &[]));
            let answer = signed_in.get(&path).await;
            assert_eq!((answer.status.as_u16(), answer.headers.get("location")), (400, None), "{wrong}");
        }
        app.pass(TimeDelta::minutes(30));
        assert_eq!(signed_in.get(&format!("/authorize?continue={request}")).await.status, 400, "too late");
    }

    async fn nothing_is_ever_sent_to_an_address_that_is_not_the_clients(app: TestApp) {
        let app = with_clients(app);
        let mut browser = app.client(app.customer).await;
        for changed in [
            [("client_id", "nobody"), ("state", "s")],
            [("client_id", ""), ("state", "s")],
            [("redirect_uri", ""), ("state", "s")],
            [("redirect_uri", "https://evil.example/back"), ("state", "s")],
            [("redirect_uri", "https://contracts.example/back/"), ("state", "s")],
            [("redirect_uri", "https://contracts.example/back?x=1"), ("state", "s")],
            [("redirect_uri", "https://contracts.example/backdoor"), ("prompt", "none")],
            [("redirect_uri", "//contracts.example/back"), ("response_mode", "form_post")],
        ] {
            let answer = browser.get(&format!("/authorize?{}", asking(&changed))).await;
            assert_eq!((answer.status.as_u16(), answer.headers.get("location")), (400, None), "{changed:?}");
            assert!(!answer.text().contains("evil.example") && !answer.text().contains("<form"), "{}", answer.text());
        }
        assert_eq!(codes(&app).await, 0);
        assert_eq!(log(&app).await.len(), 8, "each of them is in the log of whoever came with it");
        assert_eq!(app.anonymous().get(&format!("/authorize?{}", asking(&[("client_id", "nobody")]))).await.status, 400);
        let counted = audit_refusal::Entity::find().one(app.db()).await.unwrap().unwrap();
        assert_eq!((counted.act.as_str(), counted.count), ("singleSignOn", 1));
    }

    async fn a_client_is_told_what_is_wrong_with_its_request(app: TestApp) {
        let app = with_clients(app);
        for mut browser in [app.anonymous(), app.client(app.customer).await] {
            for (changed, error) in [
                (("response_type", "token"), "unsupported_response_type"),
                (("code_challenge_method", "plain"), "invalid_request"),
                (("code_challenge", ""), "invalid_request"),
                (("scope", "profile"), "invalid_scope"),
                (("request", "x"), "request_not_supported"),
                (("prompt", "none login"), "invalid_request"),
            ] {
                let said = told(&mut browser, &[changed]).await;
                assert_eq!((said["error"].as_str(), said["state"].as_str(), said["iss"].as_str()), (error, "s&t", ORIGIN));
                assert!(!said.contains_key("code"));
            }
        }
        assert_eq!(codes(&app).await, 0);
    }

    async fn a_redirect_uri_keeps_its_own_query(app: TestApp) {
        let app = with_clients(app);
        let mut browser = app.client(app.customer).await;
        let said = told(&mut browser, &[("redirect_uri", &format!("{BACK}/two?tenant=1"))]).await;
        assert_eq!(said["tenant"], "1");
        assert_eq!(said["code"].len(), 43);
    }

    async fn nothing_is_shown_where_the_client_wants_silence(app: TestApp) {
        let app = with_clients(app);
        assert_eq!(told(&mut app.anonymous(), &[("prompt", "none")]).await["error"], "login_required");
        let mut browser = app.client(app.customer).await;
        assert_eq!(told(&mut browser, &[("prompt", "none")]).await["code"].len(), 43);
        app.pass(TimeDelta::minutes(2));
        assert_eq!(told(&mut browser, &[("prompt", "none"), ("max_age", "60")]).await["error"], "login_required");
        assert_eq!(told(&mut browser, &[("prompt", "none"), ("acr_values", "urn:keyhaus:acr:second-factor")]).await["error"], "interaction_required");
        require_second_factor(&app, app.customer).await;
        assert_eq!(told(&mut browser, &[("prompt", "none")]).await["error"], "interaction_required");
        assert_eq!(codes(&app).await, 1);
    }

    async fn a_session_without_the_second_factor_that_its_account_asks_for_is_sent_to_enrol(app: TestApp) {
        let app = with_clients(app);
        require_second_factor(&app, app.customer).await;
        let mut browser = app.client(app.customer).await;
        let to = sent_to(&mut browser, &format!("/authorize?{}", asking(&[]))).await;
        waiting(&to);
        assert_eq!(codes(&app).await, 0);
    }

    async fn a_dealer_without_a_second_factor_is_sent_to_enrol_where_the_installation_asks_for_it(app: TestApp) {
        let app = with_clients(app).restarted(|settings| settings.require_second_factor = true);
        let mut dealer = app.client(app.dealer).await;
        waiting(&sent_to(&mut dealer, &format!("/authorize?{}", asking(&[]))).await);
        assert_eq!(codes(&app).await, 0);
    }

    async fn a_session_that_awaits_its_second_factor_is_nobody_c09(app: TestApp) {
        let app = with_clients(app);
        let (_, phone) = turn_on(&app, app.customer).await;
        let mut browser = app.anonymous();
        browser.data(SIGN_IN, json!({ "input": { "name": "104233", "password": PASSWORD } })).await;
        assert!(browser.cookie.is_some());
        let to = sent_to(&mut browser, &format!("/authorize?{}", asking(&[]))).await;
        let (request, _) = waiting(&to);
        assert_eq!(told(&mut browser, &[("prompt", "none")]).await["error"], "login_required");
        assert_eq!(codes(&app).await, 0);
        browser.data(VERIFY, json!({ "input": { "code": phone.code(&app, 0) } })).await;
        let said = parameters(&sent_to(&mut browser, &format!("/authorize?continue={request}")).await);
        let told = claims(&tokens(&app, &said["code"]).await);
        assert_eq!((&told["acr"], &told["amr"]), (&json!("urn:keyhaus:acr:second-factor"), &json!(["pwd", "otp", "mfa"])));
    }

    async fn who_asks_for_a_new_login_gets_it_once(app: TestApp) {
        let app = with_clients(app);
        let mut browser = app.client(app.customer).await;
        let first = app.app.clock.now();
        app.pass(TimeDelta::minutes(5));
        for changed in [("prompt", "login"), ("max_age", "0"), ("max_age", "299")] {
            let to = sent_to(&mut browser, &format!("/authorize?{}", asking(&[changed]))).await;
            let (request, what) = waiting(&to);
            assert_eq!(what.as_deref(), Some("proof"), "{changed:?}");
            let (again, _) = waiting(&sent_to(&mut browser, &format!("/authorize?continue={request}")).await);
            let mut other = browser.clone();
            app.pass(TimeDelta::seconds(1));
            other.data(STEP_UP, password()).await;
            app.pass(TimeDelta::seconds(1));
            let said = parameters(&sent_to(&mut other, &format!("/authorize?continue={again}")).await);
            let told = claims(&tokens(&app, &said["code"]).await);
            assert!(told["auth_time"].as_i64().unwrap() > first.timestamp() + 299);
            // a new request asks anew
            waiting(&sent_to(&mut other, &format!("/authorize?{}", asking(&[("prompt", "login")]))).await);
            browser = app.client(app.customer).await;
            app.pass(TimeDelta::minutes(5));
        }
        assert_eq!(told(&mut browser, &[("max_age", "300")]).await["code"].len(), 43);
    }

    async fn a_class_that_the_session_has_not_is_reached_first(app: TestApp) {
        let app = with_clients(app);
        let strong = [("acr_values", "urn:keyhaus:acr:second-factor")];
        let mut browser = app.client(app.customer).await;
        let (_, what) = waiting(&sent_to(&mut browser, &format!("/authorize?{}", asking(&strong))).await);
        assert_eq!(what.as_deref(), Some("factor"), "there is none to give");
        let either = [("acr_values", "urn:keyhaus:acr:second-factor urn:keyhaus:acr:password")];
        assert!(told(&mut browser, &either).await.contains_key("code"));
        assert!(told(&mut browser, &[("acr_values", "urn:other:gold")]).await.contains_key("code"), "a wish, no demand");

        let (_, phone) = turn_on(&app, app.customer).await;
        let mut browser = app.client(app.customer).await; // as if from before that
        let (request, what) = waiting(&sent_to(&mut browser, &format!("/authorize?{}", asking(&strong))).await);
        assert_eq!(what.as_deref(), Some("proof"));
        let given = json!({ "input": { "password": PASSWORD, "code": phone.code(&app, 0) } });
        browser.data(STEP_UP, given).await;
        let said = parameters(&sent_to(&mut browser, &format!("/authorize?continue={request}")).await);
        assert_eq!(claims(&tokens(&app, &said["code"]).await)["acr"], "urn:keyhaus:acr:second-factor");
    }

    async fn a_client_that_expects_somebody_else_gets_nobody(app: TestApp) {
        let app = with_clients(app);
        let mut browser = app.client(app.customer).await;
        let first = code(&mut browser).await;
        let got = tokens(&app, &first).await;
        let hint = ("id_token_hint", got["id_token"].as_str().unwrap());
        assert!(told(&mut browser, &[hint]).await.contains_key("code"));
        let mut stranger = app.client(app.stranger).await;
        assert_eq!(told(&mut stranger, &[hint]).await["error"], "access_denied");
        assert_eq!(told(&mut stranger, &[hint, ("prompt", "none")]).await["error"], "login_required");
        assert_eq!(told(&mut browser, &[("id_token_hint", "x.y.z"), ("prompt", "none")]).await["error"], "login_required");
        assert_eq!(codes(&app).await, 2);
    }

    async fn an_answer_can_be_posted_and_the_page_lets_nothing_else_happen(app: TestApp) {
        let app = with_clients(app);
        let mut browser = app.client(app.customer).await;
        let evil = "\"><script>alert(1)</script>";
        let changed = [("response_mode", "form_post"), ("state", evil)];
        let answer = browser.get(&format!("/authorize?{}", asking(&changed))).await;
        assert_eq!(answer.status, 200);
        assert_is_kept_nowhere(&answer);
        let page = answer.text();
        assert!(page.contains("<form method=\"post\" action=\"https://contracts.example/back\">"), "{page}");
        assert!(page.contains("name=\"state\" value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\""), "{page}");
        let code = page.split("name=\"code\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        let script = page.split("<script>").nth(1).unwrap().split("</script>").next().unwrap();
        let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(script));
        assert!(policy.starts_with("default-src 'none'; ") && policy.contains(&format!("script-src 'sha256-{hash}';")), "{policy}");
        assert!(policy.contains("form-action https://contracts.example;") && policy.contains("frame-ancestors 'none'"));
        assert_eq!(redeem(&app, code, &[]).await.status, 200);
    }

    async fn a_posted_request_is_asked_again_by_the_browser_itself(app: TestApp) {
        let app = with_clients(app);
        let answer = post(&app, "/authorize", &asking(&[]), None).await;
        assert_eq!(answer.status, 303);
        let to = answer.headers["location"].to_str().unwrap().to_owned();
        let mut browser = app.client(app.customer).await;
        assert_eq!(parameters(&sent_to(&mut browser, &to).await)["state"], "s&t");
        let json = Request::post("/authorize").header("content-type", "application/json").body(Body::from("{}")).unwrap();
        assert_eq!(app.anonymous().send(json).await.status, 415);
        assert_eq!(post(&app, "/authorize", &"x".repeat(9000), None).await.status, 413);
    }

    async fn a_personal_access_token_opens_no_door(app: TestApp) {
        let app = with_clients(app);
        let mut program = app.program(app.customer, &[Right::ManageContracts]).await;
        waiting(&sent_to(&mut program, &format!("/authorize?{}", asking(&[]))).await);
        assert_eq!(codes(&app).await, 0);
    }

    async fn a_second_visit_of_one_session_is_the_same_and_the_account_in_view_goes_along(app: TestApp) {
        let app = with_clients(app);
        server::account::add_member(app.db(), &app.app, app.stranger.account, app.customer.user, shared::account::Rights::of(&[Right::ManageContracts])).await.unwrap();
        let mut browser = app.client(app.customer).await;
        let first = claims(&tokens(&app, &code(&mut browser).await).await);
        let switch = "mutation($input: SwitchAccountInput!) { switchAccount(input: $input) { viewer { id } } }";
        browser.data(switch, json!({ "input": { "accountId": app.stranger.account } })).await;
        let second = claims(&tokens(&app, &code(&mut browser).await).await);
        assert_eq!((&first["sid"], &first["sub"]), (&second["sid"], &second["sub"]));
        assert_eq!((&first["customer_number"], &second["customer_number"]), (&json!("104233"), &json!("104871")));
        assert_eq!(second["rights"], json!(["MANAGE_CONTRACTS"]));
        // a step-up gives the session a new token, not a new name
        app.pass(TimeDelta::minutes(1));
        browser.data(STEP_UP, password()).await;
        assert_eq!(claims(&tokens(&app, &code(&mut browser).await).await)["sid"], first["sid"]);
        assert_eq!(sso_visit::Entity::find().count(app.db()).await.unwrap(), 1);
    }
}
