//! Delivery reports: of several servers' forms, of mails of others, broken and hostile.
use crate::app::TestApp;
use sea_orm::EntityTrait;
use serde_json::json;
use server::{
    entity::{audit, mail},
    mail::bounce::{Outcome, Unreadable, take, take_all, take_path},
};
use shared::id::MailId;
use std::fs;

/// A report of Postfix: three parts, the headers of the mail at the end.
fn postfix(id: &str, action: &str, status: &str) -> String {
    format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.net (Mail Delivery System)\r\nSubject: Undelivered Mail Returned to Sender\r\n\
         To: portal@lindwerk.example\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"4F1.1/mx\"\r\n\r\n\
         This is a MIME-encapsulated message.\r\n\r\n--4F1.1/mx\r\nContent-Description: Notification\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n\
         This is the mail system at host mx.example.net.\r\n\r\n--4F1.1/mx\r\nContent-Description: Delivery report\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.example.net\r\nX-Postfix-Queue-ID: 4F1\r\nArrival-Date: Mon, 23 Nov 2026 09:00:00 +0000 (UTC)\r\n\r\n\
         Final-Recipient: rfc822; k104233@kunde.example\r\nOriginal-Recipient: rfc822;k104233@kunde.example\r\nAction: {action}\r\nStatus: {status}\r\n\
         Remote-MTA: dns; mx.kunde.example\r\nDiagnostic-Code: smtp; 550 5.1.1 <k104233@kunde.example>: Recipient address\r\n    rejected: User unknown\r\n\r\n\
         --4F1.1/mx\r\nContent-Description: Undelivered Message Headers\r\nContent-Type: text/rfc822-headers\r\n\r\n\
         Received: from portal.example (portal.example [192.0.2.7])\r\nMessage-ID: <{id}@portal.example>\r\nTo: k104233@kunde.example\r\nSubject: Hallo\r\n\r\n--4F1.1/mx--\r\n"
    )
}

/// A report of Exim: the whole mail at the end, lines ended by LF alone.
fn exim(id: &str) -> String {
    format!(
        "From: Mail Delivery System <Mailer-Daemon@out.example.net>\nTo: portal@lindwerk.example\nAuto-Submitted: auto-replied\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=1763888-eximdsn-12\nMIME-Version: 1.0\n\
         Subject: Mail delivery failed: returning message to sender\n\n--1763888-eximdsn-12\nContent-type: text/plain; charset=us-ascii\n\n\
         A message that you sent could not be delivered to one or more of its recipients.\n\n--1763888-eximdsn-12\nContent-type: message/delivery-status\n\n\
         Reporting-MTA: dns; out.example.net\n\nAction: failed\nFinal-Recipient: rfc822;k104233@kunde.example\nStatus: 5.0.0\n\
         Remote-MTA: dns; mx.kunde.example\nDiagnostic-Code: smtp; 550 No such user here\n\n--1763888-eximdsn-12\nContent-type: message/rfc822\n\n\
         From: portal@lindwerk.example\nTo: k104233@kunde.example\nSubject: Hallo\nMessage-ID: <{id}@portal.example>\n\
         MIME-Version: 1.0\nContent-Type: text/plain\n\nText\n\n--1763888-eximdsn-12--\n"
    )
}

/// A report of Exchange: no copy of the mail, but an answer to it; two kinds of text at the top.
fn exchange(id: &str) -> String {
    format!(
        "From: <postmaster@kunde.example>\r\nTo: <portal@lindwerk.example>\r\nIn-Reply-To: <{id}@portal.example>\r\nReferences: <{id}@portal.example>\r\n\
         Subject: Undeliverable: Hallo\r\nMIME-Version: 1.0\r\nX-MS-Exchange-Message-Is-Ndr:\r\n\
         Content-Type: MULTIPART/Report; Report-Type=Delivery-Status;\r\n\tboundary=\"b5bd25cf-3b6d\"\r\n\r\n--b5bd25cf-3b6d\r\n\
         Content-Type: multipart/alternative; differences=Content-Type;\r\n\tboundary=\"9c1f\"\r\n\r\n--9c1f\r\nContent-Type: text/plain; charset=\"utf-8\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\nSGFsbG8=\r\n\r\n--9c1f\r\nContent-Type: text/html; charset=\"utf-8\"\r\n\r\n<p>Hallo</p>\r\n\r\n--9c1f--\r\n\r\n\
         --b5bd25cf-3b6d\r\nContent-Type: Message/Delivery-Status\r\n\r\nReporting-MTA: dns;mail.kunde.example\r\n\r\n\
         Final-recipient: RFC822;k104233@kunde.example\r\nAction: Failed (by rule)\r\nStatus: 5.1.10\r\n\
         Diagnostic-code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found\r\n\r\n--b5bd25cf-3b6d--\r\n"
    )
}

