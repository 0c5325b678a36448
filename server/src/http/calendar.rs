//! `GET /download/contracts/calendar.ics` and `/download/contracts/{id}/calendar.ics`: the dates of contracts.
use super::{
    Caller, Served,
    files::{attachment, refusal},
};
use crate::{
    error::{Error, Result as Outcome},
    product,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use shared::id::ContractId;

/// The type of calendar files (RFC 5545 section 8.1).
const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";

/// The dates of all contracts of the account in view.
pub(super) async fn of_all(State(served): State<Served>, caller: Caller) -> Response {
    answer(&served, &caller, Ok(None)).await
}

/// The dates of one contract.
pub(super) async fn of_one(State(served): State<Served>, caller: Caller, Path(id): Path<String>) -> Response {
    let id = id.parse().map(Some).map_err(|_| Error::NotFound("contract"));
    answer(&served, &caller, id).await
}

async fn answer(served: &Served, caller: &Caller, only: Outcome<Option<ContractId>>) -> Response {
    let made: Outcome<_> = async {
        let actor = caller.actor.as_ref().ok_or(Error::Unauthenticated)?;
        product::calendar(&served.app, actor, only?).await
    }
    .await;
    match made {
        Ok(text) => attachment("keyhaus.ics", MEDIA_TYPE, text.into_bytes()),
        Err(error) => refusal(&error),
    }
}
