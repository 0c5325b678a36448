//! What the office's start page and its search ask the server.
use crate::api::{self, ApiError, Instant, schema};
use cynic::QueryBuilder;
use shared::{
    id::AccountId,
    office::{SearchKind, WorkKind},
};

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
struct WorkQuery {
    waiting_work: Vec<WaitingWork>,
}

/// Work of one kind that waits.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct WaitingWork {
    /// How much of it.
    pub count: i32,
    /// What.
    pub kind: WorkKind,
    /// Since when the oldest waits.
    pub oldest_at: Option<Instant>,
}

/// All that waits for the viewer.
pub async fn waiting_work() -> Result<Vec<WaitingWork>, ApiError> {
    Ok(api::send(WorkQuery::build(())).await?.waiting_work)
}

#[derive(cynic::QueryVariables)]
struct SearchVariables {
    text: String,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "SearchVariables")]
struct SearchQuery {
    #[arguments(text: $text)]
    office_search: OfficeSearch,
}

/// What was found.
#[derive(cynic::QueryFragment, Clone, Debug, Default, PartialEq, Eq)]
pub struct OfficeSearch {
    /// Kind by kind.
    pub hits: Vec<SearchHit>,
    /// The kinds of which there are more.
    pub more: Vec<SearchKind>,
}

/// A customer who was found.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct SearchHit {
    /// The account.
    pub account_id: AccountId,
    /// By what.
    pub kind: SearchKind,
    /// The customer's name.
    pub name: String,
    /// The customer number.
    pub number: String,
    /// What fitted.
    pub text: String,
}

/// Finds customers.
pub async fn office_search(text: String) -> Result<OfficeSearch, ApiError> {
    Ok(api::send(SearchQuery::build(SearchVariables { text }))
        .await?
        .office_search)
}
