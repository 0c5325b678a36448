//! A receipt that the law asks for and that does not arrive is seen, sent again, or posted.
use super::{CANCEL, PLACE, cancellation, faster, key, orders, shop};
use crate::app::TestApp;
use chrono::TimeDelta;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::{Value, json};
use server::entity::{audit, mail, user};

const DECLARE: &str = "mutation($input: DeclareRevocationInput!) { declareRevocation(input: $input) { number } }";
const LIST: &str = "{ officeOrders(filter: { isUndelivered: true }) { nodes { order { id number }
    receipt { recipient hasFailed problem postedAt } } } }";
const RESEND: &str = "mutation($input: ResendReceiptInput!) { resendReceipt(input: $input) { order { id } } }";
const POSTED: &str = "mutation($input: NoteReceiptPostedInput!) { noteReceiptPosted(input: $input) { order { id } } }";
const WORK: &str = "{ waitingWork { kind count oldestAt } }";

/// How much waits on the office's start page.
async fn waiting(app: &TestApp) -> Value {
    let work = app.client(app.staff).await.data(WORK, json!({})).await;
    let all = work["waitingWork"].as_array().unwrap().clone();
    all.into_iter()
        .find(|work| work["kind"] == "UNDELIVERED_RECEIPTS")
        .unwrap()["count"]
        .clone()
}

async fn declared(app: &TestApp, number: u128) {
    let input = json!({ "input": { "idempotencyKey": key(number), "name": "Petra Schäfer", "identification": "104871",
        "email": "petra@example.org", "contract": "Glasfaser", "language": "DE" } });
    app.anonymous().data(DECLARE, input).await;
    app.pass(TimeDelta::milliseconds(2));
}

/// The newest mail is refused for good.
async fn give_up(app: &TestApp) {
    let mut mail = app.mails().await.pop().unwrap().into_active_model();
    mail.given_up_at = Set(Some(app.app.clock.now()));
    mail.last_error = Set(Some("550 no such user".to_owned()));
    mail.update(app.db()).await.unwrap();
}

async fn list(app: &TestApp) -> Vec<Value> {
    let found = app.client(app.staff).await.data(LIST, json!({})).await;
    found["officeOrders"]["nodes"].as_array().unwrap().clone()
}

crate::on_both! {
    async fn a_receipt_that_was_refused_waits_until_it_is_sent_again(app: TestApp) {
        declared(&app, 1).await;
        assert_eq!((waiting(&app).await, list(&app).await.len()), (json!(0), 0));
        give_up(&app).await;
        assert_eq!(waiting(&app).await, 1);
        let row = list(&app).await.remove(0);
        assert_eq!(row["receipt"], json!({ "recipient": "petra@example.org", "hasFailed": true,
            "problem": "550 no such user", "postedAt": null }));
        let id = row["order"]["id"].clone();
        let mut staff = app.client(app.staff).await;
        let refusal = staff.refusal(RESEND, json!({ "input": { "id": id, "email": "keine" } })).await;
        assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("email"), &json!("NOT_AN_EMAIL")));
        assert_eq!((waiting(&app).await, app.mails().await.len()), (json!(1), 1));

        app.pass(TimeDelta::milliseconds(2));
        staff.data(RESEND, json!({ "input": { "id": id, "email": "petra@example.net" } })).await;
        let mails = app.mails().await;
        assert_eq!((mails.len(), mails[1].recipient.as_str()), (2, "petra@example.net"));
        assert_eq!((&mails[1].subject, &mails[1].text), (&mails[0].subject, &mails[0].text), "the same receipt");
        assert_eq!(waiting(&app).await, 0);
        assert_eq!(staff.code(RESEND, json!({ "input": { "id": id } })).await, "CONFLICT");
        give_up(&app).await;
        assert_eq!(waiting(&app).await, 1, "the second one too");
        app.pass(TimeDelta::milliseconds(2));
        staff.data(RESEND, json!({ "input": { "id": id } })).await;
        assert_eq!(app.mails().await[2].recipient, "petra@example.org");
    }

    async fn a_receipt_that_came_back_is_printed_and_posted(app: TestApp) {
        let shop = shop(&app).await;
        app.client(app.customer).await.data(CANCEL, cancellation(&shop, 1)).await;
        let mail = app.mails().await.remove(0);
        let report = format!(
            "From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\
             Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
             Final-Recipient: rfc822; {}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 User unknown\r\n\r\n\
             --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{}@portal.example>\r\n\r\n--b--\r\n",
            mail.recipient, mail.id
        );
        server::mail::bounce::take(&app.app, report.as_bytes()).await.unwrap();
        assert_eq!(waiting(&app).await, 1);
        let row = list(&app).await.remove(0);
        let path = format!("/download/orders/{}/receipt", row["order"]["id"].as_str().unwrap());
        for (person, status) in [(app.customer, 403), (app.stranger, 403)] {
            assert_eq!(app.client(person).await.get(&path).await.status, status);
        }
        assert_eq!(app.anonymous().get(&path).await.status, 401);
        let mut staff = app.client(app.staff).await;
        let printed = staff.get(&path).await;
        assert!(printed.status == 200 && printed.body.starts_with(b"%PDF-"), "{}", printed.status);
        assert_eq!(printed.headers["content-type"], "application/pdf");
        assert_eq!(waiting(&app).await, 1, "printed is not posted");
        let input = json!({ "input": { "id": row["order"]["id"] } });
        staff.data(POSTED, input.clone()).await;
        assert_eq!((waiting(&app).await, list(&app).await.len()), (json!(0), 0));
        assert_eq!(staff.code(POSTED, input).await, "CONFLICT");
        let acts = audit::Entity::find().all(app.db()).await.unwrap();
        for act in ["printReceipt", "noteReceiptPosted"] {
            let found = acts.iter().find(|row| row.act == act).unwrap();
            assert_eq!((found.user_id, found.account_id), (Some(app.staff.user), Some(app.customer.account)), "{act}");
        }
    }

    async fn who_has_no_address_is_owed_a_receipt_by_post_and_an_order_is_no_such_thing(app: TestApp) {
        let shop = shop(&app).await;
        let person = user::Entity::find_by_id(app.customer.user).one(app.db()).await.unwrap().unwrap();
        let mut person = person.into_active_model();
        person.email = Set(None);
        person.update(app.db()).await.unwrap();
        let mut client = app.client(app.customer).await;
        client.data(PLACE, faster(&shop, 1)).await;
        assert_eq!(waiting(&app).await, 0);
        client.data(CANCEL, cancellation(&shop, 2)).await;
        assert_eq!((waiting(&app).await, orders(&app).await), (json!(1), 2));
        assert_eq!(mail::Entity::find().all(app.db()).await.unwrap().len(), 0);
        let row = list(&app).await.remove(0);
        let mut staff = app.client(app.staff).await;
        let refusal = staff.refusal(RESEND, json!({ "input": { "id": row["order"]["id"] } })).await;
        assert_eq!((&refusal["field"], &refusal["reason"]), (&json!("email"), &json!("MISSING")));
    }
}
