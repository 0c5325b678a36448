//! What lies under Dokumente, and the files that go with mails.
use crate::{index, reference, table};
use sea_orm_migration::{prelude::*, schema::*};

/// This step.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        // on SQLite too: of a step that was cut off nothing stays
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("document")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(uuid_null("contract_id"))
                    .col(text("kind"))
                    .col(string("title_de"))
                    .col(string("title_en"))
                    .col(uuid("file_id"))
                    .col(string("file_name"))
                    .col(string("media_type"))
                    .col(big_integer("size"))
                    .col(uuid_null("added_by"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(uuid_null("withdrawn_by"))
                    .col(timestamp_with_time_zone_null("withdrawn_at"))
                    .col(text_null("withdrawal_reason"))
                    .foreign_key(&mut reference("document", "account_id", "account"))
                    .foreign_key(&mut reference("document", "contract_id", "contract"))
                    .foreign_key(&mut reference("document", "file_id", "file"))
                    .foreign_key(&mut reference("document", "added_by", "user"))
                    .foreign_key(&mut reference("document", "withdrawn_by", "user"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("document", &["account_id", "created_at"]))
            .await?;
        manager.create_index(index("document", &["contract_id"])).await?;
        manager.create_index(index("document", &["file_id"])).await?;
        manager
            .create_table(
                table("mail_attachment")
                    .col(uuid("mail_id"))
                    .col(integer("position"))
                    .col(uuid("file_id"))
                    .col(string("name"))
                    .col(string("media_type"))
                    .primary_key(Index::create().col("mail_id").col("position"))
                    .foreign_key(&mut reference("mail_attachment", "mail_id", "mail"))
                    .foreign_key(&mut reference("mail_attachment", "file_id", "file"))
                    .to_owned(),
            )
            .await
    }
}
