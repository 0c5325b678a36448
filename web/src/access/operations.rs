//! What giving and taking read rights asks the server.
use super::query::RightsQuery;
use crate::{
    api::{self, ApiError, Day, Instant, PageInfo, schema},
    meter::DeviceFilter,
    place::Rows,
};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{
    device::{KeyUse, ReadRightState},
    id::{AssignmentId, DeviceId},
};

/// Devices named one by one, or all that match a filter but some.
#[derive(cynic::InputObject, Clone, Debug, PartialEq, Eq)]
pub struct DeviceSelection {
    /// Those that are left out of `filter`.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub except: Option<Vec<DeviceId>>,
    /// How many were seen.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub expected_count: Option<i32>,
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
    pub emails: Vec<String>,
    /// For the dealer only.
    pub note: Option<String>,
    /// Which devices.
    pub selection: DeviceSelection,
    /// The first day.
    pub starts_on: Option<Day>,
    /// The last day.
    pub until: Option<Day>,
    /// Whether keys may only be proven.
    pub verify_only: Option<bool>,
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
    assignments: Vec<Assignment>,
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
    /// Whether keys may only be proven.
    pub verify_only: bool,
}

/// Gives somebody the right to read devices.
pub async fn assign_read_rights(input: AssignReadRightsInput) -> Result<Vec<Assignment>, ApiError> {
    let operation = Assign::build(AssignVariables { input });
    Ok(api::send(operation).await?.assign_read_rights.assignments)
}

#[derive(cynic::QueryVariables)]
struct AssignmentsVariables {
    after: Option<String>,
    email: Option<String>,
    first: Option<i32>,
    serial_prefix: Option<String>,
    state: Option<ReadRightState>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "AssignmentsVariables")]
struct Assignments {
    #[arguments(after: $after, email: $email, first: $first, serialPrefix: $serial_prefix, state: $state)]
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
pub async fn assignments(rows: Rows<RightsQuery>) -> Result<AssignmentConnection, ApiError> {
    let set = |text: String| (!text.is_empty()).then_some(text);
    let variables = AssignmentsVariables {
        after: rows.after,
        email: set(rows.query.email),
        first: Some(PAGE),
        serial_prefix: set(rows.query.serial),
        state: rows.query.state,
    };
    Ok(api::send(Assignments::build(variables)).await?.assignments)
}

/// Some of the selected devices, and who can read them.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct SelectionReader {
    /// By which assignment.
    pub assignment: Assignment,
    /// How many of the selected devices it is about.
    pub device_count: i32,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "SelectionVariables")]
struct Readers {
    #[arguments(selection: $selection, first: 100)]
    selection_readers: SelectionReaderConnection,
}

/// Who can read selected devices.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct SelectionReaderConnection {
    /// The first 100.
    pub nodes: Vec<SelectionReader>,
    /// How many there are.
    pub total_count: i32,
}

/// Who can read the devices of a selection, newest first.
pub async fn selection_readers(selection: DeviceSelection) -> Result<SelectionReaderConnection, ApiError> {
    let operation = Readers::build(SelectionVariables { selection });
    Ok(api::send(operation).await?.selection_readers)
}

#[derive(cynic::InputObject)]
struct ResendReadRightsInput {
    assignment_ids: Vec<AssignmentId>,
}

#[derive(cynic::QueryVariables)]
struct ResendVariables {
    input: ResendReadRightsInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ResendVariables")]
struct Resend {
    #[arguments(input: $input)]
    resend_read_rights: AssignmentsPayload,
}

/// Sends the mails of pending assignments once more; says how many assignments those are.
pub async fn resend_read_rights(assignment_ids: Vec<AssignmentId>) -> Result<usize, ApiError> {
    let input = ResendReadRightsInput { assignment_ids };
    let done = api::send(Resend::build(ResendVariables { input })).await?;
    Ok(done.resend_read_rights.assignments.len())
}

#[derive(cynic::InputObject)]
struct RevokeReadRightsInput {
    assignment_ids: Vec<AssignmentId>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    devices: Option<DeviceSelection>,
}

#[derive(cynic::QueryVariables)]
struct RevokeVariables {
    input: RevokeReadRightsInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "RevokeVariables")]
struct Revoke {
    #[arguments(input: $input)]
    revoke_read_rights: AssignmentsPayload,
}

#[derive(cynic::QueryFragment)]
struct AssignmentsPayload {
    assignments: Vec<Assignment>,
}

/// Ends assignments at once; with `devices` only as far as they are about these.
pub async fn revoke_read_rights(
    assignment_ids: Vec<AssignmentId>,
    devices: Option<DeviceSelection>,
) -> Result<Vec<Assignment>, ApiError> {
    let input = RevokeReadRightsInput {
        assignment_ids,
        devices,
    };
    let operation = Revoke::build(RevokeVariables { input });
    Ok(api::send(operation).await?.revoke_read_rights.assignments)
}

#[derive(cynic::QueryVariables)]
struct DetailVariables {
    id: AssignmentId,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "DetailVariables")]
struct Detail {
    #[arguments(id: $id)]
    assignment: RightsDetail,
}

/// An assignment, and what is known of the keys that it opened.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Assignment")]
pub struct RightsDetail {
    /// When it was accepted.
    pub accepted_at: Option<Instant>,
    /// When it was given.
    pub created_at: Instant,
    /// How many rights are pending or in force.
    pub device_count: i32,
    /// To whom.
    pub email: String,
    /// Names it.
    pub id: AssignmentId,
    /// The newest uses of keys.
    #[arguments(first: 100)]
    pub key_uses: ReadRightsUseConnection,
    /// For the dealer only.
    pub note: Option<String>,
    /// What is known, in numbers of devices.
    pub receipt: ReadRightsReceipt,
    /// When it was taken back.
    pub revoked_at: Option<Instant>,
    /// Where it stands.
    pub state: ReadRightState,
    /// The last day.
    pub until: Option<Day>,
    /// Whether keys may only be proven.
    pub verify_only: bool,
}

impl RightsDetail {
    /// The assignment alone.
    pub fn assignment(&self) -> Assignment {
        Assignment {
            created_at: self.created_at.clone(),
            device_count: self.device_count,
            email: self.email.clone(),
            id: self.id,
            note: self.note.clone(),
            state: self.state,
            until: self.until.clone(),
            verify_only: self.verify_only,
        }
    }
}

/// What is known of keys, in numbers of devices.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct ReadRightsReceipt {
    /// All.
    pub device_count: i32,
    /// Those of which a key left in a file.
    pub exported_count: i32,
    /// Those of which a key was shown or left.
    pub seen_count: i32,
    /// Those of which a key was shown.
    pub shown_count: i32,
    /// Those that the reader may still read by another right.
    pub still_readable_count: i32,
}

/// Uses of keys.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct ReadRightsUseConnection {
    /// The newest.
    pub nodes: Vec<ReadRightsUse>,
    /// How many there are.
    pub total_count: i32,
}

/// A time that a key was used.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct ReadRightsUse {
    /// When.
    pub at: Instant,
    /// What was done.
    pub how: KeyUse,
    /// The name of the key.
    pub name: String,
    /// The device.
    pub serial_number: String,
}

/// An assignment, and what is known of the keys that it opened.
pub async fn rights_detail(id: AssignmentId) -> Result<RightsDetail, ApiError> {
    let operation = Detail::build(DetailVariables { id });
    Ok(api::send(operation).await?.assignment)
}
