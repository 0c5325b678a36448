//! Lists of read rights as the API offers them.
use super::{commit, counts, forget, get, kept, rows, stage};
use crate::{
    actor::RequestActor,
    app::App,
    entity::{assignment_import, assignment_row},
    error::Result,
    page::{Connection, Page},
};
use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use shared::{
    device::AssignmentVerdict,
    id::{AssignmentImportId, DeviceId, FileId},
};

/// The queries about lists of read rights.
#[derive(Debug, Default)]
pub struct AssignmentImportQuery;

#[Object]
impl AssignmentImportQuery {
    /// The viewer's lists of read rights in the account in view, waiting and done, newest first; at most 10, for a day.
    /// Only dealers who manage keys.
    async fn assignment_imports(&self, ctx: &Context<'_>) -> Result<Vec<AssignmentImport>> {
        let rows = kept(ctx.data_unchecked::<App>(), ctx.actor()?).await?;
        Ok(rows.into_iter().map(AssignmentImport::from).collect())
    }

    /// One of them.
    async fn assignment_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] id: AssignmentImportId,
    ) -> Result<AssignmentImport> {
        let app = ctx.data_unchecked::<App>();
        Ok(get(&app.db, app, ctx.actor()?, id).await?.into())
    }
}

/// The mutations about lists of read rights.
#[derive(Debug, Default)]
pub struct AssignmentImportMutation;

#[Object]
impl AssignmentImportMutation {
    /// Takes an uploaded list of read rights to be looked at row by row; nothing is given yet. CSV with the columns
    /// `serial` (or a device's id), `email` and, if wanted, `from`, `until`, `note`, `verify only`, `manufacturer`; at most
    /// 5,000 rows. Refused with the reasons `NOT_A_TABLE` and `TOO_MANY`. Only dealers who manage keys.
    async fn stage_assignments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.")] input: StageAssignmentsInput,
    ) -> Result<AssignmentImportPayload> {
        let row = stage(ctx.data_unchecked::<App>(), ctx.actor()?, input.file_id).await?;
        Ok(AssignmentImportPayload { import: row.into() })
    }

    /// Gives the rights of all rows that are good still, with one mail an address. Doing it again changes nothing. Only
    /// dealers who manage keys.
    async fn commit_assignments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which list.")] input: AssignmentImportInput,
    ) -> Result<AssignmentImportPayload> {
        let row = commit(ctx.data_unchecked::<App>(), ctx.actor()?, input.id).await?;
        Ok(AssignmentImportPayload { import: row.into() })
    }

    /// Forgets a list and its report; rights that it gave stay. Only dealers who manage keys.
    async fn drop_assignments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which list.")] input: AssignmentImportInput,
    ) -> Result<DropAssignmentsPayload> {
        forget(ctx.data_unchecked::<App>(), ctx.actor()?, input.id).await?;
        Ok(DropAssignmentsPayload { id: input.id })
    }
}

/// What `stageAssignments` takes.
#[derive(InputObject)]
pub struct StageAssignmentsInput {
    /// The file, as `POST /files` named it.
    pub file_id: FileId,
}

/// What `commitAssignments` and `dropAssignments` take.
#[derive(InputObject)]
pub struct AssignmentImportInput {
    /// Which list.
    pub id: AssignmentImportId,
}

/// What `stageAssignments` and `commitAssignments` give.
#[derive(SimpleObject)]
pub struct AssignmentImportPayload {
    /// The list.
    pub import: AssignmentImport,
}

/// What `dropAssignments` gives.
#[derive(SimpleObject)]
pub struct DropAssignmentsPayload {
    /// Which list it was.
    pub id: AssignmentImportId,
}

/// A list of read rights that somebody brought.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct AssignmentImport {
    /// Names it.
    pub id: AssignmentImportId,
    /// The name of the file.
    pub file_name: String,
    /// How many rows it has.
    pub row_count: i32,
    /// When it was brought.
    pub created_at: DateTime<Utc>,
    /// When it is dropped by itself, with its report.
    pub expires_at: DateTime<Utc>,
    /// When its rights were given; null while it waits.
    pub done_at: Option<DateTime<Utc>>,
    /// How many of its rows become rights, or became some.
    pub given_count: i32,
    /// How many mails offer them, one an address.
    pub mail_count: i32,
    #[graphql(skip)]
    row: assignment_import::Model,
}

impl From<assignment_import::Model> for AssignmentImport {
    fn from(row: assignment_import::Model) -> Self {
        Self {
            id: row.id,
            file_name: row.file_name.clone(),
            row_count: row.row_count,
            created_at: row.created_at,
            expires_at: row.expires_at,
            done_at: row.done_at,
            given_count: row.given_count,
            mail_count: row.mail_count,
            row,
        }
    }
}

#[ComplexObject]
impl AssignmentImport {
    /// How many rows have which verdict.
    async fn verdicts(&self, ctx: &Context<'_>) -> Result<Vec<AssignmentVerdictCount>> {
        let counts = counts(&ctx.data_unchecked::<App>().db, &self.row).await?;
        let counts = counts.into_iter();
        Ok(counts
            .map(|(verdict, count)| AssignmentVerdictCount { verdict, count })
            .collect())
    }

    /// Its rows, in the order of the list.
    async fn rows(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those with this verdict.")] verdict: Option<AssignmentVerdict>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<AssignmentRow>> {
        let page = Page::read(first, after)?;
        let (rows, total) = rows(ctx.data_unchecked::<App>(), ctx.actor()?, self.id, verdict, &page).await?;
        let rows = rows.into_iter().map(AssignmentRow::from).collect();
        Ok(Connection::new(&page, rows, total, |row| row.position))
    }
}

/// How many rows have a verdict.
#[derive(Clone, Debug, SimpleObject)]
pub struct AssignmentVerdictCount {
    /// The verdict.
    pub verdict: AssignmentVerdict,
    /// How many.
    pub count: i64,
}

/// A row of a list of read rights.
#[derive(Clone, Debug, SimpleObject)]
pub struct AssignmentRow {
    /// The line of the file, from 1.
    pub position: i32,
    /// The device as the list names it.
    pub device: String,
    /// The device, if the account holds it.
    pub device_id: Option<DeviceId>,
    /// The address; as written if it is none.
    pub email: String,
    /// The first day.
    pub starts_on: Option<NaiveDate>,
    /// The last day.
    pub until: Option<NaiveDate>,
    /// Whether keys may only be proven.
    pub verify_only: bool,
    /// The dealer's own words.
    pub note: Option<String>,
    /// What becomes of it, or why it is left out.
    pub verdict: AssignmentVerdict,
    /// Whether its right was given.
    pub is_given: bool,
}

impl From<assignment_row::Model> for AssignmentRow {
    fn from(row: assignment_row::Model) -> Self {
        Self {
            position: row.position,
            device: row.device,
            device_id: row.device_id,
            email: row.email,
            starts_on: row.starts_on,
            until: row.until,
            verify_only: row.verify_only,
            note: row.note,
            verdict: row.verdict,
            is_given: row.assignment_id.is_some(),
        }
    }
}
