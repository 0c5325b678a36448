//! ZIPs of invoices: each file in them comes in by itself.
use super::{Arrived, Ended, FILE_LIMIT, close, row};
use crate::{
    app::App,
    entity::intake,
    error::Result,
    invoice::report::{Outcome, Refusal},
};
use anyhow::Context;
use sea_orm::{EntityTrait, IntoActiveModel};
use shared::invoice::IntakeState;
use std::io::{Cursor, Read, Seek};
use zip::ZipArchive;

/// The most files in a ZIP.
pub const ENTRIES_MAX: usize = 10_000;

/// The most bytes that a ZIP unpacks to: as many as [`ENTRIES_MAX`] invoices of ordinary size have.
pub const UNPACKED_MAX: u64 = 2 * 1024 * 1024 * 1024;

/// How often its own size a file in a ZIP may unpack to: XML packs to a tenth; what packs to a hundredth is a bomb.
const RATIO_MAX: u64 = 200;

/// The first bytes of a ZIP with files in it, and of an empty one.
const MAGIC: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];

/// Whether bytes are a ZIP, by their beginning.
pub fn is_zip(bytes: &[u8]) -> bool {
    MAGIC.iter().any(|magic| bytes.starts_with(magic))
}

/// The files of a ZIP, one after the other: only one of them is in memory at a time.
pub(in crate::invoice) struct Entries<R> {
    zip: ZipArchive<R>,
    next: usize,
    left: u64,
}

impl<R: Read + Seek> Entries<R> {
    /// Opens a ZIP.
    ///
    /// # Errors
    /// [`Refusal::BrokenZip`], or [`Refusal::LargeZip`] above [`ENTRIES_MAX`].
    pub(in crate::invoice) fn open(file: R) -> Result<Self, Refusal> {
        let zip = ZipArchive::new(file).map_err(|error| Refusal::BrokenZip(error.to_string()))?;
        if zip.len() > ENTRIES_MAX {
            return Err(Refusal::LargeZip);
        }
        Ok(Self {
            zip,
            next: 0,
            left: UNPACKED_MAX,
        })
    }

    /// The next file: its name, and its bytes unless it is refused. Folders, hidden files and what macOS adds are left
    /// out.
    pub(in crate::invoice) fn advance(&mut self) -> Option<(String, Result<Vec<u8>, Refusal>)> {
        while self.next < self.zip.len() {
            let index = self.next;
            self.next += 1;
            let name = match self.zip.by_index_raw(index) {
                Ok(entry) if entry.is_dir() => continue,
                Ok(entry) => String::from_utf8_lossy(entry.name_raw()).into_owned(),
                Err(error) => return Some((format!("{}", index + 1), Err(Refusal::BrokenZip(error.to_string())))),
            };
            let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
            if last.starts_with('.') || name.starts_with("__MACOSX/") {
                continue;
            }
            let bytes = self.bytes(index);
            return Some((name, bytes));
        }
        None
    }

    fn bytes(&mut self, index: usize) -> Result<Vec<u8>, Refusal> {
        let broken = |error: String| Refusal::BrokenZip(error);
        let entry = self.zip.by_index(index).map_err(|error| broken(error.to_string()))?;
        let allowed = (FILE_LIMIT as u64)
            .min(self.left)
            .min(entry.compressed_size().saturating_mul(RATIO_MAX));
        let mut bytes = Vec::new();
        entry
            .take(allowed + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| broken(error.to_string()))?;
        self.left = self.left.saturating_sub(bytes.len() as u64);
        if bytes.len() as u64 > allowed {
            return Err(Refusal::LargeZip);
        }
        if is_zip(&bytes) {
            return Err(Refusal::NestedZip);
        }
        Ok(bytes)
    }
}

/// Gives each file of the ZIP of `parent` a row of its own, then closes the row of the ZIP. A second try after a crash
/// finds the rows that the first one made.
pub(super) async fn unpack(app: &App, parent: &intake::Model, bytes: Vec<u8>) -> Result<()> {
    let opened = apart(move || Entries::open(Cursor::new(bytes))).await?;
    let mut entries = match opened {
        Ok(entries) => entries,
        Err(refusal) => {
            close(&app.db, app, parent.id, &Ended::from(Outcome::Refused(refusal))).await?;
            return Ok(());
        }
    };
    for place in 0_u32.. {
        let (back, entry) = apart(move || {
            let entry = entries.advance();
            (entries, entry)
        })
        .await?;
        entries = back;
        let Some((name, bytes)) = entry else { break };
        let origin = format!("zip:{}:{place}", parent.id);
        if super::known(&app.db, &origin).await?.is_some() {
            continue;
        }
        keep(app, parent, origin, &name, bytes).await?;
    }
    let ended = Ended {
        state: IntakeState::Unpacked,
        invoice: None,
        findings: 0,
        refusal: None,
    };
    close(&app.db, app, parent.id, &ended).await?;
    Ok(())
}

async fn keep(
    app: &App,
    parent: &intake::Model,
    origin: String,
    name: &str,
    bytes: Result<Vec<u8>, Refusal>,
) -> Result<()> {
    let (bytes, refusal) = match bytes {
        Ok(bytes) => (bytes, None),
        Err(refusal) => (Vec::new(), Some(refusal)),
    };
    let file_size = bytes.len();
    let arrived = Arrived {
        source: parent.source,
        origin: Some(origin),
        container: Some(parent.file_name.clone()),
        user: parent.user_id,
        account: parent.account_id,
        file_name: name,
        file_size,
        sha256: app.files.put(bytes).await?,
    };
    let tx = app.begin().await?;
    let row = row(app, arrived);
    let id = row.id;
    // another process that unpacks the same ZIP may have been faster
    intake::Entity::insert(row.into_active_model())
        .on_conflict(
            sea_orm::sea_query::OnConflict::column(intake::Column::Origin)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(&tx)
        .await?;
    if let Some(refusal) = refusal {
        close(&tx, app, id, &Ended::from(Outcome::Refused(refusal))).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.context("a task of the intake ended early")?)
}
