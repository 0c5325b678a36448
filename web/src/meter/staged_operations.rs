//! What the page of imports asks the server about an import that waits.
use super::import_operations::KeyImport;
use crate::api::{self, ApiError, schema};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{
    device::{KeyColumn, KeyFileFormat, RowNote, RowVerdict, StagedImportState},
    id::{FileId, KeyImportId, StagedImportId},
};

/// An uploaded file and what opens it.
#[derive(cynic::InputObject, Clone)]
pub struct StageKeyImportInput {
    /// The file.
    pub file_id: FileId,
    /// What opens it.
    pub password: Option<String>,
}

#[derive(cynic::QueryVariables)]
struct StageVariables {
    input: StageKeyImportInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "StageVariables")]
struct Stage {
    #[arguments(input: $input)]
    stage_key_import: StagedKeyImportPayload,
}

#[derive(cynic::QueryFragment)]
struct StagedKeyImportPayload {
    import: Named,
}

/// Only which one.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "StagedKeyImport")]
struct Named {
    id: StagedImportId,
}

/// Takes an uploaded file to be judged.
pub async fn stage(input: StageKeyImportInput) -> Result<StagedImportId, ApiError> {
    let done = api::send(Stage::build(StageVariables { input })).await?;
    Ok(done.stage_key_import.import.id)
}

/// Where a page of rows begins and which rows it shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowsWanted {
    /// Only these.
    pub verdict: Option<RowVerdict>,
    /// Behind this one.
    pub after: Option<String>,
}

/// What [`StagedKeyImport`] is asked with.
#[derive(cynic::QueryVariables)]
pub struct StagedVariables {
    after: Option<String>,
    id: StagedImportId,
    verdict: Option<RowVerdict>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "StagedVariables")]
struct StagedQuery {
    #[arguments(id: $id)]
    staged_key_import: StagedKeyImport,
}

/// An import that waits.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(variables = "StagedVariables")]
pub struct StagedKeyImport {
    /// The name of the file.
    pub file_name: String,
    /// How it is written.
    pub format: KeyFileFormat,
    /// Names it.
    pub id: StagedImportId,
    /// How many rows have a verdict.
    pub judged_count: i32,
    /// How lines are read.
    pub layout: Option<KeyTableLayout>,
    /// The order that it is about.
    pub order_number: Option<String>,
    /// How many rows take the place of a stored key.
    pub replacing_count: i32,
    /// How many rows there are.
    pub row_count: i32,
    /// Some of them.
    #[arguments(verdict: $verdict, first: 25, after: $after)]
    pub rows: StagedKeyRowConnection,
    /// The first lines.
    pub sample: Vec<KeyTableLine>,
    /// Where it stands.
    pub state: StagedImportState,
    /// How many rows have which verdict.
    pub verdicts: Vec<VerdictCount>,
}

/// How lines are read.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct KeyTableLayout {
    /// What each column holds.
    pub columns: Vec<KeyColumn>,
    /// What stands between columns.
    pub delimiter: String,
    /// Whether the first line names them.
    pub has_header: bool,
    /// Of devices for which the file names none.
    pub manufacturer: Option<String>,
    /// Whether short numbers get zeros.
    pub restores_zeros: bool,
}

/// A line, keys hidden.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct KeyTableLine {
    /// Its cells.
    pub cells: Vec<String>,
}

/// How many rows have a verdict.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct VerdictCount {
    /// How many.
    pub count: i32,
    /// The verdict.
    pub verdict: RowVerdict,
}

/// A page of rows.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct StagedKeyRowConnection {
    /// The rows.
    pub nodes: Vec<StagedKeyRow>,
    /// What comes next.
    pub page_info: PageInfo,
}

/// What comes next.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct PageInfo {
    /// The last row.
    pub end_cursor: Option<String>,
    /// Whether there are more.
    pub has_next_page: bool,
}

/// A row of the file.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct StagedKeyRow {
    /// The key that it is about.
    pub key_name: Option<String>,
    /// The name of the model.
    pub model: Option<String>,
    /// What is odd about it.
    pub note: Option<RowNote>,
    /// The line, from 1.
    pub position: i32,
    /// Whether its key replaces the stored one.
    pub replaces: bool,
    /// Eight digits, or what stands there.
    pub serial_number: Option<String>,
    /// What would become of it.
    pub verdict: RowVerdict,
}

/// An import that waits with a page of its rows.
pub async fn staged(id: StagedImportId, wanted: RowsWanted) -> Result<StagedKeyImport, ApiError> {
    let variables = StagedVariables {
        after: wanted.after,
        id,
        verdict: wanted.verdict,
    };
    Ok(api::send(StagedQuery::build(variables)).await?.staged_key_import)
}

