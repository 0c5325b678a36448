//! Requests to become a dealer.
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
                table("dealer_request")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(uuid("user_id"))
                    .col(string("company"))
                    .col(string_null("customer_number"))
                    .col(string_null("message"))
                    .col(text("state"))
                    .col(date("expected_on"))
                    .col(string_null("reason"))
                    .col(uuid_null("dealer_account_id"))
                    .col(integer_null("device_count"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("decided_at"))
                    .col(uuid_null("decided_by"))
                    .foreign_key(&mut reference("dealer_request", "account_id", "account"))
                    .foreign_key(&mut reference("dealer_request", "user_id", "user"))
                    .foreign_key(&mut reference("dealer_request", "decided_by", "user"))
                    .foreign_key(&mut reference("dealer_request", "dealer_account_id", "account"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("dealer_request", &["account_id", "id"]))
            .await?;
        manager.create_index(index("dealer_request", &["state", "id"])).await?;
        Ok(())
    }
}
