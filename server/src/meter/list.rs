//! Lists of devices, of their imports and of what devices can be filtered by.
use super::{DeviceFilter, Scope, importer, matching};
use crate::{
    actor::Actor,
    app::App,
    entity::{device, device_count, key_import, user},
    error::Result,
    page::Page,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, IntoSimpleExpr, JoinType, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, RelationDef, sea_query::Func,
};
use shared::id::{AccountId, DeviceId, KeyImportId};
use std::collections::BTreeSet;

/// What orders a list of devices: the serial number, and the id where several have the same.
pub type DeviceKey = (String, DeviceId);

/// The most values that a filter offers.
const FACET_MAX: u64 = 200;
const FACETS_SHOWN: usize = FACET_MAX as usize;

/// A page of the devices that the actor sees and that match a filter, by serial number, and how many there are. Those that
/// the account holds and those of others are asked for apart and merged: each is then read in the order of an index.
///
/// # Errors
/// [`crate::error::Error::Forbidden`] if he may see no devices at all.
pub async fn list(
    app: &App,
    actor: &Actor,
    filter: &DeviceFilter,
    page: &Page<DeviceKey>,
) -> Result<(Vec<device::Model>, u64)> {
    let (scope, today) = (Scope::of(actor)?, app.clock.today());
    let mut rows = Vec::new();
    for part in [scope.held(), scope.read(today)].into_iter().flatten() {
        let found = device::Entity::find()
            .filter(part)
            .filter(matching(filter, scope.account, today))
            .apply_if(page.after.clone(), |rows, after| rows.filter(follows(after)))
            .order_by_asc(device::Column::SerialNumber)
            .order_by_asc(device::Column::Id)
            .limit(page.limit());
        rows.extend(found.all(&app.db).await?);
    }
    rows.sort_by(|a, b| (&a.serial_number, a.id).cmp(&(&b.serial_number, b.id)));
    rows.truncate(usize::try_from(page.limit()).unwrap_or(usize::MAX));
    Ok((rows, count(app, scope, filter).await?))
}

/// How many devices match a filter. How many the account holds of orders, models and kinds is kept by the database.
///
/// # Errors
/// If the database refuses.
pub(super) async fn count(app: &App, scope: Scope, filter: &DeviceFilter) -> Result<u64> {
    let today = app.clock.today();
    let of = |part| {
        let found = device::Entity::find().filter(part);
        found.filter(matching(filter, scope.account, today)).count(&app.db)
    };
    let held = match scope.held() {
        None => 0,
        Some(_) if is_kept(filter) => kept(app, scope.account, filter).await?,
        Some(part) => of(part).await?,
    };
    let read = match scope.read(today) {
        None => 0,
        Some(part) => of(part).await?,
    };
    Ok(held + read)
}

/// Whether the database keeps how many devices match.
fn is_kept(filter: &DeviceFilter) -> bool {
    let DeviceFilter {
        assigned,
        kind: _, // counted apart, as model and order are
        medium,
        model,
        order_number,
        proof,
        serial_prefix,
    } = filter;
    let is_any = serial_prefix.as_deref().is_none_or(|prefix| prefix.trim().is_empty());
    assigned.is_none()
        && medium.is_none()
        && proof.is_none()
        && is_any
        && ![model, order_number].contains(&&Some(String::new()))
}

async fn kept(app: &App, account: AccountId, filter: &DeviceFilter) -> Result<u64> {
    let DeviceFilter {
        kind,
        model,
        order_number,
        ..
    } = filter;
    let sum: Option<Option<i64>> = device_count::Entity::find()
        .select_only()
        .expr(Func::cast_as(
            Func::sum(device_count::Column::Count.into_simple_expr()),
            "bigint",
        ))
        .filter(device_count::COLUMN.account_id.eq(account))
        .apply_if(*kind, |counts, kind| counts.filter(device_count::COLUMN.kind.eq(kind)))
        .apply_if(model.as_deref(), |counts, model| {
            counts.filter(device_count::COLUMN.model.eq(model))
        })
        .apply_if(order_number.as_deref(), |counts, order| {
            counts.filter(device_count::COLUMN.order_number.eq(order))
        })
        .into_tuple()
        .one(&app.db)
        .await?;
    Ok(sum
        .flatten()
        .and_then(|sum| u64::try_from(sum).ok())
        .unwrap_or_default())
}

