//! The data of an account, its contact person, where its invoices go; and what a user says of himself.
use crate::app::{Client, ORIGIN, TestApp};
use chrono::TimeDelta;
use futures::future::join_all;
use sea_orm::{EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use server::{
    account::billing_email::MAX,
    entity::{audit, billing_email, contact_person, link, mail, user},
};

const ACCOUNT: &str = "{ account { account { number name } street vatId since
    contactPerson { name position email phone street postalCode city } billingEmails { id email confirmedAt } } }";
const CONTACT: &str = "mutation($input: ChangeContactPersonInput!) { changeContactPerson(input: $input) {
    contactPerson { name position email phone street postalCode city } } }";
const ADD: &str = "mutation($input: AddBillingEmailInput!) { addBillingEmail(input: $input) {
    billingEmail { id email confirmedAt } } }";
const RESEND: &str =
    "mutation($input: ResendBillingEmailInput!) { resendBillingEmail(input: $input) { billingEmail { id } } }";
const REMOVE: &str = "mutation($input: RemoveBillingEmailInput!) { removeBillingEmail(input: $input) { id } }";
const CONFIRM: &str = "mutation($input: ConfirmAddressInput!) { confirmAddress(input: $input) {
    confirmed { purpose email accountName } } }";
const UNDO: &str = "mutation($input: UndoChangeInput!) { undoChange(input: $input) { undone { purpose email } } }";
const PROFILE: &str = "mutation($input: ChangeProfileInput!) { changeProfile(input: $input) { viewer { name } } }";
const PREFER: &str = "mutation($input: ChangePreferencesInput!) { changePreferences(input: $input) {
    viewer { language timeZone } } }";

const OWNER: &str = "k104233@kunde.example";
const BILLS: &str = "rechnung@oeztuerk.example";
const MORE: &str = "steuer@kanzlei.example";

fn input(input: Value) -> Value {
    json!({ "input": input })
}

fn contact() -> Value {
    json!({
        "name": "Emine Öztürk", "position": "Geschäftsführung", "email": "e.oeztuerk@oeztuerk.example",
        "phone": "+49 (0)30 12345-67", "street": "Lindenallee 4", "postalCode": "12043", "city": "Musterstadt",
    })
}

/// The token behind this page in the newest mail to this address.
async fn token_for(app: &TestApp, recipient: &str, page: &str) -> String {
    let mail = app
        .mails()
        .await
        .into_iter()
        .rfind(|mail| mail.recipient == recipient)
        .unwrap();
    app.pass(TimeDelta::milliseconds(1)); // so that the next mail is the newest for sure
    let prefix = format!("{ORIGIN}/{page}#");
    let link = mail.text.split_whitespace().find_map(|word| word.strip_prefix(&prefix));
    link.unwrap().to_owned()
}

/// Adds an address to the customer's account; gives its id and the token that it got.
async fn added(app: &TestApp, email: &str) -> (Value, String) {
    let mut client = app.client(app.customer).await;
    let data = client.data(ADD, input(json!({ "email": email }))).await;
    let row = &data["addBillingEmail"]["billingEmail"];
    assert_eq!((&row["email"], &row["confirmedAt"]), (&json!(email), &Value::Null));
    (row["id"].clone(), token_for(app, email, "confirmation").await)
}

/// Adds an address that counts; gives its id.
async fn confirmed(app: &TestApp, email: &str) -> Value {
    let (id, token) = added(app, email).await;
    app.anonymous().data(CONFIRM, input(json!({ "token": token }))).await;
    app.pass(TimeDelta::milliseconds(1));
    id
}

/// The addresses of the customer that count, and those that wait.
async fn addresses(app: &TestApp) -> (Vec<String>, Vec<String>) {
    let data = app.client(app.customer).await.data(ACCOUNT, json!({})).await;
    let rows = data["account"]["billingEmails"].as_array().unwrap().clone();
    let (counting, waiting): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| !row["confirmedAt"].is_null());
    let emails = |rows: Vec<Value>| {
        rows.iter()
            .map(|row| row["email"].as_str().unwrap().to_owned())
            .collect()
    };
    (emails(counting), emails(waiting))
}

type State = (
    Vec<billing_email::Model>,
    Vec<contact_person::Model>,
    Vec<user::Model>,
    [u64; 3],
);

/// All that these acts could touch, the log of allowed acts included.
async fn state(app: &TestApp) -> State {
    let db = app.db();
    let mut emails = billing_email::Entity::find().all(db).await.unwrap();
    emails.sort_by_key(|row| row.id);
    let mut users = user::Entity::find().all(db).await.unwrap();
    users.sort_by_key(|row| row.id);
    let acts = audit::Entity::find()
        .filter(audit::COLUMN.is_allowed.eq(true))
        .filter(audit::COLUMN.act.ne("signIn"));
    let counts = [
        link::Entity::find()
            .filter(link::COLUMN.used_at.is_null())
            .count(db)
            .await
            .unwrap(),
        mail::Entity::find().count(db).await.unwrap(),
        acts.count(db).await.unwrap(),
    ];
    (
        emails,
        contact_person::Entity::find().all(db).await.unwrap(),
        users,
        counts,
    )
}

