//! The places that a session of the portal opens: clients in the words of OpenID Connect, named in the settings file.
use anyhow::bail;
use openidconnect::url::Url;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The table `[sso]` of the settings file.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sso {
    /// After how many days a new key signs.
    pub key_days: u16,
    /// The places, one `[[sso.clients]]` each.
    pub clients: Vec<Client>,
}

impl Default for Sso {
    fn default() -> Self {
        Self {
            key_days: 90,
            clients: Vec::new(),
        }
    }
}

/// A place of the provider's own, such as its contract administration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// The `client_id`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// SHA-256 of its secret in 64 hexadecimal digits (`keyhaus sso secret` makes both); without one it is a public
    /// client, which has the proof of RFC 7636 alone.
    #[serde(default)]
    pub secret_sha256: Option<String>,
    /// Where codes may be sent: compared letter by letter.
    pub redirect_uris: Vec<String>,
    /// Where the browser may go after signing out: compared letter by letter.
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<String>,
    /// Where it is told that a session is over (OpenID Connect Back-Channel Logout 1.0).
    #[serde(default)]
    pub backchannel_logout_uri: Option<String>,
    /// Where its own sign-in begins (OpenID Connect Core section 4): the door on the product pages leads there.
    #[serde(default)]
    pub initiate_login_uri: Option<String>,
}

impl Sso {
    /// The client with this id.
    pub fn find(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }

    /// That every client can work.
    ///
    /// # Errors
    /// One sentence that names the client and what is wrong with it.
    pub fn check(&self) -> anyhow::Result<()> {
        if self.key_days == 0 {
            bail!("key_days of [sso] is 0, but takes at least 1");
        }
        for (position, client) in self.clients.iter().enumerate() {
            let id = &client.id;
            if id.is_empty()
                || !id
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
            {
                bail!("the id \"{id}\" in [[sso.clients]] takes letters, digits, -, . and _ only");
            }
            if self.clients[..position].iter().any(|other| other.id == *id) {
                bail!("[[sso.clients]] has the id \"{id}\" twice");
            }
            if client.name.trim().is_empty() {
                bail!("the client \"{id}\" has no name");
            }
            if let Some(hash) = &client.secret_sha256
                && hex::decode(hash).map_or(0, |bytes| bytes.len()) != 32
            {
                bail!("secret_sha256 of the client \"{id}\" takes the 64 digits that \"keyhaus sso secret\" prints");
            }
            if client.redirect_uris.is_empty() {
                bail!("the client \"{id}\" has no redirect_uris");
            }
            let addresses = client.redirect_uris.iter().chain(&client.post_logout_redirect_uris);
            for address in addresses
                .chain(&client.backchannel_logout_uri)
                .chain(&client.initiate_login_uri)
            {
                if !is_safe(address) {
                    bail!(
                        "\"{address}\" of the client \"{id}\" takes an address such as https://contracts.example/… without #; http for this machine only"
                    );
                }
            }
        }
        Ok(())
    }
}

impl Client {
    /// Whether `secret` is the client's.
    pub fn has_secret(&self, secret: &str) -> bool {
        let expected = self.secret_sha256.as_deref().and_then(|hash| hex::decode(hash).ok());
        expected.is_some_and(|expected| bool::from(Sha256::digest(secret.as_bytes()).as_slice().ct_eq(&expected)))
    }

    /// Whether it has no secret.
    pub fn is_public(&self) -> bool {
        self.secret_sha256.is_none()
    }
}

/// Whether a browser or the server may be sent to an address: by https, or to this machine itself.
fn is_safe(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let is_local = match url.host() {
        Some(openidconnect::url::Host::Domain(name)) => name == "localhost",
        Some(openidconnect::url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(openidconnect::url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    let has_name = !url.username().is_empty() || url.password().is_some();
    (url.scheme() == "https" || (url.scheme() == "http" && is_local)) && url.fragment().is_none() && !has_name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client() -> Client {
        Client {
            id: "contracts".to_owned(),
            name: "Vertragsverwaltung".to_owned(),
            secret_sha256: Some(hex::encode(Sha256::digest(b"secret"))),
            redirect_uris: vec!["https://contracts.example/back".to_owned()],
            post_logout_redirect_uris: Vec::new(),
            backchannel_logout_uri: None,
            initiate_login_uri: None,
        }
    }

    fn refusal(change: impl FnOnce(&mut Client)) -> String {
        let mut changed = client();
        change(&mut changed);
        let sso = Sso {
            clients: vec![client(), changed],
            ..Sso::default()
        };
        sso.check().map_or_else(|error| error.to_string(), |()| String::new())
    }

    #[test]
    fn what_cannot_work_is_refused_by_name() {
        assert_eq!(refusal(|client| client.id = "other".to_owned()), "");
        assert_eq!(refusal(|_| ()), "[[sso.clients]] has the id \"contracts\" twice");
        assert!(refusal(|client| client.id = "a b".to_owned()).contains("\"a b\""));
        let with = |change: fn(&mut Client)| {
            refusal(|client| {
                client.id = "other".to_owned();
                change(client);
            })
        };
        assert!(with(|client| client.name.clear()).contains("no name"));
        assert!(with(|client| client.redirect_uris.clear()).contains("no redirect_uris"));
        assert!(with(|client| client.secret_sha256 = Some("secret".to_owned())).contains("64 digits"));
        for address in [
            "http://contracts.example/back",
            "https://contracts.example/back#x",
            "https://me@contracts.example/back",
            "javascript:alert(1)",
            "/back",
            "",
        ] {
            let said = refusal(|client| {
                client.id = "other".to_owned();
                client.backchannel_logout_uri = Some(address.to_owned());
            });
            assert!(said.contains(&format!("\"{address}\"")), "{address}: {said}");
        }
        assert_eq!(
            with(|client| client.initiate_login_uri = Some("http://127.0.0.1:8123/".to_owned())),
            ""
        );
        assert_eq!(
            with(|client| client.initiate_login_uri = Some("http://[::1]/".to_owned())),
            ""
        );
        let none = Sso {
            key_days: 0,
            ..Sso::default()
        };
        assert!(none.check().is_err());
    }

    #[test]
    fn a_secret_is_known_by_its_hash_alone() {
        assert!(client().has_secret("secret"));
        for wrong in ["", "Secret", "secret ", client().secret_sha256.as_deref().unwrap()] {
            assert!(!client().has_secret(wrong), "{wrong}");
        }
        let public = Client {
            secret_sha256: None,
            ..client()
        };
        assert!(public.is_public() && !public.has_secret(""));
    }
}
