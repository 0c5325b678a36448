//! What staff asks the server about orders.
use super::query::OfficeQuery;
use crate::{
    api::{self, ApiError, Day, Instant, Money, PageInfo, schema},
    place::Rows,
};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{
    account::Language,
    id::OrderId,
    order::{Decision, OrderKind, OrderSource, OrderState},
    product::PricePeriod,
    tax::TaxRate,
};

/// How many orders a page has.
const PAGE: i32 = 25;

/// Which orders.
#[derive(cynic::InputObject, Clone)]
pub struct OfficeOrderFilter {
    state: Option<OrderState>,
    is_matched: Option<bool>,
    is_undelivered: bool,
    text: Option<String>,
}

#[derive(cynic::QueryVariables)]
struct OfficeOrdersVariables {
    after: Option<String>,
    filter: Option<OfficeOrderFilter>,
    first: Option<i32>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "OfficeOrdersVariables")]
struct OfficeOrders {
    #[arguments(after: $after, filter: $filter, first: $first)]
    office_orders: OfficeOrderConnection,
}

/// A page of orders.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct OfficeOrderConnection {
    /// The orders, newest first.
    pub nodes: Vec<ListedOfficeOrder>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// How many there are on all pages.
    pub total_count: i32,
}

/// An order in the list.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "OfficeOrder")]
pub struct ListedOfficeOrder {
    /// Whose it is.
    pub account: Option<Customer>,
    /// What was typed without signing in.
    pub declaration: Option<Declaration>,
    /// The order.
    pub order: OfficeListed,
}

/// What the list says of an order.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Order")]
pub struct OfficeListed {
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
}

/// Whose an order is.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Account")]
pub struct Customer {
    /// The name.
    pub name: String,
    /// The customer number.
    pub number: String,
}

/// What was typed without signing in.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// Who.
    pub name: String,
    /// Customer number or the like.
    pub identification: String,
    /// Where the receipt went.
    pub email: String,
    /// Which contract.
    pub contract: String,
    /// When it shall end.
    pub wished_on: Option<Day>,
}

/// A page of all orders.
pub async fn office_orders(rows: Rows<OfficeQuery>) -> Result<OfficeOrderConnection, ApiError> {
    let operation = OfficeOrders::build(OfficeOrdersVariables {
        after: rows.after,
        filter: Some(OfficeOrderFilter {
            state: rows.query.state,
            is_matched: rows.query.is_unmatched.then_some(false),
            is_undelivered: rows.query.is_undelivered,
            text: Some(rows.query.text).filter(|text| !text.is_empty()),
        }),
        first: Some(PAGE),
    });
    Ok(api::send(operation).await?.office_orders)
}

/// What the operation takes.
#[derive(cynic::QueryVariables)]
pub struct OfficeOrderVariables {
    id: OrderId,
    language: Option<Language>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "OfficeOrderVariables")]
struct OneOfficeOrder {
    #[arguments(id: $id)]
    office_order: OfficeOrder,
}

/// An order with all that staff knows of it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(variables = "OfficeOrderVariables")]
pub struct OfficeOrder {
    /// Whose it is.
    pub account: Option<Customer>,
    /// What was typed without signing in.
    pub declaration: Option<Declaration>,
    /// The order.
    pub order: OfficeDetail,
    /// What became of the receipt of a cancellation or withdrawal.
    pub receipt: Option<OfficeReceipt>,
}

/// What became of a receipt.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Receipt")]
pub struct OfficeReceipt {
    /// Whether it is known not to have arrived.
    pub has_failed: bool,
    /// When it went by post.
    pub posted_at: Option<Instant>,
    /// Why it did not arrive.
    pub problem: Option<String>,
    /// Where it was mailed to.
    pub recipient: Option<String>,
}

