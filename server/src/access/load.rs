//! What lists show of read rights, loaded for all their rows at once.
use super::{in_state, rights, standing};
use crate::{
    app::App,
    entity::{account, assignment, read_right},
    error::{Error, Result},
};
use async_graphql::dataloader::Loader;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ColumnTrait, DatabaseConnection, EntityTrait, ExprTrait, FromQueryResult, JoinType, Order, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, RelationDef,
    sea_query::{Expr, SelectExprTrait, WindowStatement},
};
use shared::{
    device::ReadRightState,
    id::{AccountId, AssignmentId, DeviceId},
};
use std::collections::HashMap;

/// The most rights that are shown of one device.
pub const RIGHTS_SHOWN: i64 = 10;

/// Loads the pending and active rights of devices, the newest first, at most [`RIGHTS_SHOWN`] of each. It asks
/// nobody: give it devices that the viewer's account holds.
#[derive(Debug)]
pub struct ReadRightsOf(pub App);

#[derive(FromQueryResult)]
struct RightOfDevice {
    device: DeviceId,
    #[sea_orm(nested)]
    assignment: assignment::Model,
}

impl Loader<DeviceId> for ReadRightsOf {
    type Value = Vec<assignment::Model>;
    type Error = Error;

    async fn load(&self, devices: &[DeviceId]) -> Result<HashMap<DeviceId, Self::Value>> {
        let mut newest = WindowStatement::partition_by((read_right::Entity, read_right::Column::DeviceId));
        newest.order_by((read_right::Entity, read_right::Column::AssignmentId), Order::Desc);
        let numbered = rights(standing(self.0.clock.today()))
            .filter(read_right::COLUMN.device_id.is_in(devices.iter().copied()))
            .select_only()
            .columns([read_right::Column::DeviceId, read_right::Column::AssignmentId])
            .expr(Expr::cust("ROW_NUMBER()").over(newest).alias("place"))
            .into_query();
        let mut found = assignment::Entity::find()
            .expr_as(Expr::col(("numbered", "device_id")), "device")
            .filter(Expr::col(("numbered", "place")).lte(RIGHTS_SHOWN))
            .order_by_desc(assignment::Column::Id);
        let of_it = Expr::col(("numbered", "assignment_id")).equals((assignment::Entity, assignment::Column::Id));
        QuerySelect::query(&mut found).join_subquery(JoinType::InnerJoin, numbered, "numbered", of_it);

        let mut rights: HashMap<_, Vec<_>> = HashMap::new();
        for row in found.into_model::<RightOfDevice>().all(&self.0.db).await? {
            rights.entry(row.device).or_default().push(row.assignment);
        }
        Ok(rights)
    }
}

/// Until when an account may read a device, and through whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readable {
    /// The dealer that gave the right that lasts longest.
    pub through: String,
    /// The last day; none if it has no end.
    pub until: Option<NaiveDate>,
    /// When it was given.
    pub given_at: DateTime<Utc>,
    /// To which address.
    pub email: String,
    /// Whether any of the rights lets see keys, not only prove them.
    pub shows_keys: bool,
}

/// Loads by which right, the one that lasts longest, accounts may read devices.
#[derive(Debug)]
pub struct ReadableOf(pub App);

/// Reader, device, last day, whether keys may only be proven, when the right was given, to which address, and by whom.
type RightOfReader = (
    AccountId,
    DeviceId,
    Option<NaiveDate>,
    bool,
    DateTime<Utc>,
    String,
    String,
);

impl Loader<(AccountId, DeviceId)> for ReadableOf {
    type Value = Readable;
    type Error = Error;

    async fn load(&self, keys: &[(AccountId, DeviceId)]) -> Result<HashMap<(AccountId, DeviceId), Readable>> {
        let rows: Vec<RightOfReader> = rights(in_state(ReadRightState::Active, self.0.clock.today()))
            .join(JoinType::InnerJoin, to_dealer())
            .filter(
                assignment::COLUMN
                    .reader_account_id
                    .is_in(keys.iter().map(|(account, _)| *account)),
            )
            .filter(
                read_right::COLUMN
                    .device_id
                    .is_in(keys.iter().map(|(_, device)| *device)),
            )
            .select_only()
            .column(assignment::Column::ReaderAccountId)
            .column(read_right::Column::DeviceId)
            .column(assignment::Column::Until)
            .column(assignment::Column::VerifyOnly)
            .column(assignment::Column::CreatedAt)
            .column(assignment::Column::Email)
            .column(account::Column::Name)
            .order_by_asc(assignment::Column::Id)
            .into_tuple()
            .all(&self.0.db)
            .await?;
        let mut readable: HashMap<_, Readable> = HashMap::new();
        for (account, device, until, verify_only, given_at, email, through) in rows {
            let lasts_longer =
                |known: &Readable| known.until.is_some_and(|known| until.is_none_or(|until| until > known));
            let key = (account, device);
            let shows_keys = !verify_only || readable.get(&key).is_some_and(|known| known.shows_keys);
            if readable.get(&key).is_none_or(lasts_longer) {
                readable.insert(
                    key,
                    Readable {
                        through,
                        until,
                        given_at,
                        email,
                        shows_keys,
                    },
                );
            } else if let Some(known) = readable.get_mut(&key) {
                known.shows_keys = shows_keys;
            }
        }
        Ok(readable)
    }
}

fn to_dealer() -> RelationDef {
    assignment::Entity::belongs_to(account::Entity)
        .from(assignment::Column::AccountId)
        .to(account::Column::Id)
        .into()
}

/// Loads how many devices assignments are about.
#[derive(Debug)]
pub struct DeviceCountOf(pub DatabaseConnection);

impl Loader<AssignmentId> for DeviceCountOf {
    type Value = i64;
    type Error = Error;

    async fn load(&self, assignments: &[AssignmentId]) -> Result<HashMap<AssignmentId, i64>> {
        let counts: Vec<(AssignmentId, i64)> = read_right::Entity::find()
            .filter(read_right::COLUMN.assignment_id.is_in(assignments.iter().copied()))
            .select_only()
            .column(read_right::Column::AssignmentId)
            .column_as(read_right::Column::DeviceId.count(), "devices")
            .group_by(read_right::Column::AssignmentId)
            .into_tuple()
            .all(&self.0)
            .await?;
        Ok(counts.into_iter().collect())
    }
}
