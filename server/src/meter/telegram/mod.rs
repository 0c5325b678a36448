//! Wireless M-Bus telegrams: proving that a key belongs to a meter, and reading what the meter measured.
//!
//! Layers as in EN 13757-4 (link layer, extended link layer) and EN 13757-7 (transport layer, authentication and
//! fragmentation layer); modes 5 and 7 as in OMS Volume 2, profiles A and B. Telegrams of the wire are read, too.
mod extended;
mod frame;
mod reading;
mod repair;
mod spelling;
mod transport;
mod wired;

pub use frame::Telegram;
pub use reading::{MAX_READINGS, Reading};
pub use repair::{Repaired, repair};

use super::address::Serial;
use super::key::MeterKey;

/// The longest pasted text that is looked at, in bytes; the longest frame has 290 bytes.
pub const MAX_TEXT_BYTES: usize = 4096;

/// What a telegram says about a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The key opens the telegram.
    Ok {
        /// How the telegram is protected.
        mode: Mode,
        /// A wrong key is taken for right once in 2 to the power of this.
        strength_bits: u16,
    },
    /// The key does not open the telegram.
    WrongKey,
    /// The telegram was sent, or already made, readable; it says nothing about the key.
    NotEncrypted,
    /// The telegram is from another device.
    WrongMeter,
    /// A way of protection that cannot be judged.
    UnsupportedMode(Mode),
    /// No telegram, or a damaged one.
    BadFrame(BadFrame),
}

/// How a telegram is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// By the extended link layer; its encryption field, 1 for AES-128 in counter mode.
    Link(u8),
    /// By the transport layer; its security mode, 5 for AES-128-CBC, 7 for the same with derived keys and a MAC.
    Transport(u8),
    /// In the manufacturer's own way; the control information byte, A0 to B7.
    Manufacturer(u8),
}

/// Why a text is not a telegram that can be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum BadFrame {
    /// Characters that are not hexadecimal, or an odd number of digits.
    #[error("the text is not hexadecimal")]
    NotHex,
    /// More than [`MAX_TEXT_BYTES`].
    #[error("the text is too long for a telegram")]
    TooLong,
    /// Fewer bytes than the length field or a layer's header asks for.
    #[error("the telegram is cut")]
    Short,
    /// A checksum of the link layer does not fit.
    #[error("a checksum of the link layer does not fit")]
    Checksum,
    /// A layer that is not known; its control information byte.
    #[error("the control information {0:02X} is not known")]
    UnknownLayer(u8),
    /// One part of a longer message, which cannot be judged alone.
    #[error("the telegram is a part of a longer message")]
    Fragment,
    /// Mode 7 without a message counter or without a MAC that is known.
    #[error("the telegram carries no message counter or MAC")]
    NoAuthentication,
}

/// What a key made of a telegram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Whether the key fits.
    pub verdict: Verdict,
    /// What the meter says, where the key fits or the telegram is readable anyway.
    pub content: Content,
}

/// What is in a readable telegram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing that can be read: the telegram is closed.
    Closed,
    /// Values.
    Full(Vec<Reading>),
    /// Values without their meaning, which only an earlier full telegram tells (control information 79).
    Compact,
}

impl Opened {
    fn new(verdict: Verdict, content: Content) -> Self {
        Self { verdict, content }
    }
}

impl From<Verdict> for Opened {
    fn from(verdict: Verdict) -> Self {
        Self::new(verdict, Content::Closed)
    }
}

impl From<BadFrame> for Verdict {
    fn from(reason: BadFrame) -> Self {
        Self::BadFrame(reason)
    }
}

/// Judges `key` by a telegram in any spelling that [`Telegram::parse`] takes, which must be from the device `serial`.
pub fn verify(text: &str, serial: Serial, key: &MeterKey) -> Verdict {
    match Telegram::parse(text) {
        Ok(telegram) if telegram.is_from(serial) => telegram.verify(key),
        Ok(_) => Verdict::WrongMeter,
        Err(reason) => reason.into(),
    }
}
