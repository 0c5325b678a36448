//! What chains the audit rows, and the counters of refusals that nobody in particular met.
use crate::{table, unique};
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
                table("audit_seal")
                    .col(big_integer("sequence").primary_key())
                    .col(uuid("audit_id"))
                    .col(binary("mac"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("audit_sealer")
                    .col(integer("id").primary_key())
                    .col(big_integer("turn"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("audit_refusal")
                    .col(timestamp_with_time_zone("minute"))
                    .col(string("act"))
                    .col(string("code"))
                    .col(big_integer("count"))
                    .primary_key(Index::create().col("minute").col("act").col("code"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("audit_seal", &["audit_id"])).await?;
        let the_one = Query::insert()
            .into_table("audit_sealer")
            .columns(["id", "turn"])
            .values_panic([1.into(), 0.into()])
            .to_owned();
        manager.execute(the_one).await
    }
}
