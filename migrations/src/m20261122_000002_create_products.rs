//! The catalogue and the contracts over it.
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
                table("product")
                    .col(uuid("id").primary_key())
                    .col(string("code"))
                    .col(string("name_de"))
                    .col(string("name_en"))
                    .col(text_null("description_de"))
                    .col(text_null("description_en"))
                    .col(big_integer_null("price"))
                    .col(string("currency"))
                    .col(text("price_period"))
                    .col(big_integer_null("setup_price"))
                    .col(integer("tax_rate"))
                    .col(text("kind"))
                    .col(string_null("family"))
                    .col(boolean("is_orderable"))
                    .col(text("law"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("product_term")
                    .col(uuid("product_id"))
                    .col(text("customer_kind"))
                    .col(string_null("minimum"))
                    .col(text("renewal"))
                    .col(string_null("renewal_term"))
                    .col(string("notice"))
                    .col(string("open_notice"))
                    .col(text("notice_to"))
                    .primary_key(Index::create().col("product_id").col("customer_kind"))
                    .foreign_key(&mut reference("product_term", "product_id", "product"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("contract")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(uuid("product_id"))
                    .col(string("number"))
                    .col(string_null("label"))
                    .col(text("state"))
                    .col(big_integer_null("price"))
                    .col(string("currency"))
                    .col(text("price_period"))
                    .col(date("started_on"))
                    .col(date_null("ends_on"))
                    .col(date_null("notice_by"))
                    .col(string_null("minimum"))
                    .col(text_null("renewal"))
                    .col(string_null("renewal_term"))
                    .col(string_null("notice"))
                    .col(string_null("open_notice"))
                    .col(text_null("notice_to"))
                    .col(text("details"))
                    .col(uuid_null("option_of"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut reference("contract", "account_id", "account"))
                    .foreign_key(&mut reference("contract", "product_id", "product"))
                    .foreign_key(&mut reference("contract", "option_of", "contract"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("product", &["code"])).await?;
        manager.create_index(unique("contract", &["number"])).await?;
        manager.create_index(index("contract", &["account_id", "id"])).await?;
        manager.create_index(index("contract", &["option_of"])).await?;
        Ok(())
    }
}
