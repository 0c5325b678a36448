//! What customers ask for about their contracts, and what was declared without signing in.
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
                table("order")
                    .col(uuid("id").primary_key())
                    .col(string("number"))
                    .col(uuid_null("account_id"))
                    .col(uuid_null("contract_id"))
                    .col(uuid_null("product_id"))
                    .col(text("kind"))
                    .col(text("source"))
                    .col(text("state"))
                    .col(string_null("label"))
                    .col(big_integer_null("price_before"))
                    .col(text_null("period_before"))
                    .col(big_integer_null("price_after"))
                    .col(text_null("period_after"))
                    .col(big_integer_null("setup_price"))
                    .col(integer_null("tax_rate"))
                    .col(string("currency"))
                    .col(date_null("effective_on"))
                    .col(boolean("is_extraordinary"))
                    .col(text_null("reason"))
                    .col(uuid_null("placed_by"))
                    .col(timestamp_with_time_zone("placed_at"))
                    .col(uuid_null("decided_by"))
                    .col(timestamp_with_time_zone_null("decided_at"))
                    .col(text_null("decision_reason"))
                    .col(uuid_null("made_contract_id"))
                    .col(uuid_null("receipt_mail_id"))
                    .col(timestamp_with_time_zone_null("receipt_posted_at"))
                    .foreign_key(&mut reference("order", "account_id", "account"))
                    .foreign_key(&mut reference("order", "contract_id", "contract"))
                    .foreign_key(&mut reference("order", "product_id", "product"))
                    .foreign_key(&mut reference("order", "placed_by", "user"))
                    .foreign_key(&mut reference("order", "decided_by", "user"))
                    .foreign_key(&mut reference("order", "made_contract_id", "contract"))
                    .foreign_key(&mut reference("order", "receipt_mail_id", "mail"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("declaration")
                    .col(uuid("order_id").primary_key())
                    .col(string("name"))
                    .col(string("identification"))
                    .col(string("email"))
                    .col(string("contract"))
                    .col(date_null("wished_on"))
                    .col(text("language"))
                    .foreign_key(&mut reference("declaration", "order_id", "order"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("order", &["number"])).await?;
        manager.create_index(index("order", &["account_id", "id"])).await?;
        manager.create_index(index("order", &["contract_id", "id"])).await?;
        manager.create_index(index("order", &["state", "effective_on"])).await?;
        Ok(())
    }
}
