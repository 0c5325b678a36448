//! What the page of imports asks the server.
use crate::api::{self, ApiError, Instant, schema};
use cynic::QueryBuilder;
use shared::id::KeyImportId;

/// An import that was done.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct KeyImport {
    /// When.
    pub created_at: Instant,
    /// The name of the file.
    pub file_name: String,
    /// Names the import.
    pub id: KeyImportId,
    /// By whom.
    pub imported_by: String,
    /// How many devices were added.
    pub new_count: i32,
    /// How many keys it put in the place of stored ones.
    pub replaced_count: i32,
    /// The order that it was about.
    pub order_number: Option<String>,
    /// How many rows were left out.
    pub skipped_count: i32,
    /// When it was undone.
    pub undone_at: Option<Instant>,
}

#[derive(cynic::QueryVariables)]
struct KeyImportsVariables {
    after: Option<String>,
    first: Option<i32>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "KeyImportsVariables")]
struct KeyImports {
    #[arguments(after: $after, first: $first)]
    key_imports: KeyImportConnection,
}

#[derive(cynic::QueryFragment)]
struct KeyImportConnection {
    nodes: Vec<KeyImport>,
}

/// The newest imports.
pub async fn key_imports() -> Result<Vec<KeyImport>, ApiError> {
    let variables = KeyImportsVariables {
        after: None,
        first: Some(25),
    };
    Ok(api::send(KeyImports::build(variables)).await?.key_imports.nodes)
}
