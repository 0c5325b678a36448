//! How customers whom the provider made come into the portal.
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
                table("wave")
                    .col(uuid("id").primary_key())
                    .col(uuid_null("user_id"))
                    .col(date_null("announced_from"))
                    .col(integer("mailed_count"))
                    .col(integer("skipped_count"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut reference("wave", "user_id", "user"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("onboarding")
                    .col(uuid("account_id").primary_key())
                    .col(uuid("user_id"))
                    .col(string_null("unused_email"))
                    .col(uuid_null("mail_id"))
                    .col(timestamp_with_time_zone_null("mailed_at"))
                    .col(uuid_null("wave_id"))
                    .foreign_key(&mut reference("onboarding", "account_id", "account"))
                    .foreign_key(&mut reference("onboarding", "user_id", "user"))
                    .foreign_key(&mut reference("onboarding", "mail_id", "mail"))
                    .foreign_key(&mut reference("onboarding", "wave_id", "wave"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("onboarding", &["user_id"])).await?;
        manager.create_index(index("onboarding", &["mail_id"])).await?;
        manager.create_index(index("onboarding", &["wave_id"])).await?;
        Ok(())
    }
}
