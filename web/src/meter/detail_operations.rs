//! What the page of one device asks the server.
use crate::api::{self, ApiError, Day, schema};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{device::ReadRightState, id::DeviceId};

#[derive(cynic::QueryVariables)]
struct DeviceVariables {
    id: DeviceId,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "DeviceVariables")]
struct OneDevice {
    #[arguments(id: $id)]
    device: DeviceDetail,
}

/// A device with all that the viewer may know of it; its keys come by [`reveal_key`].
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Device")]
pub struct DeviceDetail {
    /// Its configuration, as the maker numbers it.
    pub config_number: Option<String>,
    /// Names the device.
    pub id: DeviceId,
    /// The names of its keys.
    pub key_names: Vec<String>,
    /// Three letters.
    pub manufacturer: String,
    /// The name of its model.
    pub model: Option<String>,
    /// The order that it came with.
    pub order_number: Option<String>,
    /// The holder's own number.
    pub own_number: Option<String>,
    /// Who may read it, for those who hold it.
    pub read_rights: Vec<DeviceReadRight>,
    /// Who gave the right to read it.
    pub readable_through: Option<String>,
    /// The last day of that right.
    pub readable_until: Option<Day>,
    /// Eight digits.
    pub serial_number: String,
    /// The maker's number of the type.
    pub type_number: Option<String>,
    /// Whether its keys may be read.
    pub viewer_can_reveal: bool,
}

/// Somebody who may read a device.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "ReadRight")]
pub struct DeviceReadRight {
    /// To whom it was given.
    pub email: String,
    /// Where it stands.
    pub state: ReadRightState,
    /// Its last day.
    pub until: Option<Day>,
}

/// One device.
pub async fn device(id: DeviceId) -> Result<DeviceDetail, ApiError> {
    Ok(api::send(OneDevice::build(DeviceVariables { id })).await?.device)
}

#[derive(cynic::InputObject)]
struct RevealKeyInput {
    device_id: DeviceId,
    name: String,
}

#[derive(cynic::QueryVariables)]
struct RevealKeyVariables {
    input: RevealKeyInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "RevealKeyVariables")]
struct RevealKey {
    #[arguments(input: $input)]
    reveal_key: RevealKeyPayload,
}

#[derive(cynic::QueryFragment)]
struct RevealKeyPayload {
    key: String,
}

/// Reads a key: 32 hexadecimal digits. The server records it.
pub async fn reveal_key(device_id: DeviceId, name: String) -> Result<String, ApiError> {
    let variables = RevealKeyVariables {
        input: RevealKeyInput { device_id, name },
    };
    Ok(api::send(RevealKey::build(variables)).await?.reveal_key.key)
}
