//! Invoices: import, list, detail, originals.
mod archive;
mod arrival;
mod bills;
mod corpus;
mod desk;
mod feed;
mod files;
mod import;
mod intake;
mod list;
mod many;
mod parts;
mod show;
mod sums;

use crate::app::{Person, TestApp};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder};
use server::{
    entity::{audit, invoice},
    invoice::{
        import::{Operator, Source, import, import_path},
        report::{Outcome, Report},
    },
};
use shared::{
    id::{AccountId, InvoiceId},
    money::Amount,
};
use std::path::Path;

/// The bytes of a fixture of the project.
pub fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/invoices")
        .join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Imports bytes as the operator.
pub async fn imported(app: &TestApp, name: &str, bytes: Vec<u8>, account: Option<AccountId>) -> Outcome {
    import(
        &app.app,
        Operator,
        Source {
            file_name: name.to_owned(),
            bytes,
        },
        account,
    )
    .await
    .unwrap()
}

/// Imports a path as the command line does.
async fn imported_path(app: &TestApp, path: &Path, account: Option<&str>) -> server::error::Result<Vec<Report>> {
    let mut reports = Vec::new();
    import_path(&app.app, Operator, path, account, |report| reports.push(report)).await?;
    Ok(reports)
}

/// Imports a fixture by the provider's rules.
async fn imported_fixture(app: &TestApp, name: &str) -> Outcome {
    imported(app, name, fixture(name), None).await
}

/// The invoice that an import made.
fn id_of(outcome: &Outcome) -> InvoiceId {
    match outcome {
        Outcome::Imported { id, .. } => *id,
        other => panic!("not imported: {other:?}"),
    }
}

/// All invoices, by number.
async fn rows(app: &TestApp) -> Vec<invoice::Model> {
    invoice::Entity::find()
        .order_by_asc(invoice::Column::Number)
        .all(app.db())
        .await
        .unwrap()
}

/// How many acts were done, by the log.
async fn acts(app: &TestApp) -> u64 {
    let done = audit::Entity::find().filter(audit::COLUMN.is_allowed.eq(true));
    done.count(app.db()).await.unwrap()
}

/// A row as short as it can be, for lists: number, type, issue date, due date, currency, total, seller.
#[derive(Clone, Copy)]
struct Short<'a>(&'a str, &'a str, &'a str, Option<&'a str>, &'a str, i64, &'a str);

async fn add(app: &TestApp, owner: Person, short: Short<'_>) {
    let Short(number, type_code, issued, due, currency, hundredths, seller) = short;
    let row = invoice::Model {
        id: InvoiceId(app.app.new_id()),
        account_id: Some(owner.account),
        held_account_id: None,
        release_reason: None,
        contract_id: None,
        paid_total: None,
        paid_on: None,
        number: number.to_owned(),
        type_code: type_code.to_owned(),
        issue_date: issued.parse().unwrap(),
        due_date: due.map(|due| due.parse().unwrap()),
        currency: currency.to_owned(),
        seller_identity: format!("name:{seller}"),
        seller_name: seller.to_owned(),
        buyer_name: "Bäckerei Öztürk GmbH".to_owned(),
        net_total: None,
        tax_total: None,
        gross_total: Amount(hundredths),
        payable: Amount(hundredths),
        syntax: "CII".to_owned(),
        profile: "EN16931".to_owned(),
        finding_count: 0,
        document: "{}".to_owned(),
        file_name: format!("{number}.xml"),
        media_type: "application/xml".to_owned(),
        file_size: 1,
        sha256: "0".repeat(64),
        created_at: app.app.clock.now(),
        visible_at: Some(app.app.clock.now()),
        told_at: None,
        told_count: None,
        refers_to: None,
    };
    row.into_active_model().insert(app.db()).await.unwrap();
}