#[derive(cynic::QueryVariables)]
struct ProgressVariables {
    id: StagedImportId,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ProgressVariables")]
struct ProgressQuery {
    #[arguments(id: $id)]
    staged_key_import: ImportProgress,
}

/// How far an import has come that is being done.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "StagedKeyImport")]
struct ImportProgress {
    written_count: Option<i32>,
}

/// How many rows of an import are written that is being done.
pub async fn written(id: StagedImportId) -> Result<Option<i32>, ApiError> {
    let found = api::send(ProgressQuery::build(ProgressVariables { id })).await?;
    Ok(found.staged_key_import.written_count)
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
struct WaitingQuery {
    staged_key_imports: Vec<WaitingImport>,
}

/// An import that waits, without its rows.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "StagedKeyImport")]
pub struct WaitingImport {
    /// The name of the file.
    pub file_name: String,
    /// Names it.
    pub id: StagedImportId,
    /// How many rows there are.
    pub row_count: i32,
}

/// The viewer's imports that wait.
pub async fn waiting() -> Result<Vec<WaitingImport>, ApiError> {
    Ok(api::send(WaitingQuery::build(())).await?.staged_key_imports)
}

/// How lines are to be read.
#[derive(cynic::InputObject, Clone)]
pub struct LayOutKeyImportInput {
    /// What each column holds.
    pub columns: Vec<KeyColumn>,
    /// What stands between columns.
    pub delimiter: String,
    /// Whether the first line names them.
    pub has_header: bool,
    /// Which import.
    pub id: StagedImportId,
    /// Of devices for which the file names none.
    pub manufacturer: Option<String>,
    /// Whether short numbers get zeros.
    pub restores_zeros: bool,
}

#[derive(cynic::QueryVariables)]
struct LayOutVariables {
    input: LayOutKeyImportInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "LayOutVariables")]
struct LayOut {
    #[arguments(input: $input)]
    lay_out_key_import: StagedKeyImportPayload,
}

/// Has a table read in another way.
pub async fn lay_out(input: LayOutKeyImportInput) -> Result<(), ApiError> {
    let _id = api::send(LayOut::build(LayOutVariables { input }))
        .await?
        .lay_out_key_import
        .import
        .id;
    Ok(())
}

/// Which rows replace stored keys.
#[derive(cynic::InputObject, Clone)]
pub struct DecideKeyImportInput {
    /// Which import.
    pub id: StagedImportId,
    /// Which rows; all if none are named.
    pub positions: Option<Vec<i32>>,
    /// Whether they replace.
    pub replaces: bool,
}

#[derive(cynic::QueryVariables)]
struct DecideVariables {
    input: DecideKeyImportInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "DecideVariables")]
struct Decide {
    #[arguments(input: $input)]
    decide_key_import: StagedKeyImportPayload,
}

/// Says which rows replace stored keys.
pub async fn decide(input: DecideKeyImportInput) -> Result<(), ApiError> {
    let _id = api::send(Decide::build(DecideVariables { input }))
        .await?
        .decide_key_import
        .import
        .id;
    Ok(())
}

#[derive(cynic::InputObject, Clone)]
struct StagedKeyImportInput {
    id: StagedImportId,
}

#[derive(cynic::QueryVariables)]
struct EndVariables {
    input: StagedKeyImportInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "EndVariables")]
struct Commit {
    #[arguments(input: $input)]
    commit_key_import: KeyImportPayload,
}

#[derive(cynic::QueryFragment)]
struct KeyImportPayload {
    import: KeyImport,
}

/// Does an import.
pub async fn commit(id: StagedImportId) -> Result<KeyImport, ApiError> {
    let input = StagedKeyImportInput { id };
    Ok(api::send(Commit::build(EndVariables { input }))
        .await?
        .commit_key_import
        .import)
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "EndVariables")]
struct Forget {
    #[arguments(input: $input)]
    drop_key_import: DropKeyImportPayload,
}

#[derive(cynic::QueryFragment)]
struct DropKeyImportPayload {
    id: StagedImportId,
}

/// Forgets an import that waits.
pub async fn forget(id: StagedImportId) -> Result<(), ApiError> {
    let input = StagedKeyImportInput { id };
    let _id = api::send(Forget::build(EndVariables { input }))
        .await?
        .drop_key_import
        .id;
    Ok(())
}

#[derive(cynic::InputObject, Clone)]
struct UndoKeyImportInput {
    id: KeyImportId,
}

#[derive(cynic::QueryVariables)]
struct UndoVariables {
    input: UndoKeyImportInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "UndoVariables")]
struct Undo {
    #[arguments(input: $input)]
    undo_key_import: KeyImportPayload,
}

/// Takes an import back.
pub async fn undo(id: KeyImportId) -> Result<(), ApiError> {
    let input = UndoKeyImportInput { id };
    let _done = api::send(Undo::build(UndoVariables { input }))
        .await?
        .undo_key_import
        .import;
    Ok(())
}
