//! What customers and those who have not signed in ask the server about orders.
use super::query::OrderQuery;
use crate::{
    api::{self, ApiError, Day, Instant, Key, Money, PageInfo, schema},
    place::Rows,
};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{
    account::Language,
    id::{ContractId, OrderId, ProductId},
    money::Amount,
    order::{OrderKind, OrderState},
    product::{ContractState, PricePeriod, ProductKind},
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
    /// What is paid once.
    pub setup_price: Option<Money>,
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

/// What the operation takes.
#[derive(cynic::QueryVariables)]
pub struct OfferVariables {
    language: Option<Language>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "OfferVariables")]
struct Offers {
    #[arguments(first: 100)]
    products: OfferConnection,
    #[arguments(first: 100)]
    contracts: OwnConnection,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "ProductConnection", variables = "OfferVariables")]
struct OfferConnection {
    nodes: Vec<Offer>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "ContractConnection", variables = "OfferVariables")]
struct OwnConnection {
    nodes: Vec<Own>,
}

/// A product of the catalogue.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Product", variables = "OfferVariables")]
pub struct Offer {
    /// Names the product.
    pub id: ProductId,
    /// Its name.
    #[arguments(language: $language)]
    pub name: String,
    /// What it goes with.
    pub family: Option<String>,
    /// Whether it can be ordered.
    pub is_orderable: bool,
    /// Whether it stands for itself.
    pub kind: ProductKind,
}

/// A contract that may be changed or cancelled.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Contract", variables = "OfferVariables")]
pub struct Own {
    /// Names the contract.
    pub id: ContractId,
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub state: ContractState,
    /// What it is over.
    pub product: Offer,
}

/// The catalogue, and the contracts of the account in view.
pub async fn offers(language: Language) -> Result<(Vec<Offer>, Vec<Own>), ApiError> {
    let operation = Offers::build(OfferVariables {
        language: Some(language),
    });
    let found = api::send(operation).await?;
    Ok((found.products.nodes, found.contracts.nodes))
}

/// What would be ordered.
#[derive(cynic::InputObject, Clone, Debug, PartialEq, Eq)]
pub struct OrderQuoteInput {
    /// Further product, option or change.
    pub kind: OrderKind,
    /// Which product.
    pub product_id: ProductId,
    /// The contract that it changes or belongs to.
    pub contract_id: Option<ContractId>,
    /// Where or for what it is.
    pub label: Option<String>,
    /// From when.
    pub wished_on: Option<Day>,
}

/// What the operation takes.
#[derive(cynic::QueryVariables)]
pub struct QuoteVariables {
    input: OrderQuoteInput,
    language: Option<Language>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "QuoteVariables")]
struct Quotes {
    #[arguments(input: $input)]
    order_quote: OrderQuote,
}

/// What an order would cost, and from when.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(variables = "QuoteVariables")]
pub struct OrderQuote {
    /// The product.
    pub product: QuotedProduct,
    /// What the contract costs now.
    pub price_before: Option<Money>,
    /// What that is for.
    pub period_before: Option<PricePeriod>,
    /// What the product costs.
    pub price_after: Option<Money>,
    /// What that is for.
    pub period_after: PricePeriod,
    /// What the contract costs with it.
    pub total_after: Option<Money>,
    /// The same with tax.
    pub gross_after: Option<Money>,
    /// What is paid once, with tax.
    pub gross_setup_price: Option<Money>,
    /// In percent.
    pub tax_rate: i32,
    /// Its first day.
    pub effective_on: Day,
    /// How it runs.
    pub terms: Option<QuotedTerms>,
}

/// The product of a quote.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Product", variables = "QuoteVariables")]
pub struct QuotedProduct {
    /// Its name.
    #[arguments(language: $language)]
    pub name: String,
    /// What it is.
    #[arguments(language: $language)]
    pub description: Option<String>,
}

/// How an ordered product runs and ends.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "ContractTerms")]
pub struct QuotedTerms {
    /// The first term, an ISO 8601 duration of one part.
    pub minimum: Option<String>,
    /// The notice, likewise.
    pub notice: String,
}

/// What an order would cost, and from when.
pub async fn quote(input: OrderQuoteInput, language: Language) -> Result<OrderQuote, ApiError> {
    let operation = Quotes::build(QuoteVariables {
        input,
        language: Some(language),
    });
    Ok(api::send(operation).await?.order_quote)
}

#[derive(cynic::InputObject)]
struct PlaceOrderInput {
    idempotency_key: Key,
    kind: OrderKind,
    product_id: ProductId,
    contract_id: Option<ContractId>,
    label: Option<String>,
    wished_on: Option<Day>,
    seen_price: Option<Amount>,
    seen_effective_on: Day,
}

#[derive(cynic::QueryVariables)]
struct PlaceVariables {
    input: PlaceOrderInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "PlaceVariables")]
struct Place {
    #[arguments(input: $input)]
    place_order: Placed,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "OrderPayload")]
struct Placed {
    order: PlacedOrder,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Order")]
struct PlacedOrder {
    id: OrderId,
}

/// Orders what was quoted; the same key twice is one order.
pub async fn place(key: Key, input: OrderQuoteInput, seen: OrderQuote) -> Result<OrderId, ApiError> {
    let input = PlaceOrderInput {
        idempotency_key: key,
        kind: input.kind,
        product_id: input.product_id,
        contract_id: input.contract_id,
        label: input.label,
        wished_on: input.wished_on,
        seen_price: seen.price_after.map(|price| price.amount),
        seen_effective_on: seen.effective_on,
    };
    let placed = api::send(Place::build(PlaceVariables { input })).await?;
    Ok(placed.place_order.order.id)
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
