//! The second factor: codes of an app, recovery codes, and accounts that ask for them.
use crate::app::{Client, PASSWORD, Person, TestApp};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use server::entity::{audit, recovery_code, second_factor, second_factor_setup, session};
use std::sync::Arc;
use tokio::sync::Barrier;
use totp_rs::{Algorithm, Builder, Secret};

const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) { needsSecondFactor viewer { id } } }";
const VERIFY: &str = "mutation($input: VerifySecondFactorInput!) { verifySecondFactor(input: $input) { viewer { account { number } secondFactor { isOn recoveryCodesLeft } } } }";
const BEGIN: &str = "mutation { beginSecondFactor { secret uri picturePath pictureSize expiresAt } }";
const CONFIRM: &str =
    "mutation($input: ConfirmSecondFactorInput!) { confirmSecondFactor(input: $input) { recoveryCodes } }";
const DISABLE: &str = "mutation($input: DisableSecondFactorInput!) { disableSecondFactor(input: $input) { isOn } }";
const NEW_CODES: &str =
    "mutation($input: ReplaceRecoveryCodesInput!) { replaceRecoveryCodes(input: $input) { recoveryCodes } }";
const RESET: &str = "mutation($input: ResetSecondFactorInput!) { resetSecondFactor(input: $input) { userId } }";
const REQUIRE: &str = "mutation($input: RequireSecondFactorInput!) { requireSecondFactor(input: $input) { viewer { secondFactor { isRequiredByAccount } } } }";
const STEP_UP: &str = "mutation($input: StepUpInput!) { stepUp(input: $input) { validUntil } }";
const STATE: &str = "{ viewer { needsSecondFactor secondFactor { isOn recoveryCodesLeft isRequired } } }";

fn with_code(code: &str) -> Value {
    json!({ "input": { "code": code } })
}

/// Somebody's app.
pub(crate) struct App {
    secret: Vec<u8>,
    recovery_codes: Vec<String>,
}

impl App {
    /// Out of the secret as it was shown.
    fn of(secret: &str) -> Self {
        let bits = secret.bytes().filter(|byte| *byte != b' ').map(|byte| match byte {
            b'A'..=b'Z' => byte - b'A',
            _ => byte - b'2' + 26,
        });
        let (mut bytes, mut buffer, mut count) = (Vec::new(), 0_u32, 0);
        for five in bits {
            buffer = (buffer << 5) | u32::from(five);
            count += 5;
            if count >= 8 {
                count -= 8;
                bytes.push((buffer >> count) as u8);
            }
        }
        Self {
            secret: bytes,
            recovery_codes: Vec::new(),
        }
    }

    fn code_at(&self, time: DateTime<Utc>) -> String {
        let totp = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_step_duration(30)
            .with_secret(Secret::from(self.secret.clone()))
            .build()
            .unwrap();
        totp.generate(time.timestamp().try_into().unwrap()).to_string()
    }

    /// What it shows so many steps from now.
    pub(crate) fn code(&self, app: &TestApp, steps: i32) -> String {
        self.code_at(app.app.clock.now() + TimeDelta::seconds(30) * steps)
    }

    /// A code that is none of those that count.
    fn wrong_code(&self, app: &TestApp) -> String {
        self.code(app, 1000)
    }
}

/// Sets a second factor up for a person, and waits for the next code.
pub(crate) async fn turn_on(app: &TestApp, person: Person) -> (Client, App) {
    let mut browser = app.client(person).await;
    let begun = browser.data(BEGIN, json!({})).await;
    let mut phone = App::of(begun["beginSecondFactor"]["secret"].as_str().unwrap());
    let done = browser.data(CONFIRM, with_code(&phone.code(app, 0))).await;
    let codes = done["confirmSecondFactor"]["recoveryCodes"].as_array().unwrap();
    phone.recovery_codes = codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect();
    app.pass(TimeDelta::minutes(2));
    (browser, phone)
}

/// The password is right.
async fn half(app: &TestApp, name: &str) -> Client {
    let mut browser = app.anonymous();
    let data = browser
        .data(SIGN_IN, json!({ "input": { "name": name, "password": PASSWORD } }))
        .await;
    assert_eq!(data["signIn"], json!({ "needsSecondFactor": true, "viewer": null }));
    browser
}

async fn sessions(app: &TestApp) -> u64 {
    let whole = session::Entity::find().filter(session::COLUMN.awaits_second_factor.eq(false));
    whole.count(app.db()).await.unwrap()
}

