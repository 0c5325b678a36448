//! Customers whom the provider brings in: making, importing, sending access, and what becomes of it.
mod desk;
mod import;
mod recent;

use crate::app::{Client, TestApp};
use chrono::TimeDelta;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, Set,
};
use serde_json::{Value, json};
use server::{
    account,
    entity::{account as account_row, audit, link, mail, membership, onboarding, sign_in_name, user, wave},
    mail::bounce,
};
use shared::{account::Rights, id::MailId};

const CREATE: &str = "mutation($input: CreateCustomerInput!) { createCustomer(input: $input) { customer {
    accountId number name email unusedEmail street postalCode city language state mailedAt bounceReason } } }";
const CHANGE: &str = "mutation($input: ChangeCustomerInput!) { changeCustomer(input: $input) { customer {
    name email unusedEmail city language state } } }";
const SEND: &str =
    "mutation($input: SendAccessInput!) { sendAccess(input: $input) { waveId mailedCount skippedCount } }";
const RESEND: &str =
    "mutation($input: ResendAccessInput!) { resendAccess(input: $input) { customer { state mailedAt } } }";
const STATE: &str = "query($id: AccountId!) { customer(id: $id) { state bounceReason } }";
const WAVES: &str = "{ waves { totalCount nodes {
    sentBy announcedFrom mailedCount skippedCount counts { state count } } } }";
const LIST: &str = "query($filter: CustomerFilter) { customers(filter: $filter, first: 100) { totalCount nodes {
    number state } } }";

fn lohmann() -> Value {
    json!({
        "number": "103870", "name": "Gasthof Lohmann", "email": "Info@Gasthof-Lohmann.example", "street": "Am Markt 2",
        "postalCode": "46045", "city": "Oberhausen", "language": "EN",
    })
}

async fn create(staff: &mut Client, input: Value) -> String {
    let made = staff.data(CREATE, json!({ "input": input })).await;
    made["createCustomer"]["customer"]["accountId"]
        .as_str()
        .unwrap()
        .to_owned()
}

async fn state(staff: &mut Client, id: &str) -> String {
    let found = staff.data(STATE, json!({ "id": id })).await;
    found["customer"]["state"].as_str().unwrap().to_owned()
}

async fn user_named(app: &TestApp, name: &str) -> user::Model {
    let name = sign_in_name::Entity::find_by_id(name)
        .one(app.db())
        .await
        .unwrap()
        .unwrap();
    user::Entity::find_by_id(name.user_id)
        .one(app.db())
        .await
        .unwrap()
        .unwrap()
}

/// What choosing a password leaves behind.
async fn activate(app: &TestApp, number: &str) {
    let mut row = user_named(app, number).await.into_active_model();
    row.password_hash = Set(Some("$argon2id$x".to_owned()));
    row.update(app.db()).await.unwrap();
}

async fn links(app: &TestApp) -> Vec<link::Model> {
    link::Entity::find()
        .order_by_asc(link::Column::CreatedAt)
        .all(app.db())
        .await
        .unwrap()
}

