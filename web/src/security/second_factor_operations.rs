//! What the part about the second factor asks the server.
use crate::api::{self, ApiError, schema};
use cynic::MutationBuilder;

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation")]
struct Begin {
    begin_second_factor: Setup,
}

/// What an app needs, shown once.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "BeginSecondFactorPayload")]
pub struct Setup {
    /// The dark modules of the QR code, as the path of an SVG.
    pub picture_path: String,
    /// How many modules wide the QR code is.
    pub picture_size: i32,
    /// The secret as people type it.
    pub secret: String,
    /// The address that opens an app with it.
    pub uri: String,
}

/// Makes a secret for an app.
pub async fn begin() -> Result<Setup, ApiError> {
    Ok(api::send(Begin::build(())).await?.begin_second_factor)
}

/// A code of the new app, and one of the former where there is one.
#[derive(cynic::InputObject, Clone, Debug)]
pub struct ConfirmSecondFactorInput {
    /// Of the new app.
    pub code: String,
    /// Of the former one.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub current_code: Option<String>,
}

#[derive(cynic::QueryVariables)]
struct ConfirmVariables {
    input: ConfirmSecondFactorInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ConfirmVariables")]
struct Confirm {
    #[arguments(input: $input)]
    confirm_second_factor: ConfirmSecondFactorPayload,
}

#[derive(cynic::QueryFragment)]
struct ConfirmSecondFactorPayload {
    recovery_codes: Vec<String>,
}

/// Turns the second factor on; gives the recovery codes.
pub async fn confirm(input: ConfirmSecondFactorInput) -> Result<Vec<String>, ApiError> {
    let operation = Confirm::build(ConfirmVariables { input });
    Ok(api::send(operation).await?.confirm_second_factor.recovery_codes)
}

#[derive(cynic::InputObject)]
struct DisableSecondFactorInput {
    code: String,
}

#[derive(cynic::QueryVariables)]
struct DisableVariables {
    input: DisableSecondFactorInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "DisableVariables")]
struct Disable {
    #[arguments(input: $input)]
    disable_second_factor: DisableSecondFactorPayload,
}

#[derive(cynic::QueryFragment)]
struct DisableSecondFactorPayload {
    is_on: bool,
}

/// Turns the second factor off; whether it is still on.
pub async fn disable(code: String) -> Result<bool, ApiError> {
    let input = DisableSecondFactorInput { code };
    let operation = Disable::build(DisableVariables { input });
    Ok(api::send(operation).await?.disable_second_factor.is_on)
}

#[derive(cynic::InputObject)]
struct ReplaceRecoveryCodesInput {
    code: String,
}

#[derive(cynic::QueryVariables)]
struct ReplaceVariables {
    input: ReplaceRecoveryCodesInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ReplaceVariables")]
struct Replace {
    #[arguments(input: $input)]
    replace_recovery_codes: ReplaceRecoveryCodesPayload,
}

#[derive(cynic::QueryFragment)]
struct ReplaceRecoveryCodesPayload {
    recovery_codes: Vec<String>,
}

/// Gives new recovery codes.
pub async fn replace_recovery_codes(code: String) -> Result<Vec<String>, ApiError> {
    let input = ReplaceRecoveryCodesInput { code };
    let operation = Replace::build(ReplaceVariables { input });
    Ok(api::send(operation).await?.replace_recovery_codes.recovery_codes)
}

#[derive(cynic::InputObject)]
struct RequireSecondFactorInput {
    is_required: bool,
}

#[derive(cynic::QueryVariables)]
struct RequireVariables {
    input: RequireSecondFactorInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "RequireVariables")]
struct Require {
    #[arguments(input: $input)]
    require_second_factor: RequireSecondFactorPayload,
}

#[derive(cynic::QueryFragment)]
struct RequireSecondFactorPayload {
    viewer: Named,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Viewer")]
struct Named {
    id: shared::id::UserId,
}

/// Says whether all members of the account need one; gives who said so.
pub async fn require(is_required: bool) -> Result<shared::id::UserId, ApiError> {
    let input = RequireSecondFactorInput { is_required };
    let operation = Require::build(RequireVariables { input });
    Ok(api::send(operation).await?.require_second_factor.viewer.id)
}
