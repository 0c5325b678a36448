//! What was passed on to a sub-dealer goes back, whole or in part.
use super::{concerned, dealer, devices_of, log, name_of, page};
use crate::{
    access::follow,
    account::take_turn,
    actor::Actor,
    app::App,
    entity::device,
    error::{Error, Result},
    mail::{self, template::Template},
    meter::{holder::hand_over, request::people, serials},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait};
use shared::{
    account::Right,
    device::{RightsThen, TransferKind, TransferState},
    error::Reason,
    id::TransferId,
};

/// Gives devices that were passed on back to whoever passed them on: all that the sub-dealer holds still, or those with
/// these serial numbers. Either side may do it, and the other is told by mail. Says how many they were.
///
/// # Errors
/// [`Error::Forbidden`] for all but dealers who manage keys, and for tokens; [`Error::StepUpRequired`];
/// [`Error::NotFound`] for offers that do not concern the account; [`Error::Conflict`] for those that passed nothing on or of
/// which nothing is left; [`Error::Invalid`] at `serials` with `NOT_A_SERIAL` or, for a number that is not among the
/// devices, `NOT_IN_STOCK`, and at `devices` with `DEVICES_HELD`. Nothing has changed then.
pub async fn give_back(
    app: &App,
    actor: &Actor,
    id: TransferId,
    named: Option<&str>,
    rights: RightsThen,
) -> Result<u64> {
    let account = dealer(actor)?;
    actor.require_step_up(app.clock.now())?;
    let named = serials::read("serials", named.unwrap_or_default())?;
    let tx = app.begin().await?;
    let row = concerned(&tx, account, id).await?;
    let (giver, holder) = (row.account_id, row.to_account_id);
    if row.kind != TransferKind::PassOn || row.state != TransferState::Accepted {
        return Err(Error::Conflict("nothing was passed on by this offer"));
    }
    take_turn(&tx, &[giver, holder]).await?;
    let mut devices = Condition::all()
        .add(device::COLUMN.account_id.eq(holder))
        .add(device::COLUMN.passed_by.eq(giver))
        .add(device::Column::Id.in_subquery(devices_of(id)));
    if !named.is_empty() {
        devices = devices.add(device::COLUMN.serial_number.is_in(named.iter().cloned()));
    }
    let found = device::Entity::find().filter(devices.clone());
    let count = found.clone().count(&tx).await?;
    if count < named.len() as u64 {
        let message = "not all of these serial numbers are among the devices";
        return Err(Error::invalid("serials", Reason::NotInStock, message));
    }
    if count == 0 {
        return Err(Error::Conflict("none of the devices is left"));
    }
    let moving = found.select_only().column(device::Column::Id).into_query();
    follow(&tx, app, actor, (holder, giver), &moving, rights).await?;
    let count = hand_over(&tx, devices, giver, None).await?;
    log(&tx, app, actor, "giveDevicesBack", &row).await?;
    let is_taken = account == giver;
    let letter = Template::DevicesBack {
        by: name_of(&tx, account).await?,
        device_count: count,
        is_taken,
        page: page(app),
    };
    let other = if is_taken { holder } else { giver };
    for person in people(&tx, app, other, Right::ManageKeys, None).await? {
        mail::enqueue_to(&tx, app, person, &letter).await?;
    }
    tx.commit().await?;
    app.mail_waits.notify_one();
    Ok(count)
}
