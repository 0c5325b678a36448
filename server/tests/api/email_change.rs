//! Changing the own e-mail address: asked, confirmed by the new mailbox, told to the old one, taken back from there.
use crate::app::{Client, ORIGIN, PASSWORD, Person, TestApp};
use chrono::TimeDelta;
use futures::future::join_all;
use sea_orm::{EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use server::entity::{audit, link, mail, session, sign_in_name, token, user};

const ASK: &str = "mutation($input: ChangeEmailInput!) { changeEmail(input: $input) { pendingEmail } }";
const CONFIRM: &str = "mutation($input: ConfirmAddressInput!) { confirmAddress(input: $input) {
    confirmed { purpose email accountName } } }";
const UNDO: &str =
    "mutation($input: UndoChangeInput!) { undoChange(input: $input) { undone { purpose email accountName } } }";
const LOOK: &str = "query($token: String!) { addressLink(token: $token) { purpose email accountName } }";
const VIEWER: &str = "{ viewer { email pendingEmail } }";
const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) { viewer { email } } }";

const OLD: &str = "k104233@kunde.example";
const NEW: &str = "neu@oeztuerk.example";

fn email(email: &str) -> Value {
    json!({ "input": { "email": email } })
}

fn with_token(token: &str) -> Value {
    json!({ "input": { "token": token } })
}

/// The token in the newest mail, which went to this address, behind this page.
async fn token_for(app: &TestApp, recipient: &str, page: &str) -> String {
    let mail = app.mails().await.pop().unwrap();
    assert_eq!(mail.recipient, recipient, "{}", mail.subject);
    app.pass(TimeDelta::milliseconds(1)); // so that the next mail is the newest for sure
    let prefix = format!("{ORIGIN}/{page}#");
    let link = mail.text.split_whitespace().find_map(|word| word.strip_prefix(&prefix));
    link.unwrap().to_owned()
}

/// Asks for another address and gives the token that its mailbox got.
async fn asked(app: &TestApp, person: Person, address: &str) -> String {
    app.client(person).await.data(ASK, email(address)).await;
    token_for(app, address, "confirmation").await
}

/// Changes the customer's address; gives the token that the former one got.
async fn changed(app: &TestApp, from: &str, to: &str) -> String {
    let token = asked(app, app.customer, to).await;
    app.anonymous().data(CONFIRM, with_token(&token)).await;
    token_for(app, from, "undo").await
}

/// All that a change of address could touch.
async fn state(app: &TestApp) -> (Vec<user::Model>, Vec<sign_in_name::Model>, [u64; 4]) {
    let db = app.db();
    let mut users = user::Entity::find().all(db).await.unwrap();
    users.sort_by_key(|row| row.id);
    let mut names = sign_in_name::Entity::find().all(db).await.unwrap();
    names.sort_by(|a, b| a.name.cmp(&b.name));
    let open_links = link::Entity::find().filter(link::COLUMN.used_at.is_null());
    let acts = audit::Entity::find().filter(audit::COLUMN.is_allowed.eq(true));
    let counts = [
        open_links.count(db).await.unwrap(),
        mail::Entity::find().count(db).await.unwrap(),
        session::Entity::find().count(db).await.unwrap(),
        acts.count(db).await.unwrap(),
    ];
    (users, names, counts)
}

async fn refused(app: &TestApp, client: &mut Client, operation: &str, variables: Value) -> Value {
    let before = state(app).await;
    let refusal = client.refusal(operation, variables.clone()).await;
    assert!(state(app).await == before, "refused and changed something: {variables}");
    refusal
}

async fn signs_in(app: &TestApp, name: &str) -> bool {
    let input = json!({ "input": { "name": name, "password": PASSWORD } });
    app.anonymous().graphql(SIGN_IN, input).await.get("errors").is_none()
}

