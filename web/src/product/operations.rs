//! What the pages of products ask the server.
use super::query::ContractQuery;
use crate::{
    api::{self, ApiError, Day, Money, PageInfo, schema},
    place::Rows,
};
use cynic::QueryBuilder;
use shared::{
    account::Language,
    id::{ContractId, ProductId},
    product::{ContractOrder, ContractState, PricePeriod},
    term::Renewal,
};

/// How many contracts a page has.
const PAGE: i32 = 25;

/// Which contracts.
#[derive(cynic::InputObject, Clone, Default)]
pub struct ContractFilter {
    product_id: Option<ProductId>,
    state: Option<ContractState>,
    text: Option<String>,
}

/// What a list of contracts depends on.
#[derive(cynic::QueryVariables, Clone)]
pub struct ContractsVariables {
    after: Option<String>,
    filter: Option<ContractFilter>,
    first: Option<i32>,
    language: Option<Language>,
    order: Option<ContractOrder>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ContractsVariables")]
struct Contracts {
    #[arguments(after: $after, filter: $filter, first: $first, order: $order)]
    contracts: ContractConnection,
}

/// A page of contracts.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(variables = "ContractsVariables")]
pub struct ContractConnection {
    /// The contracts.
    pub nodes: Vec<Contract>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// How many there are on all pages.
    pub total_count: i32,
}

/// A contract of the account in view.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(variables = "ContractsVariables")]
pub struct Contract {
    /// When it can end.
    pub dates: NextEnd,
    /// Names the contract.
    pub id: ContractId,
    /// Its last day.
    pub ends_on: Option<Day>,
    /// Where or for what it is.
    pub label: Option<String>,
    /// The last day for notice to end at the next possible date.
    pub notice_by: Option<Day>,
    /// Its number.
    pub number: String,
    /// What it costs.
    pub price: Option<Money>,
    /// What the price is for.
    pub price_period: PricePeriod,
    /// What it is over.
    pub product: Product,
    /// Its first day.
    pub started_on: Day,
    /// Where it stands.
    pub state: ContractState,
}

/// When a contract can end.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "ContractDates")]
pub struct NextEnd {
    /// Its last day if notice is given today.
    pub next_end: Option<Day>,
}

/// A product of the catalogue.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(variables = "ContractsVariables")]
pub struct Product {
    /// What it is.
    #[arguments(language: $language)]
    pub description: Option<String>,
    /// Its name.
    #[arguments(language: $language)]
    pub name: String,
}

/// The first contracts, by number.
pub async fn contracts(language: Language, first: i32) -> Result<ContractConnection, ApiError> {
    let variables = ContractsVariables {
        after: None,
        filter: None,
        first: Some(first),
        language: Some(language),
        order: None,
    };
    Ok(api::send(Contracts::build(variables)).await?.contracts)
}

/// A page of the contracts as a list asks for them.
pub async fn listed(rows: Rows<ContractQuery>, language: Language) -> Result<ContractConnection, ApiError> {
    let ContractQuery { text, state, order } = rows.query;
    let variables = ContractsVariables {
        after: rows.after,
        filter: Some(ContractFilter {
            product_id: None,
            state,
            text: Some(text).filter(|text| !text.is_empty()),
        }),
        first: Some(PAGE),
        language: Some(language),
        order: Some(order),
    };
    Ok(api::send(Contracts::build(variables)).await?.contracts)
}

/// What one contract depends on.
#[derive(cynic::QueryVariables)]
pub struct ContractVariables {
    id: ContractId,
    language: Option<Language>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ContractVariables")]
struct OneContract {
    #[arguments(id: $id)]
    contract: ContractDetail,
}

/// A contract with all that is known of it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Contract", variables = "ContractVariables")]
pub struct ContractDetail {
    /// What matters of it today.
    pub dates: ContractDates,
    /// What else is agreed.
    #[arguments(language: $language)]
    pub details: Vec<AgreedDetail>,
    /// Its last day.
    pub ends_on: Option<Day>,
    /// Where or for what it is.
    pub label: Option<String>,
    /// The last day for notice to end at the next possible date.
    pub notice_by: Option<Day>,
    /// Its number.
    pub number: String,
    /// What it costs.
    pub price: Option<Money>,
    /// What the price is for.
    pub price_period: PricePeriod,
    /// What it is over.
    pub product: ProductDetail,
    /// Its first day.
    pub started_on: Day,
    /// Where it stands.
    pub state: ContractState,
    /// How it runs and ends, where that is known.
    pub terms: Option<ContractTerms>,
}

/// How a contract runs and ends; spans such as `P24M`.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct ContractTerms {
    /// The first term.
    pub minimum: Option<String>,
    /// The notice to the end of a term.
    pub notice: String,
    /// The notice while it runs without a fixed end.
    pub open_notice: String,
    /// What follows the first term.
    pub renewal: Renewal,
    /// The length of further terms.
    pub renewal_term: Option<String>,
}

/// What matters of a contract today, where the provider is.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct ContractDates {
    /// The last day of the first term.
    pub minimum_until: Option<Day>,
    /// Its last day if notice is given today.
    pub next_end: Option<Day>,
    /// The last day for notice to that end.
    pub notice_by: Option<Day>,
    /// The end that counts if notice comes later.
    pub following_end: Option<Day>,
}

/// Something that is agreed, such as a speed.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "ContractDetail")]
pub struct AgreedDetail {
    /// What it is.
    pub label: String,
    /// The value.
    pub value: String,
}

/// A product of the catalogue.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Product", variables = "ContractVariables")]
pub struct ProductDetail {
    /// What it is.
    #[arguments(language: $language)]
    pub description: Option<String>,
    /// Its name.
    #[arguments(language: $language)]
    pub name: String,
}

/// One contract.
pub async fn contract(id: ContractId, language: Language) -> Result<ContractDetail, ApiError> {
    let variables = ContractVariables {
        id,
        language: Some(language),
    };
    Ok(api::send(OneContract::build(variables)).await?.contract)
}
