//! Devices, their keys and the rights to read them.
use serde::{Deserialize, Serialize};

/// What a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(async_graphql::Enum, sea_orm::EnumIter, sea_orm::DeriveActiveEnum)
)]
#[cfg_attr(
    feature = "server",
    sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeviceKind {
    /// Measures water, heat, gas or electricity.
    Meter,
    /// Collects the telegrams of meters.
    Concentrator,
}

/// What telegrams said about the keys of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(async_graphql::Enum, sea_orm::EnumIter, sea_orm::DeriveActiveEnum)
)]
#[cfg_attr(
    feature = "server",
    sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeviceProof {
    /// No telegram was shown yet.
    Unproven,
    /// A key opened a telegram of the device.
    Proven,
    /// No key opened a telegram of the device.
    Doubtful,
}

/// Where a read right stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReadRightState {
    /// Given, but not yet accepted by the person.
    Pending,
    /// Accepted; counts from a later day on.
    Upcoming,
    /// Accepted and in force.
    Active,
    /// Past its end date, or revoked.
    Ended,
}

/// Whether somebody may read a device; a filter for lists of devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeviceAssigned {
    /// Nobody may read it.
    Free,
    /// A right is pending.
    Pending,
    /// A right is in force.
    Active,
}

/// What an import will do, or did, with one row of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RowVerdict {
    /// The device is not known yet and is added.
    New,
    /// Device and key are known already; nothing changes.
    Same,
    /// The device is known with another key; the key is kept, the row is left out.
    DifferentKey,
    /// The same device stands in the file twice; only its first row counts.
    Duplicate,
    /// The row is not readable and is left out.
    Malformed,
    /// The key is one that anybody could guess; the row is left out.
    WeakKey,
}

/// In which form keys leave the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(async_graphql::Enum, sea_orm::EnumIter, sea_orm::DeriveActiveEnum)
)]
#[cfg_attr(
    feature = "server",
    sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum KeyExportFormat {
    /// A table for spreadsheets.
    Csv,
    /// For programs.
    Json,
    /// A key file with a password, for READy and USB Meter Reader.
    Kem,
    /// Files for `/etc/wmbusmeters.d`.
    Wmbusmeters,
    /// The list of meters of the wmbusmeters add-on of Home Assistant.
    HomeAssistant,
    /// A configuration for ESPHome, with its secrets apart.
    Esphome,
}

/// What somebody did with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(async_graphql::Enum, sea_orm::EnumIter, sea_orm::DeriveActiveEnum)
)]
#[cfg_attr(
    feature = "server",
    sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum KeyUse {
    /// Looked at it.
    Shown,
    /// Took it in a file.
    Exported,
    /// Had it tried on a telegram, without seeing it.
    Proved,
}

/// Where a request for keys stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum KeyRequestState {
    /// A second person has to decide.
    Pending,
    /// Nobody can decide: it opens by itself a day after it was made.
    Waiting,
    /// It can be used once.
    Open,
    /// The second person refused it.
    Refused,
    /// Taken back.
    Cancelled,
    /// The keys were seen or taken by it.
    Used,
    /// Its time is over.
    Expired,
}
