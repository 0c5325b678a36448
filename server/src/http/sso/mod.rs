//! The endpoints of the OpenID Connect provider.
mod page;

pub(crate) use page::escaped;

use super::{Caller, Served, guard};
use crate::{
    actor::Actor,
    app::App,
    error::Error,
    session,
    sso::{
        authorize::{self, Answer, with_parameters},
        client::Client,
        code::{self, Redeeming},
        discovery, key,
        logout::{self, End},
        request::{Mode, Parameters, REQUEST_MAX},
    },
};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use openidconnect::url::form_urlencoded;
use serde_json::json;

/// The largest form, in bytes.
const FORM_MAX: usize = 16 * 1024;

/// Where the endpoints are.
pub(super) fn routes() -> Router<Served> {
    Router::new()
        .route("/.well-known/openid-configuration", get(configuration))
        .route("/jwks", get(keys))
        .route("/authorize", get(authorize).post(from_form))
        .route("/token", post(token))
        .route("/userinfo", get(user_info).post(user_info))
        .route("/end-session", get(end_session).post(end_by_form))
        .layer(DefaultBodyLimit::max(FORM_MAX))
}

async fn configuration(State(served): State<Served>) -> Response {
    match discovery::metadata(&served.app) {
        Ok(metadata) => public(Json(metadata).into_response()),
        Err(error) => broken(&error),
    }
}

async fn keys(State(served): State<Served>) -> Response {
    match key::public_set(&served.app).await {
        Ok(keys) => public(Json(keys).into_response()),
        Err(error) => broken(&error),
    }
}

/// What is no secret and changes seldom.
fn public(mut response: Response) -> Response {
    let kept = HeaderValue::from_static("public, max-age=300");
    response.headers_mut().insert(header::CACHE_CONTROL, kept);
    response
}

