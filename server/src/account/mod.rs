//! Accounts: customers, dealers and the provider.
pub mod billing_email;
pub mod confirmation;
pub mod contact;
pub mod contact_graphql;
pub mod fold;
pub mod graphql;

use crate::{
    app::App,
    entity::{account, membership},
    error::Result,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Set, sea_query::LockType,
};
use shared::{
    account::{AccountKind, Rights},
    id::{AccountId, UserId},
    term::CustomerKind,
};

/// What a new account is made of.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// What it is to the provider.
    pub kind: AccountKind,
    /// The customer number.
    pub number: String,
    /// Its name, as on a letter.
    pub name: String,
    /// Street and house number.
    pub street: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// City.
    pub city: Option<String>,
    /// VAT id, for matching invoices.
    pub vat_id: Option<String>,
}

/// Adds an account. No actor: registration and the operator come through here.
///
/// # Errors
/// If the number is taken or the database refuses.
pub async fn add(db: &impl ConnectionTrait, app: &App, new: NewAccount) -> Result<AccountId> {
    let row = account::Model {
        id: AccountId(app.new_id()),
        kind: new.kind,
        number: new.number,
        name_folded: fold::fold(&new.name),
        name: new.name,
        street: new.street,
        postal_code: new.postal_code,
        city: new.city,
        vat_id: new.vat_id,
        requires_second_factor: false,
        customer_kind: CustomerKind::default(),
        created_at: app.clock.now(),
    };
    let id = row.id;
    row.into_active_model().insert(db).await?;
    Ok(id)
}

/// Says what kind of customer an account is to the law. No actor, as with [`add`].
///
/// # Errors
/// If the database refuses.
pub async fn set_customer_kind(db: &impl ConnectionTrait, account: AccountId, kind: CustomerKind) -> Result<()> {
    let row = account::ActiveModel {
        id: Set(account),
        customer_kind: Set(kind),
        ..Default::default()
    };
    row.update(db).await?;
    Ok(())
}

/// Lets a user act in an account. No actor, as with [`add`].
///
/// # Errors
/// If the user is a member already or the database refuses.
pub async fn add_member(
    db: &impl ConnectionTrait,
    app: &App,
    account: AccountId,
    user: UserId,
    rights: Rights,
) -> Result<()> {
    let row = membership::Model {
        user_id: user,
        account_id: account,
        rights,
        expires_at: None,
        blocked_at: None,
        created_at: app.clock.now(),
    };
    row.into_active_model().insert(db).await?;
    Ok(())
}

/// Says whether members act in an account only with a second factor.
///
/// # Errors
/// If the database refuses.
pub async fn require_second_factor(db: &impl ConnectionTrait, account: AccountId, is_required: bool) -> Result<()> {
    let row = account::ActiveModel {
        id: Set(account),
        requires_second_factor: Set(is_required),
        ..Default::default()
    };
    row.update(db).await?;
    Ok(())
}

/// Lets one at a time move devices into or out of accounts, or give rights on what they hold: whoever comes second waits here
/// until the first transaction has ended, and then sees what it left. Other work in the accounts goes on. Accounts are taken
/// in one order, so that no two wait for each other; SQLite has one writer anyway.
///
/// # Errors
/// If the database refuses.
pub async fn take_turn(db: &impl ConnectionTrait, accounts: &[AccountId]) -> Result<()> {
    account::Entity::find()
        .filter(account::COLUMN.id.is_in(accounts.iter().copied()))
        .order_by_asc(account::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(db)
        .await?;
    Ok(())
}

/// The account of a customer number, if there is one.
///
/// # Errors
/// If the database refuses.
pub async fn find_by_number(db: &impl ConnectionTrait, number: &str) -> Result<Option<account::Model>> {
    Ok(account::Entity::find()
        .filter(account::COLUMN.number.eq(number.trim()))
        .one(db)
        .await?)
}
