//! Imports in two steps: an uploaded file is read and judged row by row into rows that wait; then the person does it or
//! drops it. What waits belongs to the one who brought it and is gone after a day.
pub mod commit;
mod content;
pub mod graphql;
mod judge;
mod progress;
pub mod undo;
pub mod worker;

pub use progress::Progress;

use super::{import, importer, kem, table};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{file as file_row, staged_import, staged_row},
    error::{Error, Result},
    file,
    page::Page,
    seal::{Place, Sealed},
};
use anyhow::Context;
use chrono::TimeDelta;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use secrecy::zeroize::Zeroizing;
use shared::{
    device::{KeyColumn, KeyFileFormat, RowVerdict, StagedImportState},
    error::Reason,
    id::{AccountId, FileId, StagedImportId},
};
use table::Layout;

/// How long an import waits to be done.
pub const LIFE: TimeDelta = TimeDelta::hours(24);

/// How many imports of a person may wait.
pub const WAITING_MAX: u64 = 5;

/// How many lines of a file the page shows.
pub const SAMPLE_LINES: usize = 6;

fn password_place(id: &StagedImportId) -> Place<'_> {
    Place {
        column: "staged_import.sealed",
        row: id.0.as_bytes(),
        name: "password",
    }
}

/// Takes an uploaded file to be judged. A table gets the layout that fits it best.
///
/// # Errors
/// [`Error::Forbidden`] for those who import no devices; [`Error::NotFound`] for files of others; [`Error::Invalid`] on
/// `fileId` or `password` if the file cannot be read, and with `TOO_MANY` if [`WAITING_MAX`] imports wait already.
pub async fn stage(app: &App, actor: &Actor, id: FileId, password: Option<String>) -> Result<staged_import::Model> {
    let dealer = importer(actor)?;
    let (found, bytes) = file::get(app, actor, id).await?;
    let staged = StagedImportId(app.new_id());
    let password = Zeroizing::new(password.unwrap_or_default());
    let read = read(bytes, &password).await?;
    let mut row = row(app, actor, dealer, staged, found);
    row.format = read.format;
    row.order_number = read.order_number;
    row.layout = read.layout.as_ref().map(to_json).transpose()?;
    row.row_count = i32::try_from(read.row_count).unwrap_or(i32::MAX);
    if matches!(read.format, KeyFileFormat::Kem | KeyFileFormat::Kem2) {
        let sealed = app.keys.seal(&app.rng, password_place(&staged), password.as_bytes())?;
        row.sealed = Some(sealed.bytes);
        row.key_version = Some(sealed.version);
    }
    let tx = app.begin().await?;
    let waiting = own(actor, dealer, app).count(&tx).await?;
    if waiting >= WAITING_MAX {
        let message = format!("{WAITING_MAX} imports wait; do or drop one first");
        return Err(Error::invalid("fileId", Reason::TooMany, message));
    }
    row.clone().into_active_model().insert(&tx).await?;
    audit::record(&tx, app, Some(actor), "stageKeyImport", Some(staged.to_string()), true).await?;
    tx.commit().await?;
    app.imports_wait.notify_one();
    Ok(row)
}

fn row(app: &App, actor: &Actor, dealer: AccountId, id: StagedImportId, file: file_row::Model) -> staged_import::Model {
    let now = app.clock.now();
    staged_import::Model {
        id,
        account_id: dealer,
        user_id: actor.user,
        file_id: file.id,
        file_name: file.name,
        sha256: file.sha256,
        format: KeyFileFormat::Table,
        order_number: None,
        layout: None,
        sealed: None,
        key_version: None,
        state: StagedImportState::Judging,
        generation: 1,
        judged_count: 0,
        row_count: 0,
        created_at: now,
        expires_at: now + LIFE,
    }
}

struct Read {
    format: KeyFileFormat,
    order_number: Option<String>,
    layout: Option<Layout>,
    row_count: usize,
}

