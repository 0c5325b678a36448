//! Signing on at other places of the provider with a session of the portal: an OpenID Connect provider for clients of
//! the settings file (OpenID Connect Core 1.0, authorization code flow with RFC 7636).
pub mod authorize;
pub mod backchannel;
pub mod claims;
pub mod client;
pub mod code;
pub mod discovery;
pub mod graphql;
pub mod key;
pub mod logout;
pub mod request;
pub mod visit;

use crate::{actor::Actor, app::App, error::Result};
use chrono::TimeDelta;
use openidconnect::url::form_urlencoded::Serializer;
use sha2::{Digest, Sha256};
use shared::account::{AccountKind, Right};

/// The class (`acr`) of a session that was opened with a password alone.
pub const ACR_PASSWORD: &str = "urn:keyhaus:acr:password";

/// The class (`acr`) of a session that gave a second factor too.
pub const ACR_FACTOR: &str = "urn:keyhaus:acr:second-factor";

/// How long a code may be redeemed (security threat 15).
pub const CODE_LIFE: TimeDelta = TimeDelta::seconds(60);

/// How long ID token and access token count.
pub const TOKEN_LIFE: TimeDelta = TimeDelta::minutes(10);

/// What the audit log calls it.
pub const ACT: &str = "singleSignOn";

/// A place that the viewer can go to without signing in again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// The id of the client.
    pub id: String,
    /// What people call the place.
    pub name: String,
    /// Where its sign-in begins.
    pub address: String,
}

/// The places that are open to the actor: none to those who do not manage contracts in the account in view.
///
/// # Errors
/// [`crate::error::Error::Forbidden`] without an account in view, or for a personal access token.
pub fn doors(app: &App, actor: &Actor) -> Result<Vec<Door>> {
    actor.require_session()?;
    let account = actor.in_view()?;
    if account.kind == AccountKind::Provider || !actor.may(Right::ManageContracts) {
        return Ok(Vec::new());
    }
    let clients = app.settings.sso.clients.iter();
    Ok(clients
        .filter_map(|client| {
            let begin = client.initiate_login_uri.as_ref()?;
            // OpenID Connect Core section 4: the place learns who sends.
            let issuer = Serializer::new(String::new())
                .append_pair("iss", &app.settings.origin)
                .finish();
            let separator = if begin.contains('?') { '&' } else { '?' };
            Some(Door {
                id: client.id.clone(),
                name: client.name.clone(),
                address: format!("{begin}{separator}{issuer}"),
            })
        })
        .collect())
}

/// A new secret for a client, and what the settings file keeps of it.
pub fn new_secret(chance: &crate::app::Chance) -> (String, String) {
    let secret = hex::encode(chance.bytes::<32>());
    let hash = hex::encode(Sha256::digest(secret.as_bytes()));
    (secret, hash)
}