async fn subjects(app: &TestApp) -> Vec<String> {
    app.mails().await.into_iter().map(|mail| mail.subject).collect()
}

crate::on_both! {
    async fn a_code_counts_one_step_early_or_late_and_no_further_c04(app: TestApp) {
        let (_, phone) = turn_on(&app, app.customer).await;
        for (steps, is_right) in [(-2, false), (2, false), (-1, true), (0, true), (1, true)] {
            let mut browser = half(&app, "104233").await;
            let answer = browser.graphql(VERIFY, with_code(&phone.code(&app, steps))).await;
            assert_eq!(answer["errors"].is_null(), is_right, "{steps}: {answer}");
        }
    }

    async fn a_code_works_once_and_no_older_one_after_it_c02(app: TestApp) {
        let (_, phone) = turn_on(&app, app.customer).await;
        let mut browser = half(&app, "104233").await;
        let data = browser.data(VERIFY, with_code(&phone.code(&app, 0))).await;
        assert_eq!(data["verifySecondFactor"]["viewer"], json!({ "account": { "number": "104233" }, "secondFactor": { "isOn": true, "recoveryCodesLeft": 10 } }));
        let before = sessions(&app).await;
        for steps in [0, -1] {
            let mut again = half(&app, "104233").await;
            let refusal = again.refusal(VERIFY, with_code(&phone.code(&app, steps))).await;
            assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("code"), &json!("WRONG_CODE")));
        }
        assert_eq!(sessions(&app).await, before);
    }

    async fn the_same_code_in_fifty_requests_at_once_opens_one_session_c03(app: TestApp) {
        let (_, phone) = turn_on(&app, app.customer).await;
        let before = sessions(&app).await;
        let code = phone.code(&app, 0);
        let barrier = Arc::new(Barrier::new(50));
        let mut tries = Vec::new();
        for _ in 0..50 {
            let (mut browser, code, barrier) = (half(&app, "104233").await, code.clone(), Arc::clone(&barrier));
            tries.push(tokio::spawn(async move {
                barrier.wait().await;
                browser.graphql(VERIFY, with_code(&code)).await["errors"].is_null()
            }));
        }
        let mut opened = 0;
        for attempt in tries {
            opened += usize::from(attempt.await.unwrap());
        }
        assert_eq!((opened, sessions(&app).await - before), (1, 1));
    }

    async fn an_hour_set_back_does_not_open_used_codes_again_c13(app: TestApp) {
        let (_, phone) = turn_on(&app, app.customer).await;
        let used = phone.code(&app, 0);
        half(&app, "104233").await.data(VERIFY, with_code(&used)).await;
        for _ in 0..3 {
            app.pass(TimeDelta::seconds(-40));
            let mut browser = half(&app, "104233").await;
            for code in [used.clone(), phone.code(&app, 0)] {
                assert_eq!(browser.refusal(VERIFY, with_code(&code)).await["reason"], "WRONG_CODE");
            }
        }
    }

    async fn guesses_are_counted_across_all_half_sessions_and_told_to_the_person_c05_b13(app: TestApp) {
        let (_, phone) = turn_on(&app, app.customer).await;
        for tried in 1..=5 {
            let mut browser = half(&app, "104233").await;
            assert_eq!(browser.refusal(VERIFY, with_code(&phone.wrong_code(&app))).await["reason"], "WRONG_CODE");
            let told = subjects(&app).await.iter().filter(|subject| subject.contains("falscher Code")).count();
            assert_eq!(told, usize::from(tried >= 3), "{:?}", subjects(&app).await);
        }
        let mut browser = half(&app, "104233").await;
        let locked = browser.graphql(VERIFY, with_code(&phone.code(&app, 0))).await;
        assert_eq!(locked["errors"][0]["extensions"]["reason"], "WRONG_CODE", "a right code is told like a wrong one");
        assert_eq!(browser.refusal(VERIFY, with_code(&phone.recovery_codes[0])).await["reason"], "WRONG_CODE");
        app.pass(TimeDelta::minutes(15));
        half(&app, "104233").await.data(VERIFY, with_code(&phone.code(&app, 0))).await;
    }

    async fn the_secret_has_160_bits_is_sealed_and_shown_once_c06(app: TestApp) {
        let mut browser = app.client(app.customer).await;
        let begun = browser.data(BEGIN, json!({})).await["beginSecondFactor"].clone();
        let shown = begun["secret"].as_str().unwrap();
        let phone = App::of(shown);
        assert_eq!(phone.secret.len() * 8, 160);
        let plain = shown.replace(' ', "");
        assert!(begun["uri"].as_str().unwrap().starts_with("otpauth://totp/Lindwerk%20Netze%20GmbH:") && begun["uri"].as_str().unwrap().contains(&format!("secret={plain}&")));
        let setup = second_factor_setup::Entity::find().one(app.db()).await.unwrap().unwrap();
        browser.data(CONFIRM, with_code(&phone.code(&app, 0))).await;
        let row = second_factor::Entity::find().one(app.db()).await.unwrap().unwrap();
        for sealed in [setup.sealed, row.sealed] {
            assert!(!sealed.windows(20).any(|window| window == phone.secret));
            assert!(!sealed.windows(plain.len()).any(|window| window == plain.as_bytes()));
        }
        assert_eq!(second_factor_setup::Entity::find().count(app.db()).await.unwrap(), 0);
        let sdl = server::graphql::sdl();
        let (_, factor) = sdl.split_once("type SecondFactor {").unwrap();
        assert!(!factor.split('}').next().unwrap().contains("ecret"), "what is on shows no secret");
    }

    async fn it_is_turned_on_with_a_fresh_password_and_a_code_of_the_secret_within_ten_minutes_c07_d07(app: TestApp) {
        let mut browser = app.client(app.customer).await;
        assert_eq!(browser.refusal(CONFIRM, with_code("123456")).await["reason"], "SETUP_EXPIRED", "without a secret of the server's");
        app.pass(TimeDelta::minutes(10));
        assert_eq!(browser.code(BEGIN, json!({})).await, "STEP_UP_REQUIRED");
        assert_eq!(second_factor_setup::Entity::find().count(app.db()).await.unwrap(), 0);
        browser.data(STEP_UP, json!({ "input": { "password": PASSWORD } })).await;
        let begun = browser.data(BEGIN, json!({})).await;
        let phone = App::of(begun["beginSecondFactor"]["secret"].as_str().unwrap());
        for code in [phone.wrong_code(&app), String::new(), "abc".to_owned()] {
            let refusal = browser.refusal(CONFIRM, with_code(&code)).await;
            assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("code"), &json!("WRONG_CODE")), "{code}");
        }
        app.pass(TimeDelta::minutes(10));
        browser.data(STEP_UP, json!({ "input": { "password": PASSWORD } })).await;
        assert_eq!(browser.refusal(CONFIRM, with_code(&phone.code(&app, 0))).await["reason"], "SETUP_EXPIRED");
        assert_eq!(second_factor::Entity::find().count(app.db()).await.unwrap(), 0);
        assert_eq!(browser.data(STATE, json!({})).await["viewer"]["secondFactor"]["isOn"], false);
    }

    async fn turning_it_on_ends_other_sessions_and_is_told_by_mail_c08_d05(app: TestApp) {
        let mut other = app.client(app.customer).await;
        let (mut browser, _) = turn_on(&app, app.customer).await;
        assert_eq!(other.data(STATE, json!({})).await, json!({ "viewer": null }));
        assert_eq!(browser.data(STATE, json!({})).await["viewer"]["secondFactor"], json!({ "isOn": true, "recoveryCodesLeft": 10, "isRequired": false }));
        assert_eq!(subjects(&app).await.last().unwrap(), "Zwei-Faktor-Anmeldung eingeschaltet");
    }

    async fn turning_it_off_takes_password_and_code_and_ends_other_sessions_c08_d05(app: TestApp) {
        let (mut browser, phone) = turn_on(&app, app.customer).await;
        let mut other = half(&app, "104233").await;
        other.data(VERIFY, with_code(&phone.code(&app, 0))).await;
        app.pass(TimeDelta::minutes(10));
        assert_eq!(browser.code(DISABLE, with_code(&phone.code(&app, 0))).await, "STEP_UP_REQUIRED", "a stolen cookie and a code");
        browser.data(STEP_UP, json!({ "input": { "password": PASSWORD, "code": phone.code(&app, 0) } })).await;
        for code in ["", "000000", &phone.code(&app, 0)] {
            assert_eq!(browser.refusal(DISABLE, with_code(code)).await["reason"], "WRONG_CODE", "{code}: none, wrong, or used for the step-up");
        }
        assert_eq!(second_factor::Entity::find().count(app.db()).await.unwrap(), 1);
        app.pass(TimeDelta::seconds(30));
        browser.data(DISABLE, with_code(&phone.code(&app, 0))).await;
        assert_eq!((second_factor::Entity::find().count(app.db()).await.unwrap(), recovery_code::Entity::find().count(app.db()).await.unwrap()), (0, 0));
        assert_eq!(other.data(STATE, json!({})).await, json!({ "viewer": null }));
        assert_eq!(browser.data(STATE, json!({})).await["viewer"]["secondFactor"]["isOn"], false);
        assert_eq!(subjects(&app).await.last().unwrap(), "Zwei-Faktor-Anmeldung ausgeschaltet");
        assert_eq!(browser.code(DISABLE, with_code("000000")).await, "NOT_FOUND");
    }

    async fn another_app_takes_its_place_only_with_a_code_of_the_former_c08(app: TestApp) {
        let (mut browser, former) = turn_on(&app, app.customer).await;
        let begun = browser.data(BEGIN, json!({})).await;
        let next = App::of(begun["beginSecondFactor"]["secret"].as_str().unwrap());
        for current in [Value::Null, json!(former.wrong_code(&app)), json!(next.code(&app, 0))] {
            let refusal = browser.refusal(CONFIRM, json!({ "input": { "code": next.code(&app, 0), "currentCode": current } })).await;
            assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("currentCode"), &json!("WRONG_CODE")));
        }
        browser.data(CONFIRM, json!({ "input": { "code": next.code(&app, 0), "currentCode": former.code(&app, 0) } })).await;
        assert!(subjects(&app).await.last().unwrap().contains("Zwei-Faktor"));
        app.pass(TimeDelta::minutes(16)); // the wrong ones above are counted
        let mut again = half(&app, "104233").await;
        for code in [former.code(&app, 0), former.recovery_codes[0].clone()] {
            assert_eq!(again.refusal(VERIFY, with_code(&code)).await["reason"], "WRONG_CODE");
        }
        again.data(VERIFY, with_code(&next.code(&app, 0))).await;
    }

    async fn a_recovery_code_works_once_even_twenty_times_at_once_and_is_told_by_mail_c11(app: TestApp) {
        let (_, phone) = turn_on(&app, app.customer).await;
        let all: std::collections::BTreeSet<_> = phone.recovery_codes.iter().collect();
        assert_eq!((all.len(), phone.recovery_codes[0].replace('-', "").len() * 5), (10, 80));
        for row in recovery_code::Entity::find().all(app.db()).await.unwrap() {
            assert_eq!(row.code_hash.len(), 32);
        }
        let barrier = Arc::new(Barrier::new(20));
        let mut tries = Vec::new();
        for _ in 0..20 {
            let (mut browser, barrier) = (half(&app, "104233").await, Arc::clone(&barrier));
            let typed = phone.recovery_codes[0].to_lowercase().replace('-', " ");
            tries.push(tokio::spawn(async move {
                barrier.wait().await;
                browser.graphql(VERIFY, with_code(&typed)).await["errors"].is_null()
            }));
        }
        let mut opened = 0;
        for attempt in tries {
            opened += usize::from(attempt.await.unwrap());
        }
        assert_eq!(opened, 1);
        app.pass(TimeDelta::minutes(16));
        let mut browser = half(&app, "104233").await;
        assert_eq!(browser.refusal(VERIFY, with_code(&phone.recovery_codes[0])).await["reason"], "WRONG_CODE");
        let data = browser.data(VERIFY, with_code(&phone.recovery_codes[1])).await;
        assert_eq!(data["verifySecondFactor"]["viewer"]["secondFactor"]["recoveryCodesLeft"], 8);
        assert_eq!(subjects(&app).await.iter().filter(|subject| subject.contains("Ersatzcode verwendet")).count(), 2, "{:?}", subjects(&app).await);
    }

    async fn a_new_set_of_recovery_codes_ends_the_former_c11(app: TestApp) {
        let (mut browser, phone) = turn_on(&app, app.customer).await;
        assert_eq!(browser.refusal(NEW_CODES, with_code(&phone.wrong_code(&app))).await["reason"], "WRONG_CODE");
        let data = browser.data(NEW_CODES, with_code(&phone.code(&app, 0))).await;
        let fresh = data["replaceRecoveryCodes"]["recoveryCodes"][0].as_str().unwrap().to_owned();
        let mut again = half(&app, "104233").await;
        assert_eq!(again.refusal(VERIFY, with_code(&phone.recovery_codes[0])).await["reason"], "WRONG_CODE");
        again.data(VERIFY, with_code(&fresh)).await;
    }

    async fn the_half_sign_in_ends_after_ten_minutes_and_its_cookie_is_replaced_c09_d03(app: TestApp) {
        let (_, phone) = turn_on(&app, app.customer).await;
        let mut late = half(&app, "104233").await;
        assert_eq!(late.data(STATE, json!({})).await, json!({ "viewer": null }));
        app.pass(TimeDelta::minutes(10));
        assert_eq!(late.code(VERIFY, with_code(&phone.code(&app, 0))).await, "UNAUTHENTICATED");
        let mut browser = half(&app, "104233").await;
        let planted = browser.cookie.clone();
        browser.data(VERIFY, with_code(&phone.code(&app, 0))).await;
        assert_ne!(browser.cookie, planted);
        browser.cookie = planted;
        assert_eq!(browser.data(STATE, json!({})).await, json!({ "viewer": null }));
        app.pass(TimeDelta::seconds(30));
        assert_eq!(browser.code(VERIFY, with_code(&phone.code(&app, 0))).await, "UNAUTHENTICATED");
    }

    async fn stepping_up_takes_a_code_too_where_one_is_on_d07(app: TestApp) {
        let (mut browser, phone) = turn_on(&app, app.customer).await;
        app.pass(TimeDelta::minutes(10));
        assert_eq!(browser.code(BEGIN, json!({})).await, "STEP_UP_REQUIRED");
        let refusal = browser.refusal(STEP_UP, json!({ "input": { "password": PASSWORD } })).await;
        assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("code"), &json!("MISSING")));
        let refusal = browser.refusal(STEP_UP, json!({ "input": { "password": PASSWORD, "code": phone.wrong_code(&app) } })).await;
        assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("code"), &json!("WRONG_CODE")));
        assert_eq!(browser.code(BEGIN, json!({})).await, "STEP_UP_REQUIRED");
        browser.data(STEP_UP, json!({ "input": { "password": PASSWORD, "code": phone.code(&app, 0) } })).await;
        browser.data(BEGIN, json!({})).await;
    }

    async fn codes_and_secrets_are_not_in_the_log_c12(app: TestApp) {
        let log = crate::log::Captured::begin();
        let (_, phone) = turn_on(&app, app.customer).await;
        let mut browser = half(&app, "104233").await;
        let wrong = phone.wrong_code(&app);
        browser.graphql(VERIFY, with_code(&wrong)).await;
        browser.data(VERIFY, with_code(&phone.recovery_codes[0])).await;
        let logged = log.text();
        assert!(logged.contains("answered method=POST"), "the log tells of the requests: {logged}");
        let acts = audit::Entity::find().all(app.db()).await.unwrap();
        for secret in [&phone.recovery_codes[0], &format!("\"{wrong}\"")] {
            assert!(!logged.contains(secret.as_str()));
            assert!(acts.iter().all(|act| act.object.as_deref().is_none_or(|object| !object.contains(secret.as_str()))));
        }
    }

    async fn whoever_manages_users_takes_a_lost_one_off_within_his_rights(app: TestApp) {
        let (mut lost, _) = turn_on(&app, app.bookkeeper).await;
        let of = |person: Person| json!({ "input": { "userId": person.user } });
        for person in [app.stranger, app.dealer] {
            assert_eq!(app.client(person).await.code(RESET, of(app.bookkeeper)).await, "NOT_FOUND");
        }
        assert_eq!(app.client(app.bookkeeper).await.code(RESET, of(app.customer)).await, "FORBIDDEN");
        assert_eq!(lost.data(STATE, json!({})).await["viewer"]["secondFactor"]["isOn"], true);
        let mut owner = app.client(app.customer).await;
        app.pass(TimeDelta::minutes(10));
        assert_eq!(owner.code(RESET, of(app.bookkeeper)).await, "STEP_UP_REQUIRED");
        owner.data(STEP_UP, json!({ "input": { "password": PASSWORD } })).await;
        owner.data(RESET, of(app.bookkeeper)).await;
        assert_eq!(lost.data(STATE, json!({})).await, json!({ "viewer": null }));
        let mail = app.mails().await.pop().unwrap();
        assert_eq!(mail.recipient, "buchhaltung@oeztuerk.example");
        let data = app.anonymous().data(SIGN_IN, json!({ "input": { "name": "104233/buch", "password": PASSWORD } })).await;
        assert_eq!(data["signIn"]["needsSecondFactor"], false);
        let act = audit::Entity::find().filter(audit::COLUMN.act.eq("resetSecondFactor")).filter(audit::COLUMN.is_allowed.eq(true)).one(app.db()).await.unwrap().unwrap();
        assert_eq!((act.user_id, act.account_id, act.object), (Some(app.customer.user), Some(app.customer.account), Some(app.bookkeeper.user.to_string())));
    }

    async fn staff_takes_the_one_of_an_owner_off_and_it_stands_in_his_accounts_log(app: TestApp) {
        turn_on(&app, app.customer).await;
        let mut staff = app.client(app.staff).await;
        for reason in [Value::Null, json!("  "), json!("x".repeat(501))] {
            let refusal = staff.refusal(RESET, json!({ "input": { "userId": app.customer.user, "reason": reason } })).await;
            assert_eq!(refusal["field"], "reason", "{reason}");
        }
        assert_eq!(second_factor::Entity::find().count(app.db()).await.unwrap(), 1);
        let why = " Telefon verloren,\n Ausweis gezeigt ";
        staff.data(RESET, json!({ "input": { "userId": app.customer.user, "reason": why } })).await;
        assert_eq!(second_factor::Entity::find().count(app.db()).await.unwrap(), 0);
        let act = audit::Entity::find().filter(audit::COLUMN.act.eq("resetSecondFactor")).filter(audit::COLUMN.is_allowed.eq(true)).one(app.db()).await.unwrap().unwrap();
        assert_eq!((act.account_id, act.reason.as_deref()), (Some(app.customer.account), Some("Telefon verloren, Ausweis gezeigt")));
        let log = app.client(app.customer).await.data("{ auditEntries(filter: { act: \"resetSecondFactor\" }) { nodes { reason doer } } }", json!({})).await;
        assert_eq!(log["auditEntries"]["nodes"][0], json!({ "reason": "Telefon verloren, Ausweis gezeigt", "doer": "PROVIDER" }));
        assert_eq!(staff.code(RESET, json!({ "input": { "userId": app.customer.user } })).await, "NOT_FOUND");
    }

    async fn an_account_whose_owner_asks_for_it_is_closed_to_members_without_one(app: TestApp) {
        let is_required = |is_required: bool| json!({ "input": { "isRequired": is_required } });
        let mut member = app.client(app.bookkeeper).await;
        assert_eq!(member.code(REQUIRE, is_required(true)).await, "FORBIDDEN");
        assert_eq!(app.client(app.customer).await.code(REQUIRE, is_required(true)).await, "SECOND_FACTOR_REQUIRED", "the owner goes first");
        let (mut owner, _) = turn_on(&app, app.customer).await;
        let data = owner.data(REQUIRE, is_required(true)).await;
        assert_eq!(data["requireSecondFactor"]["viewer"]["secondFactor"]["isRequiredByAccount"], true);
        assert_eq!(member.code("{ invoices { totalCount } }", json!({})).await, "SECOND_FACTOR_REQUIRED");
        assert_eq!(member.data(STATE, json!({})).await["viewer"]["needsSecondFactor"], true);
        owner.data("{ invoices { totalCount } }", json!({})).await;
        owner.data(REQUIRE, is_required(false)).await;
        member.data("{ invoices { totalCount } }", json!({})).await;
    }

    async fn dealers_and_staff_may_only_set_it_up_where_the_setting_says_so(app: TestApp) {
        let app = app.restarted(|settings| settings.require_second_factor = true);
        for (person, operation) in [(app.dealer, "{ assignments { totalCount } }"), (app.staff, "{ customers { totalCount } }")] {
            let mut browser = app.client(person).await;
            assert_eq!(browser.code(operation, json!({})).await, "SECOND_FACTOR_REQUIRED");
            assert_eq!(browser.data(STATE, json!({})).await["viewer"], json!({ "needsSecondFactor": true, "secondFactor": { "isOn": false, "recoveryCodesLeft": 0, "isRequired": true } }));
            let (mut browser, _) = turn_on(&app, person).await;
            browser.data(operation, json!({})).await;
            assert_eq!(browser.data(STATE, json!({})).await["viewer"]["needsSecondFactor"], false);
        }
        app.client(app.customer).await.data("{ invoices { totalCount } }", json!({})).await;
    }
}
