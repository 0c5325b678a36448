//! People, accounts, who belongs to which, and signed-in browsers.
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
                table("user")
                    .col(uuid("id").primary_key())
                    .col(string_null("name"))
                    .col(string_null("email"))
                    .col(string_null("password_hash"))
                    .col(timestamp_with_time_zone_null("password_changed_at"))
                    .col(text("language"))
                    .col(string("time_zone"))
                    .col(timestamp_with_time_zone_null("blocked_at"))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("sign_in_name")
                    .col(string("name").primary_key())
                    .col(uuid("user_id"))
                    .foreign_key(&mut reference("sign_in_name", "user_id", "user"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("account")
                    .col(uuid("id").primary_key())
                    .col(text("kind"))
                    .col(string("number"))
                    .col(string("name"))
                    .col(string("name_folded"))
                    .col(string_null("street"))
                    .col(string_null("postal_code"))
                    .col(string_null("city"))
                    .col(string_null("vat_id"))
                    .col(boolean("requires_second_factor"))
                    .col(text("customer_kind"))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("membership")
                    .col(uuid("user_id"))
                    .col(uuid("account_id"))
                    .col(integer("rights"))
                    .col(timestamp_with_time_zone_null("expires_at"))
                    .col(timestamp_with_time_zone_null("blocked_at"))
                    .col(timestamp_with_time_zone("created_at"))
                    .primary_key(Index::create().col("user_id").col("account_id"))
                    .foreign_key(&mut reference("membership", "user_id", "user"))
                    .foreign_key(&mut reference("membership", "account_id", "account"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("session")
                    .col(binary("token_hash").primary_key())
                    .col(uuid("id"))
                    .col(uuid("user_id"))
                    .col(uuid_null("account_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("last_seen_at"))
                    .col(timestamp_with_time_zone("authenticated_at"))
                    .col(boolean("awaits_second_factor"))
                    .col(boolean("has_second_factor"))
                    .col(string_null("user_agent"))
                    .col(string_null("ip"))
                    .foreign_key(&mut reference("session", "user_id", "user"))
                    .foreign_key(&mut reference("session", "account_id", "account"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("audit")
                    .col(uuid("id").primary_key())
                    .col(timestamp_with_time_zone("at"))
                    .col(uuid_null("user_id"))
                    .col(uuid_null("account_id"))
                    .col(string("act"))
                    .col(string_null("object"))
                    .col(string_null("reason"))
                    .col(boolean("is_allowed"))
                    .col(string_null("code"))
                    .col(string_null("ip"))
                    .col(string_null("user_agent"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("user", &["email"])).await?;
        manager.create_index(index("sign_in_name", &["user_id"])).await?;
        manager.create_index(unique("account", &["number"])).await?;
        manager.create_index(index("account", &["vat_id"])).await?;
        manager.create_index(index("membership", &["account_id"])).await?;
        manager.create_index(index("session", &["user_id"])).await?;
        manager.create_index(unique("session", &["id"])).await?;
        manager.create_index(index("audit", &["account_id", "id"])).await?;
        manager.create_index(index("audit", &["user_id", "id"])).await?;
        Ok(())
    }
}
