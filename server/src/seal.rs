//! Secrets at rest: AES-256-GCM (NIST SP 800-38D) under a key-encryption key that is not in the database.
use crate::{
    app::Chance,
    error::{Error, Result},
};
use aes_gcm::{
    Aes256Gcm, Key, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use anyhow::{Context, anyhow, bail};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretBox, zeroize::Zeroizing};
use sha2::Sha256;
use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::{PoisonError, RwLock, RwLockReadGuard},
    time::SystemTime,
};

/// Bytes of a fingerprint.
const FINGERPRINT: usize = 16;

/// Bytes of a GCM nonce.
const NONCE: usize = 12;

/// What a secret is sealed for: its row's identity. Sealed bytes open under the same words only, so that a
/// swapped row fails instead of giving another's secret.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The table and column.
    pub column: &'static str,
    /// The id of the row.
    pub row: &'a [u8],
    /// What tells secrets of one row apart, such as the key's name.
    pub name: &'a str,
}

impl Place<'_> {
    /// Length-prefixed, so that no two places give the same bytes.
    fn associated_data(&self, version: i32) -> Vec<u8> {
        let mut bytes = version.to_be_bytes().to_vec();
        for part in [self.column.as_bytes(), self.row, self.name.as_bytes()] {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        bytes
    }
}

/// The key-encryption keys by version; the highest one seals, all open.
#[derive(Debug)]
pub struct Keyring {
    path: PathBuf,
    versions: RwLock<Versions>,
    audit: SecretBox<[u8; 32]>,
}

/// What the key file held when it was read last.
#[derive(Debug)]
struct Versions {
    current: i32,
    keys: BTreeMap<i32, SecretBox<[u8; 32]>>,
    /// When the file was written.
    written: Option<SystemTime>,
}

/// A secret as it lies in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Nonce, ciphertext and tag.
    pub bytes: Vec<u8>,
    /// The version of the key-encryption key.
    pub version: i32,
}

