//! What belongs to a page of orders, one statement for each table.
use crate::{
    entity::{contract, declaration, mail},
    error::Error,
};
use async_graphql::dataloader::Loader;
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter};
use shared::id::{ContractId, MailId, OrderId};
use std::{collections::HashMap, sync::Arc};

/// Loads the contracts of orders that a list has found.
#[derive(Debug)]
pub struct ContractsById(pub DatabaseConnection);

impl Loader<ContractId> for ContractsById {
    type Value = contract::Model;
    type Error = Error;

    async fn load(&self, ids: &[ContractId]) -> Result<HashMap<ContractId, contract::Model>, Error> {
        let rows = contract::Entity::find()
            .filter(contract::COLUMN.id.is_in(ids.iter().copied()))
            .all(&self.0)
            .await
            .map_err(|error: DbErr| Arc::new(error))?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

/// Loads the mails that are receipts of orders.
#[derive(Debug)]
pub struct ReceiptMails(pub DatabaseConnection);

impl Loader<MailId> for ReceiptMails {
    type Value = mail::Model;
    type Error = Error;

    async fn load(&self, ids: &[MailId]) -> Result<HashMap<MailId, mail::Model>, Error> {
        let rows = mail::Entity::find()
            .filter(mail::COLUMN.id.is_in(ids.iter().copied()))
            .all(&self.0)
            .await
            .map_err(|error: DbErr| Arc::new(error))?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

/// Loads what was declared without signing in.
#[derive(Debug)]
pub struct DeclarationsByOrder(pub DatabaseConnection);

impl Loader<OrderId> for DeclarationsByOrder {
    type Value = declaration::Model;
    type Error = Error;

    async fn load(&self, ids: &[OrderId]) -> Result<HashMap<OrderId, declaration::Model>, Error> {
        let rows = declaration::Entity::find()
            .filter(declaration::COLUMN.order_id.is_in(ids.iter().copied()))
            .all(&self.0)
            .await
            .map_err(|error: DbErr| Arc::new(error))?;
        Ok(rows.into_iter().map(|row| (row.order_id, row)).collect())
    }
}
