//! Webhooks: what is told, how it is signed, tried again, given up and sent again, and where nothing is sent.
mod endpoint;
pub mod receiver;

use crate::app::{Client, Person, TestApp, now};
use chrono::{DateTime, TimeDelta, Utc};
use receiver::Receiver;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use server::{
    entity::{delivery, event},
    webhook::{
        self, ContactFacts, Event,
        post::Poster,
        worker::{KEPT, LEASE, TRIES_MAX, send_due, sweep},
    },
};
use tokio_util::sync::CancellationToken;

const CREATE: &str = "mutation($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } secret } }";
const CHANGE: &str =
    "mutation($input: ChangeWebhookInput!) { changeWebhook(input: $input) { webhook { name isEnabled } } }";
const ROTATE: &str =
    "mutation($input: WebhookInput!) { rotateWebhookSecret(input: $input) { webhook { formerSecretUntil } secret } }";
const TEST: &str = "mutation($input: WebhookInput!) { sendTestEvent(input: $input) { deliveryId } }";
const REPLAY: &str =
    "mutation($input: ReplayDeliveryInput!) { replayDelivery(input: $input) { delivery { state attempts } } }";
const REPLAY_FAILED: &str =
    "mutation($input: ReplayFailedDeliveriesInput!) { replayFailedDeliveries(input: $input) { count } }";
const DELIVERIES: &str = "query($first: Int, $state: DeliveryState) { deliveries(first: $first, state: $state) {
    nodes { id eventId kind customerNumber state attempts status durationMs problem answer body } totalCount } }";
const CONTACT: &str = "mutation($input: ChangeContactPersonInput!) {
    changeContactPerson(input: $input) { contactPerson { name } } }";

/// An endpoint of a receiver, with its secret.
async fn endpoint(app: &TestApp, url: &str, kinds: &[&str]) -> (String, String) {
    let mut staff = app.client(app.staff).await;
    let input = json!({ "name": "ERP", "url": url, "kinds": kinds });
    let made = staff.data(CREATE, json!({ "input": input })).await;
    let made = &made["createWebhook"];
    (
        made["webhook"]["id"].as_str().unwrap().to_owned(),
        made["secret"].as_str().unwrap().to_owned(),
    )
}

async fn send(app: &TestApp) -> u64 {
    let poster = Poster::new(&app.app).unwrap();
    send_due(&app.app, &poster, &CancellationToken::new()).await.unwrap()
}

