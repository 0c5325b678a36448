//! Mails about invoices that came: to whom, about which, once.
use super::{Short, acts, add, fixture, id_of, imported, imported_fixture};
use crate::app::{Person, TestApp};
use chrono::TimeDelta;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryOrder};
use serde_json::json;
use server::{
    entity::{billing_email, file, mail, mail_attachment},
    invoice::{arrival, report::Outcome},
};
use shared::{account::Language, id::BillingEmailId};

const WISH: &str = "{ invoiceMail { isSent isEnclosed } }";
const CHANGE: &str = "mutation($input: ChangeInvoiceMailInput!) { changeInvoiceMail(input: $input) { invoiceMail { isSent isEnclosed } } }";

/// An address of an account; confirmed, waiting, or removed again.
async fn address(app: &TestApp, owner: Person, email: &str, language: Language, is_confirmed: bool, is_removed: bool) {
    let now = app.app.clock.now();
    let row = billing_email::Model {
        id: BillingEmailId(app.app.new_id()),
        account_id: owner.account,
        email: email.to_owned(),
        language,
        created_at: now,
        sent_at: now,
        confirmed_at: is_confirmed.then_some(now),
        removed_at: is_removed.then_some(now),
    };
    row.into_active_model().insert(app.db()).await.unwrap();
}

/// Lets the time pass after which mails are written, and gives those that were.
async fn told(app: &TestApp) -> Vec<mail::Model> {
    let before = app.mails().await.len();
    app.pass(arrival::SETTLING);
    arrival::tell_due(&app.app).await.unwrap();
    app.mails().await.split_off(before)
}

async fn wish(app: &TestApp, is_sent: bool, is_enclosed: bool) {
    let input = json!({ "input": { "isSent": is_sent, "isEnclosed": is_enclosed } });
    let data = app.client(app.customer).await.data(CHANGE, input).await;
    assert_eq!(
        data["changeInvoiceMail"]["invoiceMail"],
        json!({ "isSent": is_sent, "isEnclosed": is_enclosed })
    );
}

