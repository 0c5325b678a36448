//! What the page of lists of read rights asks the server.
use crate::api::{self, ApiError, Day, Instant, PageInfo, schema};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{
    device::AssignmentVerdict,
    id::{AssignmentImportId, FileId},
};

/// A list of read rights that somebody brought.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct AssignmentImport {
    /// When its rights were given.
    pub done_at: Option<Instant>,
    /// The name of the file.
    pub file_name: String,
    /// How many of its rows become rights, or became some.
    pub given_count: i32,
    /// Names it.
    pub id: AssignmentImportId,
    /// How many mails offer them.
    pub mail_count: i32,
    /// How many rows it has.
    pub row_count: i32,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
struct Kept {
    assignment_imports: Vec<AssignmentImport>,
}

/// The viewer's lists, newest first.
pub async fn kept() -> Result<Vec<AssignmentImport>, ApiError> {
    Ok(api::send(Kept::build(())).await?.assignment_imports)
}

#[derive(cynic::InputObject)]
struct StageAssignmentsInput {
    file_id: FileId,
}

#[derive(cynic::QueryVariables)]
struct StageVariables {
    input: StageAssignmentsInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "StageVariables")]
struct Stage {
    #[arguments(input: $input)]
    stage_assignments: AssignmentImportPayload,
}

#[derive(cynic::QueryFragment)]
struct AssignmentImportPayload {
    import: AssignmentImport,
}

/// Takes an uploaded list to be looked at.
pub async fn stage(file_id: FileId) -> Result<AssignmentImportId, ApiError> {
    let input = StageAssignmentsInput { file_id };
    let done = api::send(Stage::build(StageVariables { input })).await?;
    Ok(done.stage_assignments.import.id)
}

#[derive(cynic::InputObject)]
struct AssignmentImportInput {
    id: AssignmentImportId,
}

#[derive(cynic::QueryVariables)]
struct OneVariables {
    input: AssignmentImportInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "OneVariables")]
struct Commit {
    #[arguments(input: $input)]
    commit_assignments: AssignmentImportPayload,
}

/// Gives the rights of a list.
pub async fn commit(id: AssignmentImportId) -> Result<AssignmentImport, ApiError> {
    let input = AssignmentImportInput { id };
    let done = api::send(Commit::build(OneVariables { input })).await?;
    Ok(done.commit_assignments.import)
}

#[derive(cynic::QueryFragment)]
struct DropAssignmentsPayload {
    id: AssignmentImportId,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "OneVariables")]
struct Drop {
    #[arguments(input: $input)]
    drop_assignments: DropAssignmentsPayload,
}

/// Forgets a list; gives which.
pub async fn forget(id: AssignmentImportId) -> Result<AssignmentImportId, ApiError> {
    let input = AssignmentImportInput { id };
    let done = api::send(Drop::build(OneVariables { input })).await?;
    Ok(done.drop_assignments.id)
}

/// What [`AssignmentList`] is asked with.
#[derive(cynic::QueryVariables)]
pub struct ListVariables {
    after: Option<String>,
    id: AssignmentImportId,
    verdict: Option<AssignmentVerdict>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ListVariables")]
struct One {
    #[arguments(id: $id)]
    assignment_import: AssignmentList,
}

/// A list with a page of its rows.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "AssignmentImport", variables = "ListVariables")]
pub struct AssignmentList {
    /// When its rights were given.
    pub done_at: Option<Instant>,
    /// The name of the file.
    pub file_name: String,
    /// How many of its rows become rights, or became some.
    pub given_count: i32,
    /// How many mails offer them.
    pub mail_count: i32,
    /// How many rows it has.
    pub row_count: i32,
    /// A page of its rows.
    #[arguments(after: $after, first: 25, verdict: $verdict)]
    pub rows: AssignmentRowConnection,
    /// How many rows have which verdict.
    pub verdicts: Vec<AssignmentVerdictCount>,
}

/// How many rows have a verdict.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct AssignmentVerdictCount {
    /// How many.
    pub count: i32,
    /// The verdict.
    pub verdict: AssignmentVerdict,
}

/// A page of rows.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct AssignmentRowConnection {
    /// The rows.
    pub nodes: Vec<AssignmentRow>,
    /// Where the page ends.
    pub page_info: PageInfo,
}

/// A row of a list.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct AssignmentRow {
    /// The device as the list names it.
    pub device: String,
    /// The address, as written if it is none.
    pub email: String,
    /// Whether its right was given.
    pub is_given: bool,
    /// The line.
    pub position: i32,
    /// The last day.
    pub until: Option<Day>,
    /// What becomes of it.
    pub verdict: AssignmentVerdict,
}

/// Where a page of rows begins and which rows it shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowsWanted {
    /// Only these.
    pub verdict: Option<AssignmentVerdict>,
    /// Behind this one.
    pub after: Option<String>,
}

/// A list with a page of its rows.
pub async fn list(id: AssignmentImportId, wanted: RowsWanted) -> Result<AssignmentList, ApiError> {
    let RowsWanted { verdict, after } = wanted;
    let operation = One::build(ListVariables { after, id, verdict });
    Ok(api::send(operation).await?.assignment_import)
}
