//! Acts that a browser may send twice, and what they answered.
use crate::{index, table};
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
                table("idempotency")
                    .col(uuid("actor"))
                    .col(uuid("key"))
                    .col(binary("request_hash"))
                    .col(text_null("answer"))
                    .col(timestamp_with_time_zone("created_at"))
                    .primary_key(Index::create().col("actor").col("key"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("idempotency", &["created_at"])).await?;
        Ok(())
    }
}
