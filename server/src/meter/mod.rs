//! Devices and their keys: who sees which, import, reading a key, proof against a telegram.
pub mod address;
pub mod export;
pub mod graphql;
mod hand_out;
pub mod history;
pub mod holder;
pub mod import;
pub mod kem;
pub mod key;
pub mod list;
pub mod load;
pub mod model;
mod prove;
pub mod request;
mod reveal;
mod selection;
pub mod serials;
pub mod staging;
pub mod table;
pub mod telegram;
pub mod usage;
pub mod verdict;

pub use graphql::{DeviceFilter, DeviceSelection};
pub use hand_out::{Wanted, fetch as fetch_export, hand_out};
pub use import::import;
pub use prove::{Judged, Proof, prove};
pub use reveal::reveal;
pub use selection::{Chosen, choose, nothing_selected, summary};

use crate::{
    access,
    actor::{Actor, InView},
    app::App,
    entity::device,
    error::{Error, Result},
};
use chrono::NaiveDate;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, sea_query::SimpleExpr};
use shared::{
    account::{AccountKind, Right},
    device::{DeviceAssigned, ReadRightState},
    id::{AccountId, DeviceId},
};

/// Which devices an account in view shows: every query of devices goes through here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    account: AccountId,
    /// Those that it holds.
    holds: bool,
    /// Those that it may read by rights given to it.
    reads: bool,
}

impl Scope {
    /// What the actor sees. Dealers see what they hold if they manage or read keys; who may read keys also sees what
    /// others gave to read. Staff sees neither.
    ///
    /// # Errors
    /// [`Error::Forbidden`] if he may see no devices at all.
    pub fn of(actor: &Actor) -> Result<Self> {
        let InView { id, kind, rights, .. } = actor.in_view()?;
        let reads = *kind != AccountKind::Provider && rights.allow(Right::ReadKeys);
        let holds = *kind == AccountKind::Dealer && (reads || rights.allow(Right::ManageKeys));
        if reads || holds {
            Ok(Self {
                account: *id,
                holds,
                reads,
            })
        } else {
            Err(Error::Forbidden)
        }
    }

    /// Whether the account holds the device, and the actor may see what it holds.
    pub fn holds(&self, device: &device::Model) -> bool {
        self.holds && device.account_id == self.account
    }

    /// The devices whose keys the actor may see: all but those that he may only prove keys of.
    fn revealable(&self, today: NaiveDate) -> Condition {
        Condition::any()
            .add_option(self.holds.then(|| device::COLUMN.account_id.eq(self.account)))
            .add_option(
                self.reads
                    .then(|| device::Column::Id.in_subquery(access::revealable_by(self.account, today))),
            )
    }

    /// The devices, for the database: for looking one up. Lists take [`Self::held`] and [`Self::read`] apart, as
    /// databases find no good way through the two together.
    pub fn devices(&self, today: NaiveDate) -> Condition {
        Condition::any().add_option(self.held()).add_option(self.read(today))
    }

    /// Those that the account holds; nothing if the actor may not see them.
    fn held(&self) -> Option<Condition> {
        let held = Condition::all().add(device::COLUMN.account_id.eq(self.account));
        self.holds.then_some(held)
    }

    /// Those of others that the account may read; nothing if the actor may not see them.
    fn read(&self, today: NaiveDate) -> Option<Condition> {
        let read = device::Column::Id.in_subquery(access::readable_by(self.account, today));
        let of_others = Condition::all()
            .add(read)
            .add_option(self.holds.then(|| device::COLUMN.account_id.ne(self.account)));
        self.reads.then_some(of_others)
    }
}

/// The account that the actor imports devices for: a dealer's, or the provider's own, out of which staff hands devices to
/// dealers.
///
/// # Errors
/// [`Error::Forbidden`] for all but dealers who manage keys and staff that handles requests.
pub(crate) fn importer(actor: &Actor) -> Result<AccountId> {
    let view = match actor.in_view()?.kind {
        AccountKind::Provider => actor.require(Right::HandleRequests)?,
        _ => actor.require_in(AccountKind::Dealer, Right::ManageKeys)?,
    };
    Ok(view.id)
}

/// The devices whose serial number begins like this, for the database.
pub(crate) fn by_serial(prefix: &str) -> SimpleExpr {
    if prefix.len() <= 8 && prefix.bytes().all(|byte| byte.is_ascii_digit()) {
        device::COLUMN
            .serial_number
            .between(format!("{prefix:0<8}"), format!("{prefix:9<8}"))
    } else {
        device::COLUMN.serial_number.eq(prefix) // no serial number is like that
    }
}

/// The devices that match a filter, for the database. Whether a device is assigned is known to its holder only, so that
/// this part of the filter leaves out all devices that `account` does not hold.
fn matching(filter: &DeviceFilter, account: AccountId, today: NaiveDate) -> Condition {
    let given = |state| access::given_by(account, state, today);
    let by_state = |assigned| match assigned {
        DeviceAssigned::Free => device::Column::Id.not_in_subquery(given(None)),
        DeviceAssigned::Pending => device::Column::Id.in_subquery(given(Some(ReadRightState::Pending))),
        DeviceAssigned::Active => device::Column::Id.in_subquery(given(Some(ReadRightState::Active))),
    };
    let prefix = filter
        .serial_prefix
        .as_deref()
        .map(str::trim)
        .filter(|prefix| !prefix.is_empty());
    Condition::all()
        .add_option(prefix.map(by_serial))
        .add_option(
            filter
                .order_number
                .as_deref()
                .map(|order| device::COLUMN.order_number.eq(order)),
        )
        .add_option(filter.proof.map(|proof| {
            Condition::all()
                .add(device::COLUMN.account_id.eq(account))
                .add(device::COLUMN.proof.eq(proof))
        }))
        .add_option(filter.kind.map(|kind| device::COLUMN.kind.eq(kind)))
        .add_option(filter.medium.map(|medium| device::COLUMN.medium.eq(medium)))
        .add_option(filter.model.as_deref().map(|model| device::COLUMN.model.eq(model)))
        .add_option(filter.assigned.map(|assigned| {
            Condition::all()
                .add(device::COLUMN.account_id.eq(account))
                .add(by_state(assigned))
        }))
}

/// A device that the actor sees.
///
/// # Errors
/// [`Error::Forbidden`] if he may see no devices at all; [`Error::NotFound`] for all that he does not see.
pub async fn get(db: &impl ConnectionTrait, app: &App, actor: &Actor, id: DeviceId) -> Result<device::Model> {
    let seen = Scope::of(actor)?.devices(app.clock.today());
    device::Entity::find_by_id(id)
        .filter(seen)
        .one(db)
        .await?
        .ok_or(Error::NotFound("device"))
}

/// How many devices the actor sees; 0 if he may see none.
///
/// # Errors
/// If the database refuses.
pub async fn count(app: &App, actor: &Actor) -> Result<u64> {
    let Ok(scope) = Scope::of(actor) else { return Ok(0) };
    list::count(app, scope, &DeviceFilter::default()).await
}
