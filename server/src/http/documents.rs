//! `GET /download/documents/{id}`, `/download/mails/{mail}/{position}` and `/download/agreements/{contract}`: files
//! that a browser saves, each checked anew.
use super::{
    Served,
    files::{attachment, refusal},
};
use crate::{
    error::{Error, Result as Outcome},
    mail::attachment::of_mailbox,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use shared::id::MailId;

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