/// That a file can be read, and how. By its bytes: a ZIP or XML is a KEM, brackets begin JSON, other text is a table.
async fn read(bytes: Vec<u8>, password: &Zeroizing<String>) -> Result<Read> {
    if is_kem(&bytes) {
        let file = import::read(bytes, password.to_string()).await?;
        return Ok(Read {
            format: match file.format {
                kem::Format::Kem => KeyFileFormat::Kem,
                kem::Format::Kem2 => KeyFileFormat::Kem2,
            },
            order_number: file.order,
            layout: None,
            row_count: file.devices.len() + file.problems.len(),
        });
    }
    let read = tokio::task::spawn_blocking(move || {
        let (text, _) =
            table::decode(&bytes).map_err(|error| Error::invalid("fileId", Reason::NotAKemFile, error.to_string()))?;
        let (format, layout, row_count) = if text.trim_start().starts_with(['[', '{']) {
            let rows = table::json_rows(&text).map_err(|at| Error::invalid("fileId", Reason::BrokenFile, at))?;
            (KeyFileFormat::Json, None, rows.len())
        } else {
            let layout = table::detect(&text);
            let lines = table::lines(&text).count();
            let rows = lines - usize::from(layout.has_header);
            (KeyFileFormat::Table, Some(layout), rows)
        };
        if row_count > table::MAX_ROWS {
            let message = format!("a file has at most {} rows", table::MAX_ROWS);
            return Err(Error::invalid("fileId", Reason::TooMany, message));
        }
        Ok(Read {
            format,
            order_number: None,
            layout,
            row_count,
        })
    });
    read.await.context("reading a key file broke off")?
}

fn is_kem(bytes: &[u8]) -> bool {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    start.starts_with(b"PK") || start.trim_ascii_start().starts_with(b"<")
}

fn to_json(layout: &Layout) -> Result<String> {
    Ok(serde_json::to_string(layout).context("a layout has a text")?)
}

/// The layout of a table.
///
/// # Errors
/// If the row holds none that can be read.
pub fn layout(row: &staged_import::Model) -> Result<Option<Layout>> {
    let read = |text: &String| serde_json::from_str(text).context("a layout is stored that cannot be read");
    Ok(row.layout.as_ref().map(read).transpose()?)
}

fn own(actor: &Actor, dealer: AccountId, app: &App) -> sea_orm::Select<staged_import::Entity> {
    staged_import::Entity::find()
        .filter(staged_import::COLUMN.account_id.eq(dealer))
        .filter(staged_import::COLUMN.user_id.eq(actor.user))
        .filter(staged_import::COLUMN.expires_at.gt(app.clock.now()))
}

/// The actor's imports that wait in the account in view, newest first; at most [`WAITING_MAX`].
///
/// # Errors
/// [`Error::Forbidden`] for those who import no devices.
pub async fn waiting(app: &App, actor: &Actor) -> Result<Vec<staged_import::Model>> {
    let dealer = importer(actor)?;
    let rows = own(actor, dealer, app)
        .order_by_desc(staged_import::Column::Id)
        .limit(WAITING_MAX);
    Ok(rows.all(&app.db).await?)
}

/// An import of the actor's that waits.
///
/// # Errors
/// [`Error::Forbidden`] for those who import no devices; [`Error::NotFound`] for those of others and those that ended.
pub async fn get(
    db: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    id: StagedImportId,
) -> Result<staged_import::Model> {
    let dealer = importer(actor)?;
    let found = own(actor, dealer, app)
        .filter(staged_import::COLUMN.id.eq(id))
        .one(db)
        .await?;
    found.ok_or(Error::NotFound("staged import"))
}

/// The same, with all verdicts found.
async fn ready(
    db: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    id: StagedImportId,
) -> Result<staged_import::Model> {
    let row = get(db, app, actor, id).await?;
    if row.state == StagedImportState::Ready {
        Ok(row)
    } else {
        Err(Error::Conflict("the rows are still being judged"))
    }
}

/// How many rows have which verdict, in the order of the verdicts.
///
/// # Errors
/// If the database refuses.
pub async fn counts(db: &impl ConnectionTrait, id: StagedImportId) -> Result<Vec<(RowVerdict, i64)>> {
    let rows = staged_row::Entity::find()
        .filter(staged_row::COLUMN.import_id.eq(id))
        .select_only()
        .column(staged_row::Column::Verdict)
        .column_as(staged_row::Column::Position.count(), "count")
        .group_by(staged_row::Column::Verdict)
        .order_by_asc(staged_row::Column::Verdict)
        .into_tuple();
    Ok(rows.all(db).await?)
}