impl Keyring {
    /// Reads a key file: a line for each version, `VERSION HEX64`, and one for the key of the audit log, `audit HEX64`;
    /// empty lines and lines that start with # are passed over.
    ///
    /// # Errors
    /// A sentence that names the file and the line, never the key.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let written = fs::metadata(path).and_then(|file| file.modified()).ok();
        let text = Zeroizing::new(
            fs::read_to_string(path).with_context(|| format!("the key file {} cannot be read", path.display()))?,
        );
        let mut keys = BTreeMap::new();
        let mut audit = None;
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = || {
                anyhow!(
                    "line {} of the key file {} is not VERSION (or audit) and 64 hexadecimal digits",
                    number + 1,
                    path.display()
                )
            };
            let (version, key) = line.split_once(' ').ok_or_else(wrong)?;
            let mut bytes = Zeroizing::new([0; 32]);
            hex::decode_to_slice(key.trim(), bytes.as_mut()).map_err(|_| wrong())?;
            if version == "audit" {
                audit = Some(SecretBox::new(Box::new(*bytes)));
                continue;
            }
            let version = version
                .parse::<i32>()
                .ok()
                .filter(|version| *version > 0)
                .ok_or_else(wrong)?;
            if keys.insert(version, SecretBox::new(Box::new(*bytes))).is_some() {
                bail!("the key file {} has version {version} twice", path.display());
            }
        }
        let current = *keys
            .keys()
            .last()
            .ok_or_else(|| anyhow!("the key file {} holds no key", path.display()))?;
        let audit = audit.ok_or_else(|| {
            anyhow!(
                "the key file {} has no line \"audit\" with 64 hexadecimal digits, the key of the audit log",
                path.display()
            )
        })?;
        Ok(Self {
            path: path.to_owned(),
            versions: RwLock::new(Versions { current, keys, written }),
            audit,
        })
    }

    /// The version that seals now.
    pub fn current(&self) -> i32 {
        self.follow();
        self.held().current
    }

    /// The versions of the key file, the oldest first.
    pub fn versions(&self) -> Vec<i32> {
        self.follow();
        self.held().keys.keys().copied().collect()
    }

    fn held(&self) -> RwLockReadGuard<'_, Versions> {
        // a panic elsewhere leaves the versions whole: they are replaced at once
        self.versions.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the key file again if it was written since: a portal that serves follows a rotation. A file that cannot be
    /// read changes nothing.
    fn follow(&self) {
        let written = fs::metadata(&self.path).and_then(|file| file.modified()).ok();
        if written.is_none() || written == self.held().written {
            return;
        }
        match Self::read(&self.path) {
            Ok(new) => {
                let new = new.versions.into_inner().unwrap_or_else(PoisonError::into_inner);
                *self.versions.write().unwrap_or_else(PoisonError::into_inner) = new;
            }
            Err(error) => tracing::error!(%error, "the key file was changed and cannot be read; the keys before count"),
        }
    }

    /// Adds a new version to the key file, which seals from now on. Gives its number.
    ///
    /// # Errors
    /// If the file cannot be read or written.
    pub fn add_version(path: &Path, rng: &Chance) -> anyhow::Result<i32> {
        let ring = Self::read(path)?;
        let version = ring.held().current + 1;
        let key = Zeroizing::new(rng.bytes::<32>());
        let mut text = Zeroizing::new(fs::read_to_string(path)?);
        let line = Zeroizing::new(format!("{version} {}\n", hex::encode(key.as_slice())));
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&line);
        replace(path, &text)?;
        Ok(version)
    }

    /// Takes a version out of the key file. Whether something is still sealed under it is the caller's to know.
    ///
    /// # Errors
    /// If it is not there, is the one that seals, or the file was written less than [`SETTLING`] ago: a portal that serves may hold
    /// something that it sealed before.
    pub fn remove_version(path: &Path, version: i32, now: DateTime<Utc>) -> anyhow::Result<()> {
        let ring = Self::read(path)?;
        if !ring.held().keys.contains_key(&version) {
            bail!("the key file {} has no version {version}", path.display());
        }
        if ring.held().current == version {
            bail!("version {version} seals now; rotate first");
        }
        let written = ring.held().written.map(DateTime::<Utc>::from);
        if written.is_none_or(|written| now - written < SETTLING) {
            bail!(
                "the key file was written less than {} minutes ago; wait",
                SETTLING.num_minutes()
            );
        }
        let text = Zeroizing::new(fs::read_to_string(path)?);
        let is_it = |line: &&str| {
            line.trim()
                .split_once(' ')
                .is_some_and(|(first, _)| first.parse() == Ok(version))
        };
        let mut kept = Zeroizing::new(String::with_capacity(text.len()));
        for line in text.lines().filter(|line| !is_it(line)) {
            kept.push_str(line);
            kept.push('\n');
        }
        replace(path, &kept)
    }

    /// The key of the audit log's chain. It stays when key-encryption keys are rotated: what was sealed is never sealed
    /// again.
    pub fn audit_key(&self) -> &[u8] {
        self.audit.expose_secret()
    }

    /// Writes a new key file with one key and the audit log's, readable by its owner only (mode 0600), unless there is one.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn create_if_missing(path: &Path, rng: &Chance) -> anyhow::Result<()> {
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(path) {
            Ok(mut file) => {
                let (key, audit) = (Zeroizing::new(rng.bytes::<32>()), Zeroizing::new(rng.bytes::<32>()));
                let line = Zeroizing::new(format!(
                    "1 {}\naudit {}\n",
                    hex::encode(key.as_slice()),
                    hex::encode(audit.as_slice())
                ));
                file.write_all(line.as_bytes())
                    .and_then(|()| file.sync_all())
                    .with_context(|| format!("the key file {} cannot be written", path.display()))
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error).with_context(|| format!("the key file {} cannot be made", path.display())),
        }
    }

    /// What equal secrets have in common, and nobody without the key file can tell of a secret: HMAC-SHA-256, cut to 16
    /// bytes. It stays when key-encryption keys are rotated.
    ///
    /// # Errors
    /// None in practice: HMAC takes keys of any length.
    pub fn fingerprint(&self, secret: &[u8]) -> Result<Vec<u8>> {
        let mut mac =
            <Hmac<Sha256> as KeyInit>::new_from_slice(self.audit_key()).context("HMAC takes keys of any length")?;
        mac.update(b"keyhaus fingerprint of a key\0");
        mac.update(secret);
        Ok(mac.finalize().into_bytes()[..FINGERPRINT].to_vec())
    }

    /// Seals `secret` for `place`.
    ///
    /// # Errors
    /// [`Error::Internal`] if the cipher refuses.
    pub fn seal(&self, rng: &Chance, place: Place<'_>, secret: &[u8]) -> Result<Sealed> {
        let nonce = rng.bytes::<NONCE>();
        let version = self.current();
        let payload = Payload {
            msg: secret,
            aad: &place.associated_data(version),
        };
        let ciphertext = self
            .cipher(version)?
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| anyhow!("a secret of {} could not be sealed", place.column))?;
        Ok(Sealed {
            bytes: [nonce.as_slice(), &ciphertext].concat(),
            version,
        })
    }

    /// Opens what was sealed for `place`.
    ///
    /// # Errors
    /// [`Error::Internal`] if the bytes were changed, belong to another place or the version is not in the ring;
    /// nothing of the plaintext is given then.
    pub fn open(&self, place: Place<'_>, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>> {
        let refused = || Error::from(anyhow!("a secret of {} does not open", place.column));
        let (nonce, ciphertext) = sealed.bytes.split_first_chunk::<NONCE>().ok_or_else(refused)?;
        let payload = Payload {
            msg: ciphertext,
            aad: &place.associated_data(sealed.version),
        };
        let plain = self
            .cipher(sealed.version)?
            .decrypt(&Nonce::from(*nonce), payload)
            .map_err(|_| refused())?;
        Ok(Zeroizing::new(plain))
    }

    fn cipher(&self, version: i32) -> Result<Aes256Gcm> {
        if !self.held().keys.contains_key(&version) {
            self.follow();
        }
        let held = self.held();
        let key = held
            .keys
            .get(&version)
            .ok_or_else(|| anyhow!("key-encryption key {version} is not in the key file"))?;
        Ok(Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key.expose_secret())))
    }
}

