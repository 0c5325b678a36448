//! What the page of a customer asks about what he has.
use crate::api::{self, ApiError, Day, Instant, schema};
use cynic::QueryBuilder;
use shared::{
    account::Language,
    document::DocumentKind,
    id::{AccountId, InvoiceId, OrderId},
    invoice::InvoiceState,
    order::{OrderKind, OrderState},
    product::ContractState,
};

#[derive(cynic::QueryVariables)]
struct RecentVariables {
    id: AccountId,
    language: Option<Language>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "RecentVariables")]
struct RecentQuery {
    #[arguments(id: $id, language: $language)]
    customer_recent: CustomerRecent,
}

/// The newest of what a customer has, at most five of each.
#[derive(cynic::QueryFragment, Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerRecent {
    /// Concluded agreements.
    pub agreements: Vec<RecentAgreement>,
    /// Contracts.
    pub contracts: Vec<RecentContract>,
    /// Documents.
    pub documents: Vec<RecentDocument>,
    /// Invoices.
    pub invoices: Vec<RecentInvoice>,
    /// Orders.
    pub orders: Vec<RecentOrder>,
}

/// A concluded agreement.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct RecentAgreement {
    /// When.
    pub concluded_at: Instant,
    /// Over which contract.
    pub contract_number: String,
    /// Which version.
    pub version: i32,
}

/// A contract.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct RecentContract {
    /// Its number.
    pub number: String,
    /// Over what.
    pub product_name: String,
    /// The first day.
    pub started_on: Day,
    /// Where it stands.
    pub state: ContractState,
}

/// A document.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct RecentDocument {
    /// Since when.
    pub added_at: Instant,
    /// What it is.
    pub kind: DocumentKind,
    /// Its title.
    pub title: String,
}

/// An invoice.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct RecentInvoice {
    /// Names it.
    pub id: InvoiceId,
    /// The day it was issued.
    pub issue_date: Day,
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub state: InvoiceState,
}

/// An order.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct RecentOrder {
    /// Names it.
    pub id: OrderId,
    /// What is asked for.
    pub kind: OrderKind,
    /// Its number.
    pub number: String,
    /// When it came in.
    pub placed_at: Instant,
    /// Where it stands.
    pub state: OrderState,
}

/// The newest of what a customer has.
pub async fn recent(id: AccountId, language: Language) -> Result<CustomerRecent, ApiError> {
    let variables = RecentVariables {
        id,
        language: Some(language),
    };
    Ok(api::send(RecentQuery::build(variables)).await?.customer_recent)
}
