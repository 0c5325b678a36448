//! The provider's own devices, as staff names those that a dealer gets.
use crate::{
    actor::Actor,
    app::App,
    entity::device,
    error::{Error, Result},
    meter::serials::{self, NAMED_MAX},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use shared::{
    account::{AccountKind, Right},
    error::Reason,
    id::AccountId,
};
use std::collections::BTreeSet;

/// How many of those that are not there a refusal names.
const TOLD: usize = 10;

/// How many orders of the stock are offered.
const ORDERS_MAX: u64 = 200;

/// Which devices staff names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    orders: BTreeSet<String>,
    serials: BTreeSet<String>,
}

impl Wanted {
    /// Reads numbers of orders, and serial numbers as they are pasted: eight digits each, whatever stands between them.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `serials` for what is no serial number, and at `orders` or `serials` for too many.
    pub fn read(orders: Vec<String>, serials: &str) -> Result<Self> {
        let orders: BTreeSet<_> = orders
            .into_iter()
            .map(|order| order.trim().to_owned())
            .filter(|order| !order.is_empty())
            .collect();
        if orders.len() > NAMED_MAX {
            let message = format!("at most {NAMED_MAX} at once");
            return Err(Error::invalid("orders", Reason::TooMany, message));
        }
        let serials = serials::read("serials", serials)?;
        Ok(Self { orders, serials })
    }

    /// Whether nothing is named.
    pub fn is_empty(&self) -> bool {
        self.orders.is_empty() && self.serials.is_empty()
    }

    /// The devices among those that `provider` holds, for the database.
    pub(super) fn among(&self, provider: AccountId) -> Condition {
        let named = Condition::any()
            .add(device::COLUMN.order_number.is_in(self.orders.iter().cloned()))
            .add(device::COLUMN.serial_number.is_in(self.serials.iter().cloned()));
        Condition::all().add(device::COLUMN.account_id.eq(provider)).add(named)
    }

    /// That all that is named is there.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `orders` or `serials` with `NOT_IN_STOCK`, which names some of the others.
    pub(super) async fn check(&self, db: &impl ConnectionTrait, provider: AccountId) -> Result<()> {
        for (field, missing) in [
            ("orders", self.missing_orders(db, provider).await?),
            ("serials", self.missing_serials(db, provider).await?),
        ] {
            if !missing.is_empty() {
                let some: Vec<_> = missing.iter().take(TOLD).cloned().collect();
                let message = format!("{} not in stock: {}", missing.len(), some.join(", "));
                return Err(Error::invalid(field, Reason::NotInStock, message));
            }
        }
        Ok(())
    }

    async fn missing_orders(&self, db: &impl ConnectionTrait, provider: AccountId) -> Result<Vec<String>> {
        let column = device::Column::OrderNumber;
        self.missing(db, provider, column, &self.orders).await
    }

    async fn missing_serials(&self, db: &impl ConnectionTrait, provider: AccountId) -> Result<Vec<String>> {
        let column = device::Column::SerialNumber;
        self.missing(db, provider, column, &self.serials).await
    }

    async fn missing(
        &self,
        db: &impl ConnectionTrait,
        provider: AccountId,
        column: device::Column,
        named: &BTreeSet<String>,
    ) -> Result<Vec<String>> {
        let found: Vec<String> = device::Entity::find()
            .select_only()
            .column(column)
            .distinct()
            .filter(device::COLUMN.account_id.eq(provider))
            .filter(column.is_in(named.iter().cloned()))
            .into_tuple()
            .all(db)
            .await?;
        let found: BTreeSet<_> = found.into_iter().collect();
        Ok(named.difference(&found).cloned().collect())
    }
}

/// What staff sees before it decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stock {
    /// How many devices are named and there.
    pub count: u64,
    /// The orders and serial numbers that are named and not there, in their order.
    pub missing: Vec<String>,
    /// The first numbers of orders in stock.
    pub orders: Vec<String>,
}

/// Says what of the provider's stock is named.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that handles requests.
pub async fn preview(app: &App, actor: &Actor, wanted: &Wanted) -> Result<Stock> {
    let provider = actor.require_in(AccountKind::Provider, Right::HandleRequests)?.id;
    let count = device::Entity::find()
        .filter(wanted.among(provider))
        .count(&app.db)
        .await?;
    let mut missing = wanted.missing_orders(&app.db, provider).await?;
    missing.extend(wanted.missing_serials(&app.db, provider).await?);
    let orders = device::Entity::find()
        .select_only()
        .column(device::Column::OrderNumber)
        .distinct()
        .filter(device::COLUMN.account_id.eq(provider))
        .filter(device::COLUMN.order_number.is_not_null())
        .order_by_asc(device::Column::OrderNumber)
        .limit(ORDERS_MAX)
        .into_tuple()
        .all(&app.db)
        .await?;
    Ok(Stock { count, missing, orders })
}
