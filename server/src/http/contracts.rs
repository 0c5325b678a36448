//! `GET /download/contracts.csv`: the list of contracts as it is narrowed and ordered.
use super::{
    Caller, Served,
    files::{attachment, refusal},
};
use crate::{
    error::{Error, Result as Outcome},
    product::list::{self, Filter},
};
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;
use shared::{
    account::Language,
    id::ProductId,
    product::{ContractOrder, ContractState},
};

/// What the address of the file says.
#[derive(Deserialize)]
pub(super) struct Asked {
    state: Option<ContractState>,
    product: Option<ProductId>,
    text: Option<String>,
    #[serde(default)]
    order: ContractOrder,
    #[serde(default)]
    language: Language,
}

/// The contracts that match, as CSV.
pub(super) async fn csv(State(served): State<Served>, caller: Caller, Query(asked): Query<Asked>) -> Response {
    let Asked {
        state,
        product,
        text,
        order,
        language,
    } = asked;
    let made: Outcome<_> = async {
        let actor = caller.actor.as_ref().ok_or(Error::Unauthenticated)?;
        let filter = Filter { state, product, text };
        list::csv(&served.app, actor, &filter, order, language).await
    }
    .await;
    let name = if language == Language::De {
        "Produkte.csv"
    } else {
        "Products.csv"
    };
    match made {
        Ok(bytes) => attachment(name, "text/csv; charset=utf-8", bytes),
        Err(error) => refusal(&error),
    }
}