/// Makes a report about the mail with this id.
type Form = fn(&str) -> String;

/// A mail in the outbox, by the way that makes one.
async fn mail(app: &TestApp) -> MailId {
    let create = "mutation($input: CreateTokenInput!) { createToken(input: $input) { secret } }";
    let input = json!({ "input": { "name": "x", "scopes": ["SEE_INVOICES"], "expiresOn": "2026-12-31" } });
    let before: Vec<_> = app.mails().await.into_iter().map(|row| row.id).collect();
    app.client(app.customer).await.data(create, input).await;
    let new = app.mails().await.into_iter().find(|row| !before.contains(&row.id));
    new.unwrap().id
}

async fn row(app: &TestApp, id: MailId) -> mail::Model {
    mail::Entity::find_by_id(id).one(app.db()).await.unwrap().unwrap()
}

crate::on_both! {
    async fn a_report_of_each_form_marks_its_mail_with_what_the_server_said(app: TestApp) {
        let forms: [(Form, &str); 3] = [
            (|id| postfix(id, "failed", "5.1.1"), "550 5.1.1 <k104233@kunde.example>: Recipient address rejected: User unknown"),
            (exim, "550 No such user here"),
            (exchange, "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found"),
        ];
        for (form, why) in forms {
            let id = mail(&app).await;
            let other = mail(&app).await;
            let taken = take(&app.app, form(&id.to_string()).as_bytes()).await.unwrap();
            assert_eq!(taken, Outcome::Noted { mail: id, why: why.to_owned() });
            let marked = row(&app, id).await;
            assert_eq!((marked.bounced_at, marked.bounce_reason.as_deref()), (Some(app.app.clock.now()), Some(why)));
            assert_eq!((row(&app, other).await.bounced_at, row(&app, other).await.bounce_reason), (None, None));
        }
        let audited = audit::Entity::find().all(app.db()).await.unwrap();
        assert_eq!(audited.iter().filter(|row| row.act == "mailBounced").count(), 3);
    }

    async fn a_report_that_comes_twice_changes_nothing_the_second_time(app: TestApp) {
        let id = mail(&app).await;
        let report = exim(&id.to_string());
        take(&app.app, report.as_bytes()).await.unwrap();
        let first = row(&app, id).await;
        app.pass(chrono::TimeDelta::hours(1));
        assert_eq!(take(&app.app, report.as_bytes()).await.unwrap(), Outcome::Known { mail: id });
        assert_eq!(row(&app, id).await, first);
    }

    async fn a_delay_a_success_and_a_failure_for_now_are_passed_over(app: TestApp) {
        let id = mail(&app).await;
        for (action, status) in [("delayed", "4.4.1"), ("delivered", "2.0.0"), ("relayed", "2.0.0"), ("failed", "4.2.2"), ("delayed", "5.1.1")] {
            let taken = take(&app.app, postfix(&id.to_string(), action, status).as_bytes()).await.unwrap();
            assert_eq!(taken, Outcome::Passed("no failure for good"), "{action} {status}");
        }
        let answer = b"From: a@b.example\r\nTo: portal@lindwerk.example\r\nSubject: Urlaub\r\n\r\nIch bin nicht da.\r\n";
        assert_eq!(take(&app.app, answer).await.unwrap(), Outcome::Passed("no delivery report"));
        assert_eq!(row(&app, id).await.bounced_at, None);
    }

    async fn mails_of_others_are_not_ours(app: TestApp) {
        let id = mail(&app).await;
        for foreign in ["20261123090000.4F1", &uuid::Uuid::nil().to_string(), "' OR 1=1 --"] {
            assert_eq!(take(&app.app, exim(foreign).as_bytes()).await.unwrap(), Outcome::NotOurs, "{foreign}");
        }
        assert_eq!(row(&app, id).await.bounced_at, None);
    }

    async fn what_cannot_be_read_says_why_and_changes_nothing(app: TestApp) {
        let id = mail(&app).await;
        let whole = postfix(&id.to_string(), "failed", "5.1.1");
        let without = |line: &str| whole.lines().filter(|found| !found.starts_with(line)).collect::<Vec<_>>().join("\r\n");
        let cases = [
            (String::new(), Unreadable::NoMessage),
            (whole.replace("message/delivery-status", "text/plain"), Unreadable::NoStatus),
            (without("Status:"), Unreadable::NoRecipient),
            (without("Action:"), Unreadable::NoRecipient),
            (without("Message-ID:"), Unreadable::NoOriginal),
            ("x".repeat(10 * 1024 * 1024 + 1), Unreadable::TooLarge),
        ];
        for (text, why) in cases {
            assert_eq!(take(&app.app, text.as_bytes()).await.unwrap(), Outcome::Refused(why));
        }
        // Cut anywhere, or with any byte changed, it is read or refused, never more.
        for end in (0..whole.len()).step_by(37) {
            take(&app.app, &whole.as_bytes()[..end]).await.unwrap();
        }
        let nested = "Content-Type: multipart/report; boundary=a\r\n\r\n--a\r\n".repeat(5_000);
        take(&app.app, nested.as_bytes()).await.unwrap();
        take(&app.app, &[0xFF; 4_096]).await.unwrap();
    }

    async fn a_reason_is_one_line_and_never_long(app: TestApp) {
        let id = mail(&app).await;
        let long = format!("smtp; 550 {}\u{1b}[31m", "no ".repeat(500));
        let text = exim(&id.to_string()).replace("smtp; 550 No such user here", &long);
        take(&app.app, text.as_bytes()).await.unwrap();
        let why = row(&app, id).await.bounce_reason.unwrap();
        assert_eq!(why.chars().count(), 300);
        assert!(!why.chars().any(char::is_control), "{why:?}");
    }

    async fn mailboxes_and_folders_are_read_message_by_message(app: TestApp) {
        let (a, b, c) = (mail(&app).await, mail(&app).await, mail(&app).await);
        let mailbox = format!(
            "From MAILER-DAEMON Mon Nov 23 09:00:00 2026\n{}\n\nFrom someone Mon Nov 23 09:01:00 2026\nSubject: hi\n\n>From me\n\nFrom MAILER-DAEMON Mon Nov 23 09:02:00 2026\n{}\n",
            exim(&a.to_string()), exim(&b.to_string()),
        );
        assert_eq!(take_all(&app.app, "box", b"").await.unwrap(), []);
        let reports = take_all(&app.app, "box", mailbox.as_bytes()).await.unwrap();
        let shown: Vec<_> = reports.iter().map(ToString::to_string).collect();
        assert_eq!(shown, [
            format!("box, message 1: mail {a} came back: 550 No such user here"),
            "box, message 2: passed over: no delivery report".to_owned(),
            format!("box, message 3: mail {b} came back: 550 No such user here"),
        ]);
        let folder = app.folder().join("maildir");
        fs::create_dir_all(folder.join("new")).unwrap();
        fs::write(folder.join("new/1"), exchange(&c.to_string())).unwrap();
        fs::write(folder.join("new/2"), postfix(&c.to_string(), "failed", "5.1.1").replace("message/delivery-status", "text/x")).unwrap();
        let reports = take_path(&app.app, &folder).await.unwrap();
        assert_eq!(reports.iter().map(|report| report.is_failure()).collect::<Vec<_>>(), [false, true]);
        assert!(row(&app, c).await.bounced_at.is_some());
        assert!(take_path(&app.app, &app.folder().join("nowhere")).await.is_err());
    }
}
