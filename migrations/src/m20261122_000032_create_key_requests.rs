//! Requests for more keys than the quota allows, and files of keys on their way out.
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
                table("key_request")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(uuid("user_id"))
                    .col(uuid_null("approver_account_id"))
                    .col(integer("device_count"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("opens_at"))
                    .col(timestamp_with_time_zone_null("decided_at"))
                    .col(uuid_null("decided_by"))
                    .col(boolean_null("is_approved"))
                    .col(timestamp_with_time_zone_null("cancelled_at"))
                    .col(timestamp_with_time_zone_null("used_at"))
                    .foreign_key(&mut reference("key_request", "account_id", "account"))
                    .foreign_key(&mut reference("key_request", "user_id", "user"))
                    .foreign_key(&mut reference("key_request", "approver_account_id", "account"))
                    .foreign_key(&mut reference("key_request", "decided_by", "user"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("key_request_device")
                    .col(uuid("request_id"))
                    .col(uuid("device_id"))
                    .primary_key(Index::create().col("request_id").col("device_id"))
                    .foreign_key(&mut reference("key_request_device", "request_id", "key_request"))
                    .foreign_key(&mut reference("key_request_device", "device_id", "device"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("key_export")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(uuid("user_id"))
                    .col(binary("session_hash"))
                    .col(string("mark"))
                    .col(text("format"))
                    .col(integer("device_count"))
                    .col(string("file_name"))
                    .col(string("sha256"))
                    .col(binary_null("sealed"))
                    .col(integer("key_version"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("fetched_at"))
                    .foreign_key(&mut reference("key_export", "account_id", "account"))
                    .foreign_key(&mut reference("key_export", "user_id", "user"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("key_request", &["account_id", "id"]))
            .await?;
        manager
            .create_index(index("key_request", &["approver_account_id", "id"]))
            .await?;
        manager.create_index(unique("key_export", &["mark"])).await?;
        manager.create_index(index("key_export", &["expires_at"])).await?;
        Ok(())
    }
}
