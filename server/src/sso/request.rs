//! An authorization request: read, and judged before anybody is asked who he is.
use super::client::Client;
use crate::{
    app::App,
    seal::{Place, Sealed},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::url::form_urlencoded;
use std::collections::{BTreeMap, btree_map::Entry};

/// The longest request that is taken, in bytes.
pub const REQUEST_MAX: usize = 4096;

/// How long a person may take to sign in before the request has to be made again.
const REQUEST_LIFE: TimeDelta = TimeDelta::minutes(30);

/// The longest `nonce`, in characters.
const NONCE_MAX: usize = 255;

/// What a request says, checked as far as the request alone tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Who asks.
    pub client: String,
    /// Where the answer goes.
    pub redirect_uri: String,
    /// How it goes there.
    pub mode: Mode,
    /// Comes back as it is.
    pub state: Option<String>,
    /// Comes back in the ID token.
    pub nonce: Option<String>,
    /// What shall be said of the person, as far as it is known: `openid`, `profile`, `email`.
    pub scope: String,
    /// Hash of the verifier (S256).
    pub challenge: String,
    /// Nothing may be shown: `prompt=none`.
    pub is_silent: bool,
    /// The person has to prove again who he is: `prompt=login`.
    pub needs_login: bool,
    /// The longest time since then.
    pub max_age: Option<TimeDelta>,
    /// The classes that will do, if any are named.
    pub acr_values: Vec<String>,
    /// An ID token of the person that the client expects.
    pub id_token_hint: Option<String>,
}

/// How an answer goes to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// In the query of the redirect.
    Query,
    /// As a form that the browser posts (OAuth 2.0 Form Post Response Mode).
    FormPost,
}

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Client or redirect URI are not known: nothing goes there. The text is for people who set up clients.
    Shown(&'static str),
    /// The client is told.
    Told(Told),
}

/// An error that goes to the client (RFC 6749 section 4.1.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Where to.
    pub redirect_uri: String,
    /// How.
    pub mode: Mode,
    /// As it came.
    pub state: Option<String>,
    /// The code of the error.
    pub error: &'static str,
    /// The same for developers.
    pub description: &'static str,
}

/// The parameters of a form. A name that comes twice is kept apart: it is refused (RFC 6749 section 3.1).
#[derive(Debug)]
pub struct Parameters {
    values: BTreeMap<String, String>,
    has_double: Option<String>,
}

