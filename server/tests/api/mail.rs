//! The outbox: what is written, what is sent, what the demo mailbox shows.
use crate::app::{ORIGIN, TestApp};
use chrono::TimeDelta;
use sea_orm::TransactionTrait;
use serde_json::json;
use server::{
    entity::mail::Model,
    mail::{
        self, Template,
        smtp::Transport,
        worker::{LEASE, run, send_due},
    },
    settings::Settings,
};
use shared::{account::Language, name::EmailAddress};
use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
};
use tokio_util::sync::CancellationToken;

const MAILS: &str = "query($first: Int, $after: String) { mails(first: $first, after: $after) {
    nodes { to subject text links sentAt } pageInfo { endCursor hasNextPage } totalCount } }";

/// An SMTP server that keeps what it takes.
pub struct Sink {
    port: u16,
    /// Each mail that was taken: the envelope's recipient, and the message as it came.
    taken: Arc<Mutex<Vec<(String, String)>>>,
    /// What it answers to the end of a message.
    answer: Arc<Mutex<&'static str>>,
    /// Told when a whole message is there.
    arrived: Arc<Notify>,
    /// Lets it answer; it waits for this if it is slow.
    go_on: Arc<Notify>,
}

impl Sink {
    /// One that answers at once.
    pub async fn start() -> Self {
        let sink = Self::slow().await;
        let (arrived, go_on) = (sink.arrived.clone(), sink.go_on.clone());
        tokio::spawn(async move {
            loop {
                arrived.notified().await;
                go_on.notify_one();
            }
        });
        sink
    }

    /// One that answers the end of a message only when it is told to.
    async fn slow() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let sink = Self {
            port: listener.local_addr().unwrap().port(),
            taken: Arc::default(),
            answer: Arc::new(Mutex::new("250 taken")),
            arrived: Arc::default(),
            go_on: Arc::default(),
        };
        let (taken, answer) = (sink.taken.clone(), sink.answer.clone());
        let (arrived, go_on) = (sink.arrived.clone(), sink.go_on.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (taken, answer) = (taken.clone(), answer.clone());
                let (arrived, go_on) = (arrived.clone(), go_on.clone());
                tokio::spawn(async move { converse(stream, &taken, &answer, &arrived, &go_on).await });
            }
        });
        sink
    }

    pub fn transport(&self, app: &TestApp) -> Transport {
        transport(app, self.port)
    }

    fn answer(&self, line: &'static str) {
        *self.answer.lock().unwrap() = line;
    }

    pub fn taken(&self) -> Vec<(String, String)> {
        self.taken.lock().unwrap().clone()
    }
}

/// The server's side of one connection (RFC 5321); ends with it.
async fn converse(
    stream: TcpStream,
    taken: &Mutex<Vec<(String, String)>>,
    answer: &Mutex<&'static str>,
    arrived: &Notify,
    go_on: &Notify,
) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut recipient = String::new();
    write.write_all(b"220 sink\r\n").await.ok()?;
    while let Some(line) = lines.next_line().await.ok()? {
        let reply = match line.get(..4)?.to_ascii_uppercase().as_str() {
            "RCPT" => {
                recipient = line["RCPT TO:".len()..].to_owned();
                "250 ok".to_owned()
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await.ok()?;
                let mut message = String::new();
                while let Some(line) = lines.next_line().await.ok()?.filter(|line| line != ".") {
                    message.push_str(&line);
                    message.push('\n');
                }
                arrived.notify_one();
                go_on.notified().await;
                let reply = *answer.lock().unwrap();
                if reply.starts_with('2') {
                    taken.lock().unwrap().push((recipient.clone(), message));
                }
                reply.to_owned()
            }
            "QUIT" => "221 bye".to_owned(),
            _ => "250 ok".to_owned(),
        };
        write.write_all(format!("{reply}\r\n").as_bytes()).await.ok()?;
    }
    Some(())
}

fn transport(app: &TestApp, port: u16) -> Transport {
    let smtp_url = Some(format!("smtp://127.0.0.1:{port}"));
    Transport::of(&Settings {
        smtp_url,
        ..app.app.settings.clone()
    })
    .unwrap()
    .unwrap()
}

fn invitation(dealer: &str) -> Template {
    Template::ReadRights {
        dealer: dealer.to_owned(),
        device_count: 2,
        ends: server::mail::template::Ends::Same(None),
        shows_keys: true,
        link: format!("{ORIGIN}/link/Zm9vYmFy"),
        link_days: 7,
    }
}

/// Writes a mail, committed.
async fn enqueue(app: &TestApp, to: &str, dealer: &str) {
    let address = EmailAddress::parse(to).unwrap();
    mail::enqueue(app.db(), &app.app, &address, Language::De, &invitation(dealer))
        .await
        .unwrap();
}