/// How many rows take the place of a stored key.
///
/// # Errors
/// If the database refuses.
pub async fn replacing(db: &impl ConnectionTrait, id: StagedImportId) -> Result<u64> {
    let rows = staged_row::Entity::find()
        .filter(staged_row::COLUMN.import_id.eq(id))
        .filter(staged_row::COLUMN.replaces.eq(true));
    Ok(rows.count(db).await?)
}

/// A page of the rows of an import, in the order of the file, and how many there are.
///
/// # Errors
/// Those of [`get`].
pub async fn rows(
    app: &App,
    actor: &Actor,
    id: StagedImportId,
    verdict: Option<RowVerdict>,
    page: &Page<i32>,
) -> Result<(Vec<staged_row::Model>, u64)> {
    let row = get(&app.db, app, actor, id).await?;
    let found = staged_row::Entity::find()
        .filter(staged_row::COLUMN.import_id.eq(row.id))
        .apply_if(verdict, |rows, verdict| {
            rows.filter(staged_row::COLUMN.verdict.eq(verdict))
        });
    let total = found.clone().count(&app.db).await?;
    let rows = found
        .apply_if(page.after, |rows, after| {
            rows.filter(staged_row::COLUMN.position.gt(after))
        })
        .order_by_asc(staged_row::Column::Position)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    Ok((rows, total))
}

/// The first cells of a table, every run of more than eight hexadecimal digits hidden: keys are for those who may see
/// them.
///
/// # Errors
/// If the file is gone.
pub async fn sample(app: &App, row: &staged_import::Model) -> Result<Vec<Vec<String>>> {
    let Some(layout) = layout(row)? else {
        return Ok(Vec::new());
    };
    let bytes = app.files.get(&row.sha256).await?;
    let Ok((text, _)) = table::decode(&bytes) else {
        return Ok(Vec::new());
    };
    let lines = table::lines(&text).take(SAMPLE_LINES);
    Ok(lines
        .map(|(_, line)| {
            let line = &line[..line.floor_char_boundary(table::MAX_LINE_BYTES)];
            let cells = table::split(line, layout.delimiter).unwrap_or_else(|| vec![line.into()]);
            cells.iter().map(|cell| hidden(cell)).collect()
        })
        .collect())
}

fn hidden(cell: &str) -> String {
    let cell: String = cell.chars().take(80).collect();
    let digits = cell.chars().filter(char::is_ascii_hexdigit).count();
    if digits <= 12 || !cell.chars().any(|c| c.is_ascii_digit()) {
        return cell;
    }
    let mut shown = 0;
    cell.chars()
        .map(|c| {
            shown += usize::from(c.is_ascii_hexdigit());
            if c.is_ascii_hexdigit() && shown > 2 { '•' } else { c }
        })
        .collect()
}

/// Reads a table in another layout: its rows are judged anew.
///
/// # Errors
/// Those of [`get`]; [`Error::Conflict`] if the file is no table; [`Error::Invalid`] on `delimiter`, `columns` or
/// `manufacturer`.
pub async fn lay_out(app: &App, actor: &Actor, id: StagedImportId, wanted: Layout) -> Result<staged_import::Model> {
    let tx = app.begin().await?;
    let row = get(&tx, app, actor, id).await?;
    let Some(current) = layout(&row)? else {
        return Err(Error::Conflict("only tables have a layout"));
    };
    if !matches!(wanted.delimiter, ';' | ',' | '\t' | '|' | ' ') {
        return Err(Error::invalid("delimiter", Reason::NotATable, "one of ; , tab | blank"));
    }
    if wanted.columns.len() > table::MAX_COLUMNS {
        return Err(Error::invalid("columns", Reason::TooMany, "at most 40 columns"));
    }
    let held = |kind| wanted.columns.iter().filter(|column| **column == kind).count();
    if held(KeyColumn::Serial) > 1 || held(KeyColumn::Manufacturer) > 1 || held(KeyColumn::KeyName) > 1 {
        return Err(Error::invalid(
            "columns",
            Reason::TooMany,
            "only keys may stand in several columns",
        ));
    }
    let letters = wanted
        .manufacturer
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty());
    let letters = match letters {
        None => None,
        Some(text) => Some(
            table::manufacturer(text)
                .ok_or_else(|| Error::invalid("manufacturer", Reason::NotAManufacturer, "three letters"))?
                .to_string(),
        ),
    };
    let wanted = Layout {
        manufacturer: letters,
        ..wanted
    };
    let lines = usize::try_from(row.row_count).unwrap_or_default() + usize::from(current.has_header);
    let mut changed = row.clone().into_active_model();
    changed.layout = Set(Some(to_json(&wanted)?));
    changed.generation = Set(row.generation + 1);
    changed.state = Set(StagedImportState::Judging);
    changed.judged_count = Set(0);
    changed.row_count = Set(i32::try_from(lines - usize::from(wanted.has_header)).unwrap_or(i32::MAX));
    let changed = changed.update(&tx).await?;
    audit::record(&tx, app, Some(actor), "layOutKeyImport", Some(id.to_string()), true).await?;
    tx.commit().await?;
    app.imports_wait.notify_one();
    Ok(changed)
}

