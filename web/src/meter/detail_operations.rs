//! What the page of one device asks the server.
use crate::api::{self, ApiError, Day, Instant, schema};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{
    device::{DeviceKind, Medium, ReadRightState},
    id::DeviceId,
};

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
    /// Where its keys came from, for those who hold it.
    pub keys: Vec<StoredKey>,
    /// What it is.
    pub kind: DeviceKind,
    /// Three letters.
    pub manufacturer: String,
    /// The same as telegrams say it.
    pub manufacturer_field: Option<i32>,
    /// What it measures.
    pub medium: Option<Medium>,
    /// The name of its model.
    pub model: Option<String>,
    /// The order that it came with.
    pub order_number: Option<String>,
    /// The holder's own number.
    pub own_number: Option<String>,
    /// To which address that right was given.
    pub read_right_email: Option<String>,
    /// When.
    pub read_right_given_at: Option<Instant>,
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
    /// The version byte of its address.
    pub version: Option<i32>,
    /// Whether its keys may be read.
    pub viewer_can_reveal: bool,
}

/// Where a key came from.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct StoredKey {
    /// The file that it was in.
    pub file_name: Option<String>,
    /// Its SHA-256.
    pub file_sha256: Option<String>,
    /// When it was imported.
    pub imported_at: Instant,
    /// By whom.
    pub imported_by: Option<String>,
    /// Such as DEK.
    pub name: String,
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
