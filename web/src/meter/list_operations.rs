//! What the lists of devices ask the server.
use super::{query::DeviceQuery, words::Sort};
use crate::{
    api::{self, ApiError, Day, PageInfo, schema},
    place::Rows,
};
use cynic::QueryBuilder;
use shared::{
    device::{DeviceAssigned, DeviceKind, DeviceProof, Medium, ReadRightState},
    id::DeviceId,
};

/// How many rows a page has.
pub const PAGE: i32 = 25;

/// Which devices; what is left out does not matter.
#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceFilter {
    /// Whether somebody may read it.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub assigned: Option<DeviceAssigned>,
    /// What it is.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub kind: Option<DeviceKind>,
    /// What it measures.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub medium: Option<Medium>,
    /// Its model.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The order that it came with.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub order_number: Option<String>,
    /// How its keys stand.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub proof: Option<DeviceProof>,
    /// The beginning of its serial number.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub serial_prefix: Option<String>,
}

impl From<&DeviceQuery> for DeviceFilter {
    fn from(query: &DeviceQuery) -> Self {
        let set = |text: &String| (!text.is_empty()).then(|| text.clone());
        let (kind, medium) = match query.sort {
            None => (None, None),
            Some(Sort::Concentrator) => (Some(DeviceKind::Concentrator), None),
            Some(Sort::Of(medium)) => (Some(DeviceKind::Meter), Some(medium)),
        };
        Self {
            assigned: query.assigned,
            kind,
            medium,
            model: set(&query.model),
            order_number: set(&query.order),
            proof: query.proof,
            serial_prefix: set(&query.serial),
        }
    }
}

#[derive(cynic::QueryVariables)]
struct DevicesVariables {
    after: Option<String>,
    filter: Option<DeviceFilter>,
    first: Option<i32>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "DevicesVariables")]
struct Devices {
    #[arguments(after: $after, filter: $filter, first: $first)]
    devices: DeviceConnection,
}

/// A page of devices.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct DeviceConnection {
    /// The devices.
    pub nodes: Vec<Device>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// How many match.
    pub total_count: i32,
}

/// A device in a list.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Names the device.
    pub id: DeviceId,
    /// What it is.
    pub kind: DeviceKind,
    /// Three letters.
    pub manufacturer: String,
    /// What it measures.
    pub medium: Option<Medium>,
    /// The name of its model.
    pub model: Option<String>,
    /// The order that it came with.
    pub order_number: Option<String>,
    /// How its keys stand, for those who hold it.
    pub proof: Option<DeviceProof>,
    /// Who may read it, for those who hold it.
    pub read_rights: Vec<ListedRight>,
    /// Who gave the right to read it.
    pub readable_through: Option<String>,
    /// The last day of that right.
    pub readable_until: Option<Day>,
    /// Eight digits.
    pub serial_number: String,
}

/// Somebody who may read a device.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "ReadRight")]
pub struct ListedRight {
    /// Whose right it is.
    pub email: String,
    /// Where it stands.
    pub state: ReadRightState,
    /// Its last day.
    pub until: Option<Day>,
}

/// A page of devices.
pub async fn devices(rows: Rows<DeviceQuery>) -> Result<DeviceConnection, ApiError> {
    let variables = DevicesVariables {
        filter: Some((&rows.query).into()),
        after: rows.after,
        first: Some(PAGE),
    };
    Ok(api::send(Devices::build(variables)).await?.devices)
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query")]
struct Facets {
    device_facets: DeviceFacets,
}

/// The values that filters can take.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct DeviceFacets {
    /// Names of models.
    pub models: Vec<String>,
    /// Numbers of orders.
    pub order_numbers: Vec<String>,
}

/// The values that filters of devices can take.
pub async fn device_facets() -> Result<DeviceFacets, ApiError> {
    Ok(api::send(Facets::build(())).await?.device_facets)
}
