//! Judges the imports that wait, in batches: what a killed process began is begun anew, and what is old is dropped.
use super::{
    content::Content,
    delete,
    judge::{SHARED_BY, Stored, judge},
    layout, password,
};
use crate::{
    app::App,
    entity::{device, device_key, staged_import, staged_row},
    error::{Error, Result},
    meter::{
        import::{self, CHUNK, insert},
        table::{self, Candidate, Reader},
    },
};
use anyhow::Context;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef,
    sea_query::{Expr, ExprTrait},
};
use shared::{
    device::{KeyFileFormat, RowNote, RowVerdict, StagedImportState},
    id::StagedImportId,
};
use std::{collections::HashSet, time::Duration};
use tokio_util::sync::CancellationToken;

/// How often the rows are looked at if nobody wakes the worker.
const INTERVAL: Duration = Duration::from_secs(30);

/// Judges imports until `stop`; the batch under way is finished first.
pub async fn run(app: App, stop: CancellationToken) {
    loop {
        if let Err(error) = judge_waiting(&app, &stop).await {
            tracing::error!(%error, "an import of keys could not be judged; it is tried again");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.imports_wait.notified() => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

/// Drops what is old and judges all that waits for it.
///
/// # Errors
/// If database or file store fail; what was not judged then waits on.
pub async fn judge_waiting(app: &App, stop: &CancellationToken) -> Result<()> {
    let old = staged_import::Entity::find()
        .filter(staged_import::COLUMN.expires_at.lte(app.clock.now()))
        .all(&app.db)
        .await?;
    for row in old {
        let tx = app.begin().await?;
        delete(&tx, row.id).await?;
        tx.commit().await?;
    }
    while !stop.is_cancelled() {
        let next = staged_import::Entity::find()
            .filter(staged_import::COLUMN.state.eq(StagedImportState::Judging))
            .order_by_asc(staged_import::Column::Id)
            .one(&app.db)
            .await?;
        let Some(row) = next else { break };
        judge_one(app, &row, stop).await?;
    }
    Ok(())
}

async fn judge_one(app: &App, row: &staged_import::Model, stop: &CancellationToken) -> Result<()> {
    staged_row::Entity::delete_many()
        .filter(staged_row::COLUMN.import_id.eq(row.id))
        .exec(&app.db)
        .await?;
    let bytes = app.files.get(&row.sha256).await?;
    let mut judging = Judging {
        app,
        row,
        seen: HashSet::new(),
        judged: 0,
    };
    let goes_on = match row.format {
        KeyFileFormat::Kem | KeyFileFormat::Kem2 => {
            let file = import::read(bytes, password(app, row)?.to_string()).await?;
            let mut rows: Vec<_> = file.devices.into_iter().map(of_kem).collect();
            rows.extend(file.problems.into_iter().map(|problem| {
                let note = note_of(&problem.fault);
                Candidate::refused(problem.row, problem.serial.as_deref(), RowVerdict::Malformed, note)
            }));
            rows.sort_by_key(|row| row.position);
            judging.all(rows.into_iter(), stop).await?
        }
        KeyFileFormat::Json => {
            let text = table::decode(&bytes).context("a file that was text is none")?.0;
            let rows = table::json_rows(&text).map_err(|at| anyhow::anyhow!("a file that was JSON is none: {at}"))?;
            judging.all(rows.into_iter(), stop).await?
        }
        KeyFileFormat::Table => {
            let text = table::decode(&bytes).context("a file that was text is none")?.0;
            let layout = layout(row)?.context("a table without layout waits")?;
            let reader = Reader::new(&layout, table::lines(&text).next().map_or("", |(_, line)| line));
            let rows = table::lines(&text).skip(usize::from(layout.has_header));
            judging
                .all(rows.map(|(number, line)| reader.read(number, line)), stop)
                .await?
        }
    };
    if goes_on {
        finish(app, row).await?;
    }
    Ok(())
}

fn of_kem(device: crate::meter::kem::Device) -> Candidate {
    Candidate {
        position: device.row,
        device: Some(device),
        version: None,
        serial_number: None,
        verdict: None,
        note: None,
    }
}

fn note_of(fault: &crate::meter::kem::RowFault) -> RowNote {
    use crate::meter::kem::RowFault;
    match fault {
        RowFault::NoSerial => RowNote::NoSerial,
        RowFault::Serial => RowNote::NotASerial,
        RowFault::NoKey => RowNote::NoKey,
        RowFault::Key(_) => RowNote::NotAKey,
        RowFault::KeyName | RowFault::TwoKeys(_) | RowFault::TooManyKeys | RowFault::TooLong(_) => RowNote::Unreadable,
    }
}

/// One import under way.
struct Judging<'a> {
    app: &'a App,
    row: &'a staged_import::Model,
    /// Serial number, manufacturer and name of each key that came already, as the hash of the three.
    seen: HashSet<[u8; 8]>,
    judged: usize,
}

impl Judging<'_> {
    /// Judges all rows; false if somebody changed the layout meanwhile or the process stops.
    async fn all(&mut self, rows: impl Iterator<Item = Candidate>, stop: &CancellationToken) -> Result<bool> {
        let mut batch = Vec::with_capacity(CHUNK);
        for row in rows {
            batch.push(row);
            if batch.len() == CHUNK {
                if stop.is_cancelled() || !self.batch(std::mem::take(&mut batch)).await? {
                    return Ok(false);
                }
                tokio::task::yield_now().await;
            }
        }
        self.batch(batch).await
    }

    async fn batch(&mut self, batch: Vec<Candidate>) -> Result<bool> {
        let account = self.row.account_id;
        let serials = batch
            .iter()
            .filter_map(|row| Some(row.device.as_ref()?.serial.to_string()));
        let tx = self.app.begin().await?;
        let stored = Stored::load(&tx, account, serials.collect()).await?;
        self.judged += batch.len();
        let mut rows = Vec::with_capacity(batch.len());
        for candidate in batch {
            rows.push(self.judge(&stored, candidate)?);
        }
        self.mark_shared(&tx, &mut rows).await?;
        let changed = staged_import::Entity::update_many()
            .col_expr(
                staged_import::Column::JudgedCount,
                Expr::value(i32::try_from(self.judged).unwrap_or(i32::MAX)),
            )
            .filter(staged_import::COLUMN.id.eq(self.row.id))
            .filter(staged_import::COLUMN.generation.eq(self.row.generation))
            .exec(&tx)
            .await?;
        if changed.rows_affected == 0 {
            return Ok(false);
        }
        insert::<staged_row::Entity, _>(&tx, rows).await?;
        tx.commit().await?;
        Ok(true)
    }

    fn judge(&mut self, stored: &Stored, candidate: Candidate) -> Result<staged_row::Model> {
        let Self { app, row: import, .. } = *self;
        let position = i32::try_from(candidate.position).context("a file has too many rows")?;
        let mut row = staged_row::Model {
            import_id: import.id,
            position,
            serial_number: candidate.serial_number,
            manufacturer: None,
            model: None,
            verdict: candidate.verdict.unwrap_or(RowVerdict::Malformed),
            note: candidate.note,
            key_name: None,
            replaces: false,
            sealed: None,
            key_version: 0,
            fingerprint: None,
        };
        let Some(device) = candidate.device else {
            return Ok(row);
        };
        row.serial_number = Some(device.serial.to_string());
        let Some(letters) = device.manufacturer.map(|letters| letters.to_string()) else {
            row.note = Some(RowNote::NoManufacturer);
            return Ok(row);
        };
        let content = Content::of(&device, letters.clone(), candidate.version);
        let name = (device.serial.to_string(), letters.clone());
        row.model.clone_from(&content.model);
        row.manufacturer = Some(letters);
        let mut is_duplicate = false;
        for (key_name, _) in &device.keys {
            is_duplicate |= !self.seen.insert(hash(&name, key_name));
        }
        if is_duplicate {
            row.verdict = RowVerdict::Duplicate;
            return Ok(row);
        }
        let (verdict, note, key_name) = judge(app, stored, &name, &device.keys)?;
        row.verdict = verdict;
        row.note = row.note.or(note);
        row.key_name = key_name;
        if matches!(verdict, RowVerdict::New | RowVerdict::DifferentKey) {
            let sealed = content.seal(app, &import.id, position)?;
            row.sealed = Some(sealed.bytes);
            row.key_version = sealed.version;
        }
        if let Some((_, key)) = device.keys.first() {
            row.fingerprint = Some(app.keys.fingerprint(key.expose())?);
        }
        Ok(row)
    }

    /// Notes keys that the holder has on many devices already.
    async fn mark_shared(&self, db: &impl ConnectionTrait, rows: &mut [staged_row::Model]) -> Result<()> {
        let prints: Vec<Vec<u8>> = rows.iter().filter_map(|row| row.fingerprint.clone()).collect();
        if prints.is_empty() {
            return Ok(());
        }
        let to_device: RelationDef = device_key::Entity::belongs_to(device::Entity)
            .from(device_key::Column::DeviceId)
            .to(device::Column::Id)
            .into();
        let shared: Vec<Vec<u8>> = device_key::Entity::find()
            .join(JoinType::InnerJoin, to_device)
            .filter(device::COLUMN.account_id.eq(self.row.account_id))
            .filter(device_key::Column::Fingerprint.is_in(prints))
            .select_only()
            .column(device_key::Column::Fingerprint)
            .group_by(device_key::Column::Fingerprint)
            .having(device_key::Column::DeviceId.count().gte(SHARED_BY))
            .into_tuple()
            .all(db)
            .await?;
        let shared: HashSet<Vec<u8>> = shared.into_iter().collect();
        for row in rows {
            let is_shared = row.fingerprint.as_ref().is_some_and(|print| shared.contains(print));
            if is_shared && row.verdict == RowVerdict::New && row.note.is_none() {
                row.note = Some(RowNote::SharedKey);
            }
        }
        Ok(())
    }
}

/// Enough of the SHA-256 to tell a quarter of a million rows apart.
fn hash(name: &(String, String), key_name: &str) -> [u8; 8] {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(format!("{}\0{}\0{key_name}", name.0, name.1));
    let mut short = [0; 8];
    short.copy_from_slice(&digest[..8]);
    short
}

/// Notes keys that are shared within the file, and lets the person go on.
async fn finish(app: &App, import: &staged_import::Model) -> Result<()> {
    let tx = app.begin().await?;
    let of_import = |id: StagedImportId| staged_row::COLUMN.import_id.eq(id);
    let shared: Vec<Vec<u8>> = staged_row::Entity::find()
        .filter(of_import(import.id))
        .filter(staged_row::COLUMN.verdict.eq(RowVerdict::New))
        .filter(staged_row::COLUMN.note.is_null())
        .select_only()
        .column(staged_row::Column::Fingerprint)
        .group_by(staged_row::Column::Fingerprint)
        .having(staged_row::Column::Position.count().gte(SHARED_BY))
        .into_tuple()
        .all(&tx)
        .await?;
    for prints in shared.chunks(CHUNK) {
        staged_row::Entity::update_many()
            .col_expr(staged_row::Column::Note, Expr::value(RowNote::SharedKey))
            .filter(of_import(import.id))
            .filter(staged_row::Column::Fingerprint.is_in(prints.to_vec()))
            .filter(staged_row::COLUMN.verdict.eq(RowVerdict::New))
            .filter(staged_row::COLUMN.note.is_null())
            .exec(&tx)
            .await?;
    }
    let changed = staged_import::Entity::update_many()
        .col_expr(staged_import::Column::State, Expr::value(StagedImportState::Ready))
        .filter(staged_import::COLUMN.id.eq(import.id))
        .filter(staged_import::COLUMN.generation.eq(import.generation))
        .exec(&tx)
        .await?;
    if changed.rows_affected > 0 {
        tx.commit().await.map_err(Error::from)?;
    }
    Ok(())
}
