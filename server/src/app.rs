//! What the subjects use: database, clock, chance, keys, files. Time and chance come from here only, so that tests set them.
use crate::{file::Files, meter::staging::Progress, seal::Keyring, session::password::Hasher, settings::Settings};
use chrono::{DateTime, NaiveDate, Utc};
use rand::{Rng, SeedableRng, rngs::StdRng};
use sea_orm::DatabaseConnection;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use uuid::Uuid;

/// One running Keyhaus; cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<Parts>);

/// What [`App`] shares.
#[derive(Debug)]
pub struct Parts {
    /// The database.
    pub db: DatabaseConnection,
    /// The time.
    pub clock: Clock,
    /// Chance.
    pub rng: Chance,
    /// The key-encryption keys.
    pub keys: Keyring,
    /// Originals and uploads.
    pub files: Files,
    /// Password hashing, bounded.
    pub hasher: Hasher,
    /// How it is set up.
    pub settings: Settings,
    /// Wakes who answers what strangers ask for at the entrance.
    pub entrance_waits: Notify,
    /// Wakes who reads the files with invoices that came in.
    pub intakes_wait: Notify,
    /// How far imports of keys have come that are being done.
    pub imports_progress: Progress,
    /// Wakes who judges the imports of keys that wait.
    pub imports_wait: Notify,
    /// Wakes the outbox's worker after a commit.
    pub mail_waits: Notify,
    /// Wakes whoever tells other places that a session is over.
    pub visits_wait: Notify,
    /// Wakes the worker of the webhooks after a commit.
    pub webhooks_wait: Notify,
}

impl App {
    /// An app of these parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// A new UUIDv7 of the app's time and chance (RFC 9562 section 5.7).
    pub fn new_id(&self) -> Uuid {
        let millis = u64::try_from(self.clock.now().timestamp_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &self.rng.bytes::<10>()).into_uuid()
    }
}

impl std::ops::Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// The time.
#[derive(Debug)]
pub enum Clock {
    /// The machine's.
    System,
    /// A time that a test sets.
    Set(Mutex<DateTime<Utc>>),
}

impl Clock {
    /// Now, in UTC, to the microsecond (what both databases keep).
    pub fn now(&self) -> DateTime<Utc> {
        let now = match self {
            #[expect(
                clippy::disallowed_methods,
                reason = "the one place that asks the machine for the time"
            )]
            Self::System => Utc::now(),
            Self::Set(time) => *lock(time),
        };
        DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
    }

    /// Today, in UTC.
    pub fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }

    /// Sets a test's clock; the machine's is left alone.
    pub fn set(&self, time: DateTime<Utc>) {
        if let Self::Set(current) = self {
            *lock(current) = time;
        }
    }
}

/// Chance, from a cryptographically secure generator.
#[derive(Debug)]
pub enum Chance {
    /// The operating system's.
    System,
    /// A test's, from a seed.
    Seeded(Box<Mutex<StdRng>>),
}

impl Chance {
    /// Chance that repeats itself, for tests.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Box::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match self {
            Self::System => rand::rng().fill_bytes(&mut bytes),
            Self::Seeded(rng) => lock(rng).fill_bytes(&mut bytes),
        }
        bytes
    }
}

/// A panic elsewhere while holding the lock leaves a time or a generator whole, so it may be used on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
