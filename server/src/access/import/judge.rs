//! What becomes of the rows of a list: compared with the devices that the dealer holds and with what he has given.
use super::{
    super::{Terms, rights, standing},
    table::Typed,
};
use crate::{
    entity::{assignment, assignment_row, device, read_right},
    error::Result,
};
use chrono::NaiveDate;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use shared::{
    device::AssignmentVerdict,
    id::{AccountId, AssignmentImportId, DeviceId},
};
use std::collections::{HashMap, HashSet};

/// How many devices are asked for in one statement.
pub(super) const CHUNK: usize = 500;

/// How a row names its device.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Named {
    Id(DeviceId),
    Serial(String, Option<String>),
    /// Digits, but fewer than eight.
    Short,
    Unknown,
}

impl Named {
    fn of(row: &Typed) -> Self {
        if let Ok(id) = row.device.parse::<DeviceId>() {
            return Self::Id(id);
        }
        let text = row.device.as_str();
        let (letters, digits) = match text
            .get(..3)
            .filter(|start| start.bytes().all(|b| b.is_ascii_alphabetic()))
        {
            Some(letters) => (
                Some(letters.to_ascii_uppercase()),
                text[3..].trim_start_matches([' ', '-']),
            ),
            None => (None, text),
        };
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        match digits.len() {
            8 if is_number => Self::Serial(digits.to_owned(), letters.or_else(|| row.manufacturer.clone())),
            1..8 if is_number => Self::Short,
            _ => Self::Unknown,
        }
    }
}

/// The devices of a dealer that a list names.
struct Held(HashMap<String, Vec<(DeviceId, String)>>, HashSet<DeviceId>);

impl Held {
    async fn load(db: &impl ConnectionTrait, dealer: AccountId, named: &[Named]) -> Result<Self> {
        let mut held = Self(HashMap::new(), HashSet::new());
        for chunk in named.chunks(CHUNK) {
            let ids = chunk.iter().filter_map(|named| match named {
                Named::Id(id) => Some(*id),
                _ => None,
            });
            let serials = chunk.iter().filter_map(|named| match named {
                Named::Serial(serial, _) => Some(serial.clone()),
                _ => None,
            });
            let rows: Vec<(DeviceId, String, String)> = device::Entity::find()
                .filter(device::COLUMN.account_id.eq(dealer))
                .filter(
                    Condition::any()
                        .add(device::COLUMN.id.is_in(ids))
                        .add(device::COLUMN.serial_number.is_in(serials)),
                )
                .select_only()
                .columns([
                    device::Column::Id,
                    device::Column::SerialNumber,
                    device::Column::Manufacturer,
                ])
                .into_tuple()
                .all(db)
                .await?;
            for (id, serial, manufacturer) in rows {
                if held.1.insert(id) {
                    held.0.entry(serial).or_default().push((id, manufacturer));
                }
            }
        }
        Ok(held)
    }

    fn find(&self, named: &Named) -> Result<DeviceId, AssignmentVerdict> {
        match named {
            Named::Id(id) if self.1.contains(id) => Ok(*id),
            Named::Short => Err(AssignmentVerdict::LostZeros),
            Named::Id(_) | Named::Unknown => Err(AssignmentVerdict::UnknownDevice),
            Named::Serial(serial, letters) => {
                let found = self.0.get(serial).map(Vec::as_slice).unwrap_or_default();
                let mut found = found
                    .iter()
                    .filter(|(_, manufacturer)| letters.as_ref().is_none_or(|letters| letters == manufacturer));
                match (found.next(), found.next()) {
                    (Some((id, _)), None) => Ok(*id),
                    (Some(_), Some(_)) => Err(AssignmentVerdict::AmbiguousDevice),
                    _ => Err(AssignmentVerdict::UnknownDevice),
                }
            }
        }
    }
}

/// The rows of a new list, each with its verdict.
pub(super) async fn judge(
    db: &impl ConnectionTrait,
    dealer: AccountId,
    today: NaiveDate,
    import: AssignmentImportId,
    typed: Vec<Typed>,
) -> Result<Vec<assignment_row::Model>> {
    let named: Vec<_> = typed.iter().map(Named::of).collect();
    let held = Held::load(db, dealer, &named).await?;
    let mut rows = Vec::with_capacity(typed.len());
    for (row, named) in typed.into_iter().zip(&named) {
        let found = held.find(named);
        let fault = row
            .fault
            .or_else(|| row.terms.check(today).err().map(|_| AssignmentVerdict::ImpossibleDates))
            .or(found.err());
        rows.push(assignment_row::Model {
            import_id: import,
            position: i32::try_from(row.position).unwrap_or(i32::MAX),
            device: row.device,
            device_id: found.ok(),
            email: row.email,
            starts_on: row.terms.starts_on,
            until: row.terms.until,
            verify_only: row.terms.verify_only,
            note: row.terms.note,
            verdict: fault.unwrap_or(AssignmentVerdict::New),
            assignment_id: None,
        });
    }
    let mut seen = HashSet::new();
    for row in rows.iter_mut().filter(|row| row.verdict == AssignmentVerdict::New) {
        if !seen.insert((row.device_id, row.email.clone())) {
            row.verdict = AssignmentVerdict::Duplicate;
        }
    }
    mark_given(db, dealer, today, &mut rows).await?;
    Ok(rows)
}

