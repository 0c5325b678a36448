//! What staff asks the server about dealer access and the provider's stock.
use super::{
    operations::{DealerRequest, DealerRequestPayload},
    query::RequestsQuery,
};
use crate::{
    api::{self, ApiError, PageInfo, schema},
    place::Rows,
};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{device::DealerRequestState, id::DealerRequestId};

/// How many requests a page has.
const PAGE: i32 = 25;

#[derive(cynic::QueryVariables)]
struct RequestsVariables {
    after: Option<String>,
    first: Option<i32>,
    state: Option<DealerRequestState>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "RequestsVariables")]
struct Requests {
    #[arguments(after: $after, first: $first, state: $state)]
    office_dealer_requests: OfficeDealerRequestConnection,
}

/// A page of requests.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct OfficeDealerRequestConnection {
    /// The requests, newest first.
    pub nodes: Vec<OfficeDealerRequest>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// How many there are on all pages.
    pub total_count: i32,
}

/// A request with who makes it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct OfficeDealerRequest {
    /// The account that asks.
    pub account: Option<Applicant>,
    /// Who asks.
    pub applicant: Option<String>,
    /// The request.
    pub request: DealerRequest,
}

/// The account that asks.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Account")]
pub struct Applicant {
    /// Its name.
    pub name: String,
    /// Its customer number.
    pub number: String,
}

/// A page of requests.
pub async fn requests(rows: Rows<RequestsQuery>) -> Result<OfficeDealerRequestConnection, ApiError> {
    let operation = Requests::build(RequestsVariables {
        after: rows.after,
        first: Some(PAGE),
        state: rows.query.state,
    });
    Ok(api::send(operation).await?.office_dealer_requests)
}

/// Devices of the stock, by orders and serial numbers.
#[derive(cynic::InputObject, Clone, Debug, PartialEq, Eq)]
pub struct StockInput {
    /// Numbers of orders.
    pub orders: Option<Vec<String>>,
    /// Serial numbers, as they were pasted.
    pub serials: Option<String>,
}

impl StockInput {
    /// What was typed into two fields: orders between commas, serial numbers as they come.
    pub fn typed(orders: &str, serials: &str) -> Self {
        let orders = orders
            .split([',', ';', '\n'])
            .map(str::trim)
            .filter(|order| !order.is_empty());
        Self {
            orders: Some(orders.map(ToOwned::to_owned).collect()),
            serials: Some(serials.to_owned()),
        }
    }
}

#[derive(cynic::QueryVariables)]
struct StockVariables {
    devices: StockInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "StockVariables")]
struct StockOf {
    #[arguments(devices: $devices)]
    dealer_stock: DealerStock,
}

/// What of the stock is named.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct DealerStock {
    /// How many devices.
    pub count: i32,
    /// What is named and not there.
    pub missing: Vec<String>,
    /// The orders that the stock has.
    pub orders: Vec<String>,
}

/// Says what of the stock is named.
pub async fn stock(devices: StockInput) -> Result<DealerStock, ApiError> {
    Ok(api::send(StockOf::build(StockVariables { devices }))
        .await?
        .dealer_stock)
}

#[derive(cynic::InputObject)]
struct GrantDealerAccessInput {
    devices: Option<StockInput>,
    id: DealerRequestId,
}

#[derive(cynic::QueryVariables)]
struct GrantVariables {
    input: GrantDealerAccessInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "GrantVariables")]
struct Grant {
    #[arguments(input: $input)]
    grant_dealer_access: DealerRequestPayload,
}

/// Makes the applicant a dealer.
pub async fn grant(id: DealerRequestId, devices: StockInput) -> Result<DealerRequest, ApiError> {
    let input = GrantDealerAccessInput {
        devices: Some(devices),
        id,
    };
    let done = api::send(Grant::build(GrantVariables { input })).await?;
    Ok(done.grant_dealer_access.request)
}

#[derive(cynic::InputObject)]
struct RejectDealerAccessInput {
    id: DealerRequestId,
    reason: String,
}

#[derive(cynic::QueryVariables)]
struct RejectVariables {
    input: RejectDealerAccessInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "RejectVariables")]
struct Reject {
    #[arguments(input: $input)]
    reject_dealer_access: DealerRequestPayload,
}

/// Says no.
pub async fn reject(id: DealerRequestId, reason: String) -> Result<DealerRequest, ApiError> {
    let input = RejectDealerAccessInput { id, reason };
    let done = api::send(Reject::build(RejectVariables { input })).await?;
    Ok(done.reject_dealer_access.request)
}

#[derive(cynic::InputObject)]
struct HandDevicesToDealerInput {
    account_number: String,
    devices: StockInput,
}

#[derive(cynic::QueryVariables)]
struct HandVariables {
    input: HandDevicesToDealerInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "HandVariables")]
struct Hand {
    #[arguments(input: $input)]
    hand_devices_to_dealer: HandDevicesToDealerPayload,
}

#[derive(cynic::QueryFragment)]
struct HandDevicesToDealerPayload {
    device_count: i32,
}

/// Hands more devices to a dealer, and says how many.
pub async fn hand(account_number: String, devices: StockInput) -> Result<i32, ApiError> {
    let input = HandDevicesToDealerInput {
        account_number,
        devices,
    };
    let done = api::send(Hand::build(HandVariables { input })).await?;
    Ok(done.hand_devices_to_dealer.device_count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_named() {
        let typed = StockInput::typed(" A-1, B 2 ;\n", "");
        assert_eq!(typed.orders, Some(vec!["A-1".to_owned(), "B 2".to_owned()]));
        assert_eq!(StockInput::typed(" , ", "").orders, Some(Vec::new()));
    }
}
