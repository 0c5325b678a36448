//! Takes an import back as long as nobody knows a key of it.
use super::commit::former_place;
use crate::{
    account,
    actor::Actor,
    app::App,
    audit,
    entity::{device, device_key, former_key, key_import, key_request_device, key_use, read_right},
    error::{Error, Result},
    meter::{import::place, importer},
    seal::Sealed,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QuerySelect, QueryTrait, sea_query::SelectStatement,
};
use shared::{device::KeyUse, error::Reason, id::KeyImportId};

/// The devices with keys of an import.
fn touched(id: KeyImportId) -> SelectStatement {
    device_key::Entity::find()
        .filter(device_key::COLUMN.import_id.eq(id))
        .select_only()
        .column(device_key::Column::DeviceId)
        .into_query()
}

/// The devices that an import made.
fn made(id: KeyImportId) -> SelectStatement {
    device::Entity::find()
        .filter(device::COLUMN.import_id.eq(id))
        .select_only()
        .column(device::Column::Id)
        .into_query()
}

/// Removes the keys of an import and the devices that it made, and puts back the keys that it replaced. A device that got
/// keys of a later import stays with these.
///
/// # Errors
/// [`Error::Forbidden`] for those who import no devices; [`Error::NotFound`] for imports of others;
/// [`Error::StepUpRequired`]; [`Error::Conflict`] if it was undone; [`Error::Invalid`] on `id` with `KEY_SEEN` if a key was
/// seen or taken since, with `REPLACED_SINCE` if a later import replaced one, with `DEVICE_IN_USE` if a device is assigned, asked for or no longer the account's.
pub async fn undo(app: &App, actor: &Actor, id: KeyImportId) -> Result<key_import::Model> {
    let dealer = importer(actor)?;
    let tx = app.begin().await?;
    account::take_turn(&tx, &[dealer]).await?;
    let found = key_import::Entity::find_by_id(id)
        .filter(key_import::COLUMN.account_id.eq(dealer))
        .one(&tx)
        .await?;
    let row = found.ok_or(Error::NotFound("import"))?;
    actor.require_step_up(app.clock.now())?;
    if row.undone_at.is_some() {
        return Err(Error::Conflict("the import was undone already"));
    }
    require_unseen(&tx, &row).await?;
    require_last(&tx, id).await?;
    device_key::Entity::delete_many()
        .filter(device_key::COLUMN.import_id.eq(id))
        .exec(&tx)
        .await?;
    put_back(&tx, app, id).await?;
    let with_keys = device_key::Entity::find()
        .select_only()
        .column(device_key::Column::DeviceId)
        .filter(device_key::Column::DeviceId.in_subquery(made(id)))
        .into_query();
    let gone = device::Entity::find()
        .filter(device::COLUMN.import_id.eq(id))
        .filter(device::Column::Id.not_in_subquery(with_keys))
        .select_only()
        .column(device::Column::Id)
        .into_query();
    key_use::Entity::delete_many()
        .filter(key_use::Column::DeviceId.in_subquery(gone.clone()))
        .exec(&tx)
        .await?;
    device::Entity::delete_many()
        .filter(device::Column::Id.in_subquery(gone))
        .exec(&tx)
        .await
        .map_err(|error| match error.sql_err() {
            Some(sea_orm::SqlErr::ForeignKeyConstraintViolation(_)) => in_use(),
            _ => error.into(),
        })?;
    let mut changed = row.into_active_model();
    changed.undone_at = Set(Some(app.clock.now()));
    let row = changed.update(&tx).await?;
    audit::record(&tx, app, Some(actor), "undoKeyImport", Some(id.to_string()), true).await?;
    tx.commit().await?;
    Ok(row)
}

fn in_use() -> Error {
    Error::invalid(
        "id",
        Reason::DeviceInUse,
        "a device of the import is assigned, asked for or passed on",
    )
}

/// That nobody saw or took a key of the import since, and that nobody was given a device that it made.
async fn require_unseen(db: &impl ConnectionTrait, row: &key_import::Model) -> Result<()> {
    let seen = key_use::Entity::find()
        .filter(key_use::Column::DeviceId.in_subquery(touched(row.id)))
        .filter(key_use::COLUMN.at.gte(row.created_at))
        .filter(key_use::COLUMN.how.ne(KeyUse::Proved))
        .count(db)
        .await?;
    if seen > 0 {
        return Err(Error::invalid(
            "id",
            Reason::KeySeen,
            "a key of the import was seen or taken",
        ));
    }
    let assigned = read_right::Entity::find()
        .filter(read_right::Column::DeviceId.in_subquery(made(row.id)))
        .count(db)
        .await?;
    let asked = key_request_device::Entity::find()
        .filter(key_request_device::Column::DeviceId.in_subquery(made(row.id)))
        .count(db)
        .await?;
    let passed_on = device::Entity::find()
        .filter(device::Column::Id.in_subquery(touched(row.id)))
        .filter(device::COLUMN.account_id.ne(row.account_id))
        .count(db)
        .await?;
    if assigned + asked + passed_on > 0 {
        return Err(in_use());
    }
    Ok(())
}

/// That no later import replaced a key of this one: imports are taken back in the reverse order, so that what comes back is
/// what stood there before.
async fn require_last(db: &impl ConnectionTrait, id: KeyImportId) -> Result<()> {
    let replaced = former_key::Entity::find()
        .filter(former_key::COLUMN.import_id.eq(id))
        .count(db)
        .await?;
    if replaced == 0 {
        return Ok(());
    }
    Err(Error::invalid(
        "id",
        Reason::ReplacedSince,
        "a later import replaced a key of this one; undo that one first",
    ))
}

async fn put_back(db: &impl ConnectionTrait, app: &App, id: KeyImportId) -> Result<()> {
    let rows = former_key::Entity::find()
        .filter(former_key::COLUMN.replaced_by.eq(id))
        .all(db)
        .await?;
    for row in rows {
        let sealed = Sealed {
            bytes: row.sealed,
            version: row.key_version,
        };
        let plain = app.keys.open(former_place(&row.id, &row.name), &sealed)?;
        let sealed = app.keys.seal(&app.rng, place(&row.device_id, &row.name), &plain)?;
        let key = device_key::Model {
            device_id: row.device_id,
            name: row.name,
            sealed: sealed.bytes,
            key_version: sealed.version,
            import_id: row.import_id,
            created_at: row.created_at,
            fingerprint: app.keys.fingerprint(&plain)?,
        };
        key.into_active_model().insert(db).await?;
        former_key::Entity::delete_by_id(row.id).exec(db).await?;
    }
    Ok(())
}
