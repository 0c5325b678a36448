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
    /// Past its last day.
    Ended,
    /// Taken back by the dealer.
    Revoked,
}

/// What a list of read rights would do, or did, with one of its rows.
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
pub enum AssignmentVerdict {
    /// The right is given.
    New,
    /// The address has such a right for the device already, or one that lasts longer.
    AlreadyAssigned,
    /// The account holds no such device.
    UnknownDevice,
    /// Several devices have this number; name the manufacturer or the id.
    AmbiguousDevice,
    /// The number has fewer than eight digits: a spreadsheet has eaten its zeros.
    LostZeros,
    /// Not an e-mail address.
    NotAnEmail,
    /// Device and address stand in the list twice; only the first row counts.
    Duplicate,
    /// Not a date, an end in the past, or one before the beginning.
    ImpossibleDates,
    /// The row cannot be read: a quotation mark is not closed, a note is too long, or the kind of right is no word that is
    /// known.
    Malformed,
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
#[cfg_attr(
    feature = "server",
    derive(async_graphql::Enum, sea_orm::EnumIter, sea_orm::DeriveActiveEnum)
)]
#[cfg_attr(
    feature = "server",
    sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")
)]
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
    /// The serial number has fewer than eight digits: a spreadsheet has eaten its zeros. The row is left out unless the
    /// layout says that zeros are to be put back.
    LostZeros,
}

/// What is odd about a row of a key file.
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
pub enum RowNote {
    /// The key counts up or down: an example, not a secret.
    CountingKey,
    /// Five or more devices of the holder or the file have the same key.
    SharedKey,
    /// Zeros were put back in front of the serial number.
    ZerosRestored,
    /// The key was pasted with its type and generation (`64 1 0x…`); it got the name of that type.
    PasteRepaired,
    /// No serial number.
    NoSerial,
    /// The serial number is not eight digits.
    NotASerial,
    /// The manufacturer is not three letters, or is missing.
    NoManufacturer,
    /// No key.
    NoKey,
    /// The key is not 32 hexadecimal digits.
    NotAKey,
    /// A quotation mark is not closed.
    OpenQuote,
    /// Something else is wrong with the row.
    Unreadable,
}

/// What a column of a table with keys holds.
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
pub enum KeyColumn {
    /// Nothing that matters.
    Ignored,
    /// The eight digits of the device.
    Serial,
    /// Three letters.
    Manufacturer,
    /// A key; its name is the heading of the column if that is one of a key, else DEK.
    Key,
    /// The name of the key beside it.
    KeyName,
    /// What the device is called: MC21, Multical 21.
    Model,
    /// The type number.
    TypeNumber,
    /// The configuration number.
    ConfigNumber,
    /// The order that it came with.
    OrderNumber,
    /// The number that its owner gave it.
    OwnNumber,
    /// The version of its address, 0 to 255 or two hexadecimal digits.
    Version,
    /// What it measures, as a word or as the device type of its address.
    Medium,
}

/// What a device measures (EN 13757-7, device types).
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
pub enum Medium {
    /// 02.
    Electricity,
    /// 03.
    Gas,
    /// 04 and 0C.
    Heat,
    /// 0A and 0B.
    Cooling,
    /// 0D.
    HeatAndCooling,
    /// 06 and 15.
    WarmWater,
    /// 16.
    ColdWater,
    /// 07, of any temperature.
    Water,
    /// Something else.
    Other,
}

/// How a key file is written.
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
pub enum KeyFileFormat {
    /// KEM, root `MetersInOrder`.
    Kem,
    /// KEM2, root `Devices`.
    #[cfg_attr(feature = "server", graphql(name = "KEM2"))]
    #[serde(rename = "KEM2")]
    Kem2,
    /// Lines with columns: CSV, TXT, `MAN;ID;HEX`.
    Table,
    /// An array of objects.
    Json,
}

/// Where an import that waits stands.
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
pub enum StagedImportState {
    /// Its rows are being read and judged.
    Judging,
    /// All rows have a verdict; it can be done or dropped.
    Ready,
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

/// What happened with a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeviceEventKind {
    /// It was added, with the keys that came with it.
    Added,
    /// It came from another dealer.
    HandedOver,
    /// A key was added later.
    KeyAdded,
    /// A key took the place of another.
    KeyReplaced,
    /// Somebody was offered the right to read it.
    RightGiven,
    /// The offer was accepted.
    RightAccepted,
    /// The right came to its end.
    RightEnded,
    /// The right was taken back.
    RightRevoked,
    /// A key was looked at.
    KeyShown,
    /// A key left in a file.
    KeyExported,
    /// A key was tried on a telegram, without being seen.
    KeyProved,
}

/// How devices go from one dealer to another.
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
pub enum TransferKind {
    /// For good: the recipient holds them as if he had imported them.
    Transfer,
    /// To a sub-dealer: he holds them until either side gives them back, and passes them on to nobody.
    PassOn,
}

/// What becomes of rights to read devices that go to another dealer.
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
pub enum RightsThen {
    /// They go along: readers keep access, and the new holder may end it.
    Keep,
    /// They end.
    End,
}

/// Where an offer of devices stands.
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
pub enum TransferState {
    /// The recipient has not answered.
    Offered,
    /// The recipient holds the devices, or held them.
    Accepted,
    /// The recipient said no.
    Declined,
    /// Taken back by whoever offered.
    Withdrawn,
    /// Not answered in time.
    Expired,
}

/// Where a request to become a dealer stands.
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
pub enum DealerRequestState {
    /// The provider has not decided.
    Requested,
    /// There is a dealer's account now.
    Granted,
    /// The provider said no, and why.
    Rejected,
    /// Taken back by whoever asked.
    Withdrawn,
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
