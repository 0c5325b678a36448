//! Mails that came back: delivery reports (RFC 3464 in the container of RFC 6522), matched to the outbox by the
//! Message-ID of the mail that they are about. Only failures for good count; delays and successes are passed over.
mod report;

pub use report::{Failure, Unreadable, read};

use crate::{
    app::App,
    audit,
    entity::mail,
    error::{Error, Result},
};
use anyhow::Context;
use mail_parser::mailbox::mbox::MessageIterator;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};
use shared::id::MailId;
use std::{
    fmt,
    io::Read,
    path::{Path, PathBuf},
};

/// The largest file that is read, in bytes: mailboxes hold many reports.
pub const FILE_MAX: u64 = 256 * 1024 * 1024;

/// The largest single report, in bytes. They carry at most the mail that came back, and ours are short.
pub const REPORT_MAX: usize = 10 * 1024 * 1024;

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A mail of ours came back; that is noted now.
    Noted {
        /// Which mail.
        mail: MailId,
        /// Why, in the words of the server that refused it.
        why: String,
    },
    /// The same, and it was noted before. Nothing changed.
    Known {
        /// Which mail.
        mail: MailId,
    },
    /// A report about a mail that is not in the outbox. Nothing changed.
    NotOurs,
    /// No report of a failure for good: a delay, a success, an answer of a person. Nothing changed.
    Passed(&'static str),
    /// It cannot be read. Nothing changed.
    Refused(Unreadable),
}

/// A message and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The file, and in a mailbox the number of the message in it, from 1.
    pub name: String,
    /// What became of it.
    pub outcome: Outcome,
}

impl Report {
    /// Whether a person has to look at it.
    pub fn is_failure(&self) -> bool {
        matches!(self.outcome, Outcome::Refused(_))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.name)?;
        match &self.outcome {
            Outcome::Noted { mail, why } => write!(f, "mail {mail} came back: {why}"),
            Outcome::Known { mail } => write!(f, "mail {mail} came back, known already"),
            Outcome::NotOurs => f.write_str("about a mail that is not of this portal"),
            Outcome::Passed(what) => write!(f, "passed over: {what}"),
            Outcome::Refused(why) => write!(f, "refused: {why}"),
        }
    }
}

/// Notes that a mail came back; gives whether it was news.
///
/// # Errors
/// [`Error::NotFound`] if there is no such mail.
pub async fn mark(db: &impl ConnectionTrait, app: &App, id: MailId, why: &str) -> Result<bool> {
    let marked = mail::Entity::update_many()
        .col_expr(mail::Column::BouncedAt, Expr::value(app.clock.now()))
        .col_expr(mail::Column::BounceReason, Expr::value(why))
        .filter(mail::COLUMN.id.eq(id))
        .filter(mail::COLUMN.bounced_at.is_null())
        .exec(db)
        .await?;
    if marked.rows_affected == 1 {
        let entry = audit::Entry {
            act: "mailBounced",
            object: Some(id.to_string()),
            ..audit::Entry::default()
        };
        audit::add(db, app, entry).await?;
        return Ok(true);
    }
    match mail::Entity::find_by_id(id).one(db).await? {
        Some(_) => Ok(false),
        None => Err(Error::NotFound("mail")),
    }
}

/// Takes one message in.
///
/// # Errors
/// If the database refuses.
pub async fn take(app: &App, bytes: &[u8]) -> Result<Outcome> {
    if bytes.len() > REPORT_MAX {
        return Ok(Outcome::Refused(Unreadable::TooLarge));
    }
    let failure = match read(bytes) {
        Ok(Ok(failure)) => failure,
        Ok(Err(passed)) => return Ok(Outcome::Passed(passed)),
        Err(unreadable) => return Ok(Outcome::Refused(unreadable)),
    };
    let Some(mail) = failure.mail else {
        return Ok(Outcome::NotOurs);
    };
    let tx = app.begin().await?;
    let outcome = match mark(&tx, app, mail, &failure.why).await {
        Ok(true) => Outcome::Noted { mail, why: failure.why },
        Ok(false) => Outcome::Known { mail },
        Err(Error::NotFound(_)) => Outcome::NotOurs,
        Err(error) => return Err(error),
    };
    tx.commit().await?;
    Ok(outcome)
}

/// Takes in a message or a mailbox in the form mbox (RFC 4155): a report for each message.
///
/// # Errors
/// If the database refuses.
pub async fn take_all(app: &App, name: &str, bytes: &[u8]) -> Result<Vec<Report>> {
    if bytes.is_empty() {
        return Ok(Vec::new()); // a mailbox without messages
    }
    if !bytes.starts_with(b"From ") {
        let outcome = take(app, bytes).await?;
        return Ok(vec![Report {
            name: name.to_owned(),
            outcome,
        }]);
    }
    let mut reports = Vec::new();
    for (number, message) in (1..).zip(MessageIterator::new(bytes)) {
        let outcome = match message {
            Ok(message) => take(app, message.contents()).await?,
            Err(_) => Outcome::Refused(Unreadable::NoMessage),
        };
        reports.push(Report {
            name: format!("{name}, message {number}"),
            outcome,
        });
    }
    Ok(reports)
}

/// Takes in a file, a folder with files and folders (as Maildir has them), or with `-` the standard input.
///
/// # Errors
/// If the path cannot be read, or the database refuses. What was taken in before that stays.
pub async fn take_path(app: &App, path: &Path) -> anyhow::Result<Vec<Report>> {
    if path == Path::new("-") {
        let bytes = tokio::task::spawn_blocking(|| bounded(std::io::stdin().lock())).await?;
        let bytes = bytes.context("the standard input cannot be read")?;
        return taken(app, "-", bytes).await;
    }
    let root = path.to_owned();
    let paths = tokio::task::spawn_blocking(move || files(&root)).await??;
    let mut reports = Vec::new();
    for path in paths {
        let name = path.display().to_string();
        let opened = tokio::task::spawn_blocking(move || std::fs::File::open(path).and_then(bounded)).await?;
        let bytes = opened.with_context(|| format!("{name} cannot be read"))?;
        reports.extend(taken(app, &name, bytes).await?);
    }
    Ok(reports)
}

async fn taken(app: &App, name: &str, bytes: Option<Vec<u8>>) -> anyhow::Result<Vec<Report>> {
    match bytes {
        Some(bytes) => Ok(take_all(app, name, &bytes).await?),
        None => Ok(vec![Report {
            name: name.to_owned(),
            outcome: Outcome::Refused(Unreadable::TooLarge),
        }]),
    }
}

/// All bytes; none if they are more than [`FILE_MAX`].
fn bounded(source: impl Read) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let count = source.take(FILE_MAX + 1).read_to_end(&mut bytes)?;
    Ok((count as u64 <= FILE_MAX).then_some(bytes))
}

/// The file, or the files below the folder, sorted. Links are not followed, hidden files are left out.
fn files(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let read = || format!("{} cannot be read", path.display());
    if !std::fs::metadata(path).with_context(read)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))? {
            let entry = entry.with_context(read)?;
            let kind = entry.file_type().with_context(read)?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}
