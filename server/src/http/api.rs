//! `POST /graphql`: one operation in, one answer out.
use super::{Caller, Served, guard};
use crate::graphql::RequestId;
use async_graphql::Request;
use axum::{
    Extension, Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

/// Answers one GraphQL request. Refused before it is read: other content types, other origins, batches.
pub(super) async fn graphql(
    State(served): State<Served>,
    Extension(request_id): Extension<RequestId>,
    headers: HeaderMap,
    caller: Caller,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Response {
    let checked = guard::json(&headers).and_then(|()| match &caller.actor {
        // No page of another origin can make a browser send a token that it does not know.
        Some(actor) if actor.require_session().is_err() => Ok(()),
        _ => guard::same_origin(&headers, &served.app.settings.origin),
    });
    if let Err(refusal) = checked {
        return refusal.into_response();
    }
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return rejection.into_response(),
    };
    let Ok(request) = serde_json::from_slice::<Request>(&body) else {
        return (StatusCode::BAD_REQUEST, "the body is not a GraphQL request").into_response();
    };
    let mut request = request.data(request_id).data(caller.origin);
    if let Some(actor) = caller.actor {
        request = request.data(actor);
    }
    let mut answer = served.schema.execute(request).await;
    let headers = std::mem::take(&mut answer.http_headers);
    (headers, Json(answer)).into_response()
}
