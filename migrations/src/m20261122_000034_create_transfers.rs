//! Devices that go from one dealer to another.
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
                table("transfer")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(uuid("to_account_id"))
                    .col(uuid("user_id"))
                    .col(text("kind"))
                    .col(text("rights"))
                    .col(text("state"))
                    .col(integer("device_count"))
                    .col(string_null("note"))
                    .col(string_null("reason"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("decided_at"))
                    .col(uuid_null("decided_by"))
                    .foreign_key(&mut reference("transfer", "account_id", "account"))
                    .foreign_key(&mut reference("transfer", "to_account_id", "account"))
                    .foreign_key(&mut reference("transfer", "user_id", "user"))
                    .foreign_key(&mut reference("transfer", "decided_by", "user"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("transfer_device")
                    .col(uuid("transfer_id"))
                    .col(uuid("device_id"))
                    .primary_key(Index::create().col("transfer_id").col("device_id"))
                    .foreign_key(&mut reference("transfer_device", "transfer_id", "transfer"))
                    .foreign_key(&mut reference("transfer_device", "device_id", "device"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("transfer", &["account_id", "id"])).await?;
        manager
            .create_index(index("transfer", &["to_account_id", "id"]))
            .await?;
        manager.create_index(index("transfer_device", &["device_id"])).await?;
        Ok(())
    }
}
