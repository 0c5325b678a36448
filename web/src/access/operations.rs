//! What giving and taking read rights asks the server.
use crate::{
    api::{self, ApiError, Day, Instant, PageInfo, schema},
    meter::DeviceFilter,
};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{
    device::ReadRightState,
    id::{AssignmentId, DeviceId},
};

/// Devices named one by one, or all that match a filter but some.
#[derive(cynic::InputObject, Clone, Debug, PartialEq, Eq)]
pub struct DeviceSelection {
    /// Those that are left out of `filter`.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub except: Option<Vec<DeviceId>>,
    /// All that match.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub filter: Option<DeviceFilter>,
    /// Named one by one.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub ids: Option<Vec<DeviceId>>,
}

#[derive(cynic::QueryVariables)]
struct SelectionVariables {
    selection: DeviceSelection,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "SelectionVariables")]
struct SelectionQuery {
    #[arguments(selection: $selection)]
    device_selection: DeviceSelectionSummary,
}

/// What a selection holds.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct DeviceSelectionSummary {
    /// How many of them somebody reads, or will.
    pub assigned_count: i32,
    /// How many they are.
    pub count: i32,
    /// The first of them.
    pub sample: Vec<SampleDevice>,
}

/// A device of a selection.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Device")]
pub struct SampleDevice {
    /// The name of its model.
    pub model: Option<String>,
    /// Who may read it.
    pub read_rights: Vec<SampleRight>,
    /// Eight digits.
    pub serial_number: String,
}

/// Somebody who may read a device.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "ReadRight")]
pub struct SampleRight {
    /// Whose right it is.
    pub email: String,
}

/// What a selection holds.
pub async fn device_selection(selection: DeviceSelection) -> Result<DeviceSelectionSummary, ApiError> {
    let operation = SelectionQuery::build(SelectionVariables { selection });
    Ok(api::send(operation).await?.device_selection)
}

/// Who gets the right to read what, and until when.
#[derive(cynic::InputObject, Clone, Debug, PartialEq, Eq)]
pub struct AssignReadRightsInput {
    /// To whom.
    pub email: String,
    /// For the dealer only.
    pub note: Option<String>,
    /// Which devices.
    pub selection: DeviceSelection,
    /// The last day.
    pub until: Option<Day>,
}

#[derive(cynic::QueryVariables)]
struct AssignVariables {
    input: AssignReadRightsInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "AssignVariables")]
struct Assign {
    #[arguments(input: $input)]
    assign_read_rights: AssignReadRightsPayload,
}

#[derive(cynic::QueryFragment)]
struct AssignReadRightsPayload {
    assignment: Assignment,
}

/// Read rights given to one address in one go.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// When they were given.
    pub created_at: Instant,
    /// How many are pending or in force.
    pub device_count: i32,
    /// To whom.
    pub email: String,
    /// Names the assignment.
    pub id: AssignmentId,
    /// For the dealer only.
    pub note: Option<String>,
    /// Where they stand.
    pub state: ReadRightState,
    /// The last day.
    pub until: Option<Day>,
}

/// Gives somebody the right to read devices.
pub async fn assign_read_rights(input: AssignReadRightsInput) -> Result<Assignment, ApiError> {
    let operation = Assign::build(AssignVariables { input });
    Ok(api::send(operation).await?.assign_read_rights.assignment)
}

#[derive(cynic::QueryVariables)]
struct AssignmentsVariables {
    after: Option<String>,
    first: Option<i32>,
    state: Option<ReadRightState>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "AssignmentsVariables")]
struct Assignments {
    #[arguments(after: $after, first: $first, state: $state)]
    assignments: AssignmentConnection,
}

/// A page of assignments.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct AssignmentConnection {
    /// The assignments.
    pub nodes: Vec<Assignment>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// How many there are on all pages.
    pub total_count: i32,
}

/// How many rows a page has.
pub const PAGE: i32 = 25;

/// A page of assignments, newest first.
pub async fn assignments(
    state: Option<ReadRightState>,
    after: Option<String>,
) -> Result<AssignmentConnection, ApiError> {
    let variables = AssignmentsVariables {
        after,
        first: Some(PAGE),
        state,
    };
    Ok(api::send(Assignments::build(variables)).await?.assignments)
}

#[derive(cynic::InputObject)]
struct RevokeAssignmentInput {
    id: AssignmentId,
}

#[derive(cynic::QueryVariables)]
struct RevokeVariables {
    input: RevokeAssignmentInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "RevokeVariables")]
struct Revoke {
    #[arguments(input: $input)]
    revoke_assignment: RevokeAssignmentPayload,
}

#[derive(cynic::QueryFragment)]
struct RevokeAssignmentPayload {
    assignment: Assignment,
}

/// Ends an assignment at once.
pub async fn revoke_assignment(id: AssignmentId) -> Result<Assignment, ApiError> {
    let operation = Revoke::build(RevokeVariables {
        input: RevokeAssignmentInput { id },
    });
    Ok(api::send(operation).await?.revoke_assignment.assignment)
}
