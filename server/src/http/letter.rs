//! `GET /download/letters/{account}`: the access letter of a customer, as staff prints it.
use super::{
    Caller, Served,
    files::{attachment, refusal},
    guard,
};
use crate::{
    audit,
    error::{Error, Result as Outcome},
    letter,
};
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use shared::id::AccountId;

/// Makes a letter. Each one has a new code, and the codes of earlier ones end: so only a page of ours may ask for it,
/// and the answer is kept nowhere.
pub(super) async fn download(
    State(served): State<Served>,
    headers: HeaderMap,
    caller: Caller,
    Path(id): Path<String>,
) -> Response {
    if let Err(refused) = guard::own_page(&headers) {
        return refused.into_response();
    }
    let made: Outcome<_> = async {
        let actor = caller.actor.as_ref().ok_or(Error::Unauthenticated)?;
        let id: AccountId = id.parse().map_err(|_| Error::NotFound("account"))?;
        letter::print(&served.app, actor, id).await
    }
    .await;
    match made {
        Ok(printed) => attachment(&printed.file_name, "application/pdf", printed.pdf),
        Err(error) => {
            let actor = caller.actor.as_ref();
            let entry = audit::Entry {
                user: actor.map(|actor| actor.user),
                account: actor.and_then(|actor| actor.account.as_ref()).map(|account| account.id),
                act: "accessLetter",
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
