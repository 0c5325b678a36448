//! `GET /download/exchange/{file}`: the catalogue, all contracts or all orders as a file, for staff and its programs.
use super::{
    Caller, Served,
    files::{attachment, refusal},
};
use crate::{
    error::{Error, Result as Outcome},
    exchange::{export, name, table::Format},
    office::Author,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use shared::exchange::Subject;

/// What can be asked for.
const SUBJECTS: [Subject; 3] = [Subject::Products, Subject::Contracts, Subject::Orders];

/// The file whose name says what is in it and in which form: `orders.csv`, `contracts.json`.
pub(super) async fn download(State(served): State<Served>, caller: Caller, Path(file): Path<String>) -> Response {
    let made: Outcome<_> = async {
        let actor = caller.actor.as_ref().ok_or(Error::Unauthenticated)?;
        let (subject, format, media_type) = named(&file).ok_or(Error::NotFound("file"))?;
        let bytes = export(&served.app, Author::Staff(actor), subject, format).await?;
        Ok(attachment(&file, media_type, bytes))
    }
    .await;
    made.unwrap_or_else(|error| refusal(&error))
}

fn named(file: &str) -> Option<(Subject, Format, &'static str)> {
    let (stem, ending) = file.rsplit_once('.')?;
    let subject = SUBJECTS.into_iter().find(|subject| name(*subject) == stem)?;
    match ending {
        "csv" => Some((subject, Format::Csv, "text/csv; charset=utf-8; header=present")),
        "json" => Some((subject, Format::Json, "application/json")),
        _ => None,
    }
}
