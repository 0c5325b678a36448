//! What the list of invoices asks the server.
use super::query::{InvoiceQuery, ProductChoice};
use crate::{
    api::{self, ApiError, Day, Money, PageInfo, schema},
    place::Rows,
};
use cynic::QueryBuilder;
use shared::{
    account::Language,
    id::{ContractId, InvoiceId},
    invoice::{InvoiceKind, InvoiceOrder, InvoiceState},
    money::Amount,
};

/// How many rows a page has.
pub const PAGE: i32 = 25;

/// Which invoices; what is left out does not matter.
#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq, Eq)]
pub struct InvoiceFilter {
    #[cynic(skip_serializing_if = "Option::is_none")]
    contract_id: Option<ContractId>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    kind: Option<InvoiceKind>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    state: Option<InvoiceState>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    without_contract: Option<bool>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    year: Option<i32>,
}

impl From<&InvoiceQuery> for InvoiceFilter {
    fn from(query: &InvoiceQuery) -> Self {
        let text = query.text.trim();
        Self {
            contract_id: query.product.and_then(ProductChoice::contract),
            kind: query.kind,
            state: query.state,
            text: (!text.is_empty()).then(|| text.to_owned()),
            without_contract: (query.product == Some(ProductChoice::Without)).then_some(true),
            year: query.year,
        }
    }
}

#[derive(cynic::QueryVariables)]
struct InvoicesVariables {
    after: Option<String>,
    filter: Option<InvoiceFilter>,
    first: Option<i32>,
    order: Option<InvoiceOrder>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "InvoicesVariables")]
struct Invoices {
    #[arguments(after: $after, filter: $filter, first: $first, order: $order)]
    invoices: InvoiceConnection,
}

/// A page of invoices.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct InvoiceConnection {
    /// The invoices.
    pub nodes: Vec<Invoice>,
    /// Where the page ends.
    pub page_info: PageInfo,
}

#[derive(cynic::QueryVariables)]
struct FoundVariables {
    filter: Option<InvoiceFilter>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "FoundVariables")]
struct FoundQuery {
    #[arguments(filter: $filter, first: 1)]
    invoices: Found,
}

/// What a whole list comes to. It is asked apart from the rows, which need not wait for it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "InvoiceConnection")]
pub struct Found {
    /// What all that match sum up to, a sum for each currency.
    pub sums: Vec<Money>,
    /// How many match.
    pub total_count: i32,
}

/// An invoice in a list.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
    /// The contract that it is about.
    pub contract_id: Option<ContractId>,
    /// Of all its amounts.
    pub currency: String,
    /// Until when it is to be paid.
    pub due_date: Option<Day>,
    /// What it sums up to, taxes included.
    pub gross_total: Amount,
    /// Names the invoice.
    pub id: InvoiceId,
    /// When it was written.
    pub issue_date: Day,
    /// What it is.
    pub kind: InvoiceKind,
    /// Its number.
    pub number: String,
    /// Where the original is downloaded.
    pub original_url: String,
    /// The day of the last payment.
    pub paid_on: Option<Day>,
    /// How much is paid.
    pub paid_total: Option<Amount>,
    /// Where it stands.
    pub state: InvoiceState,
}

/// A page of invoices.
pub async fn invoices(rows: Rows<InvoiceQuery>) -> Result<InvoiceConnection, ApiError> {
    let variables = InvoicesVariables {
        filter: Some((&rows.query).into()),
        after: rows.after,
        first: Some(PAGE),
        order: Some(rows.query.order),
    };
    Ok(api::send(Invoices::build(variables)).await?.invoices)
}

/// What all that match come to.
pub async fn found(query: InvoiceQuery) -> Result<Found, ApiError> {
    let filter = Some((&query).into());
    Ok(api::send(FoundQuery::build(FoundVariables { filter })).await?.invoices)
}

/// Of which invoices totals are asked for.
#[derive(cynic::QueryVariables)]
pub struct TotalsVariables {
    due: Option<InvoiceFilter>,
    language: Option<Language>,
    past_due: Option<InvoiceFilter>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "TotalsVariables")]
struct TotalsQuery {
    #[arguments(filter: $due, first: 1)]
    #[cynic(alias, rename = "invoices")]
    due: Sums,
    #[arguments(filter: $past_due, first: 1)]
    #[cynic(alias, rename = "invoices")]
    past_due: Sums,
    invoice_contracts: Vec<InvoiceContract>,
    invoice_years: Vec<InvoiceYear>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "InvoiceConnection")]
struct Sums {
    due_sums: Vec<Money>,
}

/// A contract that invoices are about.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(variables = "TotalsVariables")]
pub struct InvoiceContract {
    /// Names it.
    pub id: ContractId,
    /// Where or for what it is.
    pub label: Option<String>,
    /// Its number.
    pub number: String,
    /// What it is.
    #[arguments(language: $language)]
    pub product_name: String,
}

/// What was invoiced in a year.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct InvoiceYear {
    /// How many.
    pub count: i32,
    /// What it sums up to, a sum for each currency.
    pub sums: Vec<Money>,
    /// Which year.
    pub year: i32,
}

/// What stands above the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    /// The contracts that invoices are about.
    pub contracts: Vec<InvoiceContract>,
    /// Not due yet.
    pub due: Vec<Money>,
    /// Past their due date.
    pub past_due: Vec<Money>,
    /// The years that have invoices, newest first.
    pub years: Vec<InvoiceYear>,
}

/// What is due, which contracts and which years there are.
pub async fn totals(language: Language) -> Result<Totals, ApiError> {
    let of = |state| {
        Some(InvoiceFilter {
            state: Some(state),
            ..InvoiceFilter::default()
        })
    };
    let variables = TotalsVariables {
        due: of(InvoiceState::Due),
        language: Some(language),
        past_due: of(InvoiceState::PastDue),
    };
    let found = api::send(TotalsQuery::build(variables)).await?;
    Ok(Totals {
        contracts: found.invoice_contracts,
        due: found.due.due_sums,
        past_due: found.past_due.due_sums,
        years: found.invoice_years,
    })
}
