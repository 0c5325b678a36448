//! Devices, their keys, and who may read them.
use crate::{index, reference, table, unique};
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
                table("key_import")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(uuid("user_id"))
                    .col(string("file_name"))
                    .col(string("sha256"))
                    .col(string_null("order_number"))
                    .col(integer("new_count"))
                    .col(integer("same_count"))
                    .col(integer("skipped_count"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(integer("replaced_count"))
                    .col(timestamp_with_time_zone_null("undone_at"))
                    .foreign_key(&mut reference("key_import", "account_id", "account"))
                    .foreign_key(&mut reference("key_import", "user_id", "user"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("device")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(text("kind"))
                    .col(string("manufacturer"))
                    .col(string("serial_number"))
                    .col(string_null("model"))
                    .col(string_null("type_number"))
                    .col(string_null("config_number"))
                    .col(string_null("order_number"))
                    .col(string_null("own_number"))
                    .col(text("proof"))
                    .col(timestamp_with_time_zone_null("proven_at"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(integer_null("version"))
                    .col(text_null("medium"))
                    .col(uuid_null("import_id"))
                    .col(uuid_null("passed_by"))
                    .foreign_key(&mut reference("device", "account_id", "account"))
                    .foreign_key(&mut reference("device", "passed_by", "account"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("device_key")
                    .col(uuid("device_id"))
                    .col(string("name"))
                    .col(binary("sealed"))
                    .col(integer("key_version"))
                    .col(uuid("import_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(binary("fingerprint"))
                    .primary_key(Index::create().col("device_id").col("name"))
                    .foreign_key(&mut reference("device_key", "device_id", "device"))
                    .foreign_key(&mut reference("device_key", "import_id", "key_import"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("assignment")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(uuid("user_id"))
                    .col(string("email"))
                    .col(uuid_null("reader_account_id"))
                    .col(date_null("starts_on"))
                    .col(date_null("until"))
                    .col(boolean("verify_only"))
                    .col(string_null("note"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("accepted_at"))
                    .col(timestamp_with_time_zone_null("revoked_at"))
                    .col(uuid_null("revoked_by"))
                    .col(uuid("offer_id"))
                    .col(timestamp_with_time_zone_null("end_told_at"))
                    .foreign_key(&mut reference("assignment", "account_id", "account"))
                    .foreign_key(&mut reference("assignment", "user_id", "user"))
                    .foreign_key(&mut reference("assignment", "reader_account_id", "account"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("read_right")
                    .col(uuid("assignment_id"))
                    .col(uuid("device_id"))
                    .primary_key(Index::create().col("assignment_id").col("device_id"))
                    .foreign_key(&mut reference("read_right", "assignment_id", "assignment"))
                    .foreign_key(&mut reference("read_right", "device_id", "device"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("device", &["account_id", "serial_number", "manufacturer"]))
            .await?;
        manager
            .create_index(index("device", &["account_id", "order_number"]))
            .await?;
        manager.create_index(index("device", &["passed_by"])).await?;
        manager.create_index(index("read_right", &["device_id"])).await?;
        manager.create_index(index("assignment", &["account_id", "id"])).await?;
        manager
            .create_index(index("assignment", &["reader_account_id"]))
            .await?;
        manager.create_index(index("assignment", &["email"])).await?;
        manager.create_index(index("assignment", &["offer_id"])).await?;
        manager.create_index(index("assignment", &["until"])).await?;
        manager.create_index(index("key_import", &["account_id", "id"])).await?;
        Ok(())
    }
}
