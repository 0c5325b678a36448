//! Lists of devices, of their imports and of what devices can be filtered by.
use super::{DeviceFilter, Scope, matching};
use crate::{
    actor::Actor,
    app::App,
    entity::{device, key_import, user},
    error::Result,
    page::Page,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    RelationDef,
};
use shared::{
    account::{AccountKind, Right},
    id::{DeviceId, KeyImportId},
};

/// What orders a list of devices: the serial number, and the id where several have the same.
pub type DeviceKey = (String, DeviceId);

/// The most values that a filter offers.
const FACET_MAX: u64 = 200;

/// A page of the devices that the actor sees and that match a filter, by serial number, and how many there are.
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
    let found = device::Entity::find()
        .filter(scope.devices(today))
        .filter(matching(filter, scope.account, today));
    let total = found.clone().count(&app.db).await?;
    let rows = found
        .apply_if(page.after.clone(), |rows, after| rows.filter(follows(after)))
        .order_by_asc(device::Column::SerialNumber)
        .order_by_asc(device::Column::Id)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    Ok((rows, total))
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
    let seen = Scope::of(actor)?.devices(app.clock.today());
    let values = async |column: device::Column| -> Result<Vec<String>> {
        let found = device::Entity::find().filter(seen.clone()).filter(column.is_not_null());
        let values = found
            .select_only()
            .column(column)
            .distinct()
            .order_by_asc(column)
            .limit(FACET_MAX)
            .into_tuple();
        Ok(values.all(&app.db).await?)
    };
    Ok(Facets {
        models: values(device::Column::Model).await?,
        order_numbers: values(device::Column::OrderNumber).await?,
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
/// [`crate::error::Error::Forbidden`] for all but dealers who manage keys.
pub async fn imports(app: &App, actor: &Actor, page: &Page<KeyImportId>) -> Result<(Vec<ImportDone>, u64)> {
    let dealer = actor.require_in(AccountKind::Dealer, Right::ManageKeys)?.id;
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
