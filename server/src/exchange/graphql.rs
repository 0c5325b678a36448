//! The exchange as the API offers it to staff and to their programs.
use super::{Report, RowReport, check, import};
use crate::{actor::RequestActor, app::App, error::Result, file, office::Author};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use shared::{
    exchange::{ImportProblem, ImportVerdict, Subject},
    id::FileId,
};

/// How many rows of a report are given: those that say the most.
const SHOWN: usize = 200;

/// The mutations of this subject.
#[derive(Debug, Default)]
pub struct ExchangeMutation;

#[Object]
impl ExchangeMutation {
    /// Makes and changes products as a file says: its good rows are taken, the others are reported. Taking a file twice
    /// is the same as taking it once. For staff that administers, and its tokens.
    async fn import_products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.")] input: ImportFileInput,
    ) -> Result<ImportFilePayload> {
        run(ctx, Subject::Products, &input).await
    }

    /// Makes and changes contracts as a file says, as with `importProducts`. For staff that manages customers, and its
    /// tokens; each customer's log says so.
    async fn import_contracts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.")] input: ImportFileInput,
    ) -> Result<ImportFilePayload> {
        run(ctx, Subject::Contracts, &input).await
    }

    /// Makes orders and decides those that wait as a file says, as with `importProducts`; decisions go by the rule of
    /// `decideOrder`, and what is decided stays decided. For staff that handles requests, and its tokens; a person gives
    /// the password again, unless it is a dry run.
    async fn import_orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.")] input: ImportFileInput,
    ) -> Result<ImportFilePayload> {
        run(ctx, Subject::Orders, &input).await
    }
}

async fn run(ctx: &Context<'_>, subject: Subject, input: &ImportFileInput) -> Result<ImportFilePayload> {
    let (app, actor) = (ctx.data_unchecked::<App>(), ctx.actor()?);
    let author = Author::Staff(actor);
    check(author, subject)?;
    let (_, bytes) = file::get(app, actor, input.file_id).await?;
    Ok(import(app, author, subject, bytes, input.is_dry_run).await?.into())
}

/// What the imports take.
#[derive(InputObject)]
pub struct ImportFileInput {
    /// The file, as `POST /files` named it: CSV with a header line, or a JSON list of objects.
    pub file_id: FileId,
    /// Whether to say only what would be done, and do nothing.
    #[graphql(default)]
    pub is_dry_run: bool,
}

/// What an import did, or would do.
#[derive(SimpleObject)]
pub struct ImportFilePayload {
    /// How many rows are new.
    pub new_count: u64,
    /// How many change something.
    pub changed_count: u64,
    /// How many change nothing.
    pub same_count: u64,
    /// How many are left out.
    pub refused_count: u64,
    /// The first 200 rows, those that are left out before those that change something, the others last.
    pub rows: Vec<ImportedRow>,
}

/// What is said of a row.
#[derive(SimpleObject)]
pub struct ImportedRow {
    /// Its line in a CSV file, the header line being the first; its place in a JSON list, from 1.
    pub line: u64,
    /// Its code or number, as it stands there.
    pub key: String,
    /// What is done with it.
    pub verdict: ImportVerdict,
    /// The columns that change.
    pub changes: Vec<String>,
    /// The column that is wrong.
    pub column: Option<String>,
    /// What is wrong with it.
    pub problem: Option<ImportProblem>,
}

impl From<RowReport> for ImportedRow {
    fn from(row: RowReport) -> Self {
        Self {
            line: row.line,
            key: row.key,
            verdict: row.verdict,
            changes: row.changes.into_iter().map(str::to_owned).collect(),
            column: row.problem.map(|(column, _)| column.to_owned()),
            problem: row.problem.map(|(_, problem)| problem),
        }
    }
}

impl From<Report> for ImportFilePayload {
    fn from(report: Report) -> Self {
        let count = |verdict| report.count(verdict) as u64;
        let (new_count, changed_count) = (count(ImportVerdict::New), count(ImportVerdict::Changed));
        let (same_count, refused_count) = (count(ImportVerdict::Same), count(ImportVerdict::Refused));
        let mut rows = report.rows;
        rows.sort_by_key(|row| match row.verdict {
            ImportVerdict::Refused => 0,
            ImportVerdict::New | ImportVerdict::Changed => 1,
            ImportVerdict::Same => 2,
        });
        Self {
            new_count,
            changed_count,
            same_count,
            refused_count,
            rows: rows.into_iter().take(SHOWN).map(ImportedRow::from).collect(),
        }
    }
}