impl Parameters {
    /// Reads `application/x-www-form-urlencoded`. An empty value counts as none (RFC 6749 section 3.1).
    pub fn read(form: &[u8]) -> Self {
        let mut values = BTreeMap::new();
        let mut has_double = None;
        for (name, value) in form_urlencoded::parse(form) {
            match values.entry(name.into_owned()) {
                Entry::Occupied(known) => has_double = Some(known.key().clone()),
                Entry::Vacant(free) => {
                    free.insert(value.into_owned());
                }
            }
        }
        Self { values, has_double }
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// Whether one of them came twice.
    pub fn is_doubled(&self, name: &str) -> bool {
        self.has_double.as_deref() == Some(name)
    }

    /// Whether any came twice.
    pub fn has_double(&self) -> bool {
        self.has_double.is_some()
    }
}

/// Reads a request.
///
/// # Errors
/// The first fault; whether the client may be told of it depends on what is wrong.
pub fn read(clients: &super::client::Sso, form: &str) -> Result<Request, Fault> {
    let said = Parameters::read(form.as_bytes());
    if form.len() > REQUEST_MAX {
        return Err(Fault::Shown("the request is too long"));
    }
    if said.is_doubled("client_id") || said.is_doubled("redirect_uri") {
        return Err(Fault::Shown("client_id or redirect_uri came twice"));
    }
    let client: &Client = said
        .get("client_id")
        .and_then(|id| clients.find(id))
        .ok_or(Fault::Shown("this client_id is not known here"))?;
    let redirect_uri = said
        .get("redirect_uri")
        .filter(|uri| client.redirect_uris.iter().any(|known| known == uri))
        .ok_or(Fault::Shown("this redirect_uri is not one of the client's"))?;
    let mode = match said.get("response_mode") {
        Some("form_post") => Mode::FormPost,
        _ => Mode::Query,
    };
    let state = said.get("state").map(str::to_owned);
    let fault = |error, description| {
        Err(Fault::Told(Told {
            redirect_uri: redirect_uri.to_owned(),
            mode,
            state: state.clone(),
            error,
            description,
        }))
    };
    if said.has_double() {
        return fault("invalid_request", "a parameter came twice");
    }
    if !matches!(said.get("response_mode"), None | Some("query" | "form_post")) {
        return fault("invalid_request", "response_mode is query or form_post");
    }
    match said.get("response_type") {
        Some("code") => {}
        None => return fault("invalid_request", "response_type is missing"),
        Some(_) => return fault("unsupported_response_type", "response_type is code"),
    }
    if said.get("request").is_some() {
        return fault("request_not_supported", "parameters are sent as they are");
    }
    if said.get("request_uri").is_some() {
        return fault("request_uri_not_supported", "parameters are sent as they are");
    }
    if said.get("registration").is_some() {
        return fault("registration_not_supported", "clients are set up by the provider");
    }
    let asked: Vec<_> = said.get("scope").unwrap_or_default().split(' ').collect();
    if !asked.contains(&"openid") {
        return fault("invalid_scope", "scope contains openid");
    }
    let scope = ["openid", "profile", "email"]
        .into_iter()
        .filter(|known| asked.contains(known));
    if said.get("code_challenge_method") != Some("S256") {
        return fault("invalid_request", "code_challenge_method is S256");
    }
    let challenge = said.get("code_challenge").unwrap_or_default();
    if URL_SAFE_NO_PAD.decode(challenge).map_or(0, |bytes| bytes.len()) != 32 {
        return fault(
            "invalid_request",
            "code_challenge is the SHA-256 of the verifier in base64url",
        );
    }
    let prompts: Vec<_> = said.get("prompt").unwrap_or_default().split(' ').collect();
    let is_silent = prompts.contains(&"none");
    if is_silent && prompts.len() > 1 {
        return fault("invalid_request", "prompt=none stands alone");
    }
    let max_age = match said.get("max_age").map(str::parse::<u32>) {
        None => None,
        Some(Ok(seconds)) => Some(TimeDelta::seconds(seconds.into())),
        Some(Err(_)) => return fault("invalid_request", "max_age is a number of seconds"),
    };
    if said.get("nonce").is_some_and(|nonce| nonce.chars().count() > NONCE_MAX) {
        return fault("invalid_request", "nonce is too long");
    }
    Ok(Request {
        client: client.id.clone(),
        redirect_uri: redirect_uri.to_owned(),
        mode,
        nonce: said.get("nonce").map(str::to_owned),
        scope: scope.collect::<Vec<_>>().join(" "),
        challenge: challenge.to_owned(),
        is_silent,
        needs_login: prompts.contains(&"login"),
        max_age,
        acr_values: said
            .get("acr_values")
            .map(|values| values.split_ascii_whitespace().map(str::to_owned).collect())
            .unwrap_or_default(),
        id_token_hint: said.get("id_token_hint").map(str::to_owned),
        state: state.clone(),
    })
}

/// A request that waits while the person signs in: sealed, so that it comes back exactly as it was, and with the time
/// at which it came first. It is carried by the browser; nothing is stored for people who are not known.
///
/// # Errors
/// If the cipher refuses.
pub fn seal(app: &App, came_at: DateTime<Utc>, form: &str) -> crate::error::Result<String> {
    let mut plain = came_at.timestamp_micros().to_be_bytes().to_vec();
    plain.extend_from_slice(form.as_bytes());
    let sealed = app.keys.seal(&app.rng, PLACE, &plain)?;
    let bytes = [sealed.version.to_be_bytes().as_slice(), &sealed.bytes].concat();
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Opens what [`seal`] gave: when the request came first, and what it said. None if it was changed or waited too long.
pub fn open(app: &App, text: &str) -> Option<(DateTime<Utc>, String)> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (version, bytes) = bytes.split_first_chunk::<4>()?;
    let sealed = Sealed {
        bytes: bytes.to_vec(),
        version: i32::from_be_bytes(*version),
    };
    let plain = app.keys.open(PLACE, &sealed).ok()?;
    let (time, form) = plain.split_first_chunk::<8>()?;
    let came_at = DateTime::from_timestamp_micros(i64::from_be_bytes(*time))?;
    let form = std::str::from_utf8(form).ok()?.to_owned();
    (app.clock.now() - came_at < REQUEST_LIFE).then_some((came_at, form))
}

const PLACE: Place<'static> = Place {
    column: "authorize.request",
    row: b"",
    name: "",
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sso::client::Sso;

