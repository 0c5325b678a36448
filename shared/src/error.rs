//! The reasons a request can fail, as both sides name them.
use serde::{Deserialize, Serialize};

/// Sent in `extensions.code` of every GraphQL error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// No one is signed in, or the session has ended.
    Unauthenticated,
    /// The signed-in user may not do this.
    Forbidden,
    /// It does not exist, or the signed-in user may not know that it does.
    NotFound,
    /// An input was refused; `extensions.field` names it and `extensions.reason` says why.
    Invalid,
    /// This needs the password (and code) again; call `stepUp`, then repeat.
    StepUpRequired,
    /// This needs a second factor, which the user has not set up.
    SecondFactorRequired,
    /// Too many tries; wait and repeat.
    Throttled,
    /// Somebody else changed it, or it was done already.
    Conflict,
    /// The request, the file or the answer is larger than allowed.
    TooLarge,
    /// The document or its variables are not valid GraphQL for this schema.
    Malformed,
    /// Something in this system broke; the log has the details under the request id.
    Internal,
}

/// Why an input was refused: sent in `extensions.reason`, put into words by the client only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reason {
    /// Nothing was given where something must be.
    Missing,
    /// Longer than this field takes.
    TooLong,
    /// Not an e-mail address.
    NotAnEmail,
    /// Not an https address, or one with a name, a password or a fragment in it.
    NotAWebAddress,
    /// The address lies in an inner network, where this server sends nothing.
    InnerNetwork,
    /// Neither a CSV file with its columns nor a JSON list of the right kind.
    NotATable,
    /// Name and password do not belong together (or one of them does not exist).
    WrongCredentials,
    /// The password given again is not right.
    WrongPassword,
    /// Not the code of the second factor, or used already.
    WrongCode,
    /// The check sign of a letter's code does not fit: it was mistyped.
    Mistyped,
    /// The secret of a new second factor was shown too long ago; begin again.
    SetupExpired,
    /// The password does not meet the policy.
    WeakPassword,
    /// The password is one of the most common ones.
    CommonPassword,
    /// The link was used, has expired or never existed.
    LinkInvalid,
    /// The address has an account already; sign in instead.
    AlreadyRegistered,
    /// Not a user name of this account: its number, a slash, then letters, digits, dots, dashes or underscores.
    NotAUserName,
    /// Somebody has this user name, or was invited with it.
    NameTaken,
    /// The person at this address is a member already.
    AlreadyMember,
    /// The date lies in the past.
    DateInPast,
    /// The last day lies before the first.
    EndBeforeStart,
    /// The date lies further away than this may last.
    DateTooFar,
    /// The access would last longer than that of the person who gives it.
    EndTooLate,
    /// The account would be left without anybody who may do everything in it, for good.
    LastOwner,
    /// The number belongs to another account, or somebody signs in with it.
    NumberTaken,
    /// Not a customer number: letters, digits, dots, dashes and underscores.
    NotANumber,
    /// The customer has no e-mail address; a letter can be printed instead.
    NoAddress,
    /// The file is not a table of customers; `message` says what is missing.
    NotACustomerFile,
    /// The address is on the list already, or is the one that counts.
    AddressListed,
    /// As many as allowed are there; remove one first.
    TooMany,
    /// Not a telephone number: digits, spaces and `+ - / ( ) .`.
    NotAPhoneNumber,
    /// Not `#` and six hexadecimal digits.
    NotAColour,
    /// The colour cannot be read on what it is used on: its contrast is below 4.5 (WCAG 2.2, 1.4.3).
    LowContrast,
    /// Not a PNG or SVG picture, or one of more than 256 KiB.
    NotALogo,
    /// Not a file that can be a document: PDF, PNG, JPEG, WebP, text or CSV.
    NotADocument,
    /// Not a name of the IANA time zone database.
    NotATimeZone,
    /// Nothing is selected where something must be.
    NothingSelected,
    /// The file is not a KEM or KEM2 file.
    NotAKemFile,
    /// The password does not open the file.
    WrongFilePassword,
    /// The file is broken; `message` says where.
    BrokenFile,
    /// Not the three letters of a manufacturer.
    NotAManufacturer,
    /// A key of the import was seen or taken; what is known cannot be undone.
    KeySeen,
    /// A later import replaced a key of this one; that one has to be undone first.
    ReplacedSince,
    /// A device of the import was assigned to somebody, or is asked for.
    DeviceInUse,
    /// The account holds one of the devices already.
    DevicesHeld,
    /// A device was passed on by another dealer, or is in an offer that is open.
    DevicesBound,
    /// No dealer that may get devices has this customer number.
    NoDealer,
    /// A text names something that is no serial number of eight digits.
    NotASerial,
    /// A device is not among those that may be given.
    NotInStock,
    /// More keys than may be seen or taken in an hour; a second person can approve it.
    KeyQuota,
    /// The cursor is not one that this list gave.
    BadCursor,
    /// More than allowed in one page.
    PageTooLarge,
}
