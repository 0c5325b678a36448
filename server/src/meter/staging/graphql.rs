//! Imports that wait as the API offers them.
use super::{commit, layout, sample, table::Layout, undo};
use crate::{
    actor::RequestActor,
    app::App,
    entity::{key_import, staged_import, staged_row, user},
    error::{Error, Result},
    meter::{
        graphql::KeyImport,
        list::{ImportDone, called},
    },
    page::{Connection, Page},
    user::graphql::UsersById,
};
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject, dataloader::DataLoader};
use chrono::{DateTime, Utc};
use shared::{
    device::{KeyColumn, KeyFileFormat, RowNote, RowVerdict, StagedImportState},
    error::Reason,
    id::{FileId, KeyImportId, StagedImportId},
};

/// The queries about imports that wait.
#[derive(Debug, Default)]
pub struct StagedImportQuery;

#[Object]
impl StagedImportQuery {
    /// The viewer's imports of keys in the account in view that are not done yet, newest first; at most 5. Only dealers
    /// who manage keys.
    async fn staged_key_imports(&self, ctx: &Context<'_>) -> Result<Vec<StagedKeyImport>> {
        let rows = super::waiting(ctx.data_unchecked::<App>(), ctx.actor()?).await?;
        Ok(rows.into_iter().map(StagedKeyImport::from).collect())
    }

    /// One of them.
    async fn staged_key_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] id: StagedImportId,
    ) -> Result<StagedKeyImport> {
        let app = ctx.data_unchecked::<App>();
        Ok(super::get(&app.db, app, ctx.actor()?, id).await?.into())
    }
}

/// The mutations about imports that wait.
#[derive(Debug, Default)]
pub struct StagedImportMutation;

#[Object]
impl StagedImportMutation {
    /// Takes an uploaded file of keys to be judged row by row; nothing is added yet. KEM and KEM2 files, zipped or bare,
    /// tables (CSV, TXT, `MAN;ID;HEX`) and JSON. It waits for a day. Refused with the reasons `NOT_A_KEM_FILE`,
    /// `BROKEN_FILE`, `WRONG_FILE_PASSWORD` and `TOO_MANY`. Only dealers who manage keys, and staff that handles requests, for the stock of the provider.
    async fn stage_key_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.")] input: StageKeyImportInput,
    ) -> Result<StagedKeyImportPayload> {
        let (app, actor) = (ctx.data_unchecked::<App>(), ctx.actor()?);
        Ok(super::stage(app, actor, input.file_id, input.password).await?.into())
    }

    /// Reads a table in another layout; its rows are judged anew. Only dealers who manage keys, and staff that handles requests, for the stock of the provider.
    async fn lay_out_key_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The layout.")] input: LayOutKeyImportInput,
    ) -> Result<StagedKeyImportPayload> {
        let (app, actor) = (ctx.data_unchecked::<App>(), ctx.actor()?);
        let mut letters = input.delimiter.chars();
        let (Some(delimiter), None) = (letters.next(), letters.next()) else {
            return Err(Error::invalid("delimiter", Reason::NotATable, "one character"));
        };
        let wanted = Layout {
            delimiter,
            has_header: input.has_header,
            columns: input.columns,
            manufacturer: input.manufacturer,
            restores_zeros: input.restores_zeros,
        };
        Ok(super::lay_out(app, actor, input.id, wanted).await?.into())
    }

    /// Says of rows with another key than the stored one whether theirs takes its place. Only dealers who manage keys, and staff that handles requests, for the stock of the provider.
    async fn decide_key_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which rows, and what.")] input: DecideKeyImportInput,
    ) -> Result<StagedKeyImportPayload> {
        let (app, actor) = (ctx.data_unchecked::<App>(), ctx.actor()?);
        let row = super::decide(app, actor, input.id, input.positions.as_deref(), input.replaces).await?;
        Ok(row.into())
    }

    /// Adds the new devices and keys of an import that waits, and replaces the keys that were decided to be; that needs
    /// the password given lately (`stepUp`). All or nothing. Only dealers who manage keys, and staff that handles requests, for the stock of the provider.
    async fn commit_key_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: StagedKeyImportInput,
    ) -> Result<KeyImportPayload> {
        let row = commit::commit(ctx.data_unchecked::<App>(), ctx.actor()?, input.id).await?;
        done(ctx, row).await
    }

    /// Forgets an import that waits. Only dealers who manage keys, and staff that handles requests, for the stock of the provider.
    async fn drop_key_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: StagedKeyImportInput,
    ) -> Result<DropKeyImportPayload> {
        super::forget(ctx.data_unchecked::<App>(), ctx.actor()?, input.id).await?;
        Ok(DropKeyImportPayload { id: input.id })
    }

    /// Takes an import back: its keys and devices go, keys that it replaced return. It needs the password given lately
    /// (`stepUp`). Refused with `KEY_SEEN` once a key of it was seen or taken, with `REPLACED_SINCE` once a later import
    /// replaced a key of it, with `DEVICE_IN_USE` once a device is assigned, asked for or passed on. Only dealers who manage keys, and staff that handles requests, for the stock of the provider.
    async fn undo_key_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: UndoKeyImportInput,
    ) -> Result<KeyImportPayload> {
        let row = undo::undo(ctx.data_unchecked::<App>(), ctx.actor()?, input.id).await?;
        done(ctx, row).await
    }
}

