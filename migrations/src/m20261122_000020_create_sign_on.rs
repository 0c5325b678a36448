//! Signing on at other places of the provider with a session of the portal (OpenID Connect).
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
                table("sso_key")
                    .col(integer("generation").primary_key())
                    .col(uuid("id"))
                    .col(binary("public_key"))
                    .col(binary_null("sealed"))
                    .col(integer_null("key_version"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("replaced_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("sso_visit")
                    .col(uuid("id").primary_key())
                    .col(uuid("session_id"))
                    .col(string("client_id"))
                    .col(uuid("user_id"))
                    .col(uuid("account_id"))
                    .col(timestamp_with_time_zone("started_at"))
                    .col(timestamp_with_time_zone_null("ended_at"))
                    .col(timestamp_with_time_zone_null("due_at"))
                    .col(integer("attempts"))
                    .col(string_null("last_error"))
                    .foreign_key(&mut reference("sso_visit", "user_id", "user"))
                    .foreign_key(&mut reference("sso_visit", "account_id", "account"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("sso_visit", &["session_id", "client_id"]))
            .await?;
        manager.create_index(index("sso_visit", &["ended_at"])).await?;
        manager.create_index(index("sso_visit", &["due_at"])).await?;
        manager
            .create_table(
                table("sso_code")
                    .col(binary("code_hash").primary_key())
                    .col(uuid("visit_id"))
                    .col(uuid("account_id"))
                    .col(string("redirect_uri"))
                    .col(string("challenge"))
                    .col(string_null("nonce"))
                    .col(string("scope"))
                    .col(timestamp_with_time_zone("authenticated_at"))
                    .col(boolean("has_second_factor"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("used_at"))
                    .foreign_key(&mut reference("sso_code", "visit_id", "sso_visit"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("sso_code", &["visit_id"])).await?;
        manager.create_index(index("sso_code", &["expires_at"])).await?;
        manager
            .create_table(
                table("sso_token")
                    .col(binary("token_hash").primary_key())
                    .col(binary("code_hash"))
                    .col(uuid("visit_id"))
                    .col(uuid("account_id"))
                    .col(string("scope"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .foreign_key(&mut reference("sso_token", "visit_id", "sso_visit"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("sso_token", &["code_hash"])).await?;
        manager.create_index(index("sso_token", &["visit_id"])).await?;
        manager.create_index(index("sso_token", &["expires_at"])).await?;
        Ok(())
    }
}
