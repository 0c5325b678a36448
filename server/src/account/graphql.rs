//! Accounts as the API shows them.
use crate::{entity::account, error::Error};
use async_graphql::{SimpleObject, dataloader::Loader};
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter};
use shared::{
    account::{AccountKind, Right},
    id::AccountId,
};
use std::{collections::HashMap, sync::Arc};

/// An account: a customer, a dealer or the provider.
#[derive(Clone, Debug, SimpleObject)]
pub struct Account {
    /// Names the account.
    pub id: AccountId,
    /// What it is to the provider.
    pub kind: AccountKind,
    /// Its customer number.
    pub number: String,
    /// Its name, as on a letter.
    pub name: String,
    /// The city of its address.
    pub city: Option<String>,
}

impl From<account::Model> for Account {
    fn from(row: account::Model) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            number: row.number,
            name: row.name,
            city: row.city,
        }
    }
}

/// An account that the viewer belongs to.
#[derive(Clone, Debug, SimpleObject)]
pub struct Membership {
    /// The account.
    pub account: Account,
    /// What the viewer may do in it, as it was granted.
    pub rights: Vec<Right>,
}

/// Loads accounts by their ids.
pub struct AccountsById(pub DatabaseConnection);

impl Loader<AccountId> for AccountsById {
    type Value = account::Model;
    type Error = Error;

    async fn load(&self, ids: &[AccountId]) -> Result<HashMap<AccountId, account::Model>, Error> {
        let rows = account::Entity::find()
            .filter(account::COLUMN.id.is_in(ids.iter().copied()))
            .all(&self.0)
            .await;
        Ok(rows
            .map_err(|error: DbErr| Arc::new(error))?
            .into_iter()
            .map(|row| (row.id, row))
            .collect())
    }
}
