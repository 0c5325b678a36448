//! `GET /download/invoices…`: the files of an invoice, and of several at once.
use super::{
    Caller, Served,
    files::{attachment, refusal, streamed},
};
use crate::{
    actor::Actor,
    error::{Error, Result as Outcome},
    invoice::{
        archive::{self, Selection},
        desk,
        file::{self, Part},
        intake,
        list::Filter,
    },
};
use axum::{
    Router,
    extract::{Path, Query, State},
    response::Response,
    routing::get,
};
use chrono::NaiveDate;
use futures::stream;
use serde::Deserialize;
use shared::{
    account::Language,
    error::Reason,
    id::{ContractId, IntakeId, InvoiceId},
    invoice::{InvoiceKind, InvoiceState},
};

/// The routes of this subject.
pub(super) fn routes() -> Router<Served> {
    Router::new()
        .route("/download/invoices.csv", get(csv))
        .route("/download/invoices.zip", get(zip))
        .route("/download/office/invoices/{id}", get(of_any))
        .route("/download/office/intakes/{id}", get(came_in))
        .route("/download/invoices/{id}", get(original))
        .route("/download/invoices/{id}/xml", get(xml))
        .route("/download/invoices/{id}/pdf", get(pdf))
        .route("/download/invoices/{id}/attachments/{index}", get(attached))
}

/// What the address of a file says.
#[derive(Deserialize)]
struct Asked {
    /// The language of what is made here; German if it is not given.
    #[serde(default)]
    language: Language,
}

async fn original(State(served): State<Served>, caller: Caller, Path(id): Path<String>) -> Response {
    one(&served, &caller, &id, Part::Original).await
}

/// The original of any invoice, for staff.
async fn of_any(State(served): State<Served>, caller: Caller, Path(id): Path<String>) -> Response {
    let found: Outcome<_> = async {
        let id: InvoiceId = id.parse().map_err(|_| Error::NotFound("invoice"))?;
        desk::original(&served.app, actor(&caller)?, id).await
    }
    .await;
    match found {
        Ok((row, bytes)) => attachment(&row.file_name, &row.media_type, bytes),
        Err(error) => refusal(&error),
    }
}

/// A file that came in, whatever became of it, for staff: never shown by a browser, as it may be anything.
async fn came_in(State(served): State<Served>, caller: Caller, Path(id): Path<String>) -> Response {
    let found: Outcome<_> = async {
        let id: IntakeId = id.parse().map_err(|_| Error::NotFound("intake"))?;
        let row = intake::list::get(&served.app, actor(&caller)?, id).await?;
        let bytes = served.app.files.get(&row.sha256).await?;
        Ok((row, bytes))
    }
    .await;
    match found {
        Ok((row, bytes)) => attachment(&row.file_name, "application/octet-stream", bytes),
        Err(error) => refusal(&error),
    }
}

async fn xml(State(served): State<Served>, caller: Caller, Path(id): Path<String>) -> Response {
    one(&served, &caller, &id, Part::Xml).await
}

async fn pdf(
    State(served): State<Served>,
    caller: Caller,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    one(&served, &caller, &id, Part::Pdf(asked.language)).await
}

async fn attached(State(served): State<Served>, caller: Caller, Path((id, index)): Path<(String, String)>) -> Response {
    // what is no number is no attachment, as are numbers that none has
    let index = index.parse().unwrap_or(usize::MAX);
    one(&served, &caller, &id, Part::Attachment(index)).await
}

fn actor(caller: &Caller) -> Outcome<&Actor> {
    caller.actor.as_ref().ok_or(Error::Unauthenticated)
}

async fn one(served: &Served, caller: &Caller, id: &str, part: Part) -> Response {
    let found: Outcome<_> = async {
        let actor = actor(caller)?;
        let id: InvoiceId = id.parse().map_err(|_| Error::NotFound("invoice"))?;
        file::fetch(&served.app, actor, id, part).await
    }
    .await;
    match found {
        Ok(file) => attachment(&file.name, &file.media_type, file.bytes),
        Err(error) => refusal(&error),
    }
}

/// What the address of several invoices says.
#[derive(Default, Deserialize)]
struct Several {
    /// These, separated by commas; else all that match the rest.
    ids: Option<String>,
    /// Not these, separated by commas.
    except: Option<String>,
    /// Issued in this month: `2026-11`.
    month: Option<String>,
    year: Option<i32>,
    state: Option<InvoiceState>,
    kind: Option<InvoiceKind>,
    text: Option<String>,
    contract: Option<ContractId>,
    #[serde(default)]
    without_contract: bool,
    #[serde(default)]
    language: Language,
}

impl Several {
    fn selection(&self) -> Outcome<Selection> {
        let ids = |text: &str| -> Outcome<Vec<InvoiceId>> {
            let ids = text.split(',').filter(|id| !id.is_empty());
            ids.map(|id| id.parse().map_err(|_| Error::NotFound("invoice")))
                .collect()
        };
        let month = self.month.as_deref().map(|month| {
            NaiveDate::parse_from_str(&format!("{month}-01"), "%Y-%m-%d")
                .map_err(|_| Error::invalid("month", Reason::NotANumber, "a month is written as 2026-11"))
        });
        Ok(Selection {
            ids: self.ids.as_deref().map(ids).transpose()?,
            except: self.except.as_deref().map(ids).transpose()?.unwrap_or_default(),
            month: month.transpose()?,
            filter: Filter {
                year: self.year,
                kind: self.kind,
                state: self.state,
                text: self.text.clone(),
                contract: self.contract,
                is_without_contract: self.without_contract,
            },
        })
    }

    /// What a file about them is called.
    fn name(&self, extension: &str) -> String {
        let what = if self.language == Language::De {
            "Rechnungen"
        } else {
            "Invoices"
        };
        match (&self.month, self.year) {
            (Some(month), _) => format!("{what}-{month}.{extension}"),
            (None, Some(year)) => format!("{what}-{year}.{extension}"),
            (None, None) => format!("{what}.{extension}"),
        }
    }
}

async fn csv(State(served): State<Served>, caller: Caller, Query(several): Query<Several>) -> Response {
    let made: Outcome<_> =
        async { archive::csv(&served.app, actor(&caller)?, &several.selection()?, several.language).await }.await;
    match made {
        Ok(bytes) => attachment(&several.name("csv"), "text/csv; charset=utf-8", bytes),
        Err(error) => refusal(&error),
    }
}

async fn zip(State(served): State<Served>, caller: Caller, Query(several): Query<Several>) -> Response {
    let made: Outcome<_> = async { archive::zip(&served.app, actor(&caller)?, &several.selection()?).await }.await;
    match made {
        Ok(pieces) => {
            let pieces = stream::unfold(pieces, async |mut pieces| Some((pieces.recv().await?, pieces)));
            streamed(&several.name("zip"), "application/zip", pieces)
        }
        Err(error) => refusal(&error),
    }
}
