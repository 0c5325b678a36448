//! The outbox (security H12): written in the transaction that causes the mail, sent afterwards.
use sea_orm::entity::prelude::*;
use shared::{account::Language, id::MailId};

/// A row of `mail`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    /// Also the Message-ID, so that a second delivery after a crash can be recognised.
    pub id: MailId,
    pub recipient: String,
    pub subject: String,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    pub language: Language,
    pub created_at: DateTimeUtc,
    /// Not tried before then; moved on by each failed try and by the lease of a running one.
    pub due_at: DateTimeUtc,
    pub attempts: i32,
    pub last_error: Option<String>,
    pub sent_at: Option<DateTimeUtc>,
    /// Never tried again: the server refused it for good, `last_error` says why.
    pub given_up_at: Option<DateTimeUtc>,
    /// A report said that it could not be delivered.
    pub bounced_at: Option<DateTimeUtc>,
    /// Why, in the words of the server that refused it.
    pub bounce_reason: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
