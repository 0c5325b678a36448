//! Keys that were looked at and taken, and requests for more of them: one approved, one that waits for the dealer.
use super::Member;
use crate::{
    actor::Actor,
    app::App,
    entity::device,
    meter::{self, DeviceFilter, DeviceSelection, Wanted, request},
};
use anyhow::Context;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use shared::{
    account::AccountKind,
    device::KeyExportFormat,
    id::{AccountId, DeviceId},
};

/// The meter whose key the household looks at.
const SERIAL_NUMBER: &str = "76348704";

/// Who gave the password just now, with a second factor, as a portal that requires one wants it.
fn proven(actor: Actor) -> Actor {
    Actor {
        has_second_factor: true,
        ..actor
    }
}

/// Lets the two customers use the keys that the dealer gave them.
pub(super) async fn add(app: &App, dealer: Member, household: Member, manager: Member) -> anyhow::Result<()> {
    let meter = meter_of(app, dealer.account).await?;
    let dealer = proven(dealer.actor(app, AccountKind::Dealer));
    let household = proven(household.actor(app, AccountKind::Customer));
    let manager = proven(manager.actor(app, AccountKind::Customer));
    meter::reveal(app, &household, meter, "DEK", None).await?;
    let one = DeviceSelection {
        ids: Some(vec![meter]),
        ..DeviceSelection::default()
    };
    let wanted = Wanted::Selection(one);
    meter::hand_out(app, &household, wanted, KeyExportFormat::Wmbusmeters).await?;
    let all = DeviceSelection {
        filter: Some(DeviceFilter::default()),
        ..DeviceSelection::default()
    };
    let asked = request::ask(app, &manager, &all).await?;
    request::decide(app, &dealer, asked.id, true).await?;
    request::ask(app, &household, &all).await?;
    Ok(())
}

/// The meter among those that the dealer holds.
async fn meter_of(app: &App, dealer: AccountId) -> anyhow::Result<DeviceId> {
    let meter = device::Entity::find()
        .filter(device::COLUMN.account_id.eq(dealer))
        .filter(device::COLUMN.serial_number.eq(SERIAL_NUMBER))
        .order_by_asc(device::Column::Id)
        .one(&app.db)
        .await?;
    Ok(meter.context("a meter of the demo")?.id)
}
