//! Files with invoices on their way in, and the rules by which invoices find their customer.
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
                table("intake")
                    .col(uuid("id").primary_key())
                    .col(text("source"))
                    .col(text_null("origin"))
                    .col(text_null("container"))
                    .col(uuid_null("user_id"))
                    .col(uuid_null("account_id"))
                    .col(text("file_name"))
                    .col(integer("file_size"))
                    .col(text("sha256"))
                    .col(text("state"))
                    .col(integer("attempts"))
                    .col(uuid_null("invoice_id"))
                    .col(integer("finding_count"))
                    .col(text_null("problem"))
                    .col(text_null("problem_de"))
                    .col(text_null("decision_reason"))
                    .col(text_null("replaced_sha256"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("done_at"))
                    .foreign_key(&mut reference("intake", "user_id", "user"))
                    .foreign_key(&mut reference("intake", "account_id", "account"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("buyer_rule")
                    .col(uuid("id").primary_key())
                    .col(text("term"))
                    .col(text("value"))
                    .col(uuid("account_id"))
                    .col(uuid("user_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut reference("buyer_rule", "account_id", "account"))
                    .foreign_key(&mut reference("buyer_rule", "user_id", "user"))
                    .to_owned(),
            )
            .await?;
        // What is named by its origin comes in once.
        manager.create_index(unique("intake", &["origin"])).await?;
        manager.create_index(index("intake", &["state", "id"])).await?;
        manager.create_index(index("intake", &["invoice_id"])).await?;
        manager.create_index(unique("buyer_rule", &["term", "value"])).await
    }
}