crate::on_both! {
    async fn confirmed_addresses_are_told_once_each_in_their_language(app: TestApp) {
        address(&app, app.customer, "rechnung@baeckerei.example", Language::De, true, false).await;
        address(&app, app.customer, "books@accountants.example", Language::En, true, false).await;
        address(&app, app.customer, "noch-nicht@baeckerei.example", Language::De, false, false).await;
        address(&app, app.customer, "frueher@baeckerei.example", Language::De, true, true).await;
        address(&app, app.stranger, "fremd@example.org", Language::De, true, false).await;
        let id = id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        assert_eq!(arrival::tell_due(&app.app).await.unwrap(), 0, "more may come");
        let mails = told(&app).await;
        let mut to: Vec<_> = mails.iter().map(|mail| (mail.recipient.as_str(), mail.subject.as_str())).collect();
        to.sort_unstable();
        assert_eq!(to, [
            ("books@accountants.example", "Invoice RE-2026-009417"),
            ("rechnung@baeckerei.example", "Rechnung RE-2026-009417"),
        ]);
        let german = mails.iter().find(|mail| mail.language == Language::De).unwrap();
        assert!(german.text.contains("- Rechnung RE-2026-009417 vom 18.11.2026: 1.332,65\u{a0}€, fällig am 02.12.2026\n"), "{}", german.text);
        assert!(german.text.contains(&format!("/invoices/{id}\n")) && german.text.contains("/account\n"), "{}", german.text);
        let english = mails.iter().find(|mail| mail.language == Language::En).unwrap();
        assert!(english.text.contains("- Invoice RE-2026-009417 of 18/11/2026: 1,332.65\u{a0}€, due on 02/12/2026\n"), "{}", english.text);
        assert!(mail_attachment::Entity::find().all(app.db()).await.unwrap().is_empty());
        imported_fixture(&app, "xrechnung-ubl.xml").await;
        assert_eq!(told(&app).await.len(), 0, "the same bytes are nothing new");
        let seen = app.client(app.customer).await.data("query($id: InvoiceId!) { invoiceHistory(id: $id) { mailCount mailedAt visibleAt } }", json!({ "id": id })).await;
        assert_eq!(seen["invoiceHistory"], json!({ "mailCount": 2, "mailedAt": "2026-11-23T09:01:00+00:00", "visibleAt": "2026-11-23T09:00:00+00:00" }));
    }

    async fn invoices_that_come_together_go_into_one_mail(app: TestApp) {
        address(&app, app.customer, "rechnung@baeckerei.example", Language::De, true, false).await;
        for number in 1..=23 {
            add(&app, app.customer, Short(&format!("R-{number:02}"), "380", "2026-11-01", None, "EUR", 100, "L")).await;
            app.pass(TimeDelta::seconds(30));
            assert_eq!(arrival::tell_due(&app.app).await.unwrap(), 0, "{number}");
        }
        let mails = told(&app).await;
        assert_eq!(mails.iter().map(|mail| mail.subject.as_str()).collect::<Vec<_>>(), ["23 neue Rechnungen"]);
        let text = &mails[0].text;
        assert!(text.contains("- Rechnung R-01 vom 01.11.2026: 1,00\u{a0}€\n") && text.contains("\nund 3 weitere\n") && !text.contains("R-21"), "{text}");
        assert!(text.contains("/invoices\n"));
        // a stream that never settles is cut
        add(&app, app.customer, Short("S-0", "380", "2026-11-01", None, "EUR", 100, "L")).await;
        app.pass(arrival::PATIENCE - TimeDelta::seconds(30));
        add(&app, app.customer, Short("S-1", "381", "2026-11-01", Some("2026-12-01"), "EUR", 100, "L")).await;
        assert_eq!(arrival::tell_due(&app.app).await.unwrap(), 0);
        app.pass(TimeDelta::seconds(30));
        assert_eq!(arrival::tell_due(&app.app).await.unwrap(), 1);
        let last = app.mails().await.pop().unwrap();
        assert!(last.text.contains("- Gutschrift S-1 vom 01.11.2026: 1,00\u{a0}€\n"), "a credit note is not due: {}", last.text);
    }

    async fn what_is_held_or_waits_is_told_of_when_its_customer_sees_it(app: TestApp) {
        address(&app, app.customer, "rechnung@baeckerei.example", Language::De, true, false).await;
        let held = id_of(&imported_fixture(&app, "sums-do-not-add-up.xml").await);
        let Outcome::Waiting { id: waiting, .. } = imported_fixture(&app, "unknown-buyer.xml").await else { panic!("does not wait") };
        assert_eq!(told(&app).await.len(), 0);
        let mut staff = app.client(app.staff).await;
        staff.data("mutation($input: PublishInvoiceInput!) { publishInvoice(input: $input) { invoice { isHeld } } }", json!({ "input": { "id": held, "reason": "Rundung" } })).await;
        assert_eq!(told(&app).await.len(), 1);
        staff.data("mutation($input: AssignInvoiceInput!) { assignInvoice(input: $input) { invoice { isHeld } } }", json!({ "input": { "id": waiting, "accountNumber": "104233" } })).await;
        assert_eq!(told(&app).await.len(), 1);
        assert_eq!(told(&app).await.len(), 0);
    }

    async fn the_originals_go_with_the_mail_if_the_account_wants_them(app: TestApp) {
        address(&app, app.customer, "rechnung@baeckerei.example", Language::De, true, false).await;
        assert_eq!(app.client(app.customer).await.data(WISH, json!({})).await["invoiceMail"], json!({ "isSent": true, "isEnclosed": false }));
        wish(&app, true, true).await;
        id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        let mails = told(&app).await;
        assert!(mails[0].text.contains("\nDie Originale liegen dieser Mail bei.\n"), "{}", mails[0].text);
        let enclosed = mail_attachment::Entity::find().all(app.db()).await.unwrap();
        assert_eq!((enclosed.len(), enclosed[0].mail_id, enclosed[0].name.as_str(), enclosed[0].media_type.as_str()), (1, mails[0].id, "xrechnung-ubl.xml", "application/xml"));
        let stored = file::Entity::find_by_id(enclosed[0].file_id).one(app.db()).await.unwrap().unwrap();
        assert_eq!(app.app.files.get(&stored.sha256).await.unwrap(), fixture("xrechnung-ubl.xml"));
        // more than go into a mail are named only
        for number in 0..=arrival::ENCLOSED_MAX {
            let other = String::from_utf8(fixture("xrechnung-ubl.xml")).unwrap().replace("RE-2026-009417", &format!("RE-2026-1{number:05}"));
            id_of(&imported(&app, &format!("{number}.xml"), other.into_bytes(), None).await);
        }
        let mails = told(&app).await;
        assert!(mails[0].text.contains("\n10 Originale liegen bei; die anderen sind im Portal.\n"), "{}", mails[0].text);
        let all = mail_attachment::Entity::find().order_by_asc(mail_attachment::Column::Position).all(app.db()).await.unwrap();
        assert_eq!(all.iter().filter(|row| row.mail_id == mails[0].id).count(), 10);
    }

    async fn an_account_that_wants_no_mail_gets_none_now_or_later(app: TestApp) {
        address(&app, app.customer, "rechnung@baeckerei.example", Language::De, true, false).await;
        wish(&app, false, true).await;
        id_of(&imported_fixture(&app, "xrechnung-ubl.xml").await);
        assert_eq!(told(&app).await.len(), 0);
        wish(&app, true, false).await;
        assert_eq!(told(&app).await.len(), 0, "what came before is not told of afterwards");
        let mut bookkeeper = app.client(app.bookkeeper).await;
        let before = acts(&app).await;
        assert_eq!(bookkeeper.code(CHANGE, json!({ "input": { "isSent": false, "isEnclosed": false } })).await, "FORBIDDEN");
        assert_eq!(acts(&app).await, before);
        assert_eq!(app.client(app.customer).await.data(WISH, json!({})).await["invoiceMail"], json!({ "isSent": true, "isEnclosed": false }));
    }

    async fn two_processes_tell_once(app: TestApp) {
        address(&app, app.customer, "rechnung@baeckerei.example", Language::De, true, false).await;
        add(&app, app.customer, Short("R-1", "380", "2026-11-01", None, "EUR", 100, "L")).await;
        app.pass(arrival::SETTLING);
        let both = futures::future::join(arrival::tell_due(&app.app), arrival::tell_due(&app.app)).await;
        both.0.unwrap();
        both.1.unwrap();
        assert_eq!(app.mails().await.len(), 1);
    }

    async fn what_customers_knew_before_the_portal_is_not_told_of(app: TestApp) {
        address(&app, app.customer, "rechnung@baeckerei.example", Language::De, true, false).await;
        add(&app, app.customer, Short("R-1", "380", "2026-11-01", None, "EUR", 100, "L")).await;
        arrival::skip(&app.app).await.unwrap();
        assert_eq!(told(&app).await.len(), 0);
    }
}
