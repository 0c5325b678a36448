//! `GET /download/orders/{id}/receipt`: the receipt of a cancellation or withdrawal that no mail could bring.
use super::{
    Caller, Served,
    files::{attachment, refusal},
};
use crate::{
    error::{Error, Result as Outcome},
    order::receipt,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use shared::id::OrderId;

/// The receipt as staff posts it.
pub(super) async fn download(State(served): State<Served>, caller: Caller, Path(id): Path<String>) -> Response {
    let made: Outcome<_> = async {
        let actor = caller.actor.as_ref().ok_or(Error::Unauthenticated)?;
        let id: OrderId = id.parse().map_err(|_| Error::NotFound("order"))?;
        receipt::print(&served.app, actor, id).await
    }
    .await;
    match made {
        Ok(printed) => attachment(&printed.file_name, "application/pdf", printed.pdf),
        Err(error) => refusal(&error),
    }
}
