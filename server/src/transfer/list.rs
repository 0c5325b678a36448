//! The offers of a dealer, and the devices of one.
use super::{concerned, dealer, devices_of};
use crate::{
    actor::Actor,
    app::App,
    entity::{account, device, transfer, transfer_device},
    error::Result,
    page::Page,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    RelationDef,
};
use shared::{
    device::{TransferKind, TransferState},
    id::{AccountId, DeviceId, TransferId},
};
use std::collections::{BTreeSet, HashMap};

/// An offer as one of the two sides sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The offer.
    pub row: transfer::Model,
    /// Whether it is one to the viewer's account.
    pub is_incoming: bool,
    /// The name of the account on the other side.
    pub other: String,
    /// The customer number of that account.
    pub other_number: String,
    /// Of what was passed on, how many devices the sub-dealer holds still; 0 for all else.
    pub held_count: u64,
}

/// A page of the offers that the dealer made or got, newest first, and how many there are; in as many statements however
/// many they are.
///
/// # Errors
/// [`crate::error::Error::Forbidden`] for all but dealers who manage keys.
pub async fn list(app: &App, actor: &Actor, page: &Page<TransferId>) -> Result<(Vec<Listed>, u64)> {
    let dealer = dealer(actor)?;
    let own = Condition::any()
        .add(transfer::COLUMN.account_id.eq(dealer))
        .add(transfer::COLUMN.to_account_id.eq(dealer));
    let found = transfer::Entity::find().filter(own);
    let total = found.clone().count(&app.db).await?;
    let rows = found
        .apply_if(page.after, |rows, after| rows.filter(transfer::COLUMN.id.lt(after)))
        .order_by_desc(transfer::Column::Id)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    let ids: BTreeSet<AccountId> = rows
        .iter()
        .flat_map(|row| [row.account_id, row.to_account_id])
        .collect();
    let accounts = account::Entity::find()
        .filter(account::COLUMN.id.is_in(ids))
        .all(&app.db)
        .await?;
    let accounts: HashMap<_, _> = accounts
        .into_iter()
        .map(|row| (row.id, (row.name, row.number)))
        .collect();
    let held = held(app, dealer, &rows).await?;
    let listed = rows.into_iter().map(|row| {
        let is_incoming = row.to_account_id == dealer;
        let other = if is_incoming { row.account_id } else { row.to_account_id };
        let (name, number) = accounts.get(&other).cloned().unwrap_or_default();
        Listed {
            held_count: held.get(&row.id).copied().unwrap_or_default(),
            is_incoming,
            other: name,
            other_number: number,
            row,
        }
    });
    Ok((listed.collect(), total))
}

/// How many devices of each offer of the dealer are passed on still.
async fn held(app: &App, dealer: AccountId, rows: &[transfer::Model]) -> Result<HashMap<TransferId, u64>> {
    let passed = rows
        .iter()
        .filter(|row| row.kind == TransferKind::PassOn && row.state == TransferState::Accepted);
    let to_device: RelationDef = transfer_device::Entity::belongs_to(device::Entity)
        .from(transfer_device::Column::DeviceId)
        .to(device::Column::Id)
        .into();
    let either = Condition::any()
        .add(device::COLUMN.account_id.eq(dealer))
        .add(device::COLUMN.passed_by.eq(dealer));
    let counts: Vec<(TransferId, i64)> = transfer_device::Entity::find()
        .join(JoinType::InnerJoin, to_device)
        .select_only()
        .column(transfer_device::Column::TransferId)
        .column_as(transfer_device::Column::DeviceId.count(), "count")
        .filter(transfer_device::COLUMN.transfer_id.is_in(passed.map(|row| row.id)))
        .filter(device::COLUMN.passed_by.is_not_null())
        .filter(either)
        .group_by(transfer_device::Column::TransferId)
        .into_tuple()
        .all(&app.db)
        .await?;
    let counts = counts
        .into_iter()
        .map(|(id, count)| (id, u64::try_from(count).unwrap_or_default()));
    Ok(counts.collect())
}

/// A device of an offer, as both sides may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferDevice {
    /// Names it.
    pub id: DeviceId,
    /// Eight digits.
    pub serial_number: String,
    /// The name of its model.
    pub model: Option<String>,
    /// The order that it came with.
    pub order_number: Option<String>,
}

/// A page of the devices of an offer, by serial number, and how many there are. Of one that came to nothing there are none.
///
/// # Errors
/// [`crate::error::Error::Forbidden`] for all but dealers who manage keys; [`crate::error::Error::NotFound`] for offers
/// that do not concern the account.
pub async fn devices(
    app: &App,
    actor: &Actor,
    id: TransferId,
    page: &Page<(String, DeviceId)>,
) -> Result<(Vec<TransferDevice>, u64)> {
    concerned(&app.db, dealer(actor)?, id).await?;
    let found = device::Entity::find().filter(device::Column::Id.in_subquery(devices_of(id)));
    let total = found.clone().count(&app.db).await?;
    let rows = found
        .apply_if(page.after.clone(), |rows, (serial, id)| {
            let same = Condition::all()
                .add(device::COLUMN.serial_number.eq(serial.as_str()))
                .add(device::COLUMN.id.gt(id));
            rows.filter(
                Condition::any()
                    .add(device::COLUMN.serial_number.gt(serial.as_str()))
                    .add(same),
            )
        })
        .order_by_asc(device::Column::SerialNumber)
        .order_by_asc(device::Column::Id)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    let rows = rows.into_iter().map(|row| TransferDevice {
        id: row.id,
        serial_number: row.serial_number,
        model: row.model,
        order_number: row.order_number,
    });
    Ok((rows.collect(), total))
}
