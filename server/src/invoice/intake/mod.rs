//! Files with invoices on their way in: each has a row from the moment it arrived, which says in the end what became
//! of it. The row is closed in the transaction that keeps the invoice: whatever ends the program in the middle, a file
//! is neither lost nor counted twice, and the next start goes on with it.
pub mod conflict;
pub mod folder;
pub mod list;
pub mod unpack;
pub mod worker;

use super::{
    import::{Operator, Source, take},
    read,
    report::{Outcome, Refusal},
};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{account, intake},
    error::{Error, Result},
    file,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr,
};
use shared::{
    account::{AccountKind, Right},
    error::Reason,
    id::{AccountId, FileId, IntakeId, InvoiceId, UserId},
    invoice::{IntakeSource, IntakeState},
};

/// The most files that one request takes in.
pub const FILES_MAX: usize = 100;

/// How often reading a file is begun before it is refused: a file that ends the program does not do so for ever.
pub const ATTEMPTS_MAX: i32 = 3;

/// That the actor manages the invoices of all customers, as staff.
pub(super) fn may_manage(actor: &Actor) -> Result<()> {
    actor
        .require_in(AccountKind::Provider, Right::ManageInvoices)
        .map(|_| ())
}

/// A file that arrived.
pub(super) struct Arrived<'a> {
    pub(super) source: IntakeSource,
    /// Names what may come in once only.
    pub(super) origin: Option<String>,
    /// The ZIP that it came in.
    pub(super) container: Option<String>,
    pub(super) user: Option<UserId>,
    /// The account that was named.
    pub(super) account: Option<AccountId>,
    pub(super) file_name: &'a str,
    pub(super) file_size: usize,
    pub(super) sha256: String,
}

/// The row of a file whose bytes are in the store.
pub(super) fn row(app: &App, arrived: Arrived<'_>) -> intake::Model {
    intake::Model {
        id: IntakeId(app.new_id()),
        source: arrived.source,
        origin: arrived.origin,
        container: arrived.container,
        user_id: arrived.user,
        account_id: arrived.account,
        file_name: file::clean_name(arrived.file_name),
        file_size: i32::try_from(arrived.file_size).unwrap_or(i32::MAX),
        sha256: arrived.sha256,
        state: IntakeState::Waiting,
        attempts: 0,
        invoice_id: None,
        finding_count: 0,
        problem: None,
        problem_de: None,
        decision_reason: None,
        replaced_sha256: None,
        created_at: app.clock.now(),
        done_at: None,
    }
}

/// Takes files in that staff uploaded: single invoices, or ZIPs of them. They are read afterwards, in turn. With
/// `account_number` they all are that customer's, else each is the one's that the provider's rules find.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff that manages invoices; [`Error::Invalid`] at `files` for none or more than
/// [`FILES_MAX`], or at `accountNumber` if no customer has it; [`Error::NotFound`] for files of others, too.
pub async fn upload(
    app: &App,
    actor: &Actor,
    files: &[FileId],
    account_number: Option<&str>,
) -> Result<Vec<intake::Model>> {
    may_manage(actor)?;
    if files.is_empty() {
        return Err(Error::invalid(
            "files",
            Reason::NothingSelected,
            "name at least one file",
        ));
    }
    if files.len() > FILES_MAX {
        let message = format!("at most {FILES_MAX} files at a time");
        return Err(Error::invalid("files", Reason::TooMany, message));
    }
    let tx = app.begin().await?;
    let account = match account_number.map(str::trim).filter(|number| !number.is_empty()) {
        None => None,
        Some(number) => Some(customer(&tx, number).await?.id),
    };
    let mut rows = Vec::with_capacity(files.len());
    for id in files {
        let found = file::of(&tx, actor, *id).await?;
        let row = row(
            app,
            Arrived {
                source: IntakeSource::Upload,
                origin: None,
                container: None,
                user: Some(actor.user),
                account,
                file_name: &found.name,
                file_size: usize::try_from(found.size).unwrap_or(usize::MAX),
                sha256: found.sha256,
            },
        );
        row.clone().into_active_model().insert(&tx).await?;
        audit::record(&tx, app, Some(actor), "takeInvoices", Some(row.id.to_string()), true).await?;
        rows.push(row);
    }
    tx.commit().await?;
    app.intakes_wait.notify_one();
    Ok(rows)
}

/// The customer of a number that somebody typed.
pub(super) async fn customer(db: &impl ConnectionTrait, number: &str) -> Result<account::Model> {
    let found = crate::account::find_by_number(db, number).await?;
    let found = found.filter(|account| account.kind != AccountKind::Provider);
    found.ok_or_else(|| Error::invalid("accountNumber", Reason::NotANumber, "no customer has this number"))
}

