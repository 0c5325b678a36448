//! Single-use links in mails.
use sea_orm::entity::prelude::*;
use shared::id::AssignmentId;

/// A row of `link`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    /// SHA-256 of the token in the link; the token itself is never stored.
    pub token_hash: Vec<u8>,
    /// The address that the link was sent to; it counts for nobody else.
    pub email: String,
    /// The batch of read rights that it lets accept.
    pub assignment_id: AssignmentId,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
