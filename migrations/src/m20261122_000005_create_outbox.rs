//! Mails that wait to be sent, and the single-use links in them.
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
                table("mail")
                    .col(uuid("id").primary_key())
                    .col(string("recipient"))
                    .col(string("subject"))
                    .col(text("text"))
                    .col(text("language"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("due_at"))
                    .col(integer("attempts"))
                    .col(text_null("last_error"))
                    .col(timestamp_with_time_zone_null("sent_at"))
                    .col(timestamp_with_time_zone_null("given_up_at"))
                    .col(timestamp_with_time_zone_null("bounced_at"))
                    .col(text_null("bounce_reason"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("link")
                    .col(binary("token_hash").primary_key())
                    .col(text("purpose"))
                    .col(string("email"))
                    .col(uuid_null("user_id"))
                    .col(uuid_null("account_id"))
                    .col(uuid_null("object_id"))
                    .col(text("language"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("used_at"))
                    .foreign_key(&mut reference("link", "user_id", "user"))
                    .foreign_key(&mut reference("link", "account_id", "account"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("mail", &["sent_at", "due_at"])).await?;
        manager.create_index(index("link", &["email", "purpose"])).await?;
        manager.create_index(index("link", &["object_id"])).await?;
        manager.create_index(index("link", &["user_id"])).await?;
        Ok(())
    }
}
