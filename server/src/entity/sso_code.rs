//! Authorization codes: what a browser carries to another place, once.
use sea_orm::entity::prelude::*;
use shared::id::AccountId;

/// A row of `sso_code`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sso_code")]
pub struct Model {
    /// SHA-256 of the code; the code itself is never stored.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code_hash: Vec<u8>,
    pub visit_id: Uuid,
    pub account_id: AccountId,
    pub redirect_uri: String,
    /// SHA-256 of the verifier, base64url (RFC 7636 section 4.2).
    pub challenge: String,
    pub nonce: Option<String>,
    pub scope: String,
    pub authenticated_at: DateTimeUtc,
    pub has_second_factor: bool,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