async fn acts(app: &TestApp) -> Vec<String> {
    let rows = audit::Entity::find().filter(audit::COLUMN.is_allowed.eq(true));
    let mut rows = rows.all(app.db()).await.unwrap();
    rows.sort_by_key(|row| row.id);
    let acts = rows.into_iter().map(|row| row.act);
    acts.filter(|act| act != "signIn").collect()
}

crate::on_both! {
    async fn a_change_that_waits_is_withdrawn_and_its_link_counts_no_longer_f07(app: TestApp) {
        let withdraw = "mutation { withdrawEmailChange { viewer { email pendingEmail } } }";
        let mut customer = app.client(app.customer).await;
        assert_eq!(customer.code(withdraw, json!({})).await, "NOT_FOUND", "nothing waits");
        let token = asked(&app, app.customer, NEW).await;
        assert_eq!(app.client(app.stranger).await.code(withdraw, json!({})).await, "NOT_FOUND", "nothing of his waits");
        assert_eq!(customer.data(VIEWER, json!({})).await["viewer"]["pendingEmail"], NEW);
        let answer = customer.data(withdraw, json!({})).await;
        assert_eq!(answer["withdrawEmailChange"]["viewer"], json!({ "email": OLD, "pendingEmail": null }));
        assert_eq!(app.anonymous().refusal(CONFIRM, with_token(&token)).await["reason"], "LINK_INVALID");
        assert_eq!(customer.code(withdraw, json!({})).await, "NOT_FOUND", "it is withdrawn once");
        let rows = audit::Entity::find().filter(audit::COLUMN.act.eq("withdrawEmailChange")).filter(audit::COLUMN.is_allowed.eq(true));
        assert_eq!(rows.count(app.db()).await.unwrap(), 1);
        let again = asked(&app, app.customer, NEW).await;
        app.anonymous().data(CONFIRM, with_token(&again)).await;
    }

    async fn the_new_address_counts_once_its_mailbox_has_confirmed_it_and_the_old_one_is_told_f07(app: TestApp) {
        let mut client = app.client(app.customer).await;
        assert_eq!(client.data(ASK, email(" Neu@Oeztuerk.example ")).await["changeEmail"]["pendingEmail"], NEW);
        let token = token_for(&app, NEW, "confirmation").await;
        assert_eq!(client.data(VIEWER, json!({})).await["viewer"], json!({ "email": OLD, "pendingEmail": NEW }));
        assert!(signs_in(&app, OLD).await && !signs_in(&app, NEW).await);

        let seen = json!({ "purpose": "EMAIL_CHANGE", "email": NEW, "accountName": null });
        let before = state(&app).await;
        for _ in 0..3 {
            assert_eq!(app.anonymous().data(LOOK, json!({ "token": token })).await["addressLink"], seen);
        }
        assert!(state(&app).await == before, "looking changes nothing");
        assert_eq!(app.anonymous().data(CONFIRM, with_token(&token)).await["confirmAddress"]["confirmed"], seen);

        assert!(!signs_in(&app, OLD).await && signs_in(&app, NEW).await && signs_in(&app, "104233").await);
        let told = app.mails().await.into_iter().rfind(|mail| mail.recipient == OLD).unwrap();
        assert_eq!(told.subject, "Ihre E-Mail-Adresse wurde geändert");
        assert!(told.text.contains(NEW) && told.text.contains("Das waren Sie nicht?"), "{}", told.text);
        assert_eq!(acts(&app).await, ["changeEmail", "confirmAddress"]);
        let mut again = app.anonymous();
        assert_eq!(refused(&app, &mut again, CONFIRM, with_token(&token)).await["reason"], "LINK_INVALID");
    }

    async fn a_change_ends_all_sessions_but_the_one_that_confirms_f07(app: TestApp) {
        let token = asked(&app, app.customer, NEW).await;
        let (mut own, mut other) = (app.client(app.customer).await, app.client(app.customer).await);
        let mut stranger = app.client(app.stranger).await;
        own.data(CONFIRM, with_token(&token)).await;
        assert_eq!(own.data(VIEWER, json!({})).await["viewer"]["email"], NEW);
        assert_eq!(other.data(VIEWER, json!({})).await["viewer"], Value::Null);
        assert_eq!(stranger.data(VIEWER, json!({})).await["viewer"]["email"], "k104871@kunde.example");
    }

    async fn the_old_mailbox_takes_the_change_back_and_all_that_came_with_it_f07(app: TestApp) {
        let undo = changed(&app, OLD, NEW).await;
        app.program(app.customer, &[shared::account::Right::SeeInvoices]).await;
        let mut thief = app.client(app.customer).await;
        thief.data(ASK, email("noch-eine@example.org")).await;
        app.pass(TimeDelta::milliseconds(1));
        let seen = json!({ "purpose": "EMAIL_UNDO", "email": OLD, "accountName": null });
        assert_eq!(app.anonymous().data(UNDO, with_token(&undo)).await["undoChange"]["undone"], seen);

        assert_eq!(thief.data(VIEWER, json!({})).await["viewer"], Value::Null);
        assert!(!signs_in(&app, NEW).await && !signs_in(&app, OLD).await, "the password counts no longer");
        let row = user::Entity::find_by_id(app.customer.user).one(app.db()).await.unwrap().unwrap();
        assert_eq!((row.email.as_deref(), row.password_hash), (Some(OLD), None));
        assert_eq!(token::Entity::find().count(app.db()).await.unwrap(), 0);
        let mail = app.mails().await.pop().unwrap();
        assert_eq!((mail.recipient.as_str(), mail.subject.as_str()), (OLD, "Ihre E-Mail-Adresse gilt wieder: wählen Sie ein neues Passwort"));
        assert!(mail.text.contains(&format!("{ORIGIN}/password#")), "{}", mail.text);
        let open: Vec<_> = link::Entity::find().filter(link::COLUMN.used_at.is_null()).all(app.db()).await.unwrap();
        assert_eq!(open.iter().map(|row| row.email.as_str()).collect::<Vec<_>>(), [OLD], "no other link counts");
        assert_eq!(acts(&app).await.last().unwrap(), "undoChange");
    }

    async fn who_changed_twice_is_taken_back_to_the_first_address_and_no_further_f07(app: TestApp) {
        let to_old = changed(&app, OLD, NEW).await;
        let to_new = changed(&app, NEW, "dritte@example.org").await;
        app.anonymous().data(UNDO, with_token(&to_old)).await;
        let mut client = app.anonymous();
        assert_eq!(refused(&app, &mut client, UNDO, with_token(&to_new)).await["reason"], "LINK_INVALID");
        let row = user::Entity::find_by_id(app.customer.user).one(app.db()).await.unwrap().unwrap();
        assert_eq!(row.email.as_deref(), Some(OLD));
    }

    async fn the_links_of_a_change_work_for_a_day_and_those_that_take_it_back_for_seven_f01_f07(app: TestApp) {
        let token = asked(&app, app.customer, NEW).await;
        app.pass(TimeDelta::hours(24));
        let mut client = app.anonymous();
        assert_eq!(refused(&app, &mut client, CONFIRM, with_token(&token)).await["reason"], "LINK_INVALID");
        let undo = changed(&app, OLD, NEW).await;
        app.pass(TimeDelta::days(7));
        assert_eq!(refused(&app, &mut client, UNDO, with_token(&undo)).await["reason"], "LINK_INVALID");
        assert_eq!(refused(&app, &mut client, LOOK, json!({ "token": undo })).await["reason"], "LINK_INVALID");
    }

    async fn of_two_confirmations_at_once_one_counts_f01_f07(app: TestApp) {
        let token = asked(&app, app.customer, NEW).await;
        let tries = (0..8).map(|_| { let (mut client, input) = (app.anonymous(), with_token(&token)); async move { client.graphql(CONFIRM, input).await } });
        let answers = join_all(tries).await;
        assert_eq!(answers.iter().filter(|answer| answer.get("errors").is_none()).count(), 1, "{answers:?}");
        assert_eq!(app.mails().await.len(), 2, "the link and one notice");
    }

    async fn a_second_wish_ends_the_first_f03(app: TestApp) {
        let first = asked(&app, app.customer, NEW).await;
        let second = asked(&app, app.customer, "andere@oeztuerk.example").await;
        let mut client = app.anonymous();
        assert_eq!(refused(&app, &mut client, CONFIRM, with_token(&first)).await["reason"], "LINK_INVALID");
        client.data(CONFIRM, with_token(&second)).await;
    }

    async fn a_taken_address_is_answered_like_a_free_one_and_refused_to_its_reader_alone_b09_f07(app: TestApp) {
        let taken = "k104871@kunde.example";
        let mut client = app.client(app.customer).await;
        let free = client.data(ASK, email("frei@example.org")).await.to_string();
        app.pass(TimeDelta::milliseconds(1));
        let answer = client.data(ASK, email(taken)).await.to_string();
        assert_eq!(free.replace("frei@example.org", taken), answer);
        let mails = app.mails().await;
        assert_eq!(mails[0].subject, mails[1].subject);
        let token = token_for(&app, taken, "confirmation").await;
        let mut reader = app.anonymous();
        assert_eq!(refused(&app, &mut reader, CONFIRM, with_token(&token)).await["reason"], "ALREADY_REGISTERED");
        assert!(signs_in(&app, taken).await);
    }

    async fn two_who_want_the_same_address_do_not_both_get_it_f07(app: TestApp) {
        let one = asked(&app, app.customer, NEW).await;
        let two = asked(&app, app.stranger, NEW).await;
        app.anonymous().data(CONFIRM, with_token(&two)).await;
        app.pass(TimeDelta::milliseconds(1));
        let mut client = app.anonymous();
        assert_eq!(refused(&app, &mut client, CONFIRM, with_token(&one)).await["reason"], "ALREADY_REGISTERED");
    }

    async fn an_address_that_somebody_else_has_by_now_is_not_given_back_f07(app: TestApp) {
        let undo = changed(&app, OLD, NEW).await;
        let token = asked(&app, app.stranger, OLD).await;
        app.anonymous().data(CONFIRM, with_token(&token)).await;
        let mut client = app.anonymous();
        assert_eq!(refused(&app, &mut client, UNDO, with_token(&undo)).await["reason"], "ALREADY_REGISTERED");
    }

    async fn another_address_needs_the_password_given_lately_d07_f07(app: TestApp) {
        let mut client = app.client(app.customer).await;
        app.pass(TimeDelta::minutes(11));
        assert_eq!(refused(&app, &mut client, ASK, email(NEW)).await["code"], "STEP_UP_REQUIRED");
    }

    async fn what_is_no_address_and_what_is_the_own_one_are_refused_by_field_f06(app: TestApp) {
        let mut client = app.client(app.customer).await;
        for (wrong, reason) in [("", "NOT_AN_EMAIL"), ("x", "NOT_AN_EMAIL"), ("a@example.org\r\nBcc: b@example.org", "NOT_AN_EMAIL"), (OLD, "ADDRESS_LISTED"), ("K104233@kunde.example", "ADDRESS_LISTED")] {
            let refusal = refused(&app, &mut client, ASK, email(wrong)).await;
            assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("email"), &json!(reason)), "{wrong:?}");
        }
    }

    async fn nobodys_mailbox_is_filled_by_wishes_f07(app: TestApp) {
        let mut client = app.client(app.customer).await;
        for _ in 0..5 {
            client.data(ASK, email(NEW)).await;
        }
        assert_eq!(refused(&app, &mut client, ASK, email(NEW)).await["code"], "THROTTLED");
        assert_eq!(app.mails().await.len(), 5);
    }
}
