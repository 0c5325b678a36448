//! What the history of a device asks the server.
use crate::api::{self, ApiError, Instant, PageInfo, schema};
use cynic::QueryBuilder;
use shared::{device::DeviceEventKind, id::DeviceId};

#[derive(cynic::QueryVariables)]
struct HistoryVariables {
    id: DeviceId,
    first: i32,
    after: Option<String>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "HistoryVariables")]
struct HistoryOfDevice {
    #[arguments(id: $id, first: $first, after: $after)]
    device_history: DeviceEventConnection,
}

/// A page of what happened with a device.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct DeviceEventConnection {
    /// What happened, the latest first.
    pub nodes: Vec<DeviceEvent>,
    /// What follows.
    pub page_info: PageInfo,
}

/// Something that happened with a device.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct DeviceEvent {
    /// When.
    pub at: Instant,
    /// To whom a right was given, or who used a key by it.
    pub email: Option<String>,
    /// The file that a key came from.
    pub file_name: Option<String>,
    /// The name of the key.
    pub key_name: Option<String>,
    /// What.
    pub kind: DeviceEventKind,
    /// Who did it.
    pub who: Option<String>,
}

/// What happened with a device, from the place of a cursor on.
pub async fn history(id: DeviceId, first: i32, after: Option<String>) -> Result<DeviceEventConnection, ApiError> {
    let variables = HistoryVariables { id, first, after };
    Ok(api::send(HistoryOfDevice::build(variables)).await?.device_history)
}
