//! An event that was written is delivered after `kill -9`, with the same id.
use crate::portal::Portal;
use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

/// How long a delivery may take to come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A delivery: `webhook-id` and body, with the connection that waits for an answer.
struct Delivery {
    id: String,
    body: Value,
    stream: TcpStream,
}

/// An endpoint on this machine, and what comes to it; it answers nothing by itself.
fn endpoint() -> (String, Receiver<Delivery>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hooks", listener.local_addr().unwrap());
    let (sends, comes) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut stream = BufReader::new(stream);
            let (mut id, mut length) = (String::new(), 0);
            let mut line = String::new();
            while stream.read_line(&mut line).unwrap() > 2 {
                let (name, value) = line.split_once(':').unwrap_or_default();
                match name.to_lowercase().as_str() {
                    "webhook-id" => value.trim().clone_into(&mut id),
                    "content-length" => length = value.trim().parse().unwrap(),
                    _ => {}
                }
                line.clear();
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).unwrap();
            let body = serde_json::from_slice(&body).unwrap();
            let stream = stream.into_inner();
            if sends.send(Delivery { id, body, stream }).is_err() {
                return;
            }
        }
    });
    (url, comes)
}

#[test]
fn an_event_whose_delivery_was_killed_comes_after_the_restart_with_the_same_id() {
    let (url, comes) = endpoint();
    let data = tempfile::tempdir().unwrap();
    let mut portal = Portal::start(data.path(), None);
    portal.sign_in("j.reimann@lindwerk.example");
    let create = "mutation($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } } }";
    let input = json!({ "name": "ERP", "url": url, "kinds": ["ORDER_WITHDRAWN"] });
    portal.data(create, json!({ "input": input }));
    portal.sign_in("104233");
    let list = "{ orders(filter: { state: PLACED }) { nodes { id number } } }";
    let order = portal.data(list, json!({}))["orders"]["nodes"][0].clone();
    let withdraw = "mutation($input: WithdrawOrderInput!) { withdrawOrder(input: $input) { order { state } } }";
    portal.data(withdraw, json!({ "input": { "id": order["id"] } }));

    // the try is under way, and nobody has answered it
    let first = comes.recv_timeout(PATIENCE).unwrap();
    portal.kill();
    drop(first.stream);
    assert_eq!(first.body["type"], "order.withdrawn");
    assert_eq!(first.body["data"]["orderNumber"], order["number"]);

    let path = data.path().join("keyhaus.db");
    let rows = tokio::runtime::Runtime::new().unwrap().block_on(async {
        let db = Database::connect(format!("sqlite://{}", path.display())).await.unwrap();
        let open =
            "SELECT COUNT(*) AS count FROM delivery WHERE delivered_at IS NULL AND given_up_at IS NULL AND claims = 1";
        let found = db
            .query_one_raw(Statement::from_string(db.get_database_backend(), open))
            .await
            .unwrap();
        // the lease of the process that was killed is over
        let over = "UPDATE delivery SET due_at = created_at WHERE claims = 1";
        db.execute_unprepared(over).await.unwrap();
        found.unwrap().try_get::<i64>("", "count").unwrap()
    });
    assert_eq!(rows, 1, "what was killed is not lost");

    let mut portal = Portal::start(data.path(), None);
    let mut second = comes.recv_timeout(PATIENCE).unwrap();
    assert_eq!((&second.id, &second.body), (&first.id, &first.body));
    second
        .stream
        .write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
        .unwrap();
    drop(second.stream);
    portal.sign_in("j.reimann@lindwerk.example");
    let log = "{ deliveries { nodes { kind state attempts } } }";
    let noted = json!({ "kind": "ORDER_WITHDRAWN", "state": "DELIVERED", "attempts": 2 });
    let is_noted = (0..100).any(|_| {
        let more = comes.recv_timeout(Duration::from_millis(100));
        assert!(more.is_err(), "once is enough");
        portal.data(log, json!({}))["deliveries"]["nodes"]
            .as_array()
            .unwrap()
            .contains(&noted)
    });
    assert!(is_noted, "{}", portal.data(log, json!({})));
}