crate::on_both! {
    async fn a_customer_is_made_with_an_owner_who_has_no_password(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let made = staff.data(CREATE, json!({ "input": lohmann() })).await;
        let customer = &made["createCustomer"]["customer"];
        assert_eq!(customer, &json!({
            "accountId": customer["accountId"], "number": "103870", "name": "Gasthof Lohmann",
            "email": "info@gasthof-lohmann.example", "unusedEmail": null, "street": "Am Markt 2", "postalCode": "46045",
            "city": "Oberhausen", "language": "EN", "state": "PREPARED", "mailedAt": null, "bounceReason": null,
        }));
        let user = user_named(&app, "103870").await;
        assert_eq!(user_named(&app, "info@gasthof-lohmann.example").await.id, user.id);
        assert_eq!(user.password_hash, None);
        let account = account::find_by_number(app.db(), "103870").await.unwrap().unwrap();
        let member = membership::Entity::find_by_id((user.id, account.id)).one(app.db()).await.unwrap().unwrap();
        assert_eq!(member.rights, Rights::of(&[shared::account::Right::Owner]));
        assert!(app.mails().await.is_empty());
        let log = audit::Entity::find().filter(audit::Column::Act.eq("createCustomer")).all(app.db()).await.unwrap();
        assert_eq!((log.len(), log[0].account_id, log[0].user_id), (1, Some(account.id), Some(app.staff.user)));
    }

    async fn what_cannot_be_a_customer_names_its_field_and_changes_nothing(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let with = |field: &str, value: &str| {
            let mut input = lohmann();
            input[field] = value.into();
            json!({ "input": input })
        };
        let long = "a".repeat(101);
        for (field, value, reason) in [
            ("number", " ", "MISSING"),
            ("number", "10/3", "NOT_A_NUMBER"),
            ("number", &long, "TOO_LONG"),
            ("number", "104233", "NUMBER_TAKEN"),
            ("number", "1", "NUMBER_TAKEN"),
            ("name", " ", "MISSING"),
            ("name", &long, "TOO_LONG"),
            ("email", "info@", "NOT_AN_EMAIL"),
            ("street", &long, "TOO_LONG"),
            ("postalCode", &long, "TOO_LONG"),
            ("city", &long, "TOO_LONG"),
        ] {
            let refused = staff.refusal(CREATE, with(field, value)).await;
            assert_eq!((&refused["field"], &refused["reason"]), (&json!(field), &json!(reason)), "{field} {value}");
        }
        assert_eq!(onboarding::Entity::find().count(app.db()).await.unwrap(), 0);
        assert_eq!(account_row::Entity::find().count(app.db()).await.unwrap(), 5);
        assert_eq!(user::Entity::find().count(app.db()).await.unwrap(), 7);
    }

    async fn an_address_that_somebody_signs_in_with_gets_no_second_user(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let mut input = lohmann();
        input["email"] = "K104233@kunde.example".into();
        let made = staff.data(CREATE, json!({ "input": input })).await;
        let customer = &made["createCustomer"]["customer"];
        assert_eq!((&customer["email"], &customer["unusedEmail"]), (&Value::Null, &json!("k104233@kunde.example")));
        assert_eq!(user_named(&app, "k104233@kunde.example").await.id, app.customer.user);
        let id = &customer["accountId"];
        let refused = staff.refusal(RESEND, json!({ "input": { "accountId": id } })).await;
        assert_eq!((&refused["field"], &refused["reason"]), (&json!("accountId"), &json!("NO_ADDRESS")));
        let refused = staff.refusal(SEND, json!({ "input": { "selection": { "ids": [id] } } })).await;
        assert_eq!((&refused["field"], &refused["reason"]), (&json!("selection"), &json!("NOTHING_SELECTED")));
        assert!(app.mails().await.is_empty());
        assert_eq!(wave::Entity::find().count(app.db()).await.unwrap(), 0);
    }

    async fn a_wave_mails_each_a_link_and_follows_what_becomes_of_it(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let mut ids = Vec::new();
        for number in 0..4 {
            let mut input = json!({ "number": format!("30010{number}"), "name": format!("Kunde {number}") });
            if number < 3 {
                input["email"] = format!("k{number}@neu.example").into();
            }
            ids.push(create(&mut staff, input).await);
        }
        let selection = json!({ "filter": { "state": "PREPARED" }, "except": [ids[2]] });
        let reach = staff
            .data("query($s: CustomerSelection!) { accessReach(selection: $s) { mailedCount skippedCount } }", json!({ "s": selection }))
            .await;
        assert_eq!(reach["accessReach"], json!({ "mailedCount": 2, "skippedCount": 1 }));
        let sent = staff.data(SEND, json!({ "input": { "selection": selection, "announcedFrom": "2026-12-01" } })).await;
        assert_eq!((&sent["sendAccess"]["mailedCount"], &sent["sendAccess"]["skippedCount"]), (&json!(2), &json!(1)));
        let mails = app.mails().await;
        let mut to: Vec<_> = mails.iter().map(|row| row.recipient.as_str()).collect();
        to.sort_unstable();
        assert_eq!(to, ["k0@neu.example", "k1@neu.example"]);
        let first = mails.iter().find(|row| row.recipient == "k0@neu.example").unwrap();
        assert_eq!(first.subject, "Ihr Zugang zu unserem Kundenportal");
        for part in ["Kunde 0 hat jetzt", "Kundennummer 300100", "Ab dem 01.12.2026", "https://portal.example/password#"] {
            assert!(first.text.contains(part), "{part}: {}", first.text);
        }

        bounce::mark(app.db(), &app.app, MailId(first.id.0), "550 no such user").await.unwrap();
        activate(&app, "300101").await;
        let expected = ["BOUNCED", "ACTIVATED", "PREPARED", "PREPARED"];
        for (id, expected) in ids.iter().zip(expected) {
            assert_eq!(state(&mut staff, id).await, expected);
        }
        let waves = staff.data(WAVES, json!({})).await;
        assert_eq!(waves["waves"], json!({ "totalCount": 1, "nodes": [{
            "sentBy": "k1@kunde.example", "announcedFrom": "2026-12-01", "mailedCount": 2, "skippedCount": 1,
            "counts": [
                { "state": "PREPARED", "count": 0 }, { "state": "MAILED", "count": 0 },
                { "state": "BOUNCED", "count": 1 }, { "state": "ACTIVATED", "count": 1 },
            ],
        }] }));
        let found = staff.data(LIST, json!({ "filter": { "state": "BOUNCED" } })).await;
        assert_eq!(found["customers"], json!({ "totalCount": 1, "nodes": [{ "number": "300100", "state": "BOUNCED" }] }));
        let counts = staff.data("{ customerCounts { state count } }", json!({})).await;
        assert_eq!(counts["customerCounts"], json!([
            { "state": "PREPARED", "count": 2 }, { "state": "MAILED", "count": 0 },
            { "state": "BOUNCED", "count": 1 }, { "state": "ACTIVATED", "count": 5 },
        ]));
    }

    async fn a_mail_that_is_refused_for_good_came_back_too(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let id = create(&mut staff, lohmann()).await;
        staff.data(RESEND, json!({ "input": { "accountId": id } })).await;
        assert_eq!(state(&mut staff, &id).await, "MAILED");
        let mut row = mail::Entity::find().one(app.db()).await.unwrap().unwrap().into_active_model();
        row.given_up_at = Set(Some(app.app.clock.now()));
        row.last_error = Set(Some("550 5.1.1 unknown".to_owned()));
        row.update(app.db()).await.unwrap();
        let found = staff.data(STATE, json!({ "id": id })).await;
        assert_eq!(found["customer"], json!({ "state": "BOUNCED", "bounceReason": "550 5.1.1 unknown" }));
    }

    async fn a_newer_link_ends_the_former_and_a_new_address_ends_both_f03(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let id = create(&mut staff, lohmann()).await;
        let resend = json!({ "input": { "accountId": id } });
        staff.data(RESEND, resend.clone()).await;
        app.pass(TimeDelta::minutes(1));
        staff.data(RESEND, resend.clone()).await;
        let unused = |rows: &[link::Model]| rows.iter().map(|row| row.used_at.is_none()).collect::<Vec<_>>();
        assert_eq!(unused(&links(&app).await), [false, true]);
        let change = json!({ "input": { "accountId": id, "email": "neu@gasthof-lohmann.example", "city": "Essen" } });
        let changed = staff.data(CHANGE, change).await;
        assert_eq!(changed["changeCustomer"]["customer"], json!({
            "name": "Gasthof Lohmann", "email": "neu@gasthof-lohmann.example", "unusedEmail": null, "city": "Essen",
            "language": "EN", "state": "PREPARED",
        }));
        assert_eq!(unused(&links(&app).await), [false, false]);
        let old = sign_in_name::Entity::find_by_id("info@gasthof-lohmann.example").one(app.db()).await.unwrap();
        assert_eq!(old, None);
        activate(&app, "103870").await;
        assert_eq!(staff.code(RESEND, resend).await, "CONFLICT");
        let change = json!({ "input": { "accountId": id, "email": "fremd@example.org" } });
        assert_eq!(staff.code(CHANGE, change).await, "CONFLICT");
        assert_eq!(user_named(&app, "103870").await.email.as_deref(), Some("neu@gasthof-lohmann.example"));
        assert_eq!(app.mails().await.len(), 2);
    }

    async fn a_date_is_announced_at_most_a_year_ahead_and_selections_are_bounded(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let id = create(&mut staff, lohmann()).await;
        let send = |from: &str| json!({ "input": { "selection": { "ids": [id] }, "announcedFrom": from } });
        for (day, reason) in [("2026-11-22", "DATE_IN_PAST"), ("2027-11-25", "DATE_TOO_FAR")] {
            let refused = staff.refusal(SEND, send(day)).await;
            assert_eq!((&refused["field"], &refused["reason"]), (&json!("announcedFrom"), &json!(reason)));
        }
        let many: Vec<_> = (0..101).map(|number| format!("00000000-0000-0000-0000-{number:012}")).collect();
        let refused = staff.code(SEND, json!({ "input": { "selection": { "ids": many } } })).await;
        assert_eq!(refused, "TOO_LARGE");
        let refused = staff.refusal(SEND, json!({ "input": { "selection": {} } })).await;
        assert_eq!(refused["reason"], "NOTHING_SELECTED");
        let long = json!({ "filter": { "text": "a".repeat(101) } });
        assert_eq!(staff.refusal(LIST, long).await["field"], "filter.text");
        assert!(app.mails().await.is_empty());
    }

    async fn customers_are_found_by_number_name_and_address(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        create(&mut staff, lohmann()).await;
        for (text, numbers) in [
            ("1038", vec!["103870"]),
            ("LOHM", vec!["103870"]),
            ("gasthof-lohmann.EX", vec!["103870"]),
            ("Öztürk", vec!["104233"]),
            ("%", vec![]),
            ("Netze", vec![]),
        ] {
            let found = staff.data(LIST, json!({ "filter": { "text": text } })).await;
            let found: Vec<_> = found["customers"]["nodes"].as_array().unwrap().iter().map(|row| row["number"].as_str().unwrap()).collect();
            assert_eq!(found, numbers, "{text}");
        }
    }

    async fn a_page_of_customers_and_waves_takes_as_many_statements_whatever_its_rows(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let both = "{ customers(first: 100) { nodes { number email state bounceReason } } waves { nodes { sentBy counts { count } } } }";
        let id = create(&mut staff, lohmann()).await;
        staff.data(SEND, json!({ "input": { "selection": { "ids": [id] } } })).await;
        let few = app.statements(staff.data(both, json!({}))).await;
        for number in 0..20 {
            create(&mut staff, json!({ "number": format!("4000{number:02}"), "name": "x", "email": format!("x{number}@neu.example") })).await;
        }
        for text in ["40000", "40001"] {
            staff.data(SEND, json!({ "input": { "selection": { "filter": { "text": text } } } })).await;
        }
        assert_eq!(app.statements(staff.data(both, json!({}))).await, few);
    }

    async fn what_staff_changes_of_a_customer_with_an_access_needs_a_reason_that_stands_in_his_log(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let change = "mutation($input: ChangeCustomerInput!) { changeCustomer(input: $input) { customer { customerKind city } } }";
        let before = account_row::Entity::find_by_id(app.customer.account).one(app.db()).await.unwrap().unwrap();
        let wanted = json!({ "input": { "accountId": app.customer.account, "customerKind": "SMALL_FIRM", "city": "Essen" } });
        let refusal = staff.refusal(change, wanted.clone()).await;
        assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("reason"), &json!("MISSING")));
        assert_eq!(account_row::Entity::find_by_id(app.customer.account).one(app.db()).await.unwrap().unwrap(), before);
        let mut input = wanted;
        input["input"]["reason"] = "Handelsregister vorgelegt".into();
        let changed = staff.data(change, input).await;
        assert_eq!(changed["changeCustomer"]["customer"], json!({ "customerKind": "SMALL_FIRM", "city": "Essen" }));
        let log = app.client(app.customer).await.data("{ auditEntries { nodes { act reason doer } } }", json!({})).await;
        for act in ["changeCustomer", "changeCustomerKind"] {
            let row = json!({ "act": act, "reason": "Handelsregister vorgelegt", "doer": "PROVIDER" });
            assert!(log["auditEntries"]["nodes"].as_array().unwrap().contains(&row), "{log}");
        }
        let people = "query($id: AccountId!) { customerPeople(id: $id) { lastSeenAt } }";
        let seen = staff.data(people, json!({ "id": app.customer.account })).await;
        assert!(seen["customerPeople"].as_array().unwrap().iter().any(|person| person["lastSeenAt"].is_null()));
    }

    async fn who_came_by_himself_is_listed_and_found_by_the_address_of_his_first_owner(app: TestApp) {
        let mut staff = app.client(app.staff).await;
        let list = "query($text: String) { customers(filter: { text: $text }) { nodes { number email state } } }";
        for text in ["104871", "K104871@kunde"] {
            let found = staff.data(list, json!({ "text": text })).await;
            let own = json!([{ "number": "104871", "email": "k104871@kunde.example", "state": "ACTIVATED" }]);
            assert_eq!(found["customers"]["nodes"], own, "{text}");
        }
        let none = staff.data(list, json!({ "text": "k999999@kunde" })).await;
        assert_eq!(none["customers"]["nodes"], json!([]));
    }
}
