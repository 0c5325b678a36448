//! Which keys somebody has seen, taken or proved, and how many he may see in an hour. The count is of rows that the act
//! itself has written, under a lock of the person's row: neither a restart nor parallel requests give more.
use crate::{
    actor::Actor,
    app::App,
    entity::{key_use, user},
    error::{Error, Result},
};
use chrono::TimeDelta;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect};
use shared::{
    device::KeyUse,
    error::Reason,
    id::{DeviceId, KeyRequestId},
};

/// The time in which the quota is counted.
pub const QUOTA_WINDOW: TimeDelta = TimeDelta::hours(1);

/// How many rows go into one statement.
const CHUNK: usize = 500;

/// Notes what the actor does with keys. Call it in the transaction of the act.
///
/// # Errors
/// [`Error::Forbidden`] without an account in view; else if the rows cannot be written.
pub async fn note(
    db: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    how: KeyUse,
    request: Option<KeyRequestId>,
    keys: impl IntoIterator<Item = (DeviceId, String)>,
) -> Result<()> {
    let account = actor.in_view()?.id;
    let at = app.clock.now();
    let rows: Vec<_> = keys
        .into_iter()
        .map(|(device_id, name)| {
            let row = key_use::Model {
                id: app.new_id(),
                user_id: actor.user,
                account_id: account,
                device_id,
                name,
                how,
                request_id: request,
                at,
            };
            row.into_active_model()
        })
        .collect();
    for chunk in rows.chunks(CHUNK) {
        key_use::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

/// Every time that a key of these devices was shown to somebody or left in a file, oldest first; proofs show no key and
/// do not count. Its callers have found the devices for whoever asks.
///
/// # Errors
/// If the database refuses.
pub async fn seen(db: &impl ConnectionTrait, devices: &[DeviceId]) -> Result<Vec<key_use::Model>> {
    let mut found = Vec::new();
    for chunk in devices.chunks(CHUNK) {
        let rows = key_use::Entity::find()
            .filter(key_use::COLUMN.device_id.is_in(chunk.iter().copied()))
            .filter(key_use::COLUMN.how.ne(KeyUse::Proved))
            .all(db)
            .await?;
        found.extend(rows);
    }
    found.sort_by_key(|row| (row.at, row.id));
    Ok(found)
}

/// That the quota leaves room for so many more keys. Whoever asks at the same time waits until the caller's transaction
/// is over.
///
/// # Errors
/// [`Error::Invalid`] on `field` with `KEY_QUOTA` if it does not.
pub async fn require_room(
    db: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    field: &'static str,
    wanted: u64,
) -> Result<()> {
    user::Entity::find_by_id(actor.user).lock_exclusive().one(db).await?;
    let used = key_use::Entity::find()
        .filter(key_use::COLUMN.user_id.eq(actor.user))
        .filter(key_use::COLUMN.at.gt(app.clock.now() - QUOTA_WINDOW))
        .filter(key_use::COLUMN.how.ne(KeyUse::Proved))
        .filter(key_use::COLUMN.request_id.is_null())
        .count(db)
        .await?;
    let quota = u64::try_from(app.settings.key_quota).unwrap_or_default();
    if used.saturating_add(wanted) > quota {
        return Err(Error::invalid(
            field,
            Reason::KeyQuota,
            "more keys than the quota of an hour allows; ask for approval (mutation requestKeys)",
        ));
    }
    Ok(())
}
