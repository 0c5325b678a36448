//! How invoices come in: files are read, matched to their buyer and kept, byte for byte, once.
use super::{
    buyer,
    read::{self, InvoiceDocument, Unreadable},
    record::{self, Found},
    report::{Outcome, Refusal, Report},
};
use crate::{
    app::App,
    entity::account,
    error::{Error, Result},
};
use anyhow::Context;
use sea_orm::{EntityTrait, SqlErr};
use shared::id::{AccountId, InvoiceId};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// Who runs the program on its machine. Files and database are his, so that nothing is asked of him: commands of the
/// command line and the demo's set-up act as the operator, requests never do.
#[derive(Clone, Copy, Debug)]
pub struct Operator;

/// A file that may be an invoice.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name, as given.
    pub file_name: String,
    /// Its contents.
    pub bytes: Vec<u8>,
}

/// How long reading a file may take. Within its limits the reader needs a fraction of it.
const READING_TIME: Duration = Duration::from_secs(20);

/// Imports a file into `account`, or into the account that the provider's rules find. The same bytes are imported
/// once: importing them again changes nothing, except that what waits goes to the account that is named now.
///
/// # Errors
/// [`Error::NotFound`] if there is no such account, or if database or file store fail. What is wrong with the file is
/// no error but an [`Outcome`].
pub async fn import(app: &App, Operator: Operator, source: Source, account: Option<AccountId>) -> Result<Outcome> {
    let named = match account {
        Some(id) => Some(
            account::Entity::find_by_id(id)
                .one(&app.db)
                .await?
                .ok_or(Error::NotFound("account"))?,
        ),
        None => None,
    };
    let is_named = named.is_some();
    let (bytes, read) = read_apart(source.bytes).await;
    let document = match read {
        Ok(document) => document,
        Err(refusal) => return Ok(Outcome::Refused(refusal)),
    };
    let account = match named {
        Some(account) => Some(account),
        None => buyer::find(&app.db, &document).await?,
    };
    let head = match record::head(&document) {
        Ok(head) => head,
        Err(refusal) => return Ok(Outcome::Refused(refusal)),
    };
    let is_held = app.settings.hold_invoices && document.contradicts_itself();
    let owner = account.as_ref().map(|account| account.id);
    let mut row = record::row(app, &document, head, &source.file_name, &bytes)?;
    record::place(&app.db, &mut row, &document, owner, is_held).await?;
    // Another import may keep the same meanwhile: the database refuses the second, which then finds the first.
    for _ in 0..3 {
        let kept = match (record::find(&app.db, &row, is_named).await?, &account) {
            (Some(Found::Same(id)), _) => return Ok(Outcome::AlreadyThere { id }),
            (Some(Found::Other(id)), Some(account)) => {
                return Ok(Outcome::Conflict {
                    id,
                    number: row.number,
                    account_number: account.number.clone(),
                });
            }
            (Some(Found::Waiting(id)), Some(account)) => record::assign(app, id, &row, account.id).await,
            _ => record::keep(app, row.clone(), &bytes).await,
        };
        match kept {
            Ok(Some(id)) => return Ok(outcome(id, account, document.findings.len(), is_held)),
            Ok(None) => {}
            Err(Error::Database(error)) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::Conflict("somebody else imports the same invoice"))
}

fn outcome(id: InvoiceId, account: Option<account::Model>, findings: usize, is_held: bool) -> Outcome {
    match account {
        Some(account) => Outcome::Imported {
            id,
            account_number: account.number,
            findings,
            is_held,
        },
        None => Outcome::Waiting { id, findings },
    }
}

/// Imports a file, or all files of a folder and its folders, in the order of their names; hidden ones are left out.
/// With `account_number` they all go to that account, else each to the one that the provider's rules find.
///
/// # Errors
/// If there is no account with that number, a path cannot be read, or database or file store fail. The files before
/// are imported then; running it again goes on.
pub async fn import_path(
    app: &App,
    operator: Operator,
    path: &Path,
    account_number: Option<&str>,
) -> Result<Vec<Report>> {
    let account = match account_number {
        None => None,
        Some(number) => {
            let found = crate::account::find_by_number(&app.db, number).await?;
            let found = found.with_context(|| format!("there is no account with the number {number}"))?;
            Some(found.id)
        }
    };
    let root = path.to_owned();
    let paths = apart(move || files(&root)).await??;
    let mut reports = Vec::with_capacity(paths.len());
    for path in paths {
        let of = path.clone();
        let outcome = match apart(move || bytes(&of)).await?? {
            Ok(bytes) => {
                let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                import(app, operator, Source { file_name, bytes }, account).await?
            }
            Err(refusal) => Outcome::Refused(refusal),
        };
        reports.push(Report { path, outcome });
    }
    Ok(reports)
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    Ok(tokio::task::spawn_blocking(work)
        .await
        .context("a task of the import ended early")?)
}

/// The file, or the files of the folder, sorted. Links to folders are not followed: they may lead in a circle.
fn files(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let read = || format!("{} cannot be read", path.display());
    if !std::fs::metadata(path).with_context(read)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut entries = std::fs::read_dir(path)
        .with_context(read)?
        .collect::<Result<Vec<_>, _>>()
        .with_context(read)?;
    entries.retain(|entry| !entry.file_name().to_string_lossy().starts_with('.'));
    entries.sort_by_key(std::fs::DirEntry::file_name);
    let mut paths = Vec::new();
    for entry in entries {
        if entry.file_type().with_context(read)?.is_dir() {
            paths.extend(files(&entry.path())?);
        } else if entry.path().is_file() {
            paths.push(entry.path());
        }
    }
    Ok(paths)
}

/// The contents of a file that is not too large to be read as an invoice.
fn bytes(path: &Path) -> anyhow::Result<Result<Vec<u8>, Refusal>> {
    let read = || format!("{} cannot be read", path.display());
    let size = usize::try_from(std::fs::metadata(path).with_context(read)?.len()).unwrap_or(usize::MAX);
    if size > read::FILE_LIMIT {
        return Ok(Err(Unreadable::TooLarge {
            size,
            limit: read::FILE_LIMIT,
        }
        .into()));
    }
    std::fs::read(path).with_context(read).map(Ok)
}

/// Reads on a thread of its own, with a time limit; gives the bytes back.
async fn read_apart(bytes: Vec<u8>) -> (Vec<u8>, Result<InvoiceDocument, Refusal>) {
    let bytes = Arc::new(bytes);
    let shared = Arc::clone(&bytes);
    let reading = tokio::task::spawn_blocking(move || read::read(&shared));
    let read = match tokio::time::timeout(READING_TIME, reading).await {
        Err(_) => Err(Refusal::TooSlow(READING_TIME.as_secs())),
        Ok(Err(_)) => Err(Refusal::ReaderFailed),
        Ok(Ok(read)) => read.map_err(Refusal::from),
    };
    (Arc::unwrap_or_clone(bytes), read)
}
