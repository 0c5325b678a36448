//! What the provider says of itself, and its texts that the law asks for: each version a row that stays.
use crate::{reference, table};
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
                table("face")
                    .col(integer("version").primary_key())
                    .col(string("name"))
                    .col(string_null("address"))
                    .col(string_null("phone"))
                    .col(string_null("hours"))
                    .col(string_null("hours_en"))
                    .col(string_null("support_email"))
                    .col(string_null("mail_sender"))
                    .col(string_null("accent_light"))
                    .col(string_null("accent_dark"))
                    .col(string_null("logo_sha256"))
                    .col(string_null("logo_media_type"))
                    .col(uuid("user_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut reference("face", "user_id", "user"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("legal_text")
                    .col(string("kind"))
                    .col(integer("version"))
                    .col(text("german"))
                    .col(text("english"))
                    .col(uuid("user_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .primary_key(Index::create().col("kind").col("version"))
                    .foreign_key(&mut reference("legal_text", "user_id", "user"))
                    .to_owned(),
            )
            .await
    }
}
