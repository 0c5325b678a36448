//! Hashing passwords: argon2id (RFC 9106), off the async threads, never more at once than the machine bears.
use crate::error::{Error, Result};
use anyhow::{Context, anyhow};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

/// How many hashes may wait for their turn before the next is refused.
const QUEUE: usize = 64;

/// Memory of a hash in KiB: 64 MiB, the second choice of RFC 9106 section 4.
const MEMORY: u32 = 64 * 1024;

/// Passes over the memory.
const PASSES: u32 = 3;

/// Hashes and compares passwords.
#[derive(Clone, Debug)]
pub struct Hasher(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    params: Params,
    /// One permit for each hash at work.
    at_work: Semaphore,
    waiting: AtomicUsize,
    /// What unknown names are compared with, so that they cost the same (security B08).
    dummy: String,
    /// How many hashes were made, for tests that assert the work.
    count: AtomicUsize,
}

impl Hasher {
    /// The hasher of a server: as many hashes at once as there are cores but one.
    ///
    /// # Errors
    /// If argon2 refuses its parameters.
    pub fn new() -> anyhow::Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self::with(MEMORY, PASSES, cores.saturating_sub(1).max(1))
    }

    /// A hasher of other parameters, for tests: memory in KiB, passes, hashes at once.
    ///
    /// # Errors
    /// If argon2 refuses its parameters.
    pub fn with(memory: u32, passes: u32, at_once: usize) -> anyhow::Result<Self> {
        let params = Params::new(memory, passes, 1, None).map_err(|error| anyhow!("argon2: {error}"))?;
        let dummy = hash(&params, "nobody has this password")?;
        let (waiting, count) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Ok(Self(Arc::new(Inner {
            params,
            at_work: Semaphore::new(at_once),
            waiting,
            dummy,
            count,
        })))
    }

    /// The PHC string of a password.
    ///
    /// # Errors
    /// [`Error::Throttled`] when too many wait already.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = normalised(password);
        self.run(move |inner| hash(&inner.params, &password)).await
    }

    /// Whether a password is the one of a PHC string. Without one it does the same work and says no.
    ///
    /// # Errors
    /// [`Error::Throttled`] when too many wait already.
    pub async fn verify(&self, password: &str, stored: Option<String>) -> Result<bool> {
        let password = normalised(password);
        self.run(move |inner| {
            let known = stored.is_some();
            let stored = stored.unwrap_or_else(|| inner.dummy.clone());
            let stored = PasswordHash::new(&stored).map_err(|error| anyhow!("a stored hash is broken: {error}"))?;
            Ok(argon2(&inner.params)
                .verify_password(password.as_bytes(), &stored)
                .is_ok()
                && known)
        })
        .await
    }

    /// Whether a stored hash was made with less work than is done now (security A10). What cannot be read is not.
    pub fn is_outdated(&self, stored: &str) -> bool {
        let made = PasswordHash::new(stored)
            .ok()
            .and_then(|hash| Params::try_from(&hash).ok());
        made.is_some_and(|made| {
            let now = &self.0.params;
            made.m_cost() < now.m_cost() || made.t_cost() < now.t_cost()
        })
    }

    /// Whether a PHC string was made at a lower cost than this hasher's, or cannot be read (security A10).
    pub fn is_weaker(&self, stored: &str) -> bool {
        let params = PasswordHash::new(stored)
            .ok()
            .and_then(|hash| Params::try_from(&hash).ok());
        params.is_none_or(|old| {
            let new = &self.0.params;
            old.m_cost() < new.m_cost() || old.t_cost() < new.t_cost() || old.p_cost() < new.p_cost()
        })
    }

    /// How many hashes were made since the start.
    pub fn count(&self) -> usize {
        self.0.count.load(Ordering::Relaxed)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> anyhow::Result<T> + Send + 'static,
    ) -> Result<T> {
        let _place = Place::take(&self.0.waiting)?;
        let _permit = self.0.at_work.acquire().await.context("the hasher has stopped")?;
        let inner = Arc::clone(&self.0);
        inner.count.fetch_add(1, Ordering::Relaxed);
        let done = tokio::task::spawn_blocking(move || work(&inner))
            .await
            .context("a hash was not finished")?;
        Ok(done?)
    }
}

/// A place in the queue, given back when dropped.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Result<Self> {
        if waiting.fetch_add(1, Ordering::Relaxed) < QUEUE {
            Ok(Self(waiting))
        } else {
            waiting.fetch_sub(1, Ordering::Relaxed);
            Err(Error::Throttled)
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn argon2(params: &Params) -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
}

fn hash(params: &Params, password: &str) -> anyhow::Result<String> {
    let hash = argon2(params)
        .hash_password(password.as_bytes())
        .map_err(|error| anyhow!("argon2: {error}"))?;
    Ok(hash.to_string())
}

/// The same for each way to type a character (security A03).
fn normalised(password: &str) -> String {
    password.nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Poll;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_in_any_spelling_of_its_characters() {
        let hasher = Hasher::with(64, 1, 1).unwrap();
        let stored = hasher.hash("Grün-Weg-26").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{stored}");
        assert!(hasher.verify("Gru\u{308}n-Weg-26", Some(stored.clone())).await.unwrap());
        assert!(!hasher.verify("grün-weg-26", Some(stored.clone())).await.unwrap());
        assert_ne!(hasher.hash("Grün-Weg-26").await.unwrap(), stored);
    }

    #[tokio::test]
    async fn an_unknown_name_costs_one_hash_too() {
        let hasher = Hasher::with(64, 1, 1).unwrap();
        assert!(!hasher.verify("nobody has this password", None).await.unwrap());
        assert_eq!(hasher.count(), 1);
    }

    #[tokio::test]
    async fn more_hashes_than_the_queue_holds_are_refused_and_not_kept_in_memory_a11() {
        let hasher = Hasher::with(64, 1, 1).unwrap();
        let permit = hasher.0.at_work.acquire().await.unwrap();
        let mut waiting = Vec::new();
        let mut refused = 0;
        for _ in 0..200 {
            let mut one = Box::pin(hasher.verify("x", None));
            match futures::poll!(&mut one) {
                Poll::Pending => waiting.push(one),
                Poll::Ready(answer) => {
                    assert!(matches!(answer, Err(Error::Throttled)));
                    refused += 1;
                }
            }
        }
        assert_eq!((waiting.len(), refused, hasher.count()), (QUEUE, 200 - QUEUE, 0));
        drop(permit);
        for answer in futures::future::join_all(waiting).await {
            assert!(!answer.unwrap());
        }
        assert_eq!(hasher.count(), QUEUE);
        assert!(!hasher.verify("x", None).await.unwrap(), "and it goes on");
    }

    #[tokio::test]
    async fn a_caller_that_goes_away_gives_its_place_back() {
        let hasher = Hasher::with(64, 1, 1).unwrap();
        let permit = hasher.0.at_work.acquire().await.unwrap();
        let mut waiting: Vec<_> = (0..QUEUE).map(|_| Box::pin(hasher.verify("x", None))).collect();
        for one in &mut waiting {
            assert!(futures::poll!(one).is_pending());
        }
        drop(waiting);
        drop(permit);
        assert!(!hasher.verify("x", None).await.unwrap());
    }
}
