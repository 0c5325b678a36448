//! Webhooks: where events go, the events, and what became of each on its way.
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
                table("webhook")
                    .col(uuid("id").primary_key())
                    .col(string("name"))
                    .col(text("url"))
                    .col(integer("kinds"))
                    .col(binary("sealed"))
                    .col(integer("key_version"))
                    .col(binary_null("former_sealed"))
                    .col(integer_null("former_key_version"))
                    .col(timestamp_with_time_zone_null("former_until"))
                    .col(timestamp_with_time_zone_null("disabled_at"))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("event")
                    .col(uuid("id").primary_key())
                    .col(text("kind"))
                    .col(uuid_null("account_id"))
                    .col(text("body"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut reference("event", "account_id", "account"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("delivery")
                    .col(uuid("id").primary_key())
                    .col(uuid("event_id"))
                    .col(uuid("webhook_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("due_at"))
                    .col(integer("attempts"))
                    .col(integer("claims"))
                    .col(timestamp_with_time_zone_null("tried_at"))
                    .col(integer_null("status"))
                    .col(integer_null("duration_ms"))
                    .col(text_null("problem"))
                    .col(text_null("answer"))
                    .col(timestamp_with_time_zone_null("delivered_at"))
                    .col(timestamp_with_time_zone_null("given_up_at"))
                    .foreign_key(&mut reference("delivery", "event_id", "event"))
                    .foreign_key(&mut reference("delivery", "webhook_id", "webhook"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("delivery", &["event_id", "webhook_id"]))
            .await?;
        manager.create_index(index("delivery", &["webhook_id", "id"])).await?;
        manager
            .create_index(index("delivery", &["delivered_at", "given_up_at", "due_at"]))
            .await?;
        manager.create_index(index("event", &["account_id"])).await?;
        manager.create_index(index("event", &["created_at"])).await?;
        Ok(())
    }
}
