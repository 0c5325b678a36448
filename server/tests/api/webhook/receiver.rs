//! A receiver of events that checks each signature by itself, as docs/webhooks.md tells receivers to.
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// What came in one request.
#[derive(Clone, Debug)]
pub struct Taken {
    /// `webhook-id`.
    pub id: String,
    /// `webhook-timestamp`.
    pub timestamp: i64,
    /// `webhook-signature`.
    pub signature: String,
    /// The head, in lower case.
    pub head: String,
    /// The body as it came.
    pub body: String,
}

impl Taken {
    /// The body.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Whether one of the signatures was made with this secret.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        self.signature.split(' ').any(|one| {
            let sent = STANDARD.decode(one.strip_prefix("v1,").unwrap()).unwrap();
            let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
            mac.update(format!("{}.{}.{}", self.id, self.timestamp, self.body).as_bytes());
            mac.verify_slice(&sent).is_ok()
        })
    }
}

/// A server on this machine that keeps what it takes.
pub struct Receiver {
    port: u16,
    taken: Arc<Mutex<Vec<Taken>>>,
    answer: Arc<Mutex<String>>,
}

impl Receiver {
    /// One that answers 204.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            port: listener.local_addr().unwrap().port(),
            taken: Arc::default(),
            answer: Arc::default(),
        };
        receiver.answers("204 No Content", "");
        let (taken, answer) = (receiver.taken.clone(), receiver.answer.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, taken.clone(), answer.clone()));
            }
        });
        receiver
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hooks", self.port)
    }

    /// Sets what it answers from now on: status with headers, and body. An empty status answers nothing.
    pub fn answers(&self, status: &str, body: &str) {
        let length = body.len();
        *self.answer.lock().unwrap() = match status {
            "" => String::new(),
            _ => format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"),
        };
    }

    /// What came so far.
    pub fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap().clone()
    }
}

async fn serve(stream: TcpStream, taken: Arc<Mutex<Vec<Taken>>>, answer: Arc<Mutex<String>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    while stream.read_line(&mut head).await? > 2 {}
    let header = |name: &str| {
        let of = |line: &str| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        };
        head.lines().find_map(of).unwrap_or_default()
    };
    let mut body = vec![0; header("content-length").parse().unwrap_or_default()];
    stream.read_exact(&mut body).await?;
    taken.lock().unwrap().push(Taken {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp").parse().unwrap_or_default(),
        signature: header("webhook-signature"),
        head: head.to_lowercase(),
        body: String::from_utf8(body).unwrap(),
    });
    let answer = answer.lock().unwrap().clone();
    if answer.is_empty() {
        return std::future::pending().await;
    }
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}
