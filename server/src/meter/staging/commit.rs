//! Does an import that waits: all in one transaction, so that a killed process leaves nothing of it.
use super::{
    content::Content,
    delete,
    judge::{Name, Stored},
    ready,
};
use crate::{
    account,
    actor::Actor,
    app::App,
    audit,
    entity::{device, device_key, former_key, key_import, staged_row},
    error::Result,
    meter::{
        import::{CHUNK, insert, place},
        importer,
        key::MeterKey,
    },
    seal::{Place, Sealed},
};
use anyhow::Context;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};
use shared::{
    device::{DeviceProof, RowVerdict},
    id::{DeviceId, KeyImportId, StagedImportId},
};
use std::collections::HashMap;
use uuid::Uuid;

/// The sealed place of a key that another took the place of.
pub(super) fn former_place<'a>(id: &'a Uuid, name: &'a str) -> Place<'a> {
    Place {
        column: "former_key.sealed",
        row: id.as_bytes(),
        name,
    }
}

/// Adds the devices and keys of an import that waits: rows whose verdict is new, and those with another key of which the
/// person has said that it takes the stored one's place. Everything is looked up again: what came in between is kept.
///
/// # Errors
/// Those of [`super::get`]; [`crate::error::Error::Conflict`] while rows are judged; [`crate::error::Error::StepUpRequired`] if keys are
/// replaced.
pub async fn commit(app: &App, actor: &Actor, id: StagedImportId) -> Result<key_import::Model> {
    let tx = app.begin().await?;
    account::take_turn(&tx, &[importer(actor)?]).await?;
    let staged = ready(&tx, app, actor, id).await?;
    let of_import = || staged_row::Entity::find().filter(staged_row::COLUMN.import_id.eq(id));
    let replaced = of_import()
        .filter(staged_row::COLUMN.replaces.eq(true))
        .one(&tx)
        .await?;
    if replaced.is_some() {
        actor.require_step_up(app.clock.now())?;
    }
    let done = key_import::Model {
        id: KeyImportId(app.new_id()),
        account_id: staged.account_id,
        user_id: actor.user,
        file_name: staged.file_name,
        sha256: staged.sha256,
        order_number: staged.order_number,
        new_count: 0,
        same_count: 0,
        skipped_count: 0,
        created_at: app.clock.now(),
        replaced_count: 0,
        undone_at: None,
    };
    done.clone().into_active_model().insert(&tx).await?;
    let mut adding = Adding {
        app,
        import: &done,
        new: 0,
        replaced: 0,
    };
    let counting = app.imports_progress.begin(id);
    let mut after = 0;
    loop {
        let rows = of_import()
            .filter(staged_row::COLUMN.position.gt(after))
            .filter(
                Condition::any()
                    .add(staged_row::COLUMN.verdict.eq(RowVerdict::New))
                    .add(staged_row::COLUMN.replaces.eq(true)),
            )
            .order_by_asc(staged_row::Column::Position)
            .limit(CHUNK as u64)
            .all(&tx)
            .await?;
        let Some(last) = rows.last() else { break };
        after = last.position;
        let count = rows.len();
        adding.batch(&tx, id, rows).await?;
        counting.add(count);
    }
    let (new, replaced) = (adding.new, adding.replaced);
    let counts = super::counts(&tx, id).await?;
    let number = |count: i64| i32::try_from(count).context("a file has too many rows");
    let total: i64 = counts.iter().map(|(_, count)| count).sum();
    let same = counts.iter().find(|(verdict, _)| *verdict == RowVerdict::Same);
    let same = same.map_or(0, |(_, count)| *count);
    let mut changed = done.into_active_model();
    changed.new_count = Set(number(new)?);
    changed.same_count = Set(number(same)?);
    changed.replaced_count = Set(number(replaced)?);
    changed.skipped_count = Set(number(total - new - same - replaced)?);
    let done = changed.update(&tx).await?;
    delete(&tx, id).await?;
    audit::record(
        &tx,
        app,
        Some(actor),
        "commitKeyImport",
        Some(done.id.to_string()),
        true,
    )
    .await?;
    tx.commit().await?;
    Ok(done)
}

struct Adding<'a> {
    app: &'a App,
    import: &'a key_import::Model,
    new: i64,
    replaced: i64,
}

