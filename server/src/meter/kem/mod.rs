//! KEM and KEM2: the password-protected files in which Kamstrup hands over the keys of meters.
//!
//! The format is not published. Known of it: a ZIP (or its only interesting member, bare) holds an XML envelope that
//! looks like W3C XML Encryption but is not, with AES-128-CBC under the password padded with zeros, the initialisation
//! vector being the key; inside is a list of meters (`MetersInOrder`, KEM) or devices (`Devices`, KEM2). There is no
//! key derivation and no salt: whoever holds such a file and a few minutes can read it.
mod container;
mod content;
mod envelope;
mod write;

pub use write::{Container, write};

use super::address::{Manufacturer, Serial};
use super::key::MeterKey;

/// The largest file that is read, in bytes, and the largest that may come out of the ZIP: some 12,000 devices.
pub const MAX_FILE_BYTES: u64 = 8 << 20;
/// The most members that a ZIP may list; real ones have two.
pub const MAX_ENTRIES: usize = 32;
/// The highest ratio of unpacked to packed size; base64 of a ciphertext packs to three quarters at best.
pub const MAX_RATIO: u64 = 100;
/// The most XML nodes of envelope or content, at some 40 a device.
pub const MAX_NODES: u32 = 500_000;
/// The longest text of a device, in bytes; real ones stay below 30.
pub const MAX_TEXT_BYTES: usize = 100;
/// The most keys of one device; eight names are known.
pub const MAX_KEYS: usize = 16;
/// The longest name of a key, in bytes; real ones stay below 6.
pub const MAX_KEY_NAME_BYTES: usize = 20;
/// The longest password, in bytes of UTF-8: that of the cipher's key.
pub const MAX_PASSWORD_BYTES: usize = 16;

/// Which layout the content has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Root `MetersInOrder`.
    Kem,
    /// Root `Devices`.
    Kem2,
}

/// What a key file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFile {
    /// The layout it was written in.
    pub format: Format,
    /// The order that all its devices belong to, if it is one and the same.
    pub order: Option<String>,
    /// The devices that could be read, in the order of the file.
    pub devices: Vec<Device>,
    /// The rows that could not.
    pub problems: Vec<RowProblem>,
}

/// One device with its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its place in the file, from 1.
    pub row: usize,
    /// The serial number, which is also its address on the air.
    pub serial: Serial,
    /// The manufacturer; none if the file names it in a way that is not three letters.
    pub manufacturer: Option<Manufacturer>,
    /// The order it was delivered with.
    pub order: Option<String>,
    /// Its short name: `MC21`, `MC603`, `KWM2210`.
    pub name: Option<String>,
    /// The type number, as `02146C0G8RK`.
    pub type_number: Option<String>,
    /// The configuration number.
    pub config_number: Option<String>,
    /// The number that the customer gave the device.
    pub own_number: Option<String>,
    /// What it counts, as the file says it: `VolumeCold`, `Heat`.
    pub consumption: Option<String>,
    /// Its keys by name: `DEK` for telegrams, `GPK1`… and `PK1`… for other uses. At least one.
    pub keys: Vec<(String, MeterKey)>,
}

