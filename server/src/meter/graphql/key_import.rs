//! Imports of keys as the API shows them.
use super::super::{list::ImportDone, verdict::Row};
use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use shared::{device::RowVerdict, id::KeyImportId};

/// What an import would do.
#[derive(Clone, Debug, SimpleObject)]
pub struct KeyImportPreview {
    /// The name of the file.
    pub file_name: String,
    /// KEM or KEM2.
    pub format: &'static str,
    /// The order that all its devices belong to.
    pub order_number: Option<String>,
    /// How many rows it has.
    pub total_count: usize,
    /// How many rows would be added.
    pub new_count: usize,
    /// How many are known already.
    pub same_count: usize,
    /// How many would be left out.
    pub skipped_count: usize,
    /// At most the first 200 rows.
    pub rows: Vec<KeyImportRow>,
}

/// A row of a key file and what would become of it.
#[derive(Clone, Debug, SimpleObject)]
pub struct KeyImportRow {
    /// Its place in the file, from 1.
    pub position: usize,
    /// Its serial number, as far as it can be read.
    pub serial_number: Option<String>,
    /// The letters of its manufacturer.
    pub manufacturer: Option<String>,
    /// The name of its model.
    pub model: Option<String>,
    /// What would become of it.
    pub verdict: RowVerdict,
    /// What is odd about it, in English.
    pub problem: Option<String>,
}

impl From<Row> for KeyImportRow {
    fn from(row: Row) -> Self {
        let Row {
            position,
            serial_number,
            manufacturer,
            model,
            verdict,
            problem,
        } = row;
        Self {
            position,
            serial_number,
            manufacturer,
            model,
            verdict,
            problem,
        }
    }
}

/// An import of device keys: where keys came from.
#[derive(Clone, Debug, SimpleObject)]
pub struct KeyImport {
    /// Names the import.
    pub id: KeyImportId,
    /// The name of the file.
    pub file_name: String,
    /// The order that all its devices belong to.
    pub order_number: Option<String>,
    /// How many rows were added.
    pub new_count: i32,
    /// How many were known already.
    pub same_count: i32,
    /// How many were left out.
    pub skipped_count: i32,
    /// Who did it.
    pub imported_by: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// The SHA-256 of the file, 64 hexadecimal digits.
    pub sha256: String,
    /// How many keys took the place of others.
    pub replaced_count: i32,
    /// When it was undone.
    pub undone_at: Option<DateTime<Utc>>,
}

impl From<ImportDone> for KeyImport {
    fn from(ImportDone { row, by }: ImportDone) -> Self {
        Self {
            id: row.id,
            file_name: row.file_name,
            order_number: row.order_number,
            new_count: row.new_count,
            same_count: row.same_count,
            skipped_count: row.skipped_count,
            imported_by: by,
            created_at: row.created_at,
            sha256: row.sha256,
            replaced_count: row.replaced_count,
            undone_at: row.undone_at,
        }
    }
}