/// The devices behind one of them in the order of the list.
fn follows((serial_number, id): DeviceKey) -> Condition {
    let same_number = Condition::all()
        .add(device::COLUMN.serial_number.eq(&serial_number))
        .add(device::COLUMN.id.gt(id));
    Condition::all()
        .add(device::COLUMN.serial_number.gte(&serial_number))
        .add(
            Condition::any()
                .add(device::COLUMN.serial_number.gt(&serial_number))
                .add(same_number),
        )
}

/// The values of a column among the devices that the actor sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// Names of models.
    pub models: Vec<String>,
    /// Numbers of orders.
    pub order_numbers: Vec<String>,
}

/// What the devices that the actor sees can be filtered by, each in its order, at most 200.
///
/// # Errors
/// [`crate::error::Error::Forbidden`] if he may see no devices at all.
pub async fn facets(app: &App, actor: &Actor) -> Result<Facets> {
    let (scope, today) = (Scope::of(actor)?, app.clock.today());
    let values = async |column: device::Column, counted: device_count::Column| -> Result<Vec<String>> {
        let mut values = BTreeSet::new();
        if scope.held().is_some() {
            let held = device_count::Entity::find()
                .select_only()
                .column(counted)
                .distinct()
                .filter(device_count::COLUMN.account_id.eq(scope.account))
                .filter(counted.ne(""))
                .order_by_asc(counted)
                .limit(FACET_MAX);
            values.extend(held.into_tuple::<String>().all(&app.db).await?);
        }
        if let Some(part) = scope.read(today) {
            let found = device::Entity::find().filter(part).filter(column.is_not_null());
            let read = found
                .select_only()
                .column(column)
                .distinct()
                .order_by_asc(column)
                .limit(FACET_MAX);
            values.extend(read.into_tuple::<String>().all(&app.db).await?);
        }
        Ok(values.into_iter().take(FACETS_SHOWN).collect())
    };
    Ok(Facets {
        models: values(device::Column::Model, device_count::Column::Model).await?,
        order_numbers: values(device::Column::OrderNumber, device_count::Column::OrderNumber).await?,
    })
}

/// An import with the name of whoever did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportDone {
    /// The row.
    pub row: key_import::Model,
    /// What the person is called, else the person's address.
    pub by: String,
}

/// A page of the dealer's imports, newest first, and how many there are.
///
/// # Errors
/// [`crate::error::Error::Forbidden`] for those who import no devices.
pub async fn imports(app: &App, actor: &Actor, page: &Page<KeyImportId>) -> Result<(Vec<ImportDone>, u64)> {
    let dealer = importer(actor)?;
    let own = key_import::Entity::find().filter(key_import::COLUMN.account_id.eq(dealer));
    let total = own.clone().count(&app.db).await?;
    let rows = own
        .apply_if(page.after, |rows, after| rows.filter(key_import::COLUMN.id.lt(after)))
        .join(JoinType::InnerJoin, to_user())
        .select_also(user::Entity)
        .order_by_desc(key_import::Column::Id)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    Ok((
        rows.into_iter()
            .map(|(row, user)| ImportDone { row, by: called(user) })
            .collect(),
        total,
    ))
}

/// What a person is called who has a row.
pub(in crate::meter) fn called(user: Option<user::Model>) -> String {
    user.and_then(|user| user.name.or(user.email)).unwrap_or_default()
}

fn to_user() -> RelationDef {
    key_import::Entity::belongs_to(user::Entity)
        .from(key_import::Column::UserId)
        .to(user::Column::Id)
        .into()
}
