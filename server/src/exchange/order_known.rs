//! What the rows of a file of orders may refer to, and the numbers that stand for ids.
use super::table::Typed;
use crate::{
    entity::{account, contract, order, product},
    error::Result,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use shared::{
    account::AccountKind,
    id::{AccountId, ContractId, ProductId},
};
use std::collections::HashMap;

/// The numbers that stand for the ids of other tables.
pub(super) struct Names {
    pub(super) customers: HashMap<AccountId, String>,
    pub(super) products: HashMap<ProductId, String>,
    pub(super) contracts: HashMap<ContractId, String>,
}

impl Names {
    /// Of all accounts.
    pub(super) async fn all(db: &impl ConnectionTrait) -> Result<Self> {
        let accounts = account::Entity::find().all(db).await?;
        let products = product::Entity::find().all(db).await?;
        let contracts = contract::Entity::find().all(db).await?;
        Ok(Self {
            customers: accounts.into_iter().map(|row| (row.id, row.number)).collect(),
            products: products.into_iter().map(|row| (row.id, row.code)).collect(),
            contracts: contracts.into_iter().map(|row| (row.id, row.number)).collect(),
        })
    }

    /// Learns the number of the contract that came of an order of this account.
    pub(super) async fn learn(&mut self, db: &impl ConnectionTrait, row: &order::Model) -> Result<()> {
        let (Some(account), Some(id)) = (row.account_id, row.made_contract_id) else {
            return Ok(());
        };
        if !self.contracts.contains_key(&id) {
            let found = contract::Entity::find_by_id(id)
                .filter(contract::COLUMN.account_id.eq(account))
                .one(db)
                .await?;
            self.contracts.extend(found.map(|row| (row.id, row.number)));
        }
        Ok(())
    }
}

/// What the rows of a batch may refer to, by their numbers.
pub(super) struct Known {
    pub(super) orders: HashMap<String, order::Model>,
    pub(super) accounts: HashMap<String, account::Model>,
    pub(super) contracts: HashMap<String, contract::Model>,
    pub(super) products: HashMap<String, product::Model>,
    pub(super) names: Names,
}

impl Known {
    /// In six statements.
    pub(super) async fn of(tx: &DatabaseTransaction, batch: &[Typed]) -> Result<Self> {
        let all = |column: &'static str| batch.iter().filter_map(move |row| row.text(column));
        let orders = order::Entity::find()
            .filter(order::COLUMN.number.is_in(all("number")))
            .all(tx)
            .await?;
        let about = orders
            .iter()
            .flat_map(|row| [row.contract_id, row.made_contract_id])
            .flatten()
            .collect::<Vec<_>>();
        let contracts = contract::Entity::find()
            .filter(
                contract::COLUMN
                    .number
                    .is_in(all("contract_number").chain(all("made_contract_number"))),
            )
            .all(tx)
            .await?;
        let of_orders = contract::Entity::find()
            .filter(contract::COLUMN.id.is_in(about))
            .all(tx)
            .await?;
        let accounts = account::Entity::find()
            .filter(account::COLUMN.number.is_in(all("customer_number")))
            .filter(account::COLUMN.kind.ne(AccountKind::Provider))
            .all(tx)
            .await?;
        let held = account::Entity::find()
            .filter(
                account::COLUMN
                    .id
                    .is_in(orders.iter().filter_map(|row| row.account_id).collect::<Vec<_>>()),
            )
            .all(tx)
            .await?;
        let products = product::Entity::find().all(tx).await?;
        let names = Names {
            customers: held.into_iter().map(|row| (row.id, row.number)).collect(),
            products: products.iter().map(|row| (row.id, row.code.clone())).collect(),
            contracts: of_orders.into_iter().map(|row| (row.id, row.number)).collect(),
        };
        let mut known = Self {
            orders: orders.into_iter().map(|row| (row.number.clone(), row)).collect(),
            accounts: accounts.into_iter().map(|row| (row.number.clone(), row)).collect(),
            contracts: contracts.into_iter().map(|row| (row.number.clone(), row)).collect(),
            products: products.into_iter().map(|row| (row.code.clone(), row)).collect(),
            names,
        };
        let (accounts, contracts) = (known.accounts.values(), known.contracts.values());
        known
            .names
            .customers
            .extend(accounts.map(|row| (row.id, row.number.clone())));
        known
            .names
            .contracts
            .extend(contracts.map(|row| (row.id, row.number.clone())));
        Ok(known)
    }
}
