//! What the single-use links in mails are for.
use serde::{Deserialize, Serialize};

/// What a link lets its holder do, once.
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
pub enum LinkPurpose {
    /// Accept read rights on devices.
    ReadRights,
    /// Activate an address that somebody wants to register.
    Registration,
    /// Choose the first password of a user whom the provider made.
    FirstSignIn,
    /// Choose another password in place of a forgotten one.
    PasswordReset,
    /// Become a member of an account.
    Invitation,
    /// Confirm the new address of a user.
    EmailChange,
    /// Take back the change of a user's address.
    EmailUndo,
    /// Confirm an address to which invoices shall go.
    BillingEmail,
    /// Take back the change of an address to which invoices go.
    BillingEmailUndo,
}
