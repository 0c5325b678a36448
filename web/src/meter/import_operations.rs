//! What the page of imports asks the server.
use crate::api::{self, ApiError, Instant, schema};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{
    device::RowVerdict,
    id::{FileId, KeyImportId},
};

/// An uploaded file and what opens it.
#[derive(cynic::InputObject, Clone)]
pub struct ImportKeysInput {
    /// The file.
    pub file_id: FileId,
    /// What opens it.
    pub password: String,
}

#[derive(cynic::QueryVariables)]
struct ImportKeysVariables {
    input: ImportKeysInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ImportKeysVariables")]
struct PreviewQuery {
    #[arguments(input: $input)]
    key_import_preview: KeyImportPreview,
}

/// What an import would do.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct KeyImportPreview {
    /// The name of the file.
    pub file_name: String,
    /// KEM or KEM2.
    pub format: String,
    /// How many devices would be added.
    pub new_count: i32,
    /// The order that it is about.
    pub order_number: Option<String>,
    /// The first rows.
    pub rows: Vec<KeyImportRow>,
    /// How many are known with the same key.
    pub same_count: i32,
    /// How many would be left out.
    pub skipped_count: i32,
    /// How many rows there are.
    pub total_count: i32,
}

/// A row of the file.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct KeyImportRow {
    /// The name of the model.
    pub model: Option<String>,
    /// Its place in the file, from 1.
    pub position: i32,
    /// What is wrong with it, in English.
    pub problem: Option<String>,
    /// Eight digits.
    pub serial_number: Option<String>,
    /// What will become of it.
    pub verdict: RowVerdict,
}

/// What an import would do; nothing is written.
pub async fn preview(input: ImportKeysInput) -> Result<KeyImportPreview, ApiError> {
    Ok(api::send(PreviewQuery::build(ImportKeysVariables { input }))
        .await?
        .key_import_preview)
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ImportKeysVariables")]
struct ImportKeys {
    #[arguments(input: $input)]
    import_keys: ImportKeysPayload,
}

#[derive(cynic::QueryFragment)]
struct ImportKeysPayload {
    import: KeyImport,
}

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
    /// The order that it was about.
    pub order_number: Option<String>,
    /// How many rows were left out.
    pub skipped_count: i32,
}

/// Imports the devices of a file with their keys.
pub async fn import_keys(input: ImportKeysInput) -> Result<KeyImport, ApiError> {
    Ok(api::send(ImportKeys::build(ImportKeysVariables { input }))
        .await?
        .import_keys
        .import)
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
