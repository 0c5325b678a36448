//! Files about read rights: `GET /download/read-rights.csv`, the list as it is narrowed, `GET /download/read-rights/{id}`, the
//! receipt of an assignment as PDF, and `GET /download/assignments/{id}`, what became of each row of a list that was brought.
use super::{
    Caller, Served,
    files::{attachment, refusal},
};
use crate::{
    access::{export, import, list::Filter, receipt},
    error::{Error, Result as Outcome},
};
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use serde::Deserialize;
use shared::{
    account::Language,
    device::ReadRightState,
    id::{AssignmentId, AssignmentImportId},
};

/// What the address of the file says.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    language: Language,
}

/// What the address of the list says.
#[derive(Deserialize)]
pub(super) struct Narrowed {
    state: Option<String>,
    email: Option<String>,
    serial: Option<String>,
    #[serde(default)]
    language: Language,
}

fn state_of(word: &str) -> Outcome<ReadRightState> {
    Ok(match word {
        "pending" => ReadRightState::Pending,
        "upcoming" => ReadRightState::Upcoming,
        "active" => ReadRightState::Active,
        "ended" => ReadRightState::Ended,
        "revoked" => ReadRightState::Revoked,
        _ => return Err(Error::NotFound("state")),
    })
}

/// The rights that match.
pub(super) async fn csv(State(served): State<Served>, caller: Caller, Query(asked): Query<Narrowed>) -> Response {
    let language = asked.language;
    let made: Outcome<_> = async {
        let actor = caller.actor.as_ref().ok_or(Error::Unauthenticated)?;
        let word = asked.state.filter(|word| !word.is_empty());
        let filter = Filter {
            state: word.as_deref().map(state_of).transpose()?,
            email: asked.email,
            serial_prefix: asked.serial,
        };
        export::csv(&served.app, actor, &filter, language).await
    }
    .await;
    let name = match language {
        Language::De => "Leserechte.csv",
        Language::En => "read-rights.csv",
    };
    match made {
        Ok(bytes) => attachment(name, "text/csv; charset=utf-8", bytes),
        Err(error) => refusal(&error),
    }
}

/// The receipt of an assignment.
pub(super) async fn paper(
    State(served): State<Served>,
    caller: Caller,
    Path(id): Path<String>,
    Query(Asked { language }): Query<Asked>,
) -> Response {
    let made: Outcome<_> = async {
        let actor = caller.actor.as_ref().ok_or(Error::Unauthenticated)?;
        let id: AssignmentId = id.parse().map_err(|_| Error::NotFound("assignment"))?;
        receipt::print(&served.app, actor, id, language).await
    }
    .await;
    let name = match language {
        Language::De => "Leserechte-Beleg.pdf",
        Language::En => "read-rights-receipt.pdf",
    };
    match made {
        Ok(bytes) => attachment(name, "application/pdf", bytes),
        Err(error) => refusal(&error),
    }
}

/// The report of a list.
pub(super) async fn report(
    State(served): State<Served>,
    caller: Caller,
    Path(id): Path<String>,
    Query(Asked { language }): Query<Asked>,
) -> Response {
    let made: Outcome<_> = async {
        let actor = caller.actor.as_ref().ok_or(Error::Unauthenticated)?;
        let id: AssignmentImportId = id.parse().map_err(|_| Error::NotFound("list"))?;
        import::report(&served.app, actor, id, language).await
    }
    .await;
    let name = match language {
        Language::De => "Leserechte-Bericht.csv",
        Language::En => "read-rights-report.csv",
    };
    match made {
        Ok(bytes) => attachment(name, "text/csv; charset=utf-8", bytes),
        Err(error) => refusal(&error),
    }
}
