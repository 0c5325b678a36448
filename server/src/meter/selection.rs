//! Selections of devices that a dealer holds: named one by one, or all that match a filter but for exceptions.
use super::{DeviceSelection, matching};
use crate::{
    access,
    actor::Actor,
    app::App,
    entity::device,
    error::{Error, Result},
};
use chrono::NaiveDate;
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::{
    account::{AccountKind, Right},
    error::Reason,
    id::AccountId,
};
use std::collections::HashSet;

/// The most devices that are named one by one.
pub const IDS_MAX: usize = 100;

/// The most exceptions from a filter.
pub const EXCEPT_MAX: usize = 1000;

/// How many devices a summary shows.
const SAMPLE: u64 = 10;

/// A selection as a condition.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The devices of the selection that the dealer holds.
    pub devices: Condition,
    /// How many these have to be, or else one is not held; none if a filter chose them and nobody says how many were seen.
    pub expected: Option<u64>,
    /// Whether they were named one by one.
    is_named: bool,
}

impl Chosen {
    /// That the devices are as many as they have to be, and at least one.
    ///
    /// # Errors
    /// Those of [`Chosen::compare`]; [`Error::Invalid`] if there are none.
    pub fn check(&self, count: u64) -> Result<()> {
        self.compare(count)?;
        if count == 0 { Err(nothing_selected()) } else { Ok(()) }
    }

    /// That the devices are as many as they have to be.
    ///
    /// # Errors
    /// [`Error::NotFound`] if one that was named is not there; [`Error::Conflict`] if more or fewer match the filter than
    /// were seen.
    pub fn compare(&self, count: u64) -> Result<()> {
        if self.expected.is_some_and(|expected| expected != count) {
            return Err(if self.is_named {
                Error::NotFound("device")
            } else {
                Error::Conflict("other devices match the filter now than were seen; look at them again")
            });
        }
        Ok(())
    }
}

/// Nothing is selected, where something must be.
pub fn nothing_selected() -> Error {
    Error::invalid(
        "selection",
        Reason::NothingSelected,
        "give either ids or a filter that choose a device",
    )
}

/// Reads a selection among the devices that `dealer` holds.
///
/// # Errors
/// [`Error::Invalid`] unless exactly one of `ids` and `filter` is given; [`Error::TooLarge`] for too many of them.
pub fn choose(dealer: AccountId, selection: &DeviceSelection, today: NaiveDate) -> Result<Chosen> {
    let held = Condition::all().add(device::COLUMN.account_id.eq(dealer));
    choose_among(held, dealer, selection, today)
}

/// Reads a selection among devices that `account` may choose from.
///
/// # Errors
/// Those of [`choose`].
pub(super) fn choose_among(
    devices: Condition,
    account: AccountId,
    selection: &DeviceSelection,
    today: NaiveDate,
) -> Result<Chosen> {
    let all = Condition::all().add(devices);
    let except: HashSet<_> = selection.except.iter().flatten().copied().collect();
    if except.len() > EXCEPT_MAX {
        return Err(Error::TooLarge("a filter has at most 1000 exceptions"));
    }
    match (&selection.ids, &selection.filter) {
        (Some(ids), None) => {
            let ids: HashSet<_> = ids.iter().copied().filter(|id| !except.contains(id)).collect();
            if ids.len() > IDS_MAX {
                return Err(Error::TooLarge(
                    "at most 100 devices are named one by one; give a filter for more",
                ));
            }
            let expected = Some(ids.len() as u64);
            Ok(Chosen {
                devices: all.add(device::COLUMN.id.is_in(ids)),
                expected,
                is_named: true,
            })
        }
        (None, Some(filter)) => {
            let devices = all
                .add(matching(filter, account, today))
                .add_option((!except.is_empty()).then(|| device::COLUMN.id.is_not_in(except)));
            Ok(Chosen {
                devices,
                expected: selection.expected_count,
                is_named: false,
            })
        }
        _ => Err(nothing_selected()),
    }
}

/// What a selection holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// How many devices.
    pub count: u64,
    /// How many of them somebody may read, or will once a pending right is accepted.
    pub assigned_count: u64,
    /// The first 10 of them by serial number.
    pub sample: Vec<device::Model>,
}

/// Says what a selection holds.
///
/// # Errors
/// [`Error::Forbidden`] for all but dealers who manage keys; [`Error::NotFound`] if one of the devices is not held; those
/// of [`choose`].
pub async fn summary(app: &App, actor: &Actor, selection: &DeviceSelection) -> Result<Summary> {
    let dealer = actor.require_in(AccountKind::Dealer, Right::ManageKeys)?.id;
    let today = app.clock.today();
    let chosen = choose(dealer, selection, today)?;
    let found = device::Entity::find().filter(chosen.devices.clone());
    let count = found.clone().count(&app.db).await?;
    chosen.compare(count)?;
    let given = device::Column::Id.in_subquery(access::given_by(dealer, None, today));
    let assigned_count = found.clone().filter(given).count(&app.db).await?;
    let first = found
        .order_by_asc(device::Column::SerialNumber)
        .order_by_asc(device::Column::Id)
        .limit(SAMPLE);
    Ok(Summary {
        count,
        assigned_count,
        sample: first.all(&app.db).await?,
    })
}