/// How long a version stays in the key file after a rotation, at the least.
pub const SETTLING: TimeDelta = TimeDelta::minutes(10);

/// Writes a key file anew, all or nothing, readable by its owner only.
fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    let new = path.with_extension("new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&new).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written
        .and_then(|()| fs::rename(&new, path))
        .with_context(|| format!("the key file {} cannot be written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring() -> (Keyring, Chance) {
        let rng = Chance::seeded(1);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        Keyring::create_if_missing(&path, &rng).unwrap();
        (Keyring::read(&path).unwrap(), rng)
    }

    const PLACE: Place<'_> = Place {
        column: "device_key.sealed",
        row: b"row 1",
        name: "DEK",
    };

    #[test]
    fn a_secret_opens_in_its_own_place_only_h01() {
        let (ring, rng) = ring();
        let sealed = ring.seal(&rng, PLACE, b"secret").unwrap();
        assert_eq!(ring.open(PLACE, &sealed).unwrap().as_slice(), b"secret");
        for place in [
            Place { row: b"row 2", ..PLACE },
            Place { name: "GPK60", ..PLACE },
            Place {
                column: "totp.sealed",
                ..PLACE
            },
        ] {
            assert!(ring.open(place, &sealed).is_err(), "{place:?}");
        }
    }

    #[test]
    fn a_changed_byte_anywhere_is_refused_h03() {
        let (ring, rng) = ring();
        let sealed = ring.seal(&rng, PLACE, b"secret").unwrap();
        for position in 0..sealed.bytes.len() {
            let mut changed = sealed.clone();
            changed.bytes[position] ^= 1;
            assert!(ring.open(PLACE, &changed).is_err(), "byte {position}");
        }
        assert!(ring.open(PLACE, &Sealed { version: 2, ..sealed }).is_err());
    }

    #[test]
    fn a_key_file_is_for_its_owner_only_and_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        Keyring::create_if_missing(&path, &Chance::seeded(1)).unwrap();
        let first = fs::read(&path).unwrap();
        Keyring::create_if_missing(&path, &Chance::seeded(2)).unwrap();
        assert_eq!(fs::read(&path).unwrap(), first);
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions()) & 0o777,
            0o600
        );
    }

    #[test]
    fn a_broken_key_file_is_refused_by_line_and_without_its_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        for (text, expected) in [
            ("", "holds no key"),
            ("1 abcd\n", "line 1"),
            ("# comment\nx\n", "line 2"),
            (
                "1 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n",
                "no line \"audit\"",
            ),
        ] {
            fs::write(&path, text).unwrap();
            let message = Keyring::read(&path).unwrap_err().to_string();
            assert!(message.contains(expected) && !message.contains("abcd"), "{message}");
        }
    }
}
