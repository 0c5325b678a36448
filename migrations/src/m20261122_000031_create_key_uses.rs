//! Who has seen, taken and proved which key.
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
                table("key_use")
                    .col(uuid("id").primary_key())
                    .col(uuid("user_id"))
                    .col(uuid("account_id"))
                    .col(uuid("device_id"))
                    .col(string("name"))
                    .col(text("how"))
                    .col(uuid_null("request_id"))
                    .col(timestamp_with_time_zone("at"))
                    .foreign_key(&mut reference("key_use", "user_id", "user"))
                    .foreign_key(&mut reference("key_use", "account_id", "account"))
                    .foreign_key(&mut reference("key_use", "device_id", "device"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("key_use", &["user_id", "at"])).await?;
        manager.create_index(index("key_use", &["device_id", "at"])).await?;
        Ok(())
    }
}
