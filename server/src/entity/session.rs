//! Signed-in browsers.
use sea_orm::entity::prelude::*;
use shared::id::{AccountId, UserId};

/// A row of `session`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    /// SHA-256 of the token in the cookie; the token itself is never stored.
    pub token_hash: Vec<u8>,
    /// Names the session to people; worth nothing as a cookie.
    pub id: Uuid,
    pub user_id: UserId,
    /// The account in view.
    pub account_id: Option<AccountId>,
    pub created_at: DateTimeUtc,
    pub last_seen_at: DateTimeUtc,
    /// When the person last proved who they are; risky acts need it to be recent.
    pub authenticated_at: DateTimeUtc,
    /// The password was right, the second factor is still to come: not a session yet (security C09).
    pub awaits_second_factor: bool,
    /// Whether a second factor was given in it.
    pub has_second_factor: bool,
    pub user_agent: Option<String>,
    pub ip: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
