//! The watched folder: what is put into it comes in, and is then moved to `done` or `refused` beside it.
use super::{Arrived, FILE_LIMIT, known, row, unpack};
use crate::{app::App, entity::intake, error::Result, file};
use anyhow::Context;
use sea_orm::{ActiveModelTrait, IntoActiveModel, SqlErr};
use shared::invoice::{IntakeSource, IntakeState};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};
use tokio_util::sync::CancellationToken;

/// How often the folder is looked at.
pub const INTERVAL: Duration = Duration::from_secs(2);

/// The folder, within the watched one, of what was taken in.
pub const DONE: &str = "done";

/// The folder, within the watched one, of what no invoice was made of.
pub const REFUSED: &str = "refused";

/// The largest ZIP that is read as a whole, in bytes.
pub(in crate::invoice) const ZIP_LIMIT: u64 = 256 * 1024 * 1024;

/// What a file looked like when it was last seen: one that is still being written looks otherwise the next time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    size: u64,
    changed: Option<SystemTime>,
}

/// A watched folder, and what was seen in it.
#[derive(Debug)]
pub struct Watched {
    path: PathBuf,
    seen: BTreeMap<PathBuf, Look>,
}

/// Watches the folder until `stop`.
pub async fn run(app: App, path: PathBuf, stop: CancellationToken) {
    let mut watched = Watched::new(path);
    loop {
        if let Err(error) = watched.look(&app).await {
            tracing::error!(%error, folder = %watched.path.display(), "the folder of invoices could not be read; it is tried again");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

impl Watched {
    /// A folder of which nothing was seen yet.
    pub fn new(path: PathBuf) -> Self {
        Self {
            path,
            seen: BTreeMap::new(),
        }
    }

    /// Looks once: a file that looks as it did the last time comes in, and one that came in and was read is moved.
    ///
    /// # Errors
    /// If folder, database or file store fail.
    pub async fn look(&mut self, app: &App) -> Result<()> {
        let path = self.path.clone();
        let found = apart(move || listed(&path)).await??;
        let steady: Vec<_> = found
            .iter()
            .filter(|(path, look)| self.seen.get(*path) == Some(look))
            .map(|(path, look)| (path.clone(), look.size))
            .collect();
        self.seen = found;
        for (path, size) in steady {
            self.take(app, &path, size).await?;
        }
        Ok(())
    }

    async fn take(&self, app: &App, path: &Path, size: u64) -> Result<()> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if size > ZIP_LIMIT {
            tracing::warn!(file = name, size, "a file in the folder of invoices is too large");
            return self.put_away(path, REFUSED).await;
        }
        let of = path.to_owned();
        let bytes = match apart(move || fs::read(of)).await? {
            Ok(bytes) => bytes,
            // somebody took it away meanwhile
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => {
                return Err(anyhow::Error::new(error)
                    .context(format!("{name} cannot be read"))
                    .into());
            }
        };
        if bytes.len() > FILE_LIMIT && !unpack::is_zip(&bytes) {
            tracing::warn!(file = name, size, "a file in the folder of invoices is too large");
            return self.put_away(path, REFUSED).await;
        }
        let sha256 = file::sha256(&bytes);
        let origin = format!("folder:{name}:{sha256}");
        match known(&app.db, &origin).await? {
            Some(row) if row.state == IntakeState::Waiting => Ok(()),
            Some(row) => {
                let folder = if row.state == IntakeState::Refused {
                    REFUSED
                } else {
                    DONE
                };
                self.put_away(path, folder).await
            }
            None => {
                let file_size = bytes.len();
                app.files.put(bytes).await?;
                let arrived = Arrived {
                    source: IntakeSource::Folder,
                    origin: Some(origin),
                    container: None,
                    user: None,
                    account: None,
                    file_name: &name,
                    file_size,
                    sha256,
                };
                keep(app, row(app, arrived)).await
            }
        }
    }

    /// Moves a file, under a name that is free there.
    async fn put_away(&self, path: &Path, folder: &str) -> Result<()> {
        let (from, to) = (path.to_owned(), self.path.join(folder));
        apart(move || moved(&from, &to)).await??;
        Ok(())
    }
}

async fn keep(app: &App, row: intake::Model) -> Result<()> {
    match row.into_active_model().insert(&app.db).await {
        Ok(_) => {
            app.intakes_wait.notify_one();
            Ok(())
        }
        // another process watches the same folder and was faster
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The files of the folder itself; hidden ones, and those that end in `.tmp` or `.part`, are being written.
fn listed(folder: &Path) -> anyhow::Result<BTreeMap<PathBuf, Look>> {
    let read = || format!("the folder {} cannot be read", folder.display());
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(read)? {
        let entry = entry.with_context(read)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_unfinished = name.starts_with('.') || name.ends_with(".tmp") || name.ends_with(".part");
        // a link could lead to any file of this machine
        let Ok(facts) = entry.path().symlink_metadata() else {
            continue;
        };
        if facts.is_file() && !is_unfinished {
            let look = Look {
                size: facts.len(),
                changed: facts.modified().ok(),
            };
            found.insert(entry.path(), look);
        }
    }
    Ok(found)
}

fn moved(from: &Path, folder: &Path) -> anyhow::Result<()> {
    let read = || format!("{} cannot be moved to {}", from.display(), folder.display());
    fs::create_dir_all(folder).with_context(read)?;
    let name = from.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut to = folder.join(&name);
    for number in 2_u32.. {
        if !to.exists() {
            break;
        }
        to = folder.join(format!("{number}-{name}"));
    }
    match fs::rename(from, &to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done.with_context(read),
    }
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.context("a task of the intake ended early")?)
}
