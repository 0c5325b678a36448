//! Who did what: rows are only ever added.
use sea_orm::entity::prelude::*;
use shared::id::{AccountId, UserId};

/// A row of `audit`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub at: DateTimeUtc,
    pub user_id: Option<UserId>,
    /// The account that the act concerns.
    pub account_id: Option<AccountId>,
    /// What was done, as the name of the mutation.
    pub act: String,
    /// To what: ids, never contents.
    pub object: Option<String>,
    /// Why staff did it to a customer's things, in the words of whoever did; none for other acts.
    pub reason: Option<String>,
    pub is_allowed: bool,
    /// Why it was refused, as an `ErrorCode`; none for what was allowed.
    pub code: Option<String>,
    pub ip: Option<String>,
    /// What the browser called itself.
    pub user_agent: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
