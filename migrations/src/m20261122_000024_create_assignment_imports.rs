//! Lists of read rights that are looked at before they are given.
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
                table("assignment_import")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(uuid("user_id"))
                    .col(text("file_name"))
                    .col(integer("row_count"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("done_at"))
                    .col(integer("given_count"))
                    .col(integer("mail_count"))
                    .foreign_key(&mut reference("assignment_import", "account_id", "account"))
                    .foreign_key(&mut reference("assignment_import", "user_id", "user"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("assignment_import", &["user_id", "account_id"]))
            .await?;
        manager
            .create_table(
                table("assignment_row")
                    .col(uuid("import_id"))
                    .col(integer("position"))
                    .col(text("device"))
                    .col(uuid_null("device_id"))
                    .col(text("email"))
                    .col(date_null("starts_on"))
                    .col(date_null("until"))
                    .col(boolean("verify_only"))
                    .col(text_null("note"))
                    .col(text("verdict"))
                    .col(uuid_null("assignment_id"))
                    .primary_key(Index::create().col("import_id").col("position"))
                    .foreign_key(&mut reference("assignment_row", "import_id", "assignment_import"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("assignment_row", &["import_id", "verdict", "position"]))
            .await
    }
}
