//! The words of the log of who did what.
use serde::{Deserialize, Serialize};

/// Who did something, as far as the viewer of the log may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Doer {
    /// The viewer.
    You,
    /// A member of the account.
    Member,
    /// Somebody of the provider's staff.
    Provider,
    /// Somebody else, such as a dealer, or a member of former times.
    Other,
    /// Whoever runs the server, by its command line.
    Operator,
    /// The system, or nobody who is known.
    Nobody,
}
