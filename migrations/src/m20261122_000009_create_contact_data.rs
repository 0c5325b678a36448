//! Whom the provider turns to about an account: its contact person, and where its invoices go.
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
                table("contact_person")
                    .col(uuid("account_id").primary_key())
                    .col(string("name"))
                    .col(string_null("position"))
                    .col(string_null("email"))
                    .col(string_null("phone"))
                    .col(string_null("street"))
                    .col(string_null("postal_code"))
                    .col(string_null("city"))
                    .col(timestamp_with_time_zone("changed_at"))
                    .foreign_key(&mut reference("contact_person", "account_id", "account"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("billing_email")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(string("email"))
                    .col(text("language"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("sent_at"))
                    .col(timestamp_with_time_zone_null("confirmed_at"))
                    .col(timestamp_with_time_zone_null("removed_at"))
                    .foreign_key(&mut reference("billing_email", "account_id", "account"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("billing_email", &["account_id", "id"]))
            .await?;
        Ok(())
    }
}
