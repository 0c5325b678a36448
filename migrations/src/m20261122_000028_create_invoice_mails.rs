//! Since when an account sees an invoice, whether it was told of it, and how an account wants to be told.
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
        let invoice = || Table::alter().table("invoice").to_owned();
        for mut column in [
            timestamp_with_time_zone_null("visible_at"),
            timestamp_with_time_zone_null("told_at"),
            integer_null("told_count"),
            string_null("refers_to"),
        ] {
            manager
                .alter_table(invoice().add_column(&mut column).to_owned())
                .await?;
        }
        manager
            .create_index(index("invoice", &["account_id", "visible_at", "id"]))
            .await?;
        manager
            .create_index(index("invoice", &["account_id", "refers_to"]))
            .await?;
        let mut untold = index("invoice", &["visible_at"]);
        manager
            .create_index(untold.and_where(Expr::col("told_at").is_null()).to_owned())
            .await?;
        manager
            .create_table(
                table("invoice_mail")
                    .col(uuid("account_id").primary_key())
                    .col(boolean("is_sent"))
                    .col(boolean("is_enclosed"))
                    .foreign_key(&mut reference("invoice_mail", "account_id", "account"))
                    .to_owned(),
            )
            .await
    }
}
