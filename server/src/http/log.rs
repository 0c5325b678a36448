//! `GET /download/log`: the audit log as CSV.
use super::{Caller, Served, files::refusal};
use crate::{
    audit::{export, list::Filter},
    error::{Error, Result as Outcome},
};
use axum::{
    body::Body,
    extract::{Query, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use shared::id::AccountId;

/// What the address of the export says; the names are those of the list's filter.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Asked {
    account: Option<AccountId>,
    act: Option<String>,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    is_allowed: Option<bool>,
    #[serde(default)]
    is_mine: bool,
}

/// The rows that the viewer sees, as a file.
pub(super) async fn download(State(served): State<Served>, caller: Caller, Query(asked): Query<Asked>) -> Response {
    let made: Outcome<_> = async {
        let actor = caller.actor.ok_or(Error::Unauthenticated)?;
        let filter = Filter {
            act: asked.act,
            from: asked.from,
            until: asked.until,
            is_allowed: asked.is_allowed,
            is_mine: asked.is_mine,
        };
        export::csv(served.app.clone(), actor, asked.account, filter).await
    }
    .await;
    match made {
        Ok(lines) => {
            let mut response = Body::from_stream(lines).into_response();
            let headers = response.headers_mut();
            headers.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/csv; charset=utf-8; header=present"),
            );
            headers.insert(
                header::CONTENT_DISPOSITION,
                HeaderValue::from_static("attachment; filename=\"keyhaus-log.csv\""),
            );
            response
        }
        Err(error) => refusal(&error),
    }
}
