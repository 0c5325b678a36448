//! What the parts of the start page that come later ask the server.
use crate::api::{self, ApiError, Instant, schema};
use cynic::QueryBuilder;
use shared::{
    account::Language,
    audit::Doer,
    id::{ContractId, InvoiceId, OrderId},
    order::{OrderKind, OrderState},
    start::{ChangeKind, TaskKind},
};

#[derive(cynic::QueryVariables)]
pub struct WordsVariables {
    language: Option<Language>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "WordsVariables")]
struct TasksQuery {
    tasks: Vec<ViewerTask>,
}

/// Something that the viewer is asked to do.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(variables = "WordsVariables")]
pub struct ViewerTask {
    /// The contract whose agreement is to be concluded.
    pub contract_id: Option<ContractId>,
    /// How many orders are pending.
    pub count: Option<i32>,
    /// Whether the account stays closed until it is done.
    pub is_required: bool,
    /// What is asked.
    pub kind: TaskKind,
    /// What it is about: an address, a product, or a dealer.
    #[arguments(language: $language)]
    pub subject: Option<String>,
    /// The version of the agreement.
    pub version: Option<i32>,
}

/// What the portal asks of the viewer.
pub async fn tasks(language: Language) -> Result<Vec<ViewerTask>, ApiError> {
    let variables = WordsVariables {
        language: Some(language),
    };
    Ok(api::send(TasksQuery::build(variables)).await?.tasks)
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "WordsVariables")]
struct RecentQuery {
    recent_changes: Vec<RecentChange>,
}

/// Something that has changed.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(variables = "WordsVariables")]
pub struct RecentChange {
    /// What was done: the name of the mutation.
    pub act: Option<String>,
    /// When.
    pub at: Instant,
    /// Who did it.
    pub doer: Option<Doer>,
    /// The invoice.
    pub invoice_id: Option<InvoiceId>,
    /// What has changed.
    pub kind: ChangeKind,
    /// The number of the invoice or order.
    pub number: Option<String>,
    /// The order.
    pub order_id: Option<OrderId>,
    /// What the order asks for.
    pub order_kind: Option<OrderKind>,
    /// Where the order stands now.
    pub order_state: Option<OrderState>,
    /// What the person is called who did it.
    pub person_name: Option<String>,
    /// What the document is called, or the product of the order.
    #[arguments(language: $language)]
    pub title: Option<String>,
}

/// What has changed lately.
pub async fn recent(language: Language) -> Result<Vec<RecentChange>, ApiError> {
    let variables = WordsVariables {
        language: Some(language),
    };
    Ok(api::send(RecentQuery::build(variables)).await?.recent_changes)
}
