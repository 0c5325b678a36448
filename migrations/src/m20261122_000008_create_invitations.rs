//! Invitations to become a member of an account.
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
                table("invitation")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(uuid("invited_by"))
                    .col(string("email"))
                    .col(string("user_name"))
                    .col(string_null("name"))
                    .col(integer("rights"))
                    .col(timestamp_with_time_zone_null("expires_at"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("sent_at"))
                    .col(timestamp_with_time_zone("link_sent_at"))
                    .col(timestamp_with_time_zone_null("accepted_at"))
                    .col(timestamp_with_time_zone_null("withdrawn_at"))
                    .foreign_key(&mut reference("invitation", "account_id", "account"))
                    .foreign_key(&mut reference("invitation", "invited_by", "user"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("invitation", &["account_id", "id"])).await?;
        Ok(())
    }
}