/// Says of rows with another key than the stored one whether theirs takes its place: those at `positions`, or all.
///
/// # Errors
/// Those of [`get`]; [`Error::Conflict`] while rows are judged.
pub async fn decide(
    app: &App,
    actor: &Actor,
    id: StagedImportId,
    positions: Option<&[i32]>,
    replaces: bool,
) -> Result<staged_import::Model> {
    let tx = app.begin().await?;
    let row = ready(&tx, app, actor, id).await?;
    if positions.is_some_and(|positions| positions.len() > 100) {
        return Err(Error::invalid(
            "positions",
            Reason::TooMany,
            "at most 100 rows at a time, or all",
        ));
    }
    staged_row::Entity::update_many()
        .col_expr(staged_row::Column::Replaces, sea_orm::sea_query::Expr::value(replaces))
        .filter(staged_row::COLUMN.import_id.eq(id))
        .filter(staged_row::COLUMN.verdict.eq(RowVerdict::DifferentKey))
        .apply_if_some(positions)
        .exec(&tx)
        .await?;
    audit::record(&tx, app, Some(actor), "decideKeyImport", Some(id.to_string()), true).await?;
    tx.commit().await?;
    Ok(row)
}

/// Narrows a change to some rows.
trait AtPositions {
    fn apply_if_some(self, positions: Option<&[i32]>) -> Self;
}

impl AtPositions for sea_orm::UpdateMany<staged_row::Entity> {
    fn apply_if_some(self, positions: Option<&[i32]>) -> Self {
        match positions {
            Some(positions) => self.filter(staged_row::COLUMN.position.is_in(positions.iter().copied())),
            None => self,
        }
    }
}

/// Forgets an import that waits.
///
/// # Errors
/// Those of [`get`].
pub async fn forget(app: &App, actor: &Actor, id: StagedImportId) -> Result<()> {
    let tx = app.begin().await?;
    let row = get(&tx, app, actor, id).await?;
    delete(&tx, row.id).await?;
    audit::record(&tx, app, Some(actor), "dropKeyImport", Some(id.to_string()), true).await?;
    tx.commit().await?;
    Ok(())
}

async fn delete(db: &impl ConnectionTrait, id: StagedImportId) -> Result<()> {
    staged_row::Entity::delete_many()
        .filter(staged_row::COLUMN.import_id.eq(id))
        .exec(db)
        .await?;
    staged_import::Entity::delete_by_id(id).exec(db).await?;
    Ok(())
}

/// The password that opens a KEM file that waits.
fn password(app: &App, row: &staged_import::Model) -> Result<Zeroizing<String>> {
    let (Some(bytes), Some(version)) = (row.sealed.clone(), row.key_version) else {
        return Ok(Zeroizing::new(String::new()));
    };
    let plain = app.keys.open(password_place(&row.id), &Sealed { bytes, version })?;
    let text = std::str::from_utf8(&plain).context("a password is text")?;
    Ok(Zeroizing::new(text.to_owned()))
}
