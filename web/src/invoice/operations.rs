//! What the list of invoices asks the server.
use super::query::InvoiceQuery;
use crate::{
    api::{self, ApiError, Day, Money, PageInfo, schema},
    place::Rows,
};
use cynic::QueryBuilder;
use shared::{
    id::InvoiceId,
    invoice::{InvoiceKind, InvoiceState},
    money::Amount,
};

/// How many rows a page has.
pub const PAGE: i32 = 25;

/// Which invoices; what is left out does not matter.
#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq, Eq)]
pub struct InvoiceFilter {
    #[cynic(skip_serializing_if = "Option::is_none")]
    kind: Option<InvoiceKind>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    state: Option<InvoiceState>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    year: Option<i32>,
}

impl From<&InvoiceQuery> for InvoiceFilter {
    fn from(query: &InvoiceQuery) -> Self {
        let text = query.text.trim();
        Self {
            kind: query.kind,
            state: query.state,
            text: (!text.is_empty()).then(|| text.to_owned()),
            year: query.year,
        }
    }
}

#[derive(cynic::QueryVariables)]
struct InvoicesVariables {
    after: Option<String>,
    filter: Option<InvoiceFilter>,
    first: Option<i32>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "InvoicesVariables")]
struct Invoices {
    #[arguments(after: $after, filter: $filter, first: $first)]
    invoices: InvoiceConnection,
}

/// A page of invoices.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct InvoiceConnection {
    /// The invoices.
    pub nodes: Vec<Invoice>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// What all that match sum up to, a sum for each currency.
    pub sums: Vec<Money>,
    /// How many match.
    pub total_count: i32,
}

/// An invoice in a list.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
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
    /// Where it stands.
    pub state: InvoiceState,
}

/// A page of invoices, newest first.
pub async fn invoices(rows: Rows<InvoiceQuery>) -> Result<InvoiceConnection, ApiError> {
    let variables = InvoicesVariables {
        filter: Some((&rows.query).into()),
        after: rows.after,
        first: Some(PAGE),
    };
    Ok(api::send(Invoices::build(variables)).await?.invoices)
}

#[derive(cynic::QueryVariables)]
struct TotalsVariables {
    due: Option<InvoiceFilter>,
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
    invoice_years: Vec<InvoiceYear>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "InvoiceConnection")]
struct Sums {
    sums: Vec<Money>,
}

/// How many invoices a year has.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct InvoiceYear {
    /// How many.
    pub count: i32,
    /// Which year.
    pub year: i32,
}

/// What stands above the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Not due yet.
    pub due: Vec<Money>,
    /// Past their due date.
    pub past_due: Vec<Money>,
    /// The years that have invoices, newest first.
    pub years: Vec<InvoiceYear>,
}

/// What is open, and which years there are.
pub async fn totals() -> Result<Totals, ApiError> {
    let of = |state| {
        Some(InvoiceFilter {
            state: Some(state),
            ..InvoiceFilter::default()
        })
    };
    let variables = TotalsVariables {
        due: of(InvoiceState::Due),
        past_due: of(InvoiceState::PastDue),
    };
    let found = api::send(TotalsQuery::build(variables)).await?;
    Ok(Totals {
        due: found.due.sums,
        past_due: found.past_due.sums,
        years: found.invoice_years,
    })
}