async fn done(ctx: &Context<'_>, row: key_import::Model) -> Result<KeyImportPayload> {
    let user: Option<user::Model> = ctx
        .data_unchecked::<DataLoader<UsersById>>()
        .load_one(row.user_id)
        .await?;
    let import = ImportDone { row, by: called(user) }.into();
    Ok(KeyImportPayload { import })
}

/// An import of keys that is not done yet.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct StagedKeyImport {
    /// Names it.
    pub id: StagedImportId,
    /// The name of the file.
    pub file_name: String,
    /// How the file is written.
    pub format: KeyFileFormat,
    /// The order that all its devices belong to.
    pub order_number: Option<String>,
    /// Where it stands.
    pub state: StagedImportState,
    /// How many rows have a verdict.
    pub judged_count: i32,
    /// How many rows there are.
    pub row_count: i32,
    /// When it was brought.
    pub created_at: DateTime<Utc>,
    /// When it is dropped by itself.
    pub expires_at: DateTime<Utc>,
    #[graphql(skip)]
    row: staged_import::Model,
}

impl From<staged_import::Model> for StagedKeyImport {
    fn from(row: staged_import::Model) -> Self {
        Self {
            id: row.id,
            file_name: row.file_name.clone(),
            format: row.format,
            order_number: row.order_number.clone(),
            state: row.state,
            judged_count: row.judged_count,
            row_count: row.row_count,
            created_at: row.created_at,
            expires_at: row.expires_at,
            row,
        }
    }
}

#[ComplexObject]
impl StagedKeyImport {
    /// How many rows have which verdict.
    async fn verdicts(&self, ctx: &Context<'_>) -> Result<Vec<VerdictCount>> {
        let counts = super::counts(&ctx.data_unchecked::<App>().db, self.id).await?;
        Ok(counts
            .into_iter()
            .map(|(verdict, count)| VerdictCount { verdict, count })
            .collect())
    }

    /// How many rows take the place of a stored key, as `decideKeyImport` said.
    async fn replacing_count(&self, ctx: &Context<'_>) -> Result<u64> {
        super::replacing(&ctx.data_unchecked::<App>().db, self.id).await
    }

    /// How many rows are written already, while the import is being done; null at all other times. Until all are, none
    /// of them can be seen elsewhere.
    async fn written_count(&self, ctx: &Context<'_>) -> Option<u64> {
        ctx.data_unchecked::<App>().imports_progress.of(self.id)
    }

    /// How the lines are read; null for KEM and JSON.
    async fn layout(&self) -> Result<Option<KeyTableLayout>> {
        Ok(layout(&self.row)?.map(|layout| KeyTableLayout {
            delimiter: layout.delimiter.to_string(),
            has_header: layout.has_header,
            columns: layout.columns,
            manufacturer: layout.manufacturer,
            restores_zeros: layout.restores_zeros,
        }))
    }

    /// The cells of the first 6 lines, keys hidden; empty for KEM and JSON.
    async fn sample(&self, ctx: &Context<'_>) -> Result<Vec<KeyTableLine>> {
        let lines = sample(ctx.data_unchecked::<App>(), &self.row).await?;
        Ok(lines.into_iter().map(|cells| KeyTableLine { cells }).collect())
    }

    /// Its rows, in the order of the file.
    async fn rows(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those with this verdict.")] verdict: Option<RowVerdict>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<StagedKeyRow>> {
        let page = Page::read(first, after)?;
        let (rows, total) = super::rows(ctx.data_unchecked::<App>(), ctx.actor()?, self.id, verdict, &page).await?;
        Ok(Connection::new(
            &page,
            rows.into_iter().map(StagedKeyRow::from).collect(),
            total,
            |row| row.position,
        ))
    }
}

