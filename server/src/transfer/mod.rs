//! Devices go from one dealer to another: for good, or to a sub-dealer who gives them back (ADR 0033).
mod give_back;
pub mod graphql;
mod list;
mod offer;

pub use give_back::give_back;
pub use list::{Listed, TransferDevice, devices, list};
pub use offer::{NewOffer, accept, decline, offer, withdraw};

use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{account, transfer, transfer_device},
    error::{Error, Result},
};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::SelectStatement,
};
use shared::{
    account::{AccountKind, Right},
    device::TransferState,
    id::{AccountId, TransferId},
};

/// How long an offer waits for its answer.
pub const OFFER_LIFE: TimeDelta = TimeDelta::days(30);

/// The longest note and the longest reason, in characters.
pub const NOTE_MAX: usize = 500;

/// The dealer that the actor acts for.
fn dealer(actor: &Actor) -> Result<AccountId> {
    Ok(actor.require_in(AccountKind::Dealer, Right::ManageKeys)?.id)
}

/// Where an offer stands at a point in time.
pub fn state(row: &transfer::Model, now: DateTime<Utc>) -> TransferState {
    if row.state == TransferState::Offered && row.expires_at <= now {
        TransferState::Expired
    } else {
        row.state
    }
}

/// The devices of an offer, for the database.
fn devices_of(id: TransferId) -> SelectStatement {
    transfer_device::Entity::find()
        .select_only()
        .column(transfer_device::Column::DeviceId)
        .filter(transfer_device::COLUMN.transfer_id.eq(id))
        .into_query()
}

/// An offer that the account made or got, locked until the transaction ends.
async fn concerned(db: &impl ConnectionTrait, account_id: AccountId, id: TransferId) -> Result<transfer::Model> {
    let own = Condition::any()
        .add(transfer::COLUMN.account_id.eq(account_id))
        .add(transfer::COLUMN.to_account_id.eq(account_id));
    transfer::Entity::find_by_id(id)
        .filter(own)
        .lock_exclusive()
        .one(db)
        .await?
        .ok_or(Error::NotFound("transfer"))
}

/// The name of an account that an offer names.
async fn name_of(db: &impl ConnectionTrait, id: AccountId) -> Result<String> {
    let row = account::Entity::find_by_id(id).one(db).await?;
    Ok(row.map(|row| row.name).unwrap_or_default())
}

/// The page of offers, for mails.
fn page(app: &App) -> String {
    format!("{}/transfers", app.settings.origin)
}

async fn log(
    db: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    act: &'static str,
    row: &transfer::Model,
) -> Result<()> {
    audit::record(db, app, Some(actor), act, Some(row.id.to_string()), true).await
}
