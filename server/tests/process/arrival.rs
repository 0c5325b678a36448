//! Mails about invoices survive `kill -9`: each account is told of its invoice, and none is told twice.
use crate::{portal::Portal, postgres::new_database};
use chrono::TimeDelta;
use sea_orm::{ColumnTrait, Database, DatabaseConnection, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use server::entity::{account, billing_email, invoice, mail};
use shared::{
    account::Language,
    id::{AccountId, BillingEmailId, InvoiceId},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// So many accounts have got an invoice.
const ACCOUNTS: u128 = 120;

/// So often the process is killed in the middle.
const KILLS: u64 = 3;

/// Where the mails of an account go.
fn address(number: u128) -> String {
    format!("rechnung.{number}@kill.example")
}

/// Gives accounts of their own an invoice each that they see and were not told of, copied from one of the demo.
async fn fill(db: &DatabaseConnection) {
    let model = invoice::Entity::find().filter(invoice::Column::AccountId.is_not_null());
    let model = model.one(db).await.unwrap().unwrap();
    let holder = account::Entity::find_by_id(model.account_id.unwrap());
    let holder = holder.one(db).await.unwrap().unwrap();
    let seen = holder.created_at - TimeDelta::hours(1);
    for number in 0..ACCOUNTS {
        let id = AccountId(Uuid::from_u128(0xA000 + number));
        let account = account::Model {
            id,
            number: format!("K-{number}"),
            ..holder.clone()
        };
        let email = billing_email::Model {
            id: BillingEmailId(Uuid::from_u128(0xB000 + number)),
            account_id: id,
            email: address(number),
            language: Language::De,
            created_at: seen,
            sent_at: seen,
            confirmed_at: Some(seen),
            removed_at: None,
        };
        let invoice = invoice::Model {
            id: InvoiceId(Uuid::from_u128(0xC000 + number)),
            account_id: Some(id),
            contract_id: None,
            number: format!("KILL-{number:03}"),
            visible_at: Some(seen),
            told_at: None,
            told_count: None,
            ..model.clone()
        };
        account::Entity::insert(account.into_active_model())
            .exec(db)
            .await
            .unwrap();
        billing_email::Entity::insert(email.into_active_model())
            .exec(db)
            .await
            .unwrap();
        invoice::Entity::insert(invoice.into_active_model())
            .exec(db)
            .await
            .unwrap();
    }
}

async fn mails(db: &DatabaseConnection) -> Vec<mail::Model> {
    let ours = mail::Entity::find().filter(mail::Column::Recipient.ends_with("@kill.example"));
    ours.all(db).await.unwrap()
}

async fn each_is_told_once(database_url: Option<&str>) {
    let data = tempfile::tempdir().unwrap();
    let file = format!("sqlite://{}", data.path().join("keyhaus.db").display());
    Portal::start(data.path(), database_url).kill();
    let db = Database::connect(database_url.unwrap_or(&file)).await.unwrap();
    fill(&db).await;
    let mut told_when_killed = Vec::new();
    for round in 1..=KILLS {
        let portal = Portal::start(data.path(), database_url);
        // killed while mails are written: some accounts are told, others are not
        while u64::try_from(mails(&db).await.len()).unwrap() < round * 20 {}
        portal.kill();
        told_when_killed.push(mails(&db).await.len());
    }
    let portal = Portal::start(data.path(), database_url);
    let untold = invoice::Entity::find()
        .filter(invoice::Column::Number.starts_with("KILL-"))
        .filter(invoice::Column::ToldAt.is_null());
    while untold.clone().count(&db).await.unwrap() > 0 {}
    portal.kill();
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for mail in mails(&db).await {
        told.entry(mail.recipient).or_default().push(mail.text);
    }
    assert_eq!(
        told.len(),
        usize::try_from(ACCOUNTS).unwrap(),
        "killed at {told_when_killed:?}"
    );
    for number in 0..ACCOUNTS {
        let texts = &told[&address(number)];
        assert_eq!(texts.len(), 1, "{number}, killed at {told_when_killed:?}");
        assert!(texts[0].contains(&format!("KILL-{number:03}")), "{}", texts[0]);
    }
}

#[tokio::test]
async fn accounts_that_are_told_of_invoices_while_it_is_killed_get_one_mail_each_on_sqlite() {
    each_is_told_once(None).await;
}

#[tokio::test]
async fn accounts_that_are_told_of_invoices_while_it_is_killed_get_one_mail_each_on_postgres() {
    let Some(url) = new_database("arrival").await else {
        return;
    };
    each_is_told_once(Some(&url)).await;
}