/// A line of a table.
#[derive(Clone, Debug, SimpleObject)]
pub struct KeyTableLine {
    /// Its cells, keys hidden.
    pub cells: Vec<String>,
}

/// How many rows have a verdict.
#[derive(Clone, Debug, SimpleObject)]
pub struct VerdictCount {
    /// The verdict.
    pub verdict: RowVerdict,
    /// How many.
    pub count: i64,
}

/// How the lines of a table are read.
#[derive(Clone, Debug, SimpleObject)]
pub struct KeyTableLayout {
    /// What stands between two columns: `;`, `,`, a tab, `|` or a blank.
    pub delimiter: String,
    /// Whether the first line names the columns.
    pub has_header: bool,
    /// What each column holds.
    pub columns: Vec<KeyColumn>,
    /// The manufacturer of devices for which the file names none.
    pub manufacturer: Option<String>,
    /// Whether serial numbers that are too short get zeros in front.
    pub restores_zeros: bool,
}

/// A row of an import that waits, without its key.
#[derive(Clone, Debug, SimpleObject)]
pub struct StagedKeyRow {
    /// The line or the place in the file, from 1.
    pub position: i32,
    /// The serial number, as written if it cannot be read.
    pub serial_number: Option<String>,
    /// The letters of the manufacturer.
    pub manufacturer: Option<String>,
    /// The name of the model.
    pub model: Option<String>,
    /// What would become of it.
    pub verdict: RowVerdict,
    /// What is odd about it.
    pub note: Option<RowNote>,
    /// The name of the key that verdict or note are about.
    pub key_name: Option<String>,
    /// Whether its key takes the place of the stored one.
    pub replaces: bool,
}

impl From<staged_row::Model> for StagedKeyRow {
    fn from(row: staged_row::Model) -> Self {
        Self {
            position: row.position,
            serial_number: row.serial_number,
            manufacturer: row.manufacturer,
            model: row.model,
            verdict: row.verdict,
            note: row.note,
            key_name: row.key_name,
            replaces: row.replaces,
        }
    }
}

/// What `stageKeyImport` takes.
#[derive(InputObject)]
pub struct StageKeyImportInput {
    /// The file, as `POST /files` named it.
    pub file_id: FileId,
    /// What opens it, 1 to 16 bytes; only KEM and KEM2 files have one.
    pub password: Option<String>,
}

/// What `layOutKeyImport` takes.
#[derive(InputObject)]
pub struct LayOutKeyImportInput {
    /// Which import.
    pub id: StagedImportId,
    /// What stands between two columns: `;`, `,`, a tab, `|` or a blank.
    pub delimiter: String,
    /// Whether the first line names the columns.
    pub has_header: bool,
    /// What each column holds, at most 40.
    pub columns: Vec<KeyColumn>,
    /// The manufacturer of devices for which the file names none.
    pub manufacturer: Option<String>,
    /// Whether serial numbers that are too short get zeros in front.
    #[graphql(default)]
    pub restores_zeros: bool,
}

/// What `decideKeyImport` takes.
#[derive(InputObject)]
pub struct DecideKeyImportInput {
    /// Which import.
    pub id: StagedImportId,
    /// Which rows, at most 100; all with another key if it is not given.
    pub positions: Option<Vec<i32>>,
    /// Whether their keys take the place of the stored ones.
    pub replaces: bool,
}

/// What `commitKeyImport` and `dropKeyImport` take.
#[derive(InputObject)]
pub struct StagedKeyImportInput {
    /// Which import.
    pub id: StagedImportId,
}

/// What `undoKeyImport` takes.
#[derive(InputObject)]
pub struct UndoKeyImportInput {
    /// Which import.
    pub id: KeyImportId,
}

/// What mutations of an import that waits give.
#[derive(SimpleObject)]
pub struct StagedKeyImportPayload {
    /// The import.
    pub import: StagedKeyImport,
}

impl From<staged_import::Model> for StagedKeyImportPayload {
    fn from(row: staged_import::Model) -> Self {
        Self { import: row.into() }
    }
}

/// What `dropKeyImport` gives.
#[derive(SimpleObject)]
pub struct DropKeyImportPayload {
    /// Which import it was.
    pub id: StagedImportId,
}

/// What `commitKeyImport` and `undoKeyImport` give.
#[derive(SimpleObject)]
pub struct KeyImportPayload {
    /// The import.
    pub import: KeyImport,
}
