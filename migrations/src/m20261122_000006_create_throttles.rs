//! How often something was guessed lately.
use crate::table;
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
                table("throttle")
                    .col(text("guess"))
                    .col(binary("subject"))
                    .col(integer("charges"))
                    .col(timestamp_with_time_zone("until"))
                    .primary_key(Index::create().col("guess").col("subject"))
                    .to_owned(),
            )
            .await
    }
}
