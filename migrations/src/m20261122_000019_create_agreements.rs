//! Agreements on the processing of personal data: their texts, each version a row that stays, and who concluded them.
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
                table("agreement_template")
                    .col(uuid("id").primary_key())
                    .col(uuid("product_id"))
                    .col(integer("version"))
                    .col(text("german"))
                    .col(text("english"))
                    .col(integer("revision"))
                    .col(uuid_null("edited_by"))
                    .col(timestamp_with_time_zone("edited_at"))
                    .col(uuid_null("published_by"))
                    .col(timestamp_with_time_zone_null("published_at"))
                    .foreign_key(&mut reference("agreement_template", "product_id", "product"))
                    .foreign_key(&mut reference("agreement_template", "edited_by", "user"))
                    .foreign_key(&mut reference("agreement_template", "published_by", "user"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("agreement_template", &["product_id", "version"]))
            .await?;
        manager
            .create_table(
                table("agreement")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(uuid("contract_id"))
                    .col(uuid("template_id"))
                    .col(uuid("document_id"))
                    .col(text("language"))
                    .col(string("text_sha256"))
                    .col(string("signer_name"))
                    .col(string("signer_role"))
                    .col(uuid("user_id"))
                    .col(string_null("ip"))
                    .col(timestamp_with_time_zone("concluded_at"))
                    .foreign_key(&mut reference("agreement", "account_id", "account"))
                    .foreign_key(&mut reference("agreement", "contract_id", "contract"))
                    .foreign_key(&mut reference("agreement", "template_id", "agreement_template"))
                    .foreign_key(&mut reference("agreement", "document_id", "document"))
                    .foreign_key(&mut reference("agreement", "user_id", "user"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("agreement", &["contract_id", "template_id"]))
            .await?;
        manager.create_index(index("agreement", &["account_id"])).await?;
        manager
            .create_index(index("agreement", &["template_id", "concluded_at"]))
            .await
    }
}
