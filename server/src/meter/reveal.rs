//! Reading one key of one device.
use super::{Scope, get, import::place, key::MeterKey, request, usage};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{device, device_key},
    error::{Error, Result},
    seal::Sealed,
};
use anyhow::anyhow;
use sea_orm::{EntityTrait, QueryFilter};
use secrecy::zeroize::Zeroizing;
use shared::{
    account::Right,
    device::KeyUse,
    id::{DeviceId, KeyRequestId},
};

/// Gives a key as 32 hexadecimal digits, upper case, to whoever holds its device or may read it at this moment. The
/// audit row is written in the same transaction: without it there is no answer.
///
/// # Errors
/// [`Error::Forbidden`] without the right to read keys, and for devices whose keys the actor may only prove; [`Error::NotFound`] for devices that the actor does not see and
/// names that it has no key of; [`Error::SecondFactorRequired`] where one is required and the actor gave none;
/// [`Error::StepUpRequired`] if the actor did not prove lately who he is; [`Error::Invalid`] with `KEY_QUOTA` above the
/// quota of an hour, unless `by` names an open request; [`Error::Conflict`] for one that is not open.
pub async fn reveal(
    app: &App,
    actor: &Actor,
    id: DeviceId,
    name: &str,
    by: Option<KeyRequestId>,
) -> Result<(device::Model, Zeroizing<String>)> {
    actor.require(Right::ReadKeys)?;
    let tx = app.begin().await?;
    let device = get(&tx, app, actor, id).await?;
    let whole = Scope::of(actor)?.revealable(app.clock.today());
    if device::Entity::find_by_id(id).filter(whole).one(&tx).await?.is_none() {
        return Err(Error::Forbidden);
    }
    let row = device_key::Entity::find_by_id((id, name.to_owned()))
        .one(&tx)
        .await?
        .ok_or(Error::NotFound("key"))?;
    if app.settings.require_second_factor && !actor.has_second_factor {
        return Err(Error::SecondFactorRequired);
    }
    actor.require_step_up(app.clock.now())?;
    match by {
        Some(request) if !request::names(&tx, request, id).await? => return Err(Error::NotFound("keyRequest")),
        Some(request) => request::take(&tx, app, actor, request).await?,
        None => usage::require_room(&tx, app, actor, "deviceId", 1).await?,
    }
    usage::note(&tx, app, actor, KeyUse::Shown, by, [(id, row.name.clone())]).await?;
    audit::record(
        &tx,
        app,
        Some(actor),
        "revealKey",
        Some(format!("{id} {}", row.name)),
        true,
    )
    .await?;
    let sealed = Sealed {
        bytes: row.sealed,
        version: row.key_version,
    };
    let opened = app.keys.open(place(&id, &row.name), &sealed)?;
    let key = opened
        .as_slice()
        .try_into()
        .map_err(|_| anyhow!("a stored key has not 16 bytes"))?;
    tx.commit().await?;
    Ok((device, MeterKey::new(key).to_hex()))
}