/// How an import ended for its file.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) state: IntakeState,
    pub(super) invoice: Option<InvoiceId>,
    pub(super) findings: usize,
    pub(super) refusal: Option<Refusal>,
}

impl From<Outcome> for Ended {
    fn from(outcome: Outcome) -> Self {
        let (state, invoice, findings, refusal) = match outcome {
            Outcome::Imported {
                id, findings, is_held, ..
            } => {
                let state = if is_held {
                    IntakeState::Held
                } else {
                    IntakeState::Imported
                };
                (state, Some(id), findings, None)
            }
            Outcome::Waiting { id, findings } => (IntakeState::Unmatched, Some(id), findings, None),
            Outcome::AlreadyThere { id } => (IntakeState::AlreadyThere, Some(id), 0, None),
            Outcome::Conflict { id, .. } => (IntakeState::Conflict, Some(id), 0, None),
            Outcome::Refused(refusal) => (IntakeState::Refused, None, 0, Some(refusal)),
        };
        Self {
            state,
            invoice,
            findings,
            refusal,
        }
    }
}

/// Closes the row of a file; whether it was still open. Call it in the transaction that does what it says.
pub(super) async fn close(db: &impl ConnectionTrait, app: &App, id: IntakeId, ended: &Ended) -> Result<bool> {
    use intake::Column as C;
    let problem = ended.refusal.as_ref().map(ToString::to_string);
    let problem_de = ended.refusal.as_ref().map(Refusal::in_german);
    let closed = intake::Entity::update_many()
        .col_expr(C::State, Expr::value(ended.state))
        .col_expr(C::InvoiceId, Expr::value(ended.invoice))
        .col_expr(
            C::FindingCount,
            Expr::value(i32::try_from(ended.findings).unwrap_or(i32::MAX)),
        )
        .col_expr(C::Problem, Expr::value(problem))
        .col_expr(C::ProblemDe, Expr::value(problem_de))
        .col_expr(C::DoneAt, Expr::value(Some(app.clock.now())))
        .filter(C::Id.eq(id))
        .filter(C::State.eq(IntakeState::Waiting))
        .exec(db)
        .await?;
    Ok(closed.rows_affected == 1)
}

/// Reads the file of a row and closes the row.
pub(super) async fn process(app: &App, row: &intake::Model) -> Result<()> {
    let ended = if row.attempts >= ATTEMPTS_MAX {
        Ended::from(Outcome::Refused(Refusal::ReaderFailed))
    } else {
        let begun = intake::Entity::update_many()
            .col_expr(intake::Column::Attempts, Expr::value(row.attempts + 1))
            .filter(intake::COLUMN.id.eq(row.id))
            .filter(intake::COLUMN.state.eq(IntakeState::Waiting))
            .exec(&app.db)
            .await?;
        if begun.rows_affected == 0 {
            return Ok(());
        }
        let bytes = app.files.get(&row.sha256).await?;
        if unpack::is_zip(&bytes) {
            return unpack::unpack(app, row, bytes).await;
        }
        let source = Source {
            file_name: row.file_name.clone(),
            bytes,
        };
        Ended::from(take(app, source, row.account_id, Some(row.id)).await?)
    };
    close(&app.db, app, row.id, &ended).await?;
    Ok(())
}

/// Notes a conflict that the command line met, so that a person can decide it in the office; once, however often the
/// file is imported.
pub(super) async fn note_conflict(
    app: &App,
    Operator: Operator,
    file_name: &str,
    bytes: &[u8],
    account: Option<AccountId>,
    there: InvoiceId,
) -> Result<()> {
    let sha256 = app.files.put(bytes.to_vec()).await?;
    let origin = format!("conflict:{there}:{sha256}");
    if known(&app.db, &origin).await?.is_some() {
        return Ok(());
    }
    let arrived = Arrived {
        source: IntakeSource::Command,
        origin: Some(origin),
        container: None,
        user: None,
        account,
        file_name,
        file_size: bytes.len(),
        sha256,
    };
    let row = intake::Model {
        state: IntakeState::Conflict,
        invoice_id: Some(there),
        attempts: 1,
        done_at: Some(app.clock.now()),
        ..row(app, arrived)
    };
    row.into_active_model().insert(&app.db).await?;
    Ok(())
}

/// The row of what may come in once only.
pub(super) async fn known(db: &impl ConnectionTrait, origin: &str) -> Result<Option<intake::Model>> {
    let found = intake::Entity::find().filter(intake::COLUMN.origin.eq(origin));
    Ok(found.one(db).await?)
}

/// The largest file that is read, in bytes.
pub(super) const FILE_LIMIT: usize = read::FILE_LIMIT;
