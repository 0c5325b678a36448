//! Requests of programs: `Authorization: Bearer` with a personal access token (RFC 6750 section 2.1). Whatever cookie
//! comes with it is not looked at, and no answer to it sets one.
use super::{Caller, files, user_agent};
use crate::{
    app::App,
    audit,
    error::Error,
    session::{self, throttle},
    token,
};
use axum::{
    Json,
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::json;
use shared::error::ErrorCode;

/// The token of a request; none for other schemes, which a proxy in front of the portal may use.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?;
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Who asks with a token.
///
/// # Errors
/// 401 if the token does not count, 429 if that was so too often, 500 if it cannot be found out.
pub(super) async fn caller(app: &App, token: &str, ip: Option<String>, parts: &Parts) -> Result<Caller, Response> {
    let origin = session::Origin {
        ip: ip.clone(),
        user_agent: user_agent(&parts.headers),
        session: None,
    };
    match token::actor(app, token, ip.clone()).await {
        Ok(actor) => Ok(Caller {
            origin,
            actor: Some(actor),
        }),
        Err(error) => {
            let error = match error {
                Error::Unauthenticated => wrong(app, &ip.unwrap_or_default()).await,
                other => other,
            };
            Err(refusal(&error, parts.uri.path()))
        }
    }
}

/// Notes a wrong token. Tokens have 256 random bits, so nobody has to be kept from guessing one before it is looked at,
/// and a right one is never slowed down; but whoever sends wrong ones on and on is told to wait.
async fn wrong(app: &App, address: &str) -> Error {
    let error = match throttle::charge(app, throttle::Guess::TokenFromAddress, address).await {
        Ok(throttle::Verdict::Open(_)) => Error::Unauthenticated,
        Ok(throttle::Verdict::Locked) => Error::Throttled,
        Err(error) => error,
    };
    let entry = audit::Entry {
        act: "bearer",
        code: Some(error.code()),
        ..audit::Entry::default()
    };
    audit::refuse(app, entry).await;
    error
}

/// A refusal, in the form of the place that was asked, with the challenge of RFC 6750 section 3.
fn refusal(error: &Error, path: &str) -> Response {
    let mut response = files::refusal(error);
    if path == "/graphql" {
        let code = error.code();
        let message = match code {
            ErrorCode::Internal => "something broke on our side".to_owned(),
            _ => error.to_string(),
        };
        let body = json!({ "data": null, "errors": [{ "message": message, "extensions": { "code": code } }] });
        response = (response.status(), Json(body)).into_response();
    }
    if error.code() == ErrorCode::Unauthenticated {
        response.headers_mut().insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer error=\"invalid_token\""),
        );
    }
    response
}