/// What staff reads of an order.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Order", variables = "OfficeOrderVariables")]
pub struct OfficeDetail {
    /// Names the order.
    pub id: OrderId,
    /// Its number.
    pub number: String,
    /// What it asks for.
    pub kind: OrderKind,
    /// How it came.
    pub source: OrderSource,
    /// Where it stands.
    pub state: OrderState,
    /// When it arrived.
    pub placed_at: Instant,
    /// Why it was decided so.
    pub decision_reason: Option<String>,
    /// What the customer wrote.
    pub reason: Option<String>,
    /// Whether for cause.
    pub is_extraordinary: bool,
    /// Its first day, or the last one of a contract.
    pub effective_on: Option<Day>,
    /// Where or for what it is.
    pub label: Option<String>,
    /// What the contract costs.
    pub price_before: Option<Money>,
    /// What that is for.
    pub period_before: Option<PricePeriod>,
    /// What it costs with it.
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
    pub product: Option<OfficeProduct>,
    /// The contract.
    pub contract: Option<OfficeContract>,
}

/// The product of an order.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Product", variables = "OfficeOrderVariables")]
pub struct OfficeProduct {
    /// Its name.
    #[arguments(language: $language)]
    pub name: String,
}

/// The contract of an order.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "OrderContract")]
pub struct OfficeContract {
    /// Its number.
    pub number: String,
}

/// An order of any customer.
pub async fn office_order(id: OrderId, language: Language) -> Result<OfficeOrder, ApiError> {
    let variables = OfficeOrderVariables {
        id,
        language: Some(language),
    };
    Ok(api::send(OneOfficeOrder::build(variables)).await?.office_order)
}

#[derive(cynic::InputObject)]
struct DecideOrderInput {
    id: OrderId,
    decision: Decision,
    reason: String,
    effective_on: Option<Day>,
}

#[derive(cynic::QueryVariables)]
struct DecideVariables {
    input: DecideOrderInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "DecideVariables")]
struct Decide {
    #[arguments(input: $input)]
    decide_order: Decided,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "OrderPayload")]
struct Decided {
    order: DecidedOrder,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Order")]
struct DecidedOrder {
    id: OrderId,
}

/// Confirms or rejects an order.
pub async fn decide(
    id: OrderId,
    decision: Decision,
    reason: String,
    effective_on: Option<Day>,
) -> Result<OrderId, ApiError> {
    let input = DecideOrderInput {
        id,
        decision,
        reason,
        effective_on,
    };
    let decided = api::send(Decide::build(DecideVariables { input })).await?;
    Ok(decided.decide_order.order.id)
}

#[derive(cynic::InputObject)]
struct AssignOrderInput {
    id: OrderId,
    account_number: String,
    contract_number: String,
}

#[derive(cynic::QueryVariables)]
struct AssignVariables {
    input: AssignOrderInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "AssignVariables")]
struct Assign {
    #[arguments(input: $input)]
    assign_order: Decided,
}

/// Says whose declaration it is.
pub async fn assign(id: OrderId, account_number: String, contract_number: String) -> Result<OrderId, ApiError> {
    let input = AssignOrderInput {
        id,
        account_number,
        contract_number,
    };
    let assigned = api::send(Assign::build(AssignVariables { input })).await?;
    Ok(assigned.assign_order.order.id)
}

#[derive(cynic::InputObject)]
struct ResendReceiptInput {
    email: Option<String>,
    id: OrderId,
}

#[derive(cynic::QueryVariables)]
struct ResendVariables {
    input: ResendReceiptInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ResendVariables")]
struct Resend {
    #[arguments(input: $input)]
    resend_receipt: Decided,
}

/// Mails a receipt once more.
pub async fn resend(id: OrderId, email: Option<String>) -> Result<OrderId, ApiError> {
    let input = ResendReceiptInput { email, id };
    let sent = api::send(Resend::build(ResendVariables { input })).await?;
    Ok(sent.resend_receipt.order.id)
}

#[derive(cynic::InputObject)]
struct NoteReceiptPostedInput {
    id: OrderId,
}

#[derive(cynic::QueryVariables)]
struct PostedVariables {
    input: NoteReceiptPostedInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "PostedVariables")]
struct Posted {
    #[arguments(input: $input)]
    note_receipt_posted: Decided,
}

/// Notes that a receipt went by post.
pub async fn note_posted(id: OrderId) -> Result<OrderId, ApiError> {
    let input = NoteReceiptPostedInput { id };
    let noted = api::send(Posted::build(PostedVariables { input })).await?;
    Ok(noted.note_receipt_posted.order.id)
}
