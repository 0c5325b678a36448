//! The steps that make the database, one a file, on SQLite and PostgreSQL alike.
use sea_orm_migration::prelude::*;

mod m20261122_000001_create_users;
mod m20261122_000002_create_products;
mod m20261122_000003_create_invoices;
mod m20261122_000004_create_devices;
mod m20261122_000005_create_outbox;
mod m20261122_000006_create_throttles;
mod m20261122_000007_create_second_factors;
mod m20261122_000008_create_invitations;
mod m20261122_000009_create_contact_data;
mod m20261122_000010_create_onboarding;
mod m20261122_000011_create_tokens;
mod m20261122_000012_create_audit_seals;
mod m20261122_000013_create_letter_codes;
mod m20261122_000015_create_orders;
mod m20261122_000016_create_idempotency;
mod m20261122_000017_create_webhooks;
mod m20261122_000018_create_documents;
mod m20261122_000019_create_agreements;
mod m20261122_000020_create_sign_on;
mod m20261122_000021_create_faces;
mod m20261122_000023_create_entrance_requests;
mod m20261122_000024_create_assignment_imports;
mod m20261122_000025_count_devices;
mod m20261122_000027_create_intakes;
mod m20261122_000028_create_invoice_mails;
mod m20261122_000029_stage_key_imports;
mod m20261122_000030_keep_invoice_sums;
mod m20261122_000031_create_key_uses;
mod m20261122_000032_create_key_requests;
mod m20261122_000033_create_dealer_requests;
mod m20261122_000034_create_transfers;

pub use sea_orm_migration::MigratorTrait;

/// The list of steps.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_create_users::Migration),
            Box::new(m20261122_000002_create_products::Migration),
            Box::new(m20261122_000003_create_invoices::Migration),
            Box::new(m20261122_000004_create_devices::Migration),
            Box::new(m20261122_000005_create_outbox::Migration),
            Box::new(m20261122_000006_create_throttles::Migration),
            Box::new(m20261122_000007_create_second_factors::Migration),
            Box::new(m20261122_000008_create_invitations::Migration),
            Box::new(m20261122_000009_create_contact_data::Migration),
            Box::new(m20261122_000010_create_onboarding::Migration),
            Box::new(m20261122_000011_create_tokens::Migration),
            Box::new(m20261122_000012_create_audit_seals::Migration),
            Box::new(m20261122_000013_create_letter_codes::Migration),
            Box::new(m20261122_000020_create_sign_on::Migration),
            Box::new(m20261122_000015_create_orders::Migration),
            Box::new(m20261122_000016_create_idempotency::Migration),
            Box::new(m20261122_000017_create_webhooks::Migration),
            Box::new(m20261122_000018_create_documents::Migration),
            Box::new(m20261122_000019_create_agreements::Migration),
            Box::new(m20261122_000021_create_faces::Migration),
            Box::new(m20261122_000023_create_entrance_requests::Migration),
            Box::new(m20261122_000031_create_key_uses::Migration),
            Box::new(m20261122_000032_create_key_requests::Migration),
            Box::new(m20261122_000029_stage_key_imports::Migration),
            Box::new(m20261122_000027_create_intakes::Migration),
            Box::new(m20261122_000028_create_invoice_mails::Migration),
            Box::new(m20261122_000030_keep_invoice_sums::Migration),
            Box::new(m20261122_000024_create_assignment_imports::Migration),
            Box::new(m20261122_000025_count_devices::Migration),
            Box::new(m20261122_000033_create_dealer_requests::Migration),
            Box::new(m20261122_000034_create_transfers::Migration),
        ]
    }
}

/// A table that a step makes, with the columns and keys that each step says.
fn table(name: &'static str) -> TableCreateStatement {
    Table::create().table(name).to_owned()
}

/// A reference to the `id` of another table. Rows that are referred to cannot be deleted.
fn reference(from: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("fk_{from}_{column}"))
        .from(from, column)
        .to(to, "id")
        .to_owned()
}

/// An index named after its table and columns.
fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create()
        .name(format!("ix_{table}_{}", columns.join("_")))
        .table(table)
        .to_owned();
    for column in columns {
        index.col(*column);
    }
    index
}

/// An index that allows each combination of values once.
fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    index(table, columns).unique().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_is_there_whole_or_not_at_all_on_every_database() {
        for step in Migrator::migrations() {
            assert_eq!(step.use_transaction(), Some(true), "{}", step.name());
        }
    }
}
