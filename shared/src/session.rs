//! Signing in, as both sides name it.
use serde::{Deserialize, Serialize};

/// How a sign-in ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SignInResult {
    /// The person came in.
    SignedIn,
    /// The password was wrong.
    WrongPassword,
    /// The password was right and the code was wrong.
    WrongCode,
    /// Too much was guessed before; it was not looked at.
    Locked,
    /// The person is blocked.
    Blocked,
}
