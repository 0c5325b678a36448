//! Invoices and uploaded files.
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
                table("invoice")
                    .col(uuid("id").primary_key())
                    .col(uuid_null("account_id"))
                    .col(uuid_null("held_account_id"))
                    .col(text_null("release_reason"))
                    .col(uuid_null("contract_id"))
                    .col(big_integer_null("paid_total"))
                    .col(date_null("paid_on"))
                    .col(string("number"))
                    .col(string("type_code"))
                    .col(date("issue_date"))
                    .col(date_null("due_date"))
                    .col(string("currency"))
                    .col(string("seller_identity"))
                    .col(string("seller_name"))
                    .col(string("buyer_name"))
                    .col(big_integer_null("net_total"))
                    .col(big_integer_null("tax_total"))
                    .col(big_integer("gross_total"))
                    .col(big_integer("payable"))
                    .col(string("syntax"))
                    .col(string("profile"))
                    .col(integer("finding_count"))
                    .col(text("document"))
                    .col(string("file_name"))
                    .col(string("media_type"))
                    .col(integer("file_size"))
                    .col(string("sha256"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut reference("invoice", "account_id", "account"))
                    .foreign_key(&mut reference("invoice", "held_account_id", "account"))
                    .foreign_key(&mut reference("invoice", "contract_id", "contract"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("file")
                    .col(uuid("id").primary_key())
                    .col(uuid_null("user_id"))
                    .col(string("name"))
                    .col(string("sha256"))
                    .col(big_integer("size"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut reference("file", "user_id", "user"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique(
                "invoice",
                &["account_id", "seller_identity", "number", "type_code"],
            ))
            .await?;
        manager
            .create_index(unique(
                "invoice",
                &["held_account_id", "seller_identity", "number", "type_code"],
            ))
            .await?;
        manager
            .create_index(index("invoice", &["contract_id", "account_id"]))
            .await?;
        manager
            .create_index(index("invoice", &["account_id", "issue_date", "id"]))
            .await?;
        manager.create_index(index("invoice", &["sha256"])).await?;
        // What waits for its account is told apart by its bytes alone.
        let mut waiting = unique("invoice", &["sha256"]).name("ix_invoice_waiting").to_owned();
        manager
            .create_index(
                waiting
                    .and_where(Expr::col("account_id").is_null())
                    .and_where(Expr::col("held_account_id").is_null())
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("file", &["user_id"])).await?;
        Ok(())
    }
}
