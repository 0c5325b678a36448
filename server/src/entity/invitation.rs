//! Invitations to become a member of an account.
use sea_orm::entity::prelude::*;
use shared::{
    account::Rights,
    id::{AccountId, InvitationId, UserId},
};

/// A row of `invitation`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvitationId,
    pub account_id: AccountId,
    /// Who stands behind it: it counts as long as he may grant these rights.
    pub invited_by: UserId,
    /// The address that it was sent to, in the spelling of `EmailAddress`.
    pub email: String,
    /// What the person will sign in with besides the address, in lower case: the account's number, a slash, a name.
    pub user_name: String,
    /// What the person is called, as the inviter says.
    pub name: Option<String>,
    pub rights: Rights,
    /// When the membership will end; none if it has no end.
    pub expires_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    /// When whoever invites sent it last.
    pub sent_at: DateTimeUtc,
    /// When its newest link was mailed; the invited person can ask for a new one himself.
    pub link_sent_at: DateTimeUtc,
    pub accepted_at: Option<DateTimeUtc>,
    pub withdrawn_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
