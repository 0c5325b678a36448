//! One try: an event posted to an endpoint, and what came back.
use super::{signature::signatures, target::Reach};
use crate::{
    app::App,
    entity::{event, webhook},
    error::Result,
};
use anyhow::Context;
use reqwest::{Client, Response, header, redirect::Policy};
use std::{error::Error as _, time::Duration};
use tokio::time::Instant;

/// How long a try may take, from the look-up of the name to the end of the answer; shorter than the lease.
pub const TIMEOUT: Duration = Duration::from_secs(15);

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How much of an answer is read, in bytes.
const ANSWER_MAX: usize = 2048;

/// How much of an answer is kept, in characters.
const EXCERPT_MAX: usize = 500;

/// How much of an error is kept, in characters.
const PROBLEM_MAX: usize = 300;

/// Posts events.
#[derive(Clone, Debug)]
pub struct Poster {
    client: Client,
    reach: Reach,
}

/// What became of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The HTTP status; none if nobody answered.
    pub status: Option<u16>,
    /// How long it took, in milliseconds.
    pub duration_ms: i32,
    /// Why it failed; none if the endpoint took the event.
    pub problem: Option<String>,
    /// The beginning of the answer.
    pub answer: Option<String>,
}

impl Poster {
    /// One that reaches what the settings open. It follows no redirect, keeps no cookie and asks no proxy.
    ///
    /// # Errors
    /// If the system's certificates cannot be read.
    pub fn new(app: &App) -> anyhow::Result<Self> {
        let reach = Reach {
            is_private_open: app.settings.webhooks_to_private,
        };
        // The client takes the process's cryptography. Somebody may have named one already: it is the same.
        let _already_named = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(concat!("Keyhaus/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .no_proxy()
            .http1_only()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .dns_resolver(reach)
            .build()
            .context("webhooks cannot be sent")?;
        Ok(Self { client, reach })
    }

    /// Tries once. Only 2xx is success.
    pub(super) async fn post(&self, app: &App, endpoint: &webhook::Model, event: &event::Model) -> Result<Outcome> {
        let at = app.clock.now();
        let signatures = signatures(app, endpoint, event.id, at, &event.body)?;
        let begun = Instant::now();
        let outcome = |status, problem, answer| Outcome {
            status,
            duration_ms: i32::try_from(begun.elapsed().as_millis()).unwrap_or(i32::MAX),
            problem,
            answer,
        };
        // An address that was open when it was typed may be closed by now.
        let Ok(url) = self.reach.read(&endpoint.url) else {
            return Ok(outcome(
                None,
                Some("the host lies in an inner network".to_owned()),
                None,
            ));
        };
        let request = self
            .client
            .post(url)
            .header(header::CONTENT_TYPE, "application/json")
            .header("webhook-id", event.id.to_string())
            .header("webhook-timestamp", at.timestamp())
            .header("webhook-signature", signatures)
            .body(event.body.clone());
        Ok(match request.send().await {
            Ok(response) => {
                let status = response.status();
                let answer = excerpt(response).await;
                let problem = match status {
                    _ if status.is_success() => None,
                    _ if status.is_redirection() => Some("redirects are not followed".to_owned()),
                    _ => Some(format!("answered {status}")),
                };
                outcome(Some(status.as_u16()), problem, answer)
            }
            Err(error) => outcome(None, Some(words(&error)), None),
        })
    }
}

/// The beginning of an answer as one line; none if there is no text.
async fn excerpt(mut response: Response) -> Option<String> {
    let mut bytes = Vec::new();
    while bytes.len() < ANSWER_MAX {
        // What breaks off while the answer is read does not undo its status.
        let Ok(Some(chunk)) = response.chunk().await else { break };
        bytes.extend_from_slice(&chunk);
    }
    let text = String::from_utf8_lossy(&bytes);
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(EXCERPT_MAX)
        .collect();
    Some(plain.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Why nobody answered, with the last cause, which says it best.
fn words(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("no answer within {} seconds", TIMEOUT.as_secs());
    }
    let mut cause = error.source();
    while let Some(deeper) = cause.and_then(std::error::Error::source) {
        cause = Some(deeper);
    }
    let words = cause.map_or_else(|| "the request failed".to_owned(), ToString::to_string);
    words.chars().take(PROBLEM_MAX).collect()
}
