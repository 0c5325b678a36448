//! What the doors ask the server.
use crate::api::{self, ApiError, schema};
use cynic::QueryBuilder;

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
struct Doors {
    doors: Vec<Door>,
}

/// A place that a session of the portal opens.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// Where its sign-in begins.
    pub address: String,
    /// What people call it.
    pub name: String,
}

/// The places that are open to the viewer.
pub async fn doors() -> Result<Vec<Door>, ApiError> {
    Ok(api::send(Doors::build(())).await?.doors)
}