impl Adding<'_> {
    async fn batch(
        &mut self,
        db: &impl ConnectionTrait,
        id: StagedImportId,
        rows: Vec<staged_row::Model>,
    ) -> Result<()> {
        let (app, import) = (self.app, self.import);
        let serials = rows.iter().filter_map(|row| row.serial_number.clone()).collect();
        let mut stored = Stored::load(db, import.account_id, serials).await?;
        let (mut devices, mut keys) = (Vec::new(), Vec::new());
        let mut replacements: HashMap<(DeviceId, String), MeterKey> = HashMap::new();
        for row in rows {
            let Some(bytes) = row.sealed else { continue };
            let sealed = Sealed {
                bytes,
                version: row.key_version,
            };
            let content = Content::open(app, &id, row.position, &sealed)?;
            let name: Name = (content.serial.clone(), content.manufacturer.clone());
            let named = content.keys()?;
            let known = stored.devices.get(&name).copied();
            let current = known.and_then(|device| stored.keys.get(&device));
            let mut differs = false;
            let mut added = Vec::new();
            let mut changed = Vec::new();
            for (key_name, key) in named {
                let print = app.keys.fingerprint(key.expose())?;
                match current.and_then(|current| current.get(&key_name)) {
                    None => added.push((key_name, key, print)),
                    Some(stored) if *stored == print => {}
                    Some(_) if row.replaces => changed.push((key_name, key)),
                    Some(_) => differs = true,
                }
            }
            if differs || (added.is_empty() && changed.is_empty()) {
                continue; // somebody else was faster
            }
            let device = known.unwrap_or_else(|| DeviceId(app.new_id()));
            if known.is_none() {
                devices.push(self.device(device, content));
                stored.devices.insert(name, device);
            }
            if changed.is_empty() {
                self.new += 1;
            } else {
                self.replaced += 1;
            }
            for (name, key, fingerprint) in added {
                let sealed = app.keys.seal(&app.rng, place(&device, &name), key.expose())?;
                let held = stored.keys.entry(device).or_default();
                held.insert(name.clone(), fingerprint.clone());
                keys.push(device_key::Model {
                    device_id: device,
                    name,
                    sealed: sealed.bytes,
                    key_version: sealed.version,
                    import_id: import.id,
                    created_at: import.created_at,
                    fingerprint,
                });
            }
            replacements.extend(changed.into_iter().map(|(name, key)| ((device, name), key)));
        }
        insert::<device::Entity, _>(db, devices).await?;
        insert::<device_key::Entity, _>(db, keys).await?;
        for ((device, name), key) in replacements {
            self.replace(db, device, name, &key).await?;
        }
        Ok(())
    }

    fn device(&self, id: DeviceId, content: Content) -> device::Model {
        device::Model {
            id,
            account_id: self.import.account_id,
            kind: content.kind,
            manufacturer: content.manufacturer,
            serial_number: content.serial,
            model: content.model,
            type_number: content.type_number,
            config_number: content.config_number,
            order_number: content.order_number,
            own_number: content.own_number,
            proof: DeviceProof::Unproven,
            proven_at: None,
            created_at: self.import.created_at,
            version: content.version.map(i32::from),
            medium: content.medium,
            import_id: Some(self.import.id),
            passed_by: None,
        }
    }

    /// Puts a key in the place of another, which is kept sealed among the former ones.
    async fn replace(&self, db: &impl ConnectionTrait, device: DeviceId, name: String, key: &MeterKey) -> Result<()> {
        let (app, import) = (self.app, self.import);
        let found = device_key::Entity::find_by_id((device, name.clone())).one(db).await?;
        let current = found.context("a key is gone that was there")?;
        let sealed = Sealed {
            bytes: current.sealed.clone(),
            version: current.key_version,
        };
        let plain = app.keys.open(place(&device, &name), &sealed)?;
        let former = app.new_id();
        let kept = app.keys.seal(&app.rng, former_place(&former, &name), &plain)?;
        let former = former_key::Model {
            id: former,
            device_id: device,
            name: name.clone(),
            sealed: kept.bytes,
            key_version: kept.version,
            import_id: current.import_id,
            created_at: current.created_at,
            replaced_by: import.id,
        };
        former.into_active_model().insert(db).await?;
        let sealed = app.keys.seal(&app.rng, place(&device, &name), key.expose())?;
        let mut changed = current.into_active_model();
        changed.sealed = Set(sealed.bytes);
        changed.key_version = Set(sealed.version);
        changed.import_id = Set(import.id);
        changed.created_at = Set(import.created_at);
        changed.fingerprint = Set(app.keys.fingerprint(key.expose())?);
        changed.update(db).await?;
        Ok(())
    }
}
