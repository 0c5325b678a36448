//! What a telegram says, as both sides name it.
use serde::{Deserialize, Serialize};

/// What a value is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum), graphql(name = "ReadingQuantity"))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Quantity {
    /// Energy, in kWh or MJ.
    Energy,
    /// Volume, in m³.
    Volume,
    /// Mass, in kg.
    Mass,
    /// Power, in kW.
    Power,
    /// Volume by time, in m³/h.
    VolumeFlow,
    /// The temperature of what flows in, in °C.
    FlowTemperature,
    /// The temperature of what flows back, in °C.
    ReturnTemperature,
    /// How far flow and return are apart, in K.
    TemperatureDifference,
    /// The temperature round the meter, in °C.
    ExternalTemperature,
    /// Pressure, in bar.
    Pressure,
    /// Voltage, in V.
    Voltage,
    /// Electric current, in A.
    Current,
    /// Relative humidity, in %.
    Humidity,
    /// Units of a heat cost allocator.
    HeatCostUnits,
    /// A day, or a day and a time.
    Time,
    /// How long something took.
    Duration,
    /// The number that the maker gave the device.
    FabricationNumber,
    /// Bits that each stand for something wrong.
    ErrorFlags,
    /// What is left of the battery.
    Battery,
    /// Anything else.
    Other,
}

/// Which value of a time a record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum), graphql(name = "ReadingMoment"))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Moment {
    /// The value at that time.
    Instantaneous,
    /// The greatest of a period.
    Maximum,
    /// The least of a period.
    Minimum,
    /// A value from while something was wrong.
    DuringError,
}

/// What went wrong with a key on its way, if a changed one fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum), graphql(name = "KeyRepair"))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Repair {
    /// The bytes stand in reverse order.
    ReversedBytes,
    /// The two digits of each byte are exchanged.
    ExchangedDigits,
    /// Each group of four bytes stands in reverse order.
    ReversedWords,
    /// The two halves are exchanged.
    ExchangedHalves,
    /// All digits stand one place further left or right; the one that fell off came in at the other end.
    ShiftedDigit,
    /// The key is a text: its bytes are the signs of hexadecimal digits.
    TextOfDigits,
    /// The digits are a text: the first 16 of them, as signs, are the key.
    DigitsOfText,
    /// A key of 64 bits stands twice.
    DoubledHalf,
    /// The device has the key with which it left the factory, such as zeros.
    FactoryKey,
}

/// What a telegram says about the stored keys of the device that sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TelegramVerdict {
    /// A stored key opens it.
    Ok,
    /// No stored key opens it.
    WrongKey,
    /// It was sent, or already made, readable; it says nothing about a key.
    NotEncrypted,
    /// It is from another device than the one that was asked about.
    WrongMeter,
    /// It is protected in a way that cannot be judged; `mode` says which.
    UnsupportedMode,
    /// It is no telegram, or a damaged one; `fault` says why.
    BadFrame,
    /// The viewer sees no device of this number.
    UnknownDevice,
    /// The device has no key that could be judged.
    NoKey,
}

/// Why a text is not a telegram that can be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FrameFault {
    /// Signs that are not hexadecimal, or an odd number of digits.
    NotHex,
    /// Longer than any telegram.
    TooLong,
    /// Fewer bytes than the telegram itself announces.
    Short,
    /// A checksum of the link layer does not fit.
    Checksum,
    /// A layer that is not known.
    UnknownLayer,
    /// One part of a longer message, which cannot be judged alone.
    Fragment,
    /// Security mode 7 without what proves who sent it.
    NoAuthentication,
}