async fn only_mail(app: &TestApp) -> Model {
    let mut mails = app.mails().await;
    assert_eq!(mails.len(), 1);
    mails.remove(0)
}

/// One pass over the outbox; how many mails were sent.
pub async fn pass(app: &TestApp, transport: &Transport) -> u64 {
    send_due(&app.app, transport, &CancellationToken::new()).await.unwrap()
}

crate::on_both! {
    async fn a_mail_is_sent_once_with_the_message_id_of_its_row(app: TestApp) {
        let sink = Sink::start().await;
        let transport = sink.transport(&app);
        enqueue(&app, "thomas.nowak@kunde.example", "Haustechnik Brandt").await;
        let id = only_mail(&app).await.id;
        assert_eq!(pass(&app, &transport).await, 1);
        assert_eq!(pass(&app, &transport).await, 0);
        let taken = sink.taken();
        assert_eq!(taken.len(), 1);
        let (recipient, message) = &taken[0];
        assert_eq!(recipient, "<thomas.nowak@kunde.example>");
        let (headers, _) = message.split_once("\n\n").unwrap();
        for header in [
            format!("Message-ID: <{id}@portal.example>"),
            "From: portal@lindwerk.example".to_owned(),
            "To: thomas.nowak@kunde.example".to_owned(),
            "Date: Mon, 23 Nov 2026 09:00:00 +0000".to_owned(),
            "Auto-Submitted: auto-generated".to_owned(),
        ] {
            assert!(headers.lines().any(|line| line == header), "{header} in {headers}");
        }
        let row = only_mail(&app).await;
        assert_eq!((row.attempts, row.sent_at, row.last_error), (1, Some(app.app.clock.now()), None));
        assert_eq!(row.text, "", "the link does not stay");
    }

    async fn what_is_rolled_back_is_never_sent(app: TestApp) {
        let sink = Sink::start().await;
        let address = EmailAddress::parse("anna@example.org").unwrap();
        let tx = app.db().begin().await.unwrap();
        mail::enqueue(&tx, &app.app, &address, Language::En, &invitation("Brandt")).await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(pass(&app, &sink.transport(&app)).await, 0);
        assert_eq!((app.mails().await, sink.taken()), (Vec::new(), Vec::new()));
    }

    async fn a_server_that_fails_gets_the_mail_later(app: TestApp) {
        let sink = Sink::start().await;
        let transport = sink.transport(&app);
        enqueue(&app, "anna@example.org", "Brandt").await;
        sink.answer("451 try again later");
        let mut wait = TimeDelta::minutes(1);
        for attempt in 1..=3 {
            assert_eq!(pass(&app, &transport).await, 0);
            let row = only_mail(&app).await;
            assert_eq!((row.attempts, row.due_at - app.app.clock.now(), row.sent_at), (attempt, wait, None));
            assert_eq!(row.last_error.as_deref(), Some("transient error (451): try again later"));
            app.pass(wait - TimeDelta::microseconds(1));
            assert_eq!(pass(&app, &transport).await, 0);
            assert_eq!(only_mail(&app).await.attempts, attempt, "not tried before it is due");
            app.pass(TimeDelta::microseconds(1));
            wait = wait * 2;
        }
        sink.answer("250 taken");
        assert_eq!(pass(&app, &transport).await, 1);
        let row = only_mail(&app).await;
        assert_eq!((row.attempts, row.sent_at, row.last_error), (4, Some(app.app.clock.now()), None));
        assert_eq!(sink.taken().len(), 1);
    }

    async fn a_server_that_is_not_there_loses_nothing_h14(app: TestApp) {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        enqueue(&app, "anna@example.org", "Brandt").await;
        assert_eq!(pass(&app, &transport(&app, free)).await, 0);
        let row = only_mail(&app).await;
        assert!(row.last_error.unwrap().starts_with("Connection error: "));
        assert_eq!((row.sent_at, row.given_up_at, row.text.is_empty()), (None, None, false));
        app.pass(TimeDelta::minutes(1));
        let sink = Sink::start().await;
        assert_eq!(pass(&app, &sink.transport(&app)).await, 1);
        assert_eq!(sink.taken().len(), 1);
    }

    async fn a_mail_that_is_refused_for_good_is_kept_and_not_tried_again(app: TestApp) {
        let sink = Sink::start().await;
        let transport = sink.transport(&app);
        enqueue(&app, "nobody@example.org", "Brandt").await;
        sink.answer("550 no such mailbox");
        assert_eq!(pass(&app, &transport).await, 0);
        let row = only_mail(&app).await;
        assert_eq!((row.attempts, row.given_up_at, row.sent_at), (1, Some(app.app.clock.now()), None));
        assert_eq!(row.last_error.as_deref(), Some("permanent error (550): no such mailbox"));
        sink.answer("250 taken");
        app.pass(TimeDelta::days(30));
        assert_eq!(pass(&app, &transport).await, 0);
        assert_eq!((only_mail(&app).await.attempts, sink.taken()), (1, Vec::new()));
    }

    async fn a_sign_in_that_the_mail_server_refuses_costs_no_mail(app: TestApp) {
        let sink = Sink::start().await;
        enqueue(&app, "anna@example.org", "Brandt").await;
        sink.answer("530 authentication required");
        assert_eq!(pass(&app, &sink.transport(&app)).await, 0);
        let row = only_mail(&app).await;
        assert_eq!((row.given_up_at, row.due_at - app.app.clock.now()), (None, TimeDelta::minutes(1)));
    }

    async fn a_mail_under_way_is_left_alone_until_its_lease_ends(app: TestApp) {
        let sink = Sink::slow().await;
        let transport = sink.transport(&app);
        enqueue(&app, "anna@example.org", "Brandt").await;
        let (first, app_, transport_) = (CancellationToken::new(), app.app.clone(), transport.clone());
        let sending = tokio::spawn(async move { send_due(&app_, &transport_, &first).await.unwrap() });
        sink.arrived.notified().await;
        assert_eq!(pass(&app, &transport).await, 0, "another process finds nothing to do");
        app.pass(LEASE - TimeDelta::microseconds(1));
        assert_eq!(pass(&app, &transport).await, 0);
        assert_eq!(only_mail(&app).await.attempts, 1);
        sink.go_on.notify_one();
        assert_eq!(sending.await.unwrap(), 1);
        assert_eq!(sink.taken().len(), 1);
    }

    async fn a_mail_of_a_process_that_died_is_sent_by_another(app: TestApp) {
        let sink = Sink::slow().await;
        let transport = sink.transport(&app);
        enqueue(&app, "anna@example.org", "Brandt").await;
        let (app_, transport_) = (app.app.clone(), transport.clone());
        let sending = tokio::spawn(async move { send_due(&app_, &transport_, &CancellationToken::new()).await });
        sink.arrived.notified().await;
        sending.abort();
        assert!(sending.await.unwrap_err().is_cancelled());
        let sink = Sink::start().await;
        let transport = sink.transport(&app);
        assert_eq!(pass(&app, &transport).await, 0);
        app.pass(LEASE);
        assert_eq!(pass(&app, &transport).await, 1);
        let row = only_mail(&app).await;
        assert_eq!((row.attempts, row.sent_at), (2, Some(app.app.clock.now())));
        assert!(sink.taken()[0].1.contains(&format!("Message-ID: <{}@portal.example>\n", row.id)));
    }

    async fn stopping_finishes_the_mail_under_way_and_keeps_the_others(app: TestApp) {
        let sink = Sink::slow().await;
        for to in ["anna@example.org", "berta@example.org"] {
            enqueue(&app, to, "Brandt").await;
            app.pass(TimeDelta::seconds(1));
        }
        let stop = CancellationToken::new();
        let worker = tokio::spawn(run(app.app.clone(), Some(sink.transport(&app)), stop.clone()));
        sink.arrived.notified().await;
        stop.cancel();
        sink.go_on.notify_one();
        worker.await.unwrap();
        let sent: Vec<_> = app.mails().await.iter().map(|mail| mail.sent_at.is_some()).collect();
        assert_eq!((sent, sink.taken().len()), (vec![true, false], 1));
        assert_eq!(sink.taken()[0].0, "<anna@example.org>");
    }

    async fn a_worker_wakes_when_a_mail_is_committed(app: TestApp) {
        let sink = Sink::slow().await;
        let stop = CancellationToken::new();
        let worker = tokio::spawn(run(app.app.clone(), Some(sink.transport(&app)), stop.clone()));
        enqueue(&app, "anna@example.org", "Brandt").await;
        app.app.mail_waits.notify_one();
        sink.arrived.notified().await;
        sink.go_on.notify_one();
        stop.cancel();
        worker.await.unwrap();
        assert_eq!(sink.taken().len(), 1);
    }

    async fn names_and_addresses_add_no_header_and_no_recipient(app: TestApp) {
        let sink = Sink::start().await;
        enqueue(&app, "anna@example.org", "Brandt\r\nBcc: eve@example.org\r\n\r\nHello").await;
        assert_eq!(pass(&app, &sink.transport(&app)).await, 1);
        let taken = sink.taken();
        assert_eq!((taken.len(), taken[0].0.as_str()), (1, "<anna@example.org>"));
        let (headers, _) = taken[0].1.split_once("\n\n").unwrap();
        let names: Vec<_> = headers.lines().filter(|line| !line.starts_with(' ')).map(|line| line.split(':').next().unwrap()).collect();
        assert_eq!(names, ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"]);
    }

    async fn the_demo_mailbox_shows_to_everybody_what_would_have_been_sent(app: TestApp) {
        let app = app.restarted(|settings| settings.is_demo = true);
        let transport = Transport::of(&app.app.settings).unwrap().unwrap();
        for (minute, to) in ["anna@example.org", "berta@example.org", "carl@example.org"].into_iter().enumerate() {
            enqueue(&app, to, "Haustechnik Brandt").await;
            if minute == 0 {
                assert_eq!(pass(&app, &transport).await, 1);
            }
            app.pass(TimeDelta::minutes(1));
        }
        let mut browser = app.anonymous();
        let first = browser.data(MAILS, json!({ "first": 2 })).await["mails"].clone();
        assert_eq!((&first["totalCount"], &first["pageInfo"]["hasNextPage"]), (&json!(3), &json!(true)));
        assert_eq!((&first["nodes"][0]["to"], &first["nodes"][1]["to"]), (&json!("carl@example.org"), &json!("berta@example.org")));
        assert_eq!(first["nodes"][0]["sentAt"], json!(null));
        let after = first["pageInfo"]["endCursor"].clone();
        let last = browser.data(MAILS, json!({ "after": after })).await["mails"]["nodes"].clone();
        assert_eq!(last.as_array().unwrap().len(), 1);
        let mail = &last[0];
        assert_eq!(mail["subject"], "Haustechnik Brandt gibt Ihnen Zugang zu 2 Zählern");
        assert_eq!(mail["links"], json!([format!("{ORIGIN}/link/Zm9vYmFy")]));
        assert_eq!(mail["sentAt"], "2026-11-23T09:00:00+00:00");
        assert!(mail["text"].as_str().unwrap().contains("Lindwerk Netze GmbH"));
    }

    async fn there_is_no_mailbox_outside_the_demo(app: TestApp) {
        enqueue(&app, "anna@example.org", "Brandt").await;
        for mut browser in [app.anonymous(), app.client(app.customer).await, app.client(app.staff).await] {
            assert_eq!(browser.code(MAILS, json!({})).await, "NOT_FOUND");
        }
    }
}

#[test]
fn without_an_smtp_server_mails_wait_and_a_wrong_address_is_said_at_the_start() {
    let settings = |smtp_url: Option<&str>, mail_from: &str| Settings {
        data_dir: Default::default(),
        key_file: Default::default(),
        database_url: String::new(),
        origin: ORIGIN.to_owned(),
        listen: ([127, 0, 0, 1], 0).into(),
        smtp_url: smtp_url.map(str::to_owned),
        mail_from: mail_from.to_owned(),
        trusted_proxies: Vec::new(),
        tries_per_address: server::settings::TRIES_PER_ADDRESS,
        query_budget: server::settings::QUERY_BUDGET,
        key_quota: server::settings::KEY_QUOTA,
        right_end_days: server::settings::RIGHT_END_DAYS,
        playground: true,
        is_demo: false,
        password_mode: Default::default(),
        require_second_factor: false,
        webhooks_to_private: false,
        tls: None,
        time_zone: server::settings::TIME_ZONE,
        consumers: true,
        hold_invoices: true,
        invoice_folder: None,
        provider: Default::default(),
        sso: Default::default(),
    };
    assert!(Transport::of(&settings(None, "portal@example.org")).unwrap().is_none());
    assert!(
        Transport::of(&settings(
            Some("smtps://me:geheim@mail.example.org"),
            "Portal <portal@example.org>"
        ))
        .unwrap()
        .is_some()
    );
    let wrong = Transport::of(&settings(Some("mail.example.org"), "portal@example.org"))
        .unwrap_err()
        .to_string();
    assert!(wrong.contains("KEYHAUS_SMTP_URL"), "{wrong}");
    let secret = Transport::of(&settings(Some("http://me:geheim@mail"), "portal@example.org")).unwrap_err();
    assert!(!format!("{secret:#}").contains("geheim"));
    let wrong = Transport::of(&settings(None, "no address")).map(|transport| transport.is_none());
    assert!(wrong.unwrap(), "who sends is asked only where something is sent");
    let wrong = Transport::of(&settings(Some("smtp://127.0.0.1"), "no address"))
        .unwrap_err()
        .to_string();
    assert!(wrong.contains("KEYHAUS_MAIL_FROM"), "{wrong}");
}
