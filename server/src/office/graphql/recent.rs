//! The newest of what a customer has, as the API shows it to staff.
use crate::{agreement::text::product_name, office::recent};
use async_graphql::SimpleObject;
use chrono::{DateTime, NaiveDate, Utc};
use shared::{
    account::Language,
    document::DocumentKind,
    id::{InvoiceId, OrderId},
    invoice::InvoiceState,
    order::{OrderKind, OrderState},
    product::ContractState,
};

/// The newest of what a customer has, at most five of each, newest first: no amounts, no contents.
#[derive(SimpleObject)]
pub struct CustomerRecent {
    /// Agreements that were concluded.
    pub agreements: Vec<RecentAgreement>,
    /// Contracts.
    pub contracts: Vec<RecentContract>,
    /// Documents that were not withdrawn.
    pub documents: Vec<RecentDocument>,
    /// Invoices.
    pub invoices: Vec<RecentInvoice>,
    /// Orders.
    pub orders: Vec<RecentOrder>,
}

/// An agreement of a customer, in short.
#[derive(SimpleObject)]
pub struct RecentAgreement {
    /// When it was concluded.
    pub concluded_at: DateTime<Utc>,
    /// The number of its contract.
    pub contract_number: String,
    /// The version that was concluded.
    pub version: i32,
}

/// A contract of a customer, in short.
#[derive(SimpleObject)]
pub struct RecentContract {
    /// Its number.
    pub number: String,
    /// The name of the product.
    pub product_name: String,
    /// The first day.
    pub started_on: NaiveDate,
    /// Where it stands.
    pub state: ContractState,
}

/// A document of a customer, in short.
#[derive(SimpleObject)]
pub struct RecentDocument {
    /// When it was added.
    pub added_at: DateTime<Utc>,
    /// What it is.
    pub kind: DocumentKind,
    /// Its title.
    pub title: String,
}

/// An invoice of a customer, in short.
#[derive(SimpleObject)]
pub struct RecentInvoice {
    /// Names it.
    pub id: InvoiceId,
    /// The day it was issued.
    pub issue_date: NaiveDate,
    /// Its number.
    pub number: String,
    /// Where it stands today, as far as the portal knows.
    pub state: InvoiceState,
}

/// An order of a customer, in short.
#[derive(SimpleObject)]
pub struct RecentOrder {
    /// Names the order.
    pub id: OrderId,
    /// What is asked for.
    pub kind: OrderKind,
    /// As people name it.
    pub number: String,
    /// When it came in.
    pub placed_at: DateTime<Utc>,
    /// Where it stands.
    pub state: OrderState,
}

impl CustomerRecent {
    /// With names and titles in a language.
    pub(super) fn of(found: recent::Recent, language: Language) -> Self {
        let contracts = found.contracts.into_iter().map(|(row, product)| RecentContract {
            product_name: product_name(&product, language).to_owned(),
            number: row.number,
            started_on: row.started_on,
            state: row.state,
        });
        let agreements = found
            .agreements
            .into_iter()
            .map(|(row, contract_number, version)| RecentAgreement {
                concluded_at: row.concluded_at,
                contract_number,
                version,
            });
        let documents = found.documents.into_iter().map(|row| RecentDocument {
            added_at: row.created_at,
            kind: row.kind,
            title: match language {
                Language::De => row.title_de,
                Language::En => row.title_en,
            },
        });
        let invoices = found.invoices.into_iter().map(|row| RecentInvoice {
            id: row.id,
            issue_date: row.issue_date,
            number: row.number,
            state: row.state,
        });
        let orders = found.orders.into_iter().map(|row| RecentOrder {
            id: row.id,
            kind: row.kind,
            number: row.number,
            placed_at: row.placed_at,
            state: row.state,
        });
        Self {
            agreements: agreements.collect(),
            contracts: contracts.collect(),
            documents: documents.collect(),
            invoices: invoices.collect(),
            orders: orders.collect(),
        }
    }
}
