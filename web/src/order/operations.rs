//! What customers and those who have not signed in ask the server about orders.
use super::query::OrderQuery;
use crate::{
    api::{self, ApiError, Day, Instant, Key, Money, PageInfo, schema},
    place::Rows,
};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{
    account::Language,
    id::{ContractId, OrderId},
    order::{OrderKind, OrderState},
    product::PricePeriod,
    tax::TaxRate,
};

/// How many orders a page has.
const PAGE: i32 = 25;

/// Which orders of the account in view.
#[derive(cynic::InputObject, Clone)]
pub struct OrderFilter {
    contract_id: Option<ContractId>,
    state: Option<OrderState>,
}

/// What the operation takes.
#[derive(cynic::QueryVariables)]
pub struct OrdersVariables {
    after: Option<String>,
    filter: Option<OrderFilter>,
    first: Option<i32>,
    language: Option<Language>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "OrdersVariables")]
struct Orders {
    #[arguments(after: $after, filter: $filter, first: $first)]
    orders: OrderConnection,
}

/// A page of orders.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(variables = "OrdersVariables")]
pub struct OrderConnection {
    /// The orders, newest first.
    pub nodes: Vec<ListedOrder>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// How many there are on all pages.
    pub total_count: i32,
}

/// An order in a list.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Order", variables = "OrdersVariables")]
pub struct ListedOrder {
    /// Names the order.
    pub id: OrderId,
    /// Its number.
    pub number: String,
    /// What it asks for.
    pub kind: OrderKind,
    /// Where it stands.
    pub state: OrderState,
    /// When it arrived.
    pub placed_at: Instant,
    /// The product.
    pub product: Option<ListedProduct>,
}

/// The product of an order in a list.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Product", variables = "OrdersVariables")]
pub struct ListedProduct {
    /// Its name.
    #[arguments(language: $language)]
    pub name: String,
}

/// A page of the orders of the account in view.
pub async fn orders(rows: Rows<OrderQuery>, language: Language) -> Result<OrderConnection, ApiError> {
    let operation = Orders::build(OrdersVariables {
        after: rows.after,
        filter: Some(OrderFilter {
            contract_id: rows.query.contract,
            state: rows.query.state,
        }),
        first: Some(PAGE),
        language: Some(language),
    });
    Ok(api::send(operation).await?.orders)
}

/// What the operation takes.
#[derive(cynic::QueryVariables)]
pub struct OrderVariables {
    id: OrderId,
    language: Option<Language>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "OrderVariables")]
struct OneOrder {
    #[arguments(id: $id)]
    order: Order,
}

/// An order with all that is known of it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(variables = "OrderVariables")]
pub struct Order {
    /// Names the order.
    pub id: OrderId,
    /// Its number.
    pub number: String,
    /// What it asks for.
    pub kind: OrderKind,
    /// Where it stands.
    pub state: OrderState,
    /// When it arrived.
    pub placed_at: Instant,
    /// When it was decided.
    pub decided_at: Option<Instant>,
    /// Why it was decided so.
    pub decision_reason: Option<String>,
    /// What the customer wrote.
    pub reason: Option<String>,
    /// Whether a contract shall end for cause.
    pub is_extraordinary: bool,
    /// Its first day, or the last one of a contract.
    pub effective_on: Option<Day>,
    /// Where or for what it is.
    pub label: Option<String>,
    /// What the contract cost.
    pub price_before: Option<Money>,
    /// What that is for.
    pub period_before: Option<PricePeriod>,
    /// What the contract costs with it.
    pub total_after: Option<Money>,
    /// What that is for.
    pub period_after: Option<PricePeriod>,
    /// The same with tax.
    pub gross_after: Option<Money>,
    /// What is paid once.
    pub setup_price: Option<Money>,
    /// The rate of value added tax; none where a contract ends.
    pub tax_rate: Option<TaxRate>,
    /// The product.
    pub product: Option<OrderedProduct>,
    /// The contract that it is about, or that came of it.
    pub contract: Option<OrderContract>,
}

/// The product of an order.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Product", variables = "OrderVariables")]
pub struct OrderedProduct {
    /// Its name.
    #[arguments(language: $language)]
    pub name: String,
}

/// The contract of an order.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct OrderContract {
    /// Names the contract.
    pub id: ContractId,
    /// Its number.
    pub number: String,
}

/// An order of the account in view.
pub async fn order(id: OrderId, language: Language) -> Result<Order, ApiError> {
    let variables = OrderVariables {
        id,
        language: Some(language),
    };
    Ok(api::send(OneOrder::build(variables)).await?.order)
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "OrderPayload")]
pub(super) struct Placed {
    pub(super) order: PlacedOrder,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Order")]
pub(super) struct PlacedOrder {
    pub(super) id: OrderId,
}

#[derive(cynic::QueryVariables)]
struct NextEndVariables {
    contract_id: ContractId,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "NextEndVariables")]
struct NextEnd {
    #[arguments(contractId: $contract_id)]
    next_end: Day,
}

/// The last day of a contract if it were cancelled now.
pub async fn next_end(contract_id: ContractId) -> Result<Day, ApiError> {
    let operation = NextEnd::build(NextEndVariables { contract_id });
    Ok(api::send(operation).await?.next_end)
}

/// How a contract shall end.
#[derive(cynic::InputObject, Clone)]
pub struct CancelContractInput {
    /// Made once for this form.
    pub idempotency_key: Key,
    /// Which contract.
    pub contract_id: ContractId,
    /// Whether for cause.
    pub is_extraordinary: bool,
    /// The last day, for cause only.
    pub ends_on: Option<Day>,
    /// Why.
    pub reason: Option<String>,
}

#[derive(cynic::QueryVariables)]
struct CancelVariables {
    input: CancelContractInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "CancelVariables")]
struct Cancel {
    #[arguments(input: $input)]
    cancel_contract: Placed,
}

/// Cancels a contract.
pub async fn cancel(input: CancelContractInput) -> Result<OrderId, ApiError> {
    let placed = api::send(Cancel::build(CancelVariables { input })).await?;
    Ok(placed.cancel_contract.order.id)
}

#[derive(cynic::InputObject)]
struct WithdrawOrderInput {
    id: OrderId,
}

#[derive(cynic::QueryVariables)]
struct WithdrawVariables {
    input: WithdrawOrderInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "WithdrawVariables")]
struct Withdraw {
    #[arguments(input: $input)]
    withdraw_order: Placed,
}

/// Takes an order back.
pub async fn withdraw(id: OrderId) -> Result<OrderId, ApiError> {
    let input = WithdrawOrderInput { id };
    let taken = api::send(Withdraw::build(WithdrawVariables { input })).await?;
    Ok(taken.withdraw_order.order.id)
}
