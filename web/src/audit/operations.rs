//! What the page of the log asks the server.
use crate::api::{self, ApiError, Instant, PageInfo, schema};
use cynic::QueryBuilder;
use shared::{audit::Doer, error::ErrorCode};

/// Rows of a page.
pub const PAGE: i32 = 50;

/// Which rows of the log.
#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only this act.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub act: Option<String>,
    /// Not before.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub from: Option<Instant>,
    /// Before.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
    /// Only what was done, or only what was refused.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub is_allowed: Option<bool>,
    /// Only what the viewer did himself.
    pub is_mine: bool,
}

#[derive(cynic::QueryVariables)]
struct EntriesVariables {
    after: Option<String>,
    filter: Option<AuditFilter>,
    first: Option<i32>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "EntriesVariables")]
struct Entries {
    #[arguments(after: $after, filter: $filter, first: $first)]
    audit_entries: AuditEntryConnection,
}

/// A page of the log.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct AuditEntryConnection {
    /// The rows.
    pub nodes: Vec<AuditEntry>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// How many there are on all pages.
    pub total_count: i32,
}

/// A row of the log.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// The name of the mutation.
    pub act: String,
    /// When.
    pub at: Instant,
    /// Why it was refused; nothing for what was done.
    pub code: Option<ErrorCode>,
    /// Who it was.
    pub doer: Doer,
    /// Where from.
    pub ip: Option<String>,
    /// What the person is called.
    pub person_name: Option<String>,
    /// Why staff did it.
    pub reason: Option<String>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
struct Acts {
    audit_acts: Vec<String>,
}

/// A page of the log, the rows after the cursor `after`.
pub async fn entries(filter: AuditFilter, after: Option<String>) -> Result<AuditEntryConnection, ApiError> {
    let operation = Entries::build(EntriesVariables {
        after,
        filter: Some(filter),
        first: Some(PAGE),
    });
    api::send(operation).await.map(|found| found.audit_entries)
}

/// The acts that occur in the log.
pub async fn acts() -> Result<Vec<String>, ApiError> {
    api::send(Acts::build(())).await.map(|found| found.audit_acts)
}
