//! Imports of keys that wait, and the keys that they replace.
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
        manager.create_index(index("device_key", &["fingerprint"])).await?;
        manager.create_index(index("device_key", &["import_id"])).await?;
        manager.create_index(index("device", &["import_id"])).await?;
        manager
            .create_table(
                table("former_key")
                    .col(uuid("id").primary_key())
                    .col(uuid("device_id"))
                    .col(string("name"))
                    .col(binary("sealed"))
                    .col(integer("key_version"))
                    .col(uuid("import_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(uuid("replaced_by"))
                    .foreign_key(&mut reference("former_key", "device_id", "device"))
                    .foreign_key(&mut reference("former_key", "import_id", "key_import"))
                    .foreign_key(&mut reference("former_key", "replaced_by", "key_import"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("former_key", &["replaced_by"])).await?;
        manager.create_index(index("former_key", &["device_id"])).await?;
        manager
            .create_table(
                table("staged_import")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(uuid("user_id"))
                    .col(uuid("file_id"))
                    .col(text("file_name"))
                    .col(text("sha256"))
                    .col(text("format"))
                    .col(text_null("order_number"))
                    .col(text_null("layout"))
                    .col(binary_null("sealed"))
                    .col(integer_null("key_version"))
                    .col(text("state"))
                    .col(integer("generation"))
                    .col(integer("judged_count"))
                    .col(integer("row_count"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .foreign_key(&mut reference("staged_import", "account_id", "account"))
                    .foreign_key(&mut reference("staged_import", "user_id", "user"))
                    .foreign_key(&mut reference("staged_import", "file_id", "file"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("staged_import", &["user_id", "account_id"]))
            .await?;
        manager
            .create_table(
                table("staged_row")
                    .col(uuid("import_id"))
                    .col(integer("position"))
                    .col(text_null("serial_number"))
                    .col(text_null("manufacturer"))
                    .col(text_null("model"))
                    .col(text("verdict"))
                    .col(text_null("note"))
                    .col(text_null("key_name"))
                    .col(boolean("replaces"))
                    .col(binary_null("sealed"))
                    .col(integer("key_version"))
                    .col(binary_null("fingerprint"))
                    .primary_key(Index::create().col("import_id").col("position"))
                    .foreign_key(&mut reference("staged_row", "import_id", "staged_import"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("staged_row", &["import_id", "verdict", "position"]))
            .await?;
        manager
            .create_index(index("staged_row", &["import_id", "fingerprint"]))
            .await
    }
}