/// Tells that the contact person of somebody's account has changed.
async fn tell(app: &TestApp, person: Person, name: &str) {
    let facts = ContactFacts {
        name: name.to_owned(),
        ..ContactFacts::default()
    };
    let tx = app.app.begin().await.unwrap();
    webhook::tell(&tx, &app.app, person.account, &Event::ContactChanged(facts))
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn log(staff: &mut Client) -> Vec<Value> {
    let shown = staff.data(DELIVERIES, json!({})).await;
    shown["deliveries"]["nodes"].as_array().unwrap().clone()
}

async fn only(app: &TestApp) -> delivery::Model {
    delivery::Entity::find().one(app.db()).await.unwrap().unwrap()
}

crate::on_both! {
    async fn a_changed_contact_person_reaches_the_endpoint_signed(app: TestApp) {
        let receiver = Receiver::start().await;
        let (_, secret) = endpoint(&app, &receiver.url(), &["CONTACT_CHANGED"]).await;
        let mut customer = app.client(app.customer).await;
        let input = json!({ "name": "Ayşe Öztürk", "phone": "030 1234567" });
        customer.data(CONTACT, json!({ "input": input })).await;
        assert_eq!(send(&app).await, 1);
        let taken = receiver.taken();
        assert_eq!(taken.len(), 1);
        assert!(taken[0].is_signed_with(&secret));
        assert!(!taken[0].is_signed_with("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
        assert_eq!(taken[0].timestamp, app.app.clock.now().timestamp());
        assert!(taken[0].head.starts_with("post /hooks http/1.1"), "{}", taken[0].head);
        assert!(taken[0].head.contains("content-type: application/json"), "{}", taken[0].head);
        assert_eq!(taken[0].json(), json!({
            "type": "contact.changed",
            "version": 1,
            "timestamp": "2026-11-23T09:00:00.000Z",
            "customerNumber": "104233",
            "data": {
                "name": "Ayşe Öztürk", "position": null, "email": null, "phone": "030 1234567",
                "street": null, "postalCode": null, "city": null,
            },
        }));
        let mut staff = app.client(app.staff).await;
        let shown = log(&mut staff).await;
        assert_eq!(shown.len(), 1);
        assert_eq!(shown[0]["eventId"], taken[0].id.as_str());
        assert_eq!(shown[0]["state"], "DELIVERED");
        assert_eq!(shown[0]["status"], 204);
        assert_eq!(shown[0]["customerNumber"], "104233");
        assert_eq!(send(&app).await, 0);
        assert_eq!(receiver.taken().len(), 1);
    }

    async fn what_is_rolled_back_or_asked_for_by_nobody_is_never_told(app: TestApp) {
        let receiver = Receiver::start().await;
        endpoint(&app, &receiver.url(), &["ORDER_PLACED"]).await;
        tell(&app, app.customer, "Ayşe Öztürk").await;
        assert_eq!(event::Entity::find().count(app.db()).await.unwrap(), 0);
        endpoint(&app, &receiver.url(), &["CONTACT_CHANGED"]).await;
        let tx = app.app.begin().await.unwrap();
        let event = Event::ContactChanged(ContactFacts::default());
        webhook::tell(&tx, &app.app, app.customer.account, &event).await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(send(&app).await, 0);
        assert_eq!(receiver.taken().len(), 0);
    }

    async fn a_refused_event_is_tried_again_with_the_same_id_and_then_given_up(app: TestApp) {
        let receiver = Receiver::start().await;
        endpoint(&app, &receiver.url(), &["CONTACT_CHANGED"]).await;
        receiver.answers("500 Internal Server Error", "out\r\nof \u{7}paper");
        tell(&app, app.customer, "Ayşe Öztürk").await;
        assert_eq!(send(&app).await, 0);
        let waits = only(&app).await;
        assert_eq!((waits.attempts, waits.status, waits.given_up_at), (1, Some(500), None));
        assert_eq!(waits.answer.as_deref(), Some("out  of  paper"));
        let wait = (waits.due_at - app.app.clock.now()).num_milliseconds();
        assert!((30_000..=37_500).contains(&wait), "{wait}");
        assert_eq!(send(&app).await, 0);
        assert_eq!(receiver.taken().len(), 1, "not before it is due");
        for _ in 1..TRIES_MAX {
            app.pass(TimeDelta::hours(16));
            send(&app).await;
        }
        app.pass(TimeDelta::days(9));
        send(&app).await;
        let taken = receiver.taken();
        assert_eq!(taken.len(), 10);
        assert!(taken.iter().all(|one| one.id == taken[0].id && one.body == taken[0].body));
        assert!(only(&app).await.given_up_at.is_some());
        let mut staff = app.client(app.staff).await;
        let shown = log(&mut staff).await;
        assert_eq!(shown[0]["state"], "FAILED");
        assert_eq!(shown[0]["problem"], "answered 500 Internal Server Error");
    }

    async fn a_redirect_is_a_failure_and_is_not_followed(app: TestApp) {
        let (receiver, other) = (Receiver::start().await, Receiver::start().await);
        endpoint(&app, &receiver.url(), &["CONTACT_CHANGED"]).await;
        receiver.answers(&format!("307 Temporary Redirect\r\nlocation: {}", other.url()), "");
        tell(&app, app.customer, "Ayşe Öztürk").await;
        assert_eq!(send(&app).await, 0);
        assert_eq!((receiver.taken().len(), other.taken().len()), (1, 0));
        let row = only(&app).await;
        assert_eq!((row.status, row.problem.as_deref()), (Some(307), Some("redirects are not followed")));
    }

    async fn nobody_there_is_a_failure_without_a_status(app: TestApp) {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        endpoint(&app, &format!("http://{free}/"), &["CONTACT_CHANGED"]).await;
        tell(&app, app.customer, "Ayşe Öztürk").await;
        assert_eq!(send(&app).await, 0);
        let row = only(&app).await;
        assert_eq!((row.attempts, row.status), (1, None));
        assert!(row.problem.unwrap().contains("refused"));
    }

    async fn a_private_address_is_refused_when_it_is_sent_too(app: TestApp) {
        let receiver = Receiver::start().await;
        endpoint(&app, &receiver.url(), &["CONTACT_CHANGED"]).await;
        tell(&app, app.customer, "Ayşe Öztürk").await;
        let app = app.restarted(|settings| settings.webhooks_to_private = false);
        assert_eq!(send(&app).await, 0);
        assert_eq!(receiver.taken().len(), 0);
        assert_eq!(only(&app).await.problem.as_deref(), Some("the host lies in an inner network"));
    }

    async fn a_name_that_leads_into_an_inner_network_is_refused(app: TestApp) {
        let mut client = reqwest::Client::builder();
        client = client.dns_resolver(webhook::target::Reach { is_private_open: false });
        drop(Poster::new(&app.app).unwrap()); // names the cryptography of the process
        let refused = client.build().unwrap().get("http://localhost:1/").send().await.unwrap_err();
        let words = format!("{refused:?}");
        assert!(words.contains("Closed"), "{words}");
    }

    async fn a_crash_while_sending_neither_loses_an_event_nor_gives_it_another_id(app: TestApp) {
        let receiver = Receiver::start().await;
        endpoint(&app, &receiver.url(), &["CONTACT_CHANGED"]).await;
        receiver.answers("", "");
        tell(&app, app.customer, "Ayşe Öztürk").await;
        {
            let poster = Poster::new(&app.app).unwrap();
            let stop = CancellationToken::new();
            let mut sending = std::pin::pin!(send_due(&app.app, &poster, &stop));
            while receiver.taken().is_empty() {
                assert!(futures::poll!(&mut sending).is_pending());
                tokio::task::yield_now().await;
            }
        } // it dies here, with the answer outstanding
        receiver.answers("204 No Content", "");
        assert_eq!(send(&app).await, 0, "it belongs to the one that died");
        app.pass(LEASE);
        assert_eq!(send(&app).await, 1);
        let taken = receiver.taken();
        assert_eq!((taken.len(), &taken[0].id), (2, &taken[1].id));
    }

    async fn two_processes_send_each_event_once(app: TestApp) {
        let receiver = Receiver::start().await;
        endpoint(&app, &receiver.url(), &["CONTACT_CHANGED"]).await;
        for number in 0..20 {
            tell(&app, app.customer, &number.to_string()).await;
        }
        let (one, other) = tokio::join!(send(&app), send(&app));
        assert_eq!(one + other, 20);
        let mut ids: Vec<_> = receiver.taken().into_iter().map(|taken| taken.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!((ids.len(), receiver.taken().len()), (20, 20));
    }

    async fn staff_replays_one_and_all_that_failed_in_a_period(app: TestApp) {
        let receiver = Receiver::start().await;
        let (id, _) = endpoint(&app, &receiver.url(), &["CONTACT_CHANGED"]).await;
        receiver.answers("503 Service Unavailable", "");
        let begun = app.app.clock.now();
        for name in ["a", "b", "c"] {
            tell(&app, app.customer, name).await;
            app.pass(TimeDelta::hours(1));
        }
        for _ in 0..TRIES_MAX {
            send(&app).await;
            app.pass(TimeDelta::hours(16));
        }
        let mut staff = app.client(app.staff).await;
        let failed = log(&mut staff).await;
        assert!(failed.iter().all(|row| row["state"] == "FAILED") && failed.len() == 3, "{failed:?}");
        receiver.answers("200 OK", "thanks");
        let ids_of_all: Vec<_> = receiver.taken().into_iter().map(|taken| taken.id).collect();
        let replayed = staff.data(REPLAY, json!({ "input": { "id": failed[0]["id"] } })).await;
        assert_eq!(replayed["replayDelivery"]["delivery"], json!({ "state": "WAITING", "attempts": 0 }));
        assert_eq!(send(&app).await, 1);
        let period = |from: DateTime<Utc>, until: DateTime<Utc>| {
            json!({ "input": { "webhookId": id, "from": from, "until": until } })
        };
        let refused = staff.refusal(REPLAY_FAILED, period(begun, begun)).await;
        assert_eq!(refused["field"], "until");
        let second = period(begun + TimeDelta::minutes(30), begun + TimeDelta::minutes(90));
        assert_eq!(staff.data(REPLAY_FAILED, second).await["replayFailedDeliveries"]["count"], 1);
        assert_eq!(send(&app).await, 1);
        let all = period(begun, begun + TimeDelta::days(30));
        assert_eq!(staff.data(REPLAY_FAILED, all).await["replayFailedDeliveries"]["count"], 1);
        assert_eq!(send(&app).await, 1);
        let names: Vec<_> = receiver.taken()[30..].iter().map(|taken| taken.json()["data"]["name"].clone()).collect();
        assert_eq!(names, ["c", "b", "a"]);
        assert!(receiver.taken()[30..].iter().all(|taken| ids_of_all.contains(&taken.id)));
        let shown = log(&mut staff).await;
        assert!(shown.iter().all(|row| row["state"] == "DELIVERED" && row["answer"] == "thanks"), "{shown:?}");
    }

    async fn a_page_of_the_log_takes_a_fixed_number_of_statements(app: TestApp) {
        endpoint(&app, "https://erp.example/", &["CONTACT_CHANGED"]).await;
        tell(&app, app.customer, "a").await;
        let mut staff = app.client(app.staff).await;
        log(&mut staff).await;
        let few = app.statements(log(&mut staff)).await;
        for _ in 0..30 {
            tell(&app, app.stranger, "b").await;
        }
        assert_eq!(app.statements(log(&mut staff)).await, few);
        let shown = staff.data(DELIVERIES, json!({ "first": 100, "state": "WAITING" })).await;
        assert_eq!(shown["deliveries"]["totalCount"], 31);
        let none = staff.data(DELIVERIES, json!({ "state": "FAILED" })).await;
        assert_eq!(none["deliveries"], json!({ "nodes": [], "totalCount": 0 }));
    }

    async fn what_is_over_is_deleted_after_ninety_days_and_what_waits_is_kept(app: TestApp) {
        let receiver = Receiver::start().await;
        let (id, _) = endpoint(&app, &receiver.url(), &["CONTACT_CHANGED"]).await;
        tell(&app, app.customer, "sent").await;
        send(&app).await;
        tell(&app, app.customer, "waits").await;
        app.pass(KEPT);
        sweep(&app.app).await.unwrap();
        assert_eq!(event::Entity::find().count(app.db()).await.unwrap(), 2);
        app.pass(TimeDelta::seconds(1));
        sweep(&app.app).await.unwrap();
        let left = event::Entity::find().all(app.db()).await.unwrap();
        assert!(left.len() == 1 && left[0].body.contains("waits"), "{left:?}");
        assert_eq!(only(&app).await.webhook_id.to_string(), id);
        assert_eq!(now() + KEPT + TimeDelta::seconds(1), app.app.clock.now());
    }
}
