//! Second factors: the secrets of apps that show codes, and recovery codes.
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
                table("second_factor")
                    .col(uuid("user_id").primary_key())
                    .col(binary("sealed"))
                    .col(integer("key_version"))
                    .col(big_integer("last_step"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut reference("second_factor", "user_id", "user"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("second_factor_setup")
                    .col(uuid("user_id").primary_key())
                    .col(binary("sealed"))
                    .col(integer("key_version"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .foreign_key(&mut reference("second_factor_setup", "user_id", "user"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("recovery_code")
                    .col(binary("code_hash").primary_key())
                    .col(uuid("user_id"))
                    .col(timestamp_with_time_zone_null("used_at"))
                    .foreign_key(&mut reference("recovery_code", "user_id", "user"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("recovery_code", &["user_id"])).await
    }
}
