//! Personal access tokens for programs.
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
                table("token")
                    .col(uuid("id").primary_key())
                    .col(binary("token_hash"))
                    .col(uuid("user_id"))
                    .col(uuid("account_id"))
                    .col(string("name"))
                    .col(integer("scopes"))
                    .col(date("expires_on"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("last_used_at"))
                    .col(string_null("last_used_from"))
                    .foreign_key(&mut reference("token", "user_id", "user"))
                    .foreign_key(&mut reference("token", "account_id", "account"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("token", &["token_hash"])).await?;
        manager.create_index(index("token", &["user_id"])).await?;
        manager.create_index(index("token", &["account_id"])).await?;
        Ok(())
    }
}
