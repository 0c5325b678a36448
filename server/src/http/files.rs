//! Files in and out: uploads that a mutation will name, and originals byte for byte.
use super::{Caller, Served, guard};
use crate::{actor::Actor, error::Error, file};
use axum::{
    Json,
    body::{Body, Bytes},
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::Stream;
use serde::Deserialize;
use shared::{
    account::{AccountKind, Right},
    error::ErrorCode,
};

/// What the address of an upload says.
#[derive(Deserialize)]
pub(super) struct Upload {
    /// The name of the file, as the person knows it.
    name: String,
}

/// Takes the body as a file and answers `{"id": …}`. Same guards as the API.
pub(super) async fn upload(
    State(served): State<Served>,
    headers: HeaderMap,
    caller: Caller,
    Query(upload): Query<Upload>,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Response {
    let is_program = caller
        .actor
        .as_ref()
        .is_some_and(|actor| actor.require_session().is_err());
    // No page of another origin can make a browser send a token that it does not know.
    if !is_program && let Err(refusal) = guard::same_origin(&headers, &served.app.settings.origin) {
        return refusal.into_response();
    }
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return rejection.into_response(),
    };
    let kept = match &caller.actor {
        Some(actor) if is_program && !is_of_staff(actor) => Err(Error::Forbidden),
        Some(actor) => file::upload(&served.app, actor, &upload.name, body.to_vec()).await,
        None => Err(Error::Unauthenticated),
    };
    match kept {
        Ok(id) => Json(serde_json::json!({ "id": id })).into_response(),
        Err(error) => refusal(&error),
    }
}

/// Whether somebody is of the provider's staff: only their programs have files to name.
fn is_of_staff(actor: &Actor) -> bool {
    let rights = [
        Right::Administer,
        Right::ManageCustomers,
        Right::ManageInvoices,
        Right::HandleRequests,
    ];
    rights
        .iter()
        .any(|right| actor.require_in(AccountKind::Provider, *right).is_ok())
}

/// An answer that a browser saves instead of showing (RFC 6266, with the name of RFC 8187).
pub(super) fn attachment(name: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    saved(name, media_type, bytes.into_response())
}

/// Like [`attachment`], for what is made while it is sent.
pub(super) fn streamed<S>(name: &str, media_type: &str, pieces: S) -> Response
where
    S: Stream<Item = std::io::Result<Bytes>> + Send + 'static,
{
    saved(name, media_type, Body::from_stream(pieces).into_response())
}

fn saved(name: &str, media_type: &str, mut response: Response) -> Response {
    let ascii: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "._- ".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let encoded: String = name
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    let disposition = format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}");
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_str(media_type).unwrap_or(HeaderValue::from_static("application/octet-stream")),
    );
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

/// A refusal outside GraphQL: the same code, with a status beside it.
pub(super) fn refusal(error: &Error) -> Response {
    let code = error.code();
    let status = match code {
        ErrorCode::Unauthenticated => StatusCode::UNAUTHORIZED,
        ErrorCode::Forbidden | ErrorCode::StepUpRequired | ErrorCode::SecondFactorRequired => StatusCode::FORBIDDEN,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::Invalid | ErrorCode::Malformed => StatusCode::BAD_REQUEST,
        ErrorCode::Throttled => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::Conflict => StatusCode::CONFLICT,
        ErrorCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::Internal => {
            tracing::error!(cause = %error, "a file was not handed over");
            StatusCode::INTERNAL_SERVER_ERROR
        }
    };
    (status, Json(serde_json::json!({ "code": code }))).into_response()
}
