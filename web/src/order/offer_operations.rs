//! What the page of ordering asks the server: what is offered, what it costs, and the order itself.
use super::operations::Placed;
use crate::api::{self, ApiError, Day, Key, Money, schema};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{
    account::Language,
    id::{ContractId, OrderId, ProductId},
    money::Amount,
    order::OrderKind,
    product::{ContractState, PricePeriod, ProductKind},
    tax::TaxRate,
};

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
    /// What it is.
    #[arguments(language: $language)]
    pub description: Option<String>,
    /// What it costs.
    pub price: Option<Money>,
    /// What the price is for.
    pub price_period: PricePeriod,
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
    /// What is paid once, without tax.
    pub setup_price: Option<Money>,
    /// The rate of value added tax.
    pub tax_rate: TaxRate,
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
    seen_period: PricePeriod,
    seen_setup_price: Option<Amount>,
    seen_tax_rate: TaxRate,
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
        seen_period: seen.period_after,
        seen_setup_price: seen.setup_price.map(|price| price.amount),
        seen_tax_rate: seen.tax_rate,
        seen_effective_on: seen.effective_on,
    };
    let placed = api::send(Place::build(PlaceVariables { input })).await?;
    Ok(placed.place_order.order.id)
}