/// Judges the rows that were good once more, for what came in between.
pub(super) async fn judge_again(
    db: &impl ConnectionTrait,
    dealer: AccountId,
    today: NaiveDate,
    rows: &mut [assignment_row::Model],
) -> Result<()> {
    let named: Vec<_> = rows.iter().filter_map(|row| row.device_id.map(Named::Id)).collect();
    let held = Held::load(db, dealer, &named).await?;
    for row in rows.iter_mut().filter(|row| row.verdict == AssignmentVerdict::New) {
        if terms(row).check(today).is_err() {
            row.verdict = AssignmentVerdict::ImpossibleDates;
        } else if row.device_id.is_none_or(|id| !held.1.contains(&id)) {
            row.verdict = AssignmentVerdict::UnknownDevice;
        }
    }
    mark_given(db, dealer, today, rows).await
}

/// What a row gives.
pub(super) fn terms(row: &assignment_row::Model) -> Terms {
    Terms {
        starts_on: row.starts_on,
        until: row.until,
        verify_only: row.verify_only,
        note: row.note.clone(),
    }
}

/// Device, address, first day, last day, and whether keys may only be proven.
type Given = (DeviceId, String, Option<NaiveDate>, Option<NaiveDate>, bool);

/// Marks the rows whose right is there already.
async fn mark_given(
    db: &impl ConnectionTrait,
    dealer: AccountId,
    today: NaiveDate,
    rows: &mut [assignment_row::Model],
) -> Result<()> {
    let good = |row: &&mut assignment_row::Model| row.verdict == AssignmentVerdict::New;
    let devices: HashSet<_> = rows.iter_mut().filter(good).filter_map(|row| row.device_id).collect();
    let devices: Vec<_> = devices.into_iter().collect();
    let mut given: HashMap<(DeviceId, String), Vec<Terms>> = HashMap::new();
    for chunk in devices.chunks(CHUNK) {
        let found: Vec<Given> = rights(standing(today))
            .filter(assignment::COLUMN.account_id.eq(dealer))
            .filter(read_right::COLUMN.device_id.is_in(chunk.iter().copied()))
            .select_only()
            .column(read_right::Column::DeviceId)
            .columns([
                assignment::Column::Email,
                assignment::Column::StartsOn,
                assignment::Column::Until,
                assignment::Column::VerifyOnly,
            ])
            .into_tuple()
            .all(db)
            .await?;
        for (device, email, starts_on, until, verify_only) in found {
            given.entry((device, email)).or_default().push(Terms {
                starts_on,
                until,
                verify_only,
                note: None,
            });
        }
    }
    for row in rows.iter_mut().filter(good) {
        let Some(device) = row.device_id else { continue };
        let wanted = terms(row);
        let is_given = given
            .get(&(device, row.email.clone()))
            .is_some_and(|given| given.iter().any(|given| covers(given, &wanted, today)));
        if is_given {
            row.verdict = AssignmentVerdict::AlreadyAssigned;
        }
    }
    Ok(())
}

/// Whether a right that is there lets do all that another one would, on all its days.
fn covers(given: &Terms, wanted: &Terms, today: NaiveDate) -> bool {
    let first = |terms: &Terms| terms.starts_on.unwrap_or(today).max(today);
    let last = |terms: &Terms| terms.until.unwrap_or(NaiveDate::MAX);
    first(given) <= first(wanted) && last(given) >= last(wanted) && (wanted.verify_only || !given.verify_only)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_that_lasts_longer_or_shows_more_is_no_repetition() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let right = |from: Option<&str>, until: Option<&str>, verify_only| Terms {
            starts_on: from.map(day),
            until: until.map(day),
            verify_only,
            note: None,
        };
        let today = day("2026-11-23");
        let given = right(None, Some("2026-12-31"), false);
        for (wanted, is_covered) in [
            (right(None, Some("2026-12-31"), false), true),
            (right(Some("2026-12-01"), Some("2026-12-30"), true), true),
            (right(Some("2020-01-01"), Some("2026-12-31"), false), true),
            (right(None, Some("2027-01-01"), false), false),
            (right(None, None, false), false),
        ] {
            assert_eq!(covers(&given, &wanted, today), is_covered, "{wanted:?}");
        }
        let proves = right(None, None, true);
        assert!(covers(&proves, &right(None, None, true), today));
        assert!(!covers(&proves, &right(None, None, false), today));
        let later = right(Some("2026-12-01"), None, false);
        assert!(!covers(&later, &right(None, None, false), today));
    }
}
