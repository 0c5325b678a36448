//! Devices change hands: their keys, rights and history stay as they are, whoever holds them.
use crate::{
    entity::device,
    error::{Error, Result},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};
use shared::{device::DeviceProof, error::Reason, id::AccountId};

/// How many devices a refusal names.
const NAMED: u64 = 10;

/// Makes `to` the holder of devices, in two statements however many there are, and says how many there were. `passed_by` says
/// who may take them back. What the former holder noted of them, his own number and what his telegrams proved, goes. Its callers have narrowed the
/// devices to those that the former holder may give, and call it in a transaction.
///
/// # Errors
/// [`Error::Invalid`] at `devices` with `DEVICES_HELD` if `to` holds one of the same manufacturer and serial number already; nothing has changed then.
pub async fn hand_over(
    db: &impl ConnectionTrait,
    devices: Condition,
    to: AccountId,
    passed_by: Option<AccountId>,
) -> Result<u64> {
    let address = [device::Column::Manufacturer, device::Column::SerialNumber];
    let given = device::Entity::find()
        .select_only()
        .columns(address)
        .filter(devices.clone());
    let twice: Vec<String> = device::Entity::find()
        .select_only()
        .column(device::Column::SerialNumber)
        .filter(device::COLUMN.account_id.eq(to))
        .filter(Expr::tuple(address.map(Expr::col)).in_subquery(given.into_query()))
        .order_by_asc(device::Column::SerialNumber)
        .limit(NAMED)
        .into_tuple()
        .all(db)
        .await?;
    if !twice.is_empty() {
        return Err(Error::invalid(
            "devices",
            Reason::DevicesHeld,
            format!("the account holds these already: {}", twice.join(", ")),
        ));
    }
    let done = device::Entity::update_many()
        .col_expr(device::Column::AccountId, Expr::value(to))
        .col_expr(device::Column::PassedBy, Expr::value(passed_by))
        .col_expr(device::Column::OwnNumber, Expr::value(None::<String>))
        .col_expr(device::Column::Proof, Expr::value(DeviceProof::Unproven))
        .col_expr(
            device::Column::ProvenAt,
            Expr::value(None::<chrono::DateTime<chrono::Utc>>),
        )
        .filter(devices)
        .exec(db)
        .await?;
    Ok(done.rows_affected)
}