/// A row that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowProblem {
    /// Its place in the file, from 1.
    pub row: usize,
    /// The serial number as written, cut to [`MAX_TEXT_BYTES`]; none if there is none.
    pub serial: Option<String>,
    /// What is wrong.
    pub fault: RowFault,
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowFault {
    /// No serial number.
    #[error("the serial number is missing")]
    NoSerial,
    /// A serial number that is not eight digits.
    #[error("the serial number has not eight digits")]
    Serial,
    /// No key, or only empty ones.
    #[error("the device has no key")]
    NoKey,
    /// A key that is not 32 hexadecimal digits.
    #[error("the key {0} has not 32 hexadecimal digits")]
    Key(String),
    /// A key whose name is not made of letters and digits, or is longer than [`MAX_KEY_NAME_BYTES`].
    #[error("a key has an unusable name")]
    KeyName,
    /// The same name with two different keys.
    #[error("there are two different keys {0}")]
    TwoKeys(String),
    /// More keys than [`MAX_KEYS`].
    #[error("the device has too many keys")]
    TooManyKeys,
    /// A text longer than [`MAX_TEXT_BYTES`].
    #[error("the field {0} is too long")]
    TooLong(&'static str),
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KemError {
    /// Neither a ZIP nor an encrypted XML envelope.
    #[error("this is not a KEM file")]
    NotAKemFile,
    /// The file, or what comes out of it, exceeds [`MAX_FILE_BYTES`], [`MAX_RATIO`] or [`MAX_NODES`].
    #[error("the file is too large")]
    TooLarge,
    /// The ZIP lists more than [`MAX_ENTRIES`] members.
    #[error("the ZIP has too many entries")]
    TooManyEntries,
    /// The ZIP is damaged, or protected in a way of its own.
    #[error("the ZIP cannot be unpacked")]
    BrokenContainer,
    /// No member of the ZIP ends in `.kem` or `.kem2`.
    #[error("no key file is inside the ZIP")]
    NoKeyFileInside,
    /// More than one member of the ZIP ends in `.kem` or `.kem2`.
    #[error("several key files are inside the ZIP")]
    SeveralKeyFilesInside,
    /// The envelope is damaged.
    #[error("the envelope cannot be read: {0}")]
    BrokenEnvelope(EnvelopeFault),
    /// The envelope names another cipher than AES-128-CBC; the name, cut to [`MAX_TEXT_BYTES`].
    #[error("the cipher {0} is not known")]
    UnknownCipher(String),
    /// The password is empty or longer than [`MAX_PASSWORD_BYTES`], so no file can have it.
    #[error("the password has 1 to 16 bytes")]
    PasswordLength,
    /// The password does not open the file.
    #[error("the password is wrong")]
    WrongPassword,
    /// The password fits, but what it opens is damaged.
    #[error("the content cannot be read: {0}")]
    BrokenContent(ContentFault),
}

/// What is wrong with an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeFault {
    /// It is not well-formed UTF-8 XML, or declares a document type.
    #[error("it is not plain XML")]
    NotXml,
    /// `CipherValue` is missing or empty.
    #[error("it holds no ciphertext")]
    NoCiphertext,
    /// The ciphertext is not base64.
    #[error("the ciphertext is not base64")]
    NotBase64,
    /// The ciphertext does not consist of whole blocks of 16 bytes.
    #[error("the ciphertext is cut")]
    Cut,
}

/// What is wrong with decrypted content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContentFault {
    /// It begins as it should, but its end is missing or changed.
    #[error("its end is damaged")]
    Cut,
    /// It is not well-formed XML, or declares a document type.
    #[error("it is not plain XML")]
    NotXml,
    /// Its root is neither `MetersInOrder` nor `Devices`; the name, cut to [`MAX_TEXT_BYTES`].
    #[error("its root {0} is not known")]
    UnknownRoot(String),
}

/// Reads a KEM or KEM2 file, zipped or bare, going by its bytes and not by its name.
///
/// A row that cannot be read is among [`KeyFile::problems`] and does not spoil the others.
///
/// # Errors
/// The whole file cannot be read; [`KemError`] says why. Nothing of its content is in the error.
pub fn read(bytes: &[u8], password: &str) -> Result<KeyFile, KemError> {
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(KemError::TooLarge);
    }
    let key = envelope::key_of(password)?;
    let sealed = container::unpack(bytes)?;
    let content = envelope::open(&sealed, &key)?;
    content::read(&content)
}

/// As much of `text` as an error or a problem may carry.
fn cut(text: &str) -> String {
    text[..text.floor_char_boundary(MAX_TEXT_BYTES)].to_owned()
}