async fn refused(app: &TestApp, client: &mut Client, operation: &str, variables: Value) -> Value {
    let before = state(app).await;
    let refusal = client.refusal(operation, variables.clone()).await;
    assert!(
        state(app).await == before,
        "refused and changed something: {operation} {variables}"
    );
    refusal
}

async fn acts(app: &TestApp) -> Vec<String> {
    let rows = audit::Entity::find().filter(audit::COLUMN.is_allowed.eq(true));
    let mut rows = rows.all(app.db()).await.unwrap();
    rows.sort_by_key(|row| row.id);
    rows.into_iter()
        .map(|row| row.act)
        .filter(|act| act != "signIn")
        .collect()
}

crate::on_both! {
    async fn the_contact_person_is_kept_as_typed_and_may_be_changed(app: TestApp) {
        let mut client = app.client(app.customer).await;
        assert_eq!(client.data(ACCOUNT, json!({})).await["account"]["contactPerson"], Value::Null);
        assert_eq!(client.data(CONTACT, input(contact())).await["changeContactPerson"]["contactPerson"], contact());
        let shown = client.data(ACCOUNT, json!({})).await;
        assert_eq!(shown["account"]["contactPerson"], contact());
        assert_eq!(shown["account"]["account"], json!({ "number": "104233", "name": "Bäckerei Öztürk GmbH" }));
        client.data(CONTACT, input(json!({ "name": " Deniz Öztürk ", "phone": " " }))).await;
        let other = &client.data(ACCOUNT, json!({})).await["account"]["contactPerson"];
        assert_eq!((&other["name"], &other["email"], &other["phone"]), (&json!("Deniz Öztürk"), &Value::Null, &Value::Null));
        assert_eq!(acts(&app).await, ["changeContactPerson", "changeContactPerson"]);
    }

    async fn each_field_of_the_contact_person_says_what_is_wrong_with_it(app: TestApp) {
        let mut client = app.client(app.customer).await;
        let (long, too_long) = ("ä".repeat(100), "ä".repeat(101));
        for (field, value, reason) in [
            ("name", "  ", "MISSING"), ("name", &too_long, "TOO_LONG"), ("position", &too_long, "TOO_LONG"),
            ("email", "x@y", "NOT_AN_EMAIL"), ("email", "a@b.example\r\nBcc: c@d.example", "NOT_AN_EMAIL"),
            ("phone", "ruf an", "NOT_A_PHONE_NUMBER"), ("phone", &"1".repeat(41), "TOO_LONG"),
            ("street", &too_long, "TOO_LONG"), ("postalCode", &"1".repeat(17), "TOO_LONG"), ("city", &too_long, "TOO_LONG"),
        ] {
            let mut typed = contact();
            typed[field] = json!(value);
            let refusal = refused(&app, &mut client, CONTACT, input(typed)).await;
            assert_eq!((&refusal["field"], &refusal["reason"]), (&json!(field), &json!(reason)), "{value}");
        }
        let mut typed = contact();
        typed["name"] = json!(long);
        client.data(CONTACT, input(typed)).await;
    }

    async fn another_address_of_the_contact_person_needs_the_password_given_lately_d07(app: TestApp) {
        let mut client = app.client(app.customer).await;
        client.data(CONTACT, input(contact())).await;
        app.pass(TimeDelta::minutes(11));
        let mut other = contact();
        other["email"] = json!("jemand@example.org");
        assert_eq!(refused(&app, &mut client, CONTACT, input(other)).await["code"], "STEP_UP_REQUIRED");
        let mut phone = contact();
        phone["phone"] = json!("030 7654321");
        client.data(CONTACT, input(phone)).await;
    }

    async fn an_address_for_invoices_counts_once_its_mailbox_confirmed_it_and_the_others_are_told_f07(app: TestApp) {
        let (_, token) = added(&app, BILLS).await;
        assert_eq!(addresses(&app).await, (vec![], vec![BILLS.to_owned()]));
        assert_eq!(app.mails().await.len(), 1, "nobody else hears of it before");
        let done = app.anonymous().data(CONFIRM, input(json!({ "token": token }))).await;
        let about = json!({ "purpose": "BILLING_EMAIL", "email": BILLS, "accountName": "Bäckerei Öztürk GmbH" });
        assert_eq!(done["confirmAddress"]["confirmed"], about);
        assert_eq!(addresses(&app).await, (vec![BILLS.to_owned()], vec![]));
        confirmed(&app, MORE).await;
        let told: Vec<_> = app.mails().await.into_iter().filter(|mail| mail.text.contains("/undo#")).map(|mail| mail.recipient).collect();
        assert_eq!(told, [OWNER, OWNER, BILLS]);
        let newest = app.mails().await.pop().unwrap();
        assert_eq!(newest.subject, "Neue Adresse für Rechnungen von Bäckerei Öztürk GmbH");
        assert!(newest.text.contains(MORE), "{}", newest.text);
        assert_eq!(acts(&app).await, ["addBillingEmail", "confirmAddress", "addBillingEmail", "confirmAddress"]);
        let mut again = app.anonymous();
        assert_eq!(refused(&app, &mut again, CONFIRM, input(json!({ "token": token }))).await["reason"], "LINK_INVALID");
    }

    async fn whoever_got_the_invoices_before_takes_a_new_address_off_again_f07(app: TestApp) {
        confirmed(&app, BILLS).await;
        confirmed(&app, "dieb@example.org").await;
        let (by_owner, by_other) = (token_for(&app, OWNER, "undo").await, token_for(&app, BILLS, "undo").await);
        app.anonymous().data(UNDO, input(json!({ "token": by_other }))).await;
        assert_eq!(addresses(&app).await, (vec![BILLS.to_owned()], vec![]));
        let mut client = app.anonymous();
        assert_eq!(refused(&app, &mut client, UNDO, input(json!({ "token": by_owner }))).await["reason"], "LINK_INVALID");
        assert_eq!(acts(&app).await.last().unwrap(), "undoChange");
    }

    async fn an_address_that_is_removed_is_told_and_brings_itself_back_f07(app: TestApp) {
        let id = confirmed(&app, BILLS).await;
        app.client(app.customer).await.data(REMOVE, input(json!({ "id": id }))).await;
        assert_eq!(addresses(&app).await, (vec![], vec![]));
        assert_eq!(app.mails().await.pop().unwrap().subject, "Keine Rechnungen von Bäckerei Öztürk GmbH mehr an diese Adresse");
        let token = token_for(&app, BILLS, "undo").await;
        let mut client = app.client(app.customer).await;
        assert_eq!(refused(&app, &mut client, REMOVE, input(json!({ "id": id }))).await["code"], "NOT_FOUND");
        app.anonymous().data(UNDO, input(json!({ "token": token }))).await;
        assert_eq!(addresses(&app).await, (vec![BILLS.to_owned()], vec![]));
    }

    async fn an_address_that_was_added_again_is_not_brought_back_by_an_old_link_f03(app: TestApp) {
        let id = confirmed(&app, BILLS).await;
        app.client(app.customer).await.data(REMOVE, input(json!({ "id": id }))).await;
        let token = token_for(&app, BILLS, "undo").await;
        added(&app, BILLS).await;
        let mut client = app.anonymous();
        assert_eq!(refused(&app, &mut client, UNDO, input(json!({ "token": token }))).await["reason"], "LINK_INVALID");
        assert_eq!(addresses(&app).await, (vec![], vec![BILLS.to_owned()]));
    }

    async fn another_link_ends_the_former_one_and_an_expired_one_can_be_sent_again_f01_f03(app: TestApp) {
        let (id, first) = added(&app, BILLS).await;
        app.pass(TimeDelta::hours(24));
        let mut client = app.anonymous();
        assert_eq!(refused(&app, &mut client, CONFIRM, input(json!({ "token": first }))).await["reason"], "LINK_INVALID");
        app.client(app.customer).await.data(RESEND, input(json!({ "id": id }))).await;
        let second = token_for(&app, BILLS, "confirmation").await;
        app.client(app.customer).await.data(RESEND, input(json!({ "id": id }))).await;
        let third = token_for(&app, BILLS, "confirmation").await;
        assert_eq!(refused(&app, &mut client, CONFIRM, input(json!({ "token": second }))).await["reason"], "LINK_INVALID");
        client.data(CONFIRM, input(json!({ "token": third }))).await;
        let mut owner = app.client(app.customer).await;
        assert_eq!(refused(&app, &mut owner, RESEND, input(json!({ "id": id }))).await["code"], "CONFLICT");
    }

    async fn a_removed_address_is_confirmed_by_no_link_any_more_f03(app: TestApp) {
        let (id, token) = added(&app, BILLS).await;
        app.client(app.customer).await.data(REMOVE, input(json!({ "id": id }))).await;
        assert_eq!(app.mails().await.len(), 1, "it never counted and is not told");
        let mut client = app.anonymous();
        assert_eq!(refused(&app, &mut client, CONFIRM, input(json!({ "token": token }))).await["reason"], "LINK_INVALID");
    }

    async fn of_two_confirmations_of_an_address_at_once_one_counts_f01(app: TestApp) {
        let (_, token) = added(&app, BILLS).await;
        let tries = (0..8).map(|_| { let (mut client, input) = (app.anonymous(), input(json!({ "token": token }))); async move { client.graphql(CONFIRM, input).await } });
        let answers = join_all(tries).await;
        assert_eq!(answers.iter().filter(|answer| answer.get("errors").is_none()).count(), 1, "{answers:?}");
        assert_eq!(app.mails().await.len(), 2, "the link, and one notice to the owner");
    }

    async fn an_account_has_ten_addresses_each_once_also_when_many_are_added_at_once(app: TestApp) {
        let client = app.client(app.customer).await;
        let tries = (0..MAX + 4).map(|n| {
            let (mut client, input) = (client.clone(), input(json!({ "email": format!("a{n}@example.org") })));
            async move { client.graphql(ADD, input).await }
        });
        let answers = join_all(tries).await;
        let done = answers.iter().filter(|answer| answer.get("errors").is_none()).count();
        assert_eq!((done, addresses(&app).await.1.len()), (MAX, MAX));
        let mut client = client;
        let refusal = refused(&app, &mut client, ADD, input(json!({ "email": "zuviel@example.org" }))).await;
        assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("email"), &json!("TOO_MANY")));
        let listed = addresses(&app).await.1[0].to_uppercase();
        let refusal = refused(&app, &mut client, ADD, input(json!({ "email": listed }))).await;
        assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("email"), &json!("ADDRESS_LISTED")));
        let refusal = refused(&app, &mut client, ADD, input(json!({ "email": "x, y@example.org" }))).await;
        assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("email"), &json!("NOT_AN_EMAIL")));
    }

    async fn changing_where_invoices_go_needs_the_password_given_lately_d07(app: TestApp) {
        let (id, _) = added(&app, BILLS).await;
        let mut client = app.client(app.customer).await;
        app.pass(TimeDelta::minutes(11));
        for (operation, given) in [(ADD, json!({ "email": MORE })), (RESEND, json!({ "id": id })), (REMOVE, json!({ "id": id }))] {
            assert_eq!(refused(&app, &mut client, operation, input(given)).await["code"], "STEP_UP_REQUIRED");
        }
    }

    async fn those_who_see_invoices_or_keys_only_and_other_customers_change_nothing_e01(app: TestApp) {
        let (id, _) = added(&app, BILLS).await;
        let with_id = || input(json!({ "id": id }));
        for person in [app.bookkeeper, app.technician, app.staff] {
            let mut client = app.client(person).await;
            for (operation, given) in [(ACCOUNT, json!({})), (CONTACT, input(contact())), (ADD, input(json!({ "email": MORE }))), (RESEND, with_id()), (REMOVE, with_id())] {
                assert_eq!(refused(&app, &mut client, operation, given).await["code"], "FORBIDDEN");
            }
        }
        let mut stranger = app.client(app.stranger).await;
        for operation in [RESEND, REMOVE] {
            assert_eq!(refused(&app, &mut stranger, operation, with_id()).await["code"], "NOT_FOUND");
        }
    }

    async fn a_user_says_what_he_is_called_and_a_name_is_one_line(app: TestApp) {
        let mut client = app.client(app.bookkeeper).await;
        let called = client.data(PROFILE, input(json!({ "name": " Lena\r\nKamp " }))).await;
        assert_eq!(called["changeProfile"]["viewer"]["name"], "Lena  Kamp");
        let refusal = refused(&app, &mut client, PROFILE, input(json!({ "name": "x".repeat(101) }))).await;
        assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("name"), &json!("TOO_LONG")));
        assert_eq!(client.data(PROFILE, input(json!({ "name": "  " }))).await["changeProfile"]["viewer"]["name"], Value::Null);
        assert_eq!(acts(&app).await, ["changeProfile", "changeProfile"]);
    }

    async fn a_user_chooses_language_and_zone_and_an_invented_zone_is_refused(app: TestApp) {
        let mut client = app.client(app.bookkeeper).await;
        let chosen = client.data(PREFER, input(json!({ "timeZone": "America/Lima" }))).await;
        assert_eq!(chosen["changePreferences"]["viewer"], json!({ "language": "DE", "timeZone": "America/Lima" }));
        let chosen = client.data(PREFER, input(json!({ "language": "EN" }))).await;
        assert_eq!(chosen["changePreferences"]["viewer"], json!({ "language": "EN", "timeZone": "America/Lima" }));
        for wrong in ["", "Mars/Olympus", "europe/berlin", "../etc"] {
            let refusal = refused(&app, &mut client, PREFER, input(json!({ "timeZone": wrong, "language": "DE" }))).await;
            assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("timeZone"), &json!("NOT_A_TIME_ZONE")), "{wrong}");
        }
    }
}
