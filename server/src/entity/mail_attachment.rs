//! The files that go with a mail.
use sea_orm::entity::prelude::*;
use shared::id::{FileId, MailId};

/// A row of `mail_attachment`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_attachment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub mail_id: MailId,
    /// From 0, in the order of the mail.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub file_id: FileId,
    pub name: String,
    pub media_type: String,
}

impl ActiveModelBehavior for ActiveModel {}
