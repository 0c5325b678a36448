//! What somebody who asks for dealer access asks the server.
use crate::api::{self, ApiError, Day, Instant, schema};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{device::DealerRequestState, id::DealerRequestId};

cynic::impl_scalar!(DealerRequestId, schema::DealerRequestId);
cynic::impl_scalar!(DealerRequestState, schema::DealerRequestState);

/// A request to become a dealer.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct DealerRequest {
    /// The company, as it was written.
    pub company: String,
    /// When it was made.
    pub created_at: Instant,
    /// The customer number, as it was written.
    pub customer_number: Option<String>,
    /// When it was decided or taken back.
    pub decided_at: Option<Instant>,
    /// How many devices went with the decision.
    pub device_count: Option<i32>,
    /// The day until which an answer may be expected.
    pub expected_on: Day,
    /// Names it.
    pub id: DealerRequestId,
    /// What else was written.
    pub message: Option<String>,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// Where it stands.
    pub state: DealerRequestState,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
struct OwnRequests {
    dealer_requests: Vec<DealerRequest>,
}

/// The newest requests of the account in view.
pub async fn own_requests() -> Result<Vec<DealerRequest>, ApiError> {
    Ok(api::send(OwnRequests::build(())).await?.dealer_requests)
}

/// What somebody writes who asks.
#[derive(cynic::InputObject)]
pub struct RequestDealerAccessInput {
    /// The company.
    pub company: String,
    /// The customer number.
    pub customer_number: Option<String>,
    /// What else there is to say.
    pub message: Option<String>,
}

#[derive(cynic::QueryVariables)]
struct AskVariables {
    input: RequestDealerAccessInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "AskVariables")]
struct Ask {
    #[arguments(input: $input)]
    request_dealer_access: DealerRequestPayload,
}

/// The request after a change.
#[derive(cynic::QueryFragment)]
pub struct DealerRequestPayload {
    /// The request.
    pub request: DealerRequest,
}

/// Asks for dealer access.
pub async fn ask(input: RequestDealerAccessInput) -> Result<DealerRequest, ApiError> {
    let done = api::send(Ask::build(AskVariables { input })).await?;
    Ok(done.request_dealer_access.request)
}

#[derive(cynic::InputObject)]
struct WithdrawDealerRequestInput {
    id: DealerRequestId,
}

#[derive(cynic::QueryVariables)]
struct WithdrawVariables {
    input: WithdrawDealerRequestInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "WithdrawVariables")]
struct Withdraw {
    #[arguments(input: $input)]
    withdraw_dealer_request: DealerRequestPayload,
}

/// Takes a request back.
pub async fn withdraw(id: DealerRequestId) -> Result<DealerRequest, ApiError> {
    let input = WithdrawDealerRequestInput { id };
    let done = api::send(Withdraw::build(WithdrawVariables { input })).await?;
    Ok(done.withdraw_dealer_request.request)
}
