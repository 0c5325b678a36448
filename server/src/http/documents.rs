//! `GET /download/documents/{id}`, `/download/mails/{mail}/{position}` and `/download/agreements/{contract}`: files
//! that a browser saves, each checked anew.
use super::{
    Caller, Served,
    files::{attachment, refusal},
};
use crate::{
    agreement, document,
    error::{Error, Result as Outcome},
    mail::attachment::of_mailbox,
};
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use shared::{
    account::Language,
    id::{ContractId, DocumentId, MailId},
};

/// A file of the demo mailbox.
pub(super) async fn of_mail(State(served): State<Served>, Path((mail, position)): Path<(String, String)>) -> Response {
    let found: Outcome<_> = async {
        let mail: MailId = mail.parse().map_err(|_| Error::NotFound("attachment"))?;
        let position = position.parse().map_err(|_| Error::NotFound("attachment"))?;
        of_mailbox(&served.app, mail, position).await
    }
    .await;
    match found {
        Ok(file) => attachment(&file.name, &file.media_type, file.bytes),
        Err(error) => refusal(&error),
    }
}

/// A document of a customer.
pub(super) async fn download(State(served): State<Served>, caller: Caller, Path(id): Path<String>) -> Response {
    let found: Outcome<_> = async {
        let actor = caller.actor.as_ref().ok_or(Error::Unauthenticated)?;
        let id: DocumentId = id.parse().map_err(|_| Error::NotFound("document"))?;
        document::fetch(&served.app, actor, id).await
    }
    .await;
    match found {
        Ok((row, bytes)) => attachment(&row.file_name, &row.media_type, bytes),
        Err(error) => refusal(&error),
    }
}

/// What the address of an agreement's text says.
#[derive(serde::Deserialize)]
pub(super) struct InLanguage {
    /// In which language; German if it is not given.
    #[serde(default)]
    language: Language,
}

/// The newest text of a contract's agreement.
pub(super) async fn agreement(
    State(served): State<Served>,
    caller: Caller,
    Path(id): Path<String>,
    Query(asked): Query<InLanguage>,
) -> Response {
    let found: Outcome<_> = async {
        let actor = caller.actor.as_ref().ok_or(Error::Unauthenticated)?;
        let id: ContractId = id.parse().map_err(|_| Error::NotFound("contract"))?;
        let found = agreement::of_contract(&served.app, actor, id).await?;
        let pdf = found.pdf(asked.language).await?;
        Ok((found.file_name(asked.language), pdf))
    }
    .await;
    match found {
        Ok((name, pdf)) => attachment(&name, agreement::PDF, pdf),
        Err(error) => refusal(&error),
    }
}