    const GOOD: &str = "client_id=c&redirect_uri=https%3A%2F%2Fc.example%2Fback%3Fa%3D1&response_type=code&scope=openid%20email%20phone&code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&state=s%26t&nonce=n";

    fn sso() -> Sso {
        Sso {
            clients: vec![Client {
                id: "c".to_owned(),
                name: "C".to_owned(),
                secret_sha256: None,
                redirect_uris: vec!["https://c.example/back?a=1".to_owned()],
                post_logout_redirect_uris: Vec::new(),
                backchannel_logout_uri: None,
                initiate_login_uri: None,
            }],
            ..Sso::default()
        }
    }

    fn told(form: &str) -> &'static str {
        match read(&sso(), form) {
            Err(Fault::Told(told)) => {
                assert_eq!(told.redirect_uri, "https://c.example/back?a=1");
                assert_eq!(told.state.as_deref(), Some("s&t"), "{form}");
                told.error
            }
            other => panic!("{form}: {other:?}"),
        }
    }

    #[test]
    fn a_whole_request_is_read() {
        let request = read(&sso(), GOOD).unwrap();
        assert_eq!(request.scope, "openid email");
        assert_eq!(request.state.as_deref(), Some("s&t"));
        assert_eq!(
            (request.mode, request.is_silent, request.needs_login),
            (Mode::Query, false, false)
        );
        let more = read(
            &sso(),
            &format!("{GOOD}&response_mode=form_post&prompt=login&max_age=60&acr_values=a+b"),
        )
        .unwrap();
        assert_eq!(
            (more.mode, more.needs_login, more.max_age),
            (Mode::FormPost, true, Some(TimeDelta::seconds(60)))
        );
        assert_eq!(more.acr_values, ["a", "b"]);
    }

    #[test]
    fn nothing_goes_to_an_address_that_is_not_known() {
        for form in [
            String::new(),
            GOOD.replace("client_id=c", "client_id=d"),
            GOOD.replace("client_id=c&", ""),
            GOOD.replace("c.example", "evil.example"),
            GOOD.replace("%3Fa%3D1", "%3Fa%3D1%26b%3D2"),
            GOOD.replace("%3Fa%3D1", ""),
            GOOD.replace("https", "HTTPS"),
            GOOD.replace("back", "back%2F..%2Fback"),
            GOOD.replace("c.example", "c.example%40evil.example"),
            format!("{GOOD}&client_id=c"),
            format!("{GOOD}&redirect_uri=https%3A%2F%2Fevil.example"),
            format!("{GOOD}&x={}", "x".repeat(REQUEST_MAX)),
        ] {
            assert!(matches!(read(&sso(), &form), Err(Fault::Shown(_))), "{form}");
        }
    }

    #[test]
    fn a_client_is_told_what_is_wrong_with_its_request() {
        for (form, error) in [
            (GOOD.replace("&response_type=code", ""), "invalid_request"),
            (
                GOOD.replace("response_type=code", "response_type=token"),
                "unsupported_response_type",
            ),
            (
                GOOD.replace("response_type=code", "response_type=code%20id_token"),
                "unsupported_response_type",
            ),
            (format!("{GOOD}&response_mode=fragment"), "invalid_request"),
            (format!("{GOOD}&scope=openid"), "invalid_request"),
            (format!("{GOOD}&request=x"), "request_not_supported"),
            (format!("{GOOD}&request_uri=x"), "request_uri_not_supported"),
            (format!("{GOOD}&registration=x"), "registration_not_supported"),
            (GOOD.replace("openid", "opened"), "invalid_scope"),
            (GOOD.replace("method=S256", "method=plain"), "invalid_request"),
            (GOOD.replace("&code_challenge_method=S256", ""), "invalid_request"),
            (GOOD.replace("E9Melhoa2", "E9Melhoa"), "invalid_request"),
            (GOOD.replace("E9Melhoa2", "E9Melhoa="), "invalid_request"),
            (format!("{GOOD}&prompt=none+login"), "invalid_request"),
            (format!("{GOOD}&max_age=-1"), "invalid_request"),
            (format!("{GOOD}&max_age=soon"), "invalid_request"),
            (
                GOOD.replace("nonce=n", &format!("nonce={}", "n".repeat(256))),
                "invalid_request",
            ),
        ] {
            assert_eq!(told(&form), error, "{form}");
        }
    }
}
