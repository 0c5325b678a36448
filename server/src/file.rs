//! Files: kept in an object store under their SHA-256, written before the row that names them.
use crate::{
    actor::Actor,
    app::App,
    entity::file,
    error::{Error, Result},
};
use anyhow::{Context, anyhow};
use futures::TryStreamExt;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, local::LocalFileSystem, path::Path as Key};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};
use sha2::{Digest, Sha256};
use shared::id::FileId;
use std::{path::Path, sync::Arc};

/// The largest file that is taken, in bytes (security G05).
pub const FILE_MAX: usize = 10 * 1024 * 1024;

/// The longest file name that is kept, in characters.
const NAME_MAX: usize = 200;

/// Where the bytes of files are.
#[derive(Clone, Debug)]
pub struct Files(Arc<dyn ObjectStore>);

impl Files {
    /// A folder of this machine, made if it is missing.
    ///
    /// # Errors
    /// If the folder cannot be made or read.
    pub fn local(folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        let store = LocalFileSystem::new_with_prefix(folder)
            .with_context(|| format!("the folder {} cannot be opened", folder.display()))?
            .with_fsync(true);
        Ok(Self(Arc::new(store)))
    }

    /// Keeps bytes and gives their SHA-256 as 64 hexadecimal digits. The same bytes are kept once.
    ///
    /// # Errors
    /// If the store refuses.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<String> {
        let sha256 = sha256(&bytes);
        let key = key(&sha256);
        if self.0.head(&key).await.is_err() {
            self.0
                .put(&key, PutPayload::from(bytes))
                .await
                .context("a file could not be kept")?;
        }
        Ok(sha256)
    }

    /// The bytes of a SHA-256.
    ///
    /// # Errors
    /// If they are not there, or are not what they were.
    pub async fn get(&self, sha256: &str) -> Result<Vec<u8>> {
        let found = self
            .0
            .get(&key(sha256))
            .await
            .with_context(|| format!("the file {sha256} is not there"))?;
        let chunks: Vec<_> = found
            .into_stream()
            .try_collect()
            .await
            .context("a file could not be read")?;
        let bytes = chunks.concat();
        if self::sha256(&bytes) == sha256 {
            Ok(bytes)
        } else {
            Err(anyhow!("the file {sha256} was changed").into())
        }
    }
}

/// Two letters a folder, so that no folder grows without end.
fn key(sha256: &str) -> Key {
    Key::from(format!("{}/{sha256}", sha256.get(..2).unwrap_or_default()))
}

/// The SHA-256 (FIPS 180-4) of bytes, as 64 hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// A file name without folders, control characters and bidirectional marks, at most 200 characters.
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let hidden = |c: char| {
        c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let name: String = last.chars().filter(|c| !hidden(*c)).take(NAME_MAX).collect();
    let name = name.trim().trim_start_matches('.');
    if name.is_empty() {
        "file".to_owned()
    } else {
        name.to_owned()
    }
}

/// Keeps an uploaded file until a mutation names it.
///
/// # Errors
/// [`Error::TooLarge`] over [`FILE_MAX`].
pub async fn upload(app: &App, actor: &Actor, name: &str, bytes: Vec<u8>) -> Result<FileId> {
    if bytes.len() > FILE_MAX {
        return Err(Error::TooLarge("a file may have 10 MiB"));
    }
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let row = file::Model {
        id: FileId(app.new_id()),
        user_id: Some(actor.user),
        name: clean_name(name),
        sha256: app.files.put(bytes).await?,
        size,
        created_at: app.clock.now(),
    };
    let id = row.id;
    row.into_active_model().insert(&app.db).await?;
    Ok(id)
}

/// A file that the actor uploaded, with its bytes.
///
/// # Errors
/// [`Error::NotFound`] for files of others, too.
pub async fn get(app: &App, actor: &Actor, id: FileId) -> Result<(file::Model, Vec<u8>)> {
    let row = of(&app.db, actor, id).await?;
    let bytes = app.files.get(&row.sha256).await?;
    Ok((row, bytes))
}

/// What is known of a file that the actor uploaded, without its bytes.
///
/// # Errors
/// [`Error::NotFound`] for files of others, too.
pub async fn of(db: &impl ConnectionTrait, actor: &Actor, id: FileId) -> Result<file::Model> {
    let found = file::Entity::find_by_id(id).one(db).await?;
    found
        .filter(|row| row.user_id == Some(actor.user))
        .ok_or(Error::NotFound("file"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_leaves_its_folder() {
        for (name, clean) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\a.kem", "a.kem"),
            ("a\r\nb.kem", "ab.kem"),
            ("..", "file"),
            ("", "file"),
            ("x\u{202e}fdp.exe", "xfdp.exe"),
            ("Zähler 1.zip.kem", "Zähler 1.zip.kem"),
        ] {
            assert_eq!(clean_name(name), clean);
        }
    }
}
