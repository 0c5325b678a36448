//! How invoices come in: files are read, matched to their buyer and kept, byte for byte, once.
use super::{
    buyer,
    intake::{
        self,
        unpack::{self, Entries},
    },
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
use shared::id::{AccountId, IntakeId, InvoiceId};
use std::{
    fs::File,
    io::{BufReader, Cursor, Read, Seek},
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
    take(app, source, account, None).await
}

/// As [`import`]; where an invoice is kept, the row of its `intake` is closed in the same transaction.
pub(super) async fn take(
    app: &App,
    source: Source,
    account: Option<AccountId>,
    intake: Option<IntakeId>,
) -> Result<Outcome> {
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
    record::place(&app.db, app, &mut row, &document, owner, is_held).await?;
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
            (Some(Found::Waiting(id)), Some(account)) => {
                let made = outcome(id, Some(account.clone()), document.findings.len(), is_held);
                record::assign(
                    app,
                    id,
                    &row,
                    account.id,
                    None,
                    intake.map(|intake| (intake, made.into())),
                )
                .await
            }
            _ => {
                let made = outcome(row.id, account.clone(), document.findings.len(), is_held);
                record::keep(app, row.clone(), &bytes, intake.map(|intake| (intake, made.into()))).await
            }
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

/// Imports a file, a ZIP, or all files of a folder and its folders, in the order of their names; hidden ones are left
/// out. A path of `-` is the standard input. With `account_number` they all go to that account, else each to the one
/// that the provider's rules find. A conflict waits in the office for a person. `tell` hears of each file as soon as
/// it is done, so that no list of all of them has to be kept.
///
/// # Errors
/// If there is no account with that number, a path cannot be read, or database or file store fail. The files before
/// are imported then; running it again goes on.
pub async fn import_path(
    app: &App,
    operator: Operator,
    path: &Path,
    account_number: Option<&str>,
    mut tell: impl FnMut(Report),
) -> Result<()> {
    let account = match account_number {
        None => None,
        Some(number) => {
            let found = crate::account::find_by_number(&app.db, number).await?;
            let found = found.with_context(|| format!("there is no account with the number {number}"))?;
            Some(found.id)
        }
    };
    if path == Path::new("-") {
        let bytes = apart(standard_input).await??;
        return import_bytes(app, operator, PathBuf::from("-"), bytes, account, &mut tell).await;
    }
    let root = path.to_owned();
    for path in apart(move || files(&root)).await?? {
        let of = path.clone();
        match apart(move || opened(&of)).await?? {
            Opened::Zip(entries) => import_entries(app, operator, &path, entries, account, &mut tell).await?,
            Opened::File(bytes) => import_bytes(app, operator, path, Ok(bytes), account, &mut tell).await?,
            Opened::Refused(refusal) => tell(Report {
                path,
                outcome: Outcome::Refused(refusal),
            }),
        }
    }
    Ok(())
}

async fn import_bytes(
    app: &App,
    operator: Operator,
    path: PathBuf,
    bytes: Result<Vec<u8>, Refusal>,
    account: Option<AccountId>,
    tell: &mut impl FnMut(Report),
) -> Result<()> {
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(refusal) => {
            let outcome = Outcome::Refused(refusal);
            tell(Report { path, outcome });
            return Ok(());
        }
    };
    if unpack::is_zip(&bytes) {
        let entries = apart(move || Entries::open(Cursor::new(bytes))).await?;
        return match entries {
            Ok(entries) => import_entries(app, operator, &path, entries, account, tell).await,
            Err(refusal) => {
                let outcome = Outcome::Refused(refusal);
                tell(Report { path, outcome });
                Ok(())
            }
        };
    }
    let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let outcome = import_one(app, operator, file_name, bytes, account).await?;
    tell(Report { path, outcome });
    Ok(())
}

async fn import_one(
    app: &App,
    operator: Operator,
    file_name: String,
    bytes: Vec<u8>,
    account: Option<AccountId>,
) -> Result<Outcome> {
    // the bytes are wanted again in the rare conflict only
    let source = Source {
        file_name: file_name.clone(),
        bytes: bytes.clone(),
    };
    let outcome = import(app, operator, source, account).await?;
    if let Outcome::Conflict { id, .. } = &outcome {
        intake::note_conflict(app, operator, &file_name, &bytes, account, *id).await?;
    }
    Ok(outcome)
}

async fn import_entries<R: Read + Seek + Send + 'static>(
    app: &App,
    operator: Operator,
    path: &Path,
    mut entries: Entries<R>,
    account: Option<AccountId>,
    tell: &mut impl FnMut(Report),
) -> Result<()> {
    loop {
        let (back, entry) = apart(move || {
            let entry = entries.advance();
            (entries, entry)
        })
        .await?;
        entries = back;
        let Some((name, bytes)) = entry else { return Ok(()) };
        let outcome = match bytes {
            Ok(bytes) => import_one(app, operator, crate::file::clean_name(&name), bytes, account).await?,
            Err(refusal) => Outcome::Refused(refusal),
        };
        tell(Report {
            path: path.join(name),
            outcome,
        });
    }
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

/// A file whose beginning was read.
enum Opened {
    Zip(Entries<BufReader<File>>),
    File(Vec<u8>),
    Refused(Refusal),
}

/// Opens a file: a ZIP, whatever its size, or the contents of one that is not too large to be read as an invoice.
fn opened(path: &Path) -> anyhow::Result<Opened> {
    let read = || format!("{} cannot be read", path.display());
    let mut file = File::open(path).with_context(read)?;
    let size = usize::try_from(file.metadata().with_context(read)?.len()).unwrap_or(usize::MAX);
    let mut start = Vec::new();
    Read::by_ref(&mut file)
        .take(4)
        .read_to_end(&mut start)
        .with_context(read)?;
    file.rewind().with_context(read)?;
    if unpack::is_zip(&start) {
        let entries = Entries::open(BufReader::new(file));
        return Ok(entries.map_or_else(Opened::Refused, Opened::Zip));
    }
    if size > read::FILE_LIMIT {
        let limit = read::FILE_LIMIT;
        return Ok(Opened::Refused(Unreadable::TooLarge { size, limit }.into()));
    }
    let mut bytes = Vec::with_capacity(size);
    file.read_to_end(&mut bytes).with_context(read)?;
    Ok(Opened::File(bytes))
}

/// The standard input, up to the size that is read as a ZIP.
fn standard_input() -> anyhow::Result<Result<Vec<u8>, Refusal>> {
    let mut bytes = Vec::new();
    let limit = intake::folder::ZIP_LIMIT;
    std::io::stdin()
        .lock()
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .context("the standard input cannot be read")?;
    let limit = if unpack::is_zip(&bytes) {
        usize::try_from(limit).unwrap_or(usize::MAX)
    } else {
        read::FILE_LIMIT
    };
    let size = bytes.len();
    Ok(if size > limit {
        Err(Unreadable::TooLarge { size, limit }.into())
    } else {
        Ok(bytes)
    })
}

/// Reads on a thread of its own, with a time limit; gives the bytes back.
pub(super) async fn read_apart(bytes: Vec<u8>) -> (Vec<u8>, Result<InvoiceDocument, Refusal>) {
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
