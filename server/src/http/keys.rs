//! `GET /download/keys/{id}`: a file of keys that `exportKeys` made, once.
use super::{
    Caller, Served,
    files::{attachment, refusal},
    guard,
};
use crate::{
    audit,
    error::{Error, Result as Outcome},
    meter,
};
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use shared::id::KeyExportId;

/// Hands the file out and forgets it: so only a page of ours may ask for it.
pub(super) async fn download(
    State(served): State<Served>,
    headers: HeaderMap,
    caller: Caller,
    Path(id): Path<String>,
) -> Response {
    if let Err(refused) = guard::own_page(&headers) {
        return refused.into_response();
    }
    let fetched: Outcome<_> = async {
        let actor = caller.actor.as_ref().ok_or(Error::Unauthenticated)?;
        let id: KeyExportId = id.parse().map_err(|_| Error::NotFound("keyExport"))?;
        meter::fetch_export(&served.app, actor, id).await
    }
    .await;
    match fetched {
        Ok((name, bytes)) => attachment(&name, "application/zip", bytes.to_vec()),
        Err(error) => {
            let actor = caller.actor.as_ref();
            let entry = audit::Entry {
                user: actor.map(|actor| actor.user),
                account: actor.and_then(|actor| actor.account.as_ref()).map(|account| account.id),
                act: "fetchKeys",
                code: Some(error.code()),
                ip: caller.origin.ip.clone(),
                user_agent: caller.origin.user_agent.clone(),
                ..audit::Entry::default()
            };
            audit::refuse(&served.app, entry).await;
            refusal(&error)
        }
    }
}
