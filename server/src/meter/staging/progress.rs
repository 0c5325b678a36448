//! How far imports have come that are being done. Kept in memory: an import is one transaction (ADR 0029), so the database
//! tells nobody of its rows before all are there.
use shared::id::StagedImportId;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The imports that are being done, and how many rows of each are written.
#[derive(Debug, Default)]
pub struct Progress(Mutex<HashMap<StagedImportId, u64>>);

impl Progress {
    /// How many rows of an import are written; nothing if it is not being done.
    pub fn of(&self, id: StagedImportId) -> Option<u64> {
        self.counts().get(&id).copied()
    }

    /// Begins to count the rows of an import, until what it gives is dropped.
    pub(super) fn begin(&self, id: StagedImportId) -> Counting<'_> {
        self.counts().insert(id, 0);
        Counting { progress: self, id }
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<StagedImportId, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An import that is being done.
#[derive(Debug)]
pub(super) struct Counting<'a> {
    progress: &'a Progress,
    id: StagedImportId,
}

impl Counting<'_> {
    /// More rows are written.
    pub(super) fn add(&self, rows: usize) {
        if let Some(count) = self.progress.counts().get_mut(&self.id) {
            *count += rows as u64;
        }
    }
}

impl Drop for Counting<'_> {
    fn drop(&mut self) {
        self.progress.counts().remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn rows_are_counted_until_the_import_is_done_or_broken_off() {
        let (progress, id) = (Progress::default(), StagedImportId(Uuid::nil()));
        assert_eq!(progress.of(id), None);
        let counting = progress.begin(id);
        counting.add(500);
        counting.add(20);
        assert_eq!(progress.of(id), Some(520));
        assert_eq!(progress.of(StagedImportId(Uuid::max())), None);
        drop(counting);
        assert_eq!(progress.of(id), None);
    }
}