fn broken(error: &Error) -> Response {
    tracing::error!(cause = %error, "a request of single sign-on was not answered");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

async fn authorize(
    State(served): State<Served>,
    caller: Caller,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    match authorize::authorize(&served.app, caller.actor.as_ref(), &caller.origin, &query).await {
        Ok(Answer::Client {
            redirect_uri,
            mode: Mode::Query,
            parameters,
        }) => see_other(&with_parameters(&redirect_uri, &parameters)),
        Ok(Answer::Client {
            redirect_uri,
            mode: Mode::FormPost,
            parameters,
        }) => page::posted(&headers, &redirect_uri, &parameters),
        Ok(Answer::Page(address)) => see_other(&address),
        Ok(Answer::Refused(text)) => page::refused(&headers, text),
        Err(error) => broken(&error),
    }
}

/// A request that comes as a form, which another origin's page may post: its cookie does not come along (`SameSite`),
/// so the browser is sent to ask again by itself.
async fn from_form(headers: HeaderMap, body: Bytes) -> Response {
    again("/authorize", &headers, &body)
}

fn again(path: &str, headers: &HeaderMap, body: &[u8]) -> Response {
    if !is_form(headers) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    if body.len() > REQUEST_MAX * 2 {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(form_urlencoded::parse(body));
    see_other(&format!("{path}?{}", query.finish()))
}

fn is_form(headers: &HeaderMap) -> bool {
    let declared = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = declared.unwrap_or_default().split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// 303: the browser gets what is there, whatever it sent (RFC 9110 section 15.4.4).
fn see_other(address: &str) -> Response {
    match HeaderValue::from_str(address) {
        Ok(address) => (StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// The token endpoint (RFC 6749 section 3.2): called by clients, never by browsers' pages.
async fn token(State(served): State<Served>, headers: HeaderMap, body: Bytes) -> Response {
    let refused = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response();
    if !is_form(&headers) {
        return refused("invalid_request");
    }
    let said = Parameters::read(&body);
    if said.has_double() {
        return refused("invalid_request");
    }
    let Some(client) = client(&served.app, &headers, &said) else {
        let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"token\"")];
        let body = Json(json!({ "error": "invalid_client" }));
        return (StatusCode::UNAUTHORIZED, challenge, body).into_response();
    };
    match said.get("grant_type") {
        Some("authorization_code") => {}
        None => return refused("invalid_request"),
        Some(_) => return refused("unsupported_grant_type"),
    }
    let (Some(code), Some(redirect_uri), Some(verifier)) =
        (said.get("code"), said.get("redirect_uri"), said.get("code_verifier"))
    else {
        return refused("invalid_request");
    };
    let given = Redeeming {
        code,
        redirect_uri,
        verifier,
    };
    match code::redeem(&served.app, client, given).await {
        Ok(Some(answer)) => Json(answer).into_response(),
        Ok(None) => refused("invalid_grant"),
        Err(error) => broken(&error),
    }
}

/// Who calls: by HTTP Basic or by parameters, never by both (RFC 6749 section 2.3); a public client by its id.
fn client<'a>(app: &'a App, headers: &HeaderMap, said: &Parameters) -> Option<&'a Client> {
    let (id, secret) = match headers.get(header::AUTHORIZATION) {
        Some(value) => {
            let (id, secret) = basic(value)?;
            if said.get("client_secret").is_some() || said.get("client_id").is_some_and(|named| named != id) {
                return None;
            }
            (id, Some(secret))
        }
        None => (
            said.get("client_id")?.to_owned(),
            said.get("client_secret").map(str::to_owned),
        ),
    };
    let client = app.settings.sso.find(&id)?;
    let is_right = match &secret {
        Some(secret) => client.has_secret(secret),
        None => client.is_public(),
    };
    is_right.then_some(client)
}

/// Id and secret of HTTP Basic, each of them form-encoded (RFC 6749 section 2.3.1).
fn basic(value: &HeaderValue) -> Option<(String, String)> {
    let (scheme, text) = value.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(text.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decoded = |part: &str| {
        let whole = format!("x={part}");
        let value = form_urlencoded::parse(whole.as_bytes())
            .next()
            .map(|(_, value)| value.into_owned());
        value.unwrap_or_default()
    };
    Some((decoded(id), decoded(secret)))
}

/// What is said of the person of an access token (OpenID Connect Core section 5.3).
async fn user_info(State(served): State<Served>, headers: HeaderMap) -> Response {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = value.and_then(|value| value.split_once(' '));
    let Some((_, token)) = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) else {
        return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")]).into_response();
    };
    match code::user_info(&served.app, token.trim()).await {
        Ok(answer) => Json(answer).into_response(),
        Err(Error::Unauthenticated | Error::NotFound(_)) => {
            let challenge = [(header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")];
            (StatusCode::UNAUTHORIZED, challenge).into_response()
        }
        Err(error) => broken(&error),
    }
}

async fn end_session(
    State(served): State<Served>,
    caller: Caller,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    ended(
        &served.app,
        caller.actor.as_ref(),
        &headers,
        &query.unwrap_or_default(),
        false,
    )
    .await
}

/// The person's "yes" on our own page; what another origin's page posts is asked for again by the browser itself.
async fn end_by_form(State(served): State<Served>, caller: Caller, headers: HeaderMap, body: Bytes) -> Response {
    if guard::own_page(&headers).is_err() {
        return again("/end-session", &headers, &body);
    }
    let Ok(form) = std::str::from_utf8(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    ended(&served.app, caller.actor.as_ref(), &headers, form, true).await
}

async fn ended(app: &App, actor: Option<&Actor>, headers: &HeaderMap, form: &str, is_confirmed: bool) -> Response {
    match logout::end(app, actor, form, is_confirmed).await {
        Ok(End::Done { to }) => {
            let gone = format!(
                "{}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0",
                session::COOKIE
            );
            let mut response = see_other(&to);
            if let Ok(gone) = HeaderValue::from_str(&gone) {
                response.headers_mut().insert(header::SET_COOKIE, gone);
            }
            response
        }
        Ok(End::Ask) => page::asked(headers, form, &app.settings.sso),
        Ok(End::Refused(text)) => page::refused(headers, text),
        Err(error) => broken(&error),
    }
}
