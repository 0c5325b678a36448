//! How a receiver knows that an event is ours: the symmetric scheme of Standard Webhooks 1.0.0.
//!
//! The signature is the HMAC-SHA256 (RFC 2104) of `ID.TIMESTAMP.BODY` in Base64 with `v1,` before it; several stand
//! side by side with a space between them while a secret is being replaced.
use crate::{
    app::App,
    entity::webhook,
    error::Result,
    seal::{Place, Sealed},
};
use anyhow::{Context, anyhow};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::zeroize::Zeroizing;
use sha2::Sha256;
use shared::id::{EventId, WebhookId};

/// What a secret begins with where people see it; the Base64 of its bytes follows.
const PREFIX: &str = "whsec_";

/// Bytes of a secret; the scheme takes 24 to 64.
const LENGTH: usize = 32;

fn place(id: &WebhookId) -> Place<'_> {
    Place {
        column: "webhook.sealed",
        row: id.0.as_bytes(),
        name: "secret",
    }
}

/// A new secret: sealed for the endpoint, and as it is shown, once.
pub(super) fn create(app: &App, id: WebhookId) -> Result<(Sealed, String)> {
    let bytes = Zeroizing::new(app.rng.bytes::<LENGTH>());
    let sealed = app.keys.seal(&app.rng, place(&id), bytes.as_slice())?;
    Ok((sealed, format!("{PREFIX}{}", STANDARD.encode(bytes.as_slice()))))
}

/// The value of `webhook-signature`: by the endpoint's secret, and by the one before it as long as that counts.
pub(super) fn signatures(
    app: &App,
    endpoint: &webhook::Model,
    event: EventId,
    at: DateTime<Utc>,
    body: &str,
) -> Result<String> {
    let current = Sealed {
        bytes: endpoint.sealed.clone(),
        version: endpoint.key_version,
    };
    let former = endpoint
        .former_until
        .filter(|until| *until > at)
        .and(endpoint.former_sealed.clone().zip(endpoint.former_key_version))
        .map(|(bytes, version)| Sealed { bytes, version });
    let mut signatures = Vec::new();
    for sealed in [Some(current), former].into_iter().flatten() {
        let secret = app.keys.open(place(&endpoint.id), &sealed)?;
        signatures.push(sign(&secret, &event.to_string(), at.timestamp(), body)?);
    }
    Ok(signatures.join(" "))
}

fn sign(secret: &[u8], id: &str, timestamp: i64, body: &str) -> Result<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret)
        .map_err(|_| anyhow!("a secret has no length"))
        .context("an event could not be signed")?;
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_scheme_has_its_signature() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = sign(
            &secret,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signature.unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
