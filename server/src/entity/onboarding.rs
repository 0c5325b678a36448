//! Customers whom the provider made. Where each stands follows from his user and his newest mail.
use sea_orm::entity::prelude::*;
use shared::id::{AccountId, MailId, UserId, WaveId};

/// A row of `onboarding`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "onboarding")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// The owner, who was made with the account.
    pub user_id: UserId,
    /// The address that the provider has for the customer, if somebody else signs in with it.
    pub unused_email: Option<String>,
    /// The newest mail with the access; none for an address that none was sent to.
    pub mail_id: Option<MailId>,
    /// When that mail was written.
    pub mailed_at: Option<DateTimeUtc>,
    /// The newest wave that the customer was in.
    pub wave_id: Option<WaveId>,
}

impl ActiveModelBehavior for ActiveModel {}
