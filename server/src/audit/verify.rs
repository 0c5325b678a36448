//! Whether the audit log is whole: every row as it was sealed, none missing, none cut off at the end.
use super::chain;
use crate::{
    app::App,
    entity::{audit, audit_seal},
    error::Result,
};
use anyhow::{Context, anyhow};
use chrono::TimeDelta;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use std::{
    collections::{BTreeMap, HashMap},
    fmt, fs, io,
};
use uuid::Uuid;

/// Links checked at once.
const STEP: u64 = 1_000;

/// How long a row may wait for its seal before that is strange.
const PATIENCE: TimeDelta = TimeDelta::minutes(1);

/// One thing that is wrong with the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The row, its place or its link is not as it was sealed.
    Altered {
        /// The place in the chain.
        sequence: i64,
        /// The row.
        row: Uuid,
    },
    /// The chain names a row that is not there.
    Missing {
        /// The place in the chain.
        sequence: i64,
        /// The row.
        row: Uuid,
    },
    /// The chain lacks links.
    Gap {
        /// The first that is not there.
        from: i64,
        /// The last that is not there.
        to: i64,
    },
    /// The file with the heads knows more than the database.
    CutOff {
        /// The last link in the database.
        last: i64,
        /// The last link in the file.
        known: i64,
    },
    /// The file with the heads has another link there.
    OtherHead {
        /// The place in the chain.
        sequence: i64,
    },
    /// A row that was never sealed, though it is old enough.
    Unsealed {
        /// The row.
        row: Uuid,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Altered { sequence, row } => write!(f, "{sequence}: row {row} is not as it was sealed"),
            Self::Missing { sequence, row } => write!(f, "{sequence}: row {row} is missing"),
            Self::Gap { from, to } => write!(f, "{from} to {to}: the seals are missing"),
            Self::CutOff { last, known } => write!(
                f,
                "the log ends with {last}, but the file with the heads knows {known}: the end was cut off"
            ),
            Self::OtherHead { sequence } => {
                write!(f, "{sequence}: the file with the heads has another seal there")
            }
            Self::Unsealed { row } => write!(f, "row {row} was never sealed"),
        }
    }
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many sealed rows were looked at.
    pub sealed: u64,
    /// How many rows wait for their seal, younger than a minute.
    pub waiting: u64,
    /// What is wrong, in the order of the chain.
    pub faults: Vec<Fault>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.faults {
            writeln!(f, "{fault}")?;
        }
        let (sealed, waiting) = (self.sealed, self.waiting);
        let verdict = match self.faults.len() {
            0 => "the log is whole".to_owned(),
            1 => "1 fault".to_owned(),
            faults => format!("{faults} faults"),
        };
        writeln!(f, "{sealed} sealed rows, {waiting} waiting for their seal: {verdict}")
    }
}

/// Checks the whole log. No actor: the operator calls it.
///
/// # Errors
/// If the database or the file with the heads cannot be read.
pub async fn verify(app: &App) -> Result<Report> {
    let mut heads = heads(app)?;
    let known = heads.keys().next_back().copied().unwrap_or_default();
    let mut report = Report::default();
    let (mut last, mut before) = (0, Vec::new());
    loop {
        let seals = audit_seal::Entity::find()
            .filter(audit_seal::COLUMN.sequence.gt(last))
            .order_by_asc(audit_seal::Column::Sequence)
            .limit(STEP)
            .all(&app.db)
            .await?;
        if seals.is_empty() {
            break;
        }
        let rows = rows(app, &seals).await?;
        for seal in seals {
            report.sealed += 1;
            let (sequence, row) = (seal.sequence, seal.audit_id);
            let follows = sequence == last + 1;
            if !follows {
                report.faults.push(Fault::Gap {
                    from: last + 1,
                    to: sequence - 1,
                });
            }
            match rows.get(&row) {
                None => report.faults.push(Fault::Missing { sequence, row }),
                // without the link before, this one cannot be computed; the next one rests on what is stored
                Some(found) if follows && chain::link(app, &before, sequence, found)? != seal.mac => {
                    report.faults.push(Fault::Altered { sequence, row });
                }
                Some(_) => {}
            }
            if heads
                .remove(&sequence)
                .is_some_and(|macs| macs.iter().any(|mac| *mac != seal.mac))
            {
                report.faults.push(Fault::OtherHead { sequence });
            }
            (last, before) = (sequence, seal.mac);
        }
    }
    if known > last {
        report.faults.push(Fault::CutOff { last, known });
    }
    unsealed(app, &mut report).await?;
    Ok(report)
}

async fn rows(app: &App, seals: &[audit_seal::Model]) -> Result<HashMap<Uuid, audit::Model>> {
    let ids = seals.iter().map(|seal| seal.audit_id);
    let rows = audit::Entity::find()
        .filter(audit::COLUMN.id.is_in(ids))
        .all(&app.db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

async fn unsealed(app: &App, report: &mut Report) -> Result<()> {
    let sealed = audit_seal::Entity::find()
        .select_only()
        .column(audit_seal::Column::AuditId)
        .into_query();
    let rows = audit::Entity::find()
        .filter(audit::Column::Id.not_in_subquery(sealed))
        .order_by_asc(audit::Column::Id)
        .all(&app.db)
        .await?;
    let young = app.clock.now() - PATIENCE;
    for row in rows {
        if chain::time_of(row.id).is_some_and(|time| time > young) {
            report.waiting += 1;
        } else {
            report.faults.push(Fault::Unsealed { row: row.id });
        }
    }
    Ok(())
}

/// The heads that were written, by their place in the chain; one place has several if the end was cut off in between.
fn heads(app: &App) -> Result<BTreeMap<i64, Vec<Vec<u8>>>> {
    let path = chain::head_file(app);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            let wrong = Err(error).with_context(|| format!("the file {} cannot be read", path.display()));
            return Ok(wrong?);
        }
    };
    let mut heads: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        let mut parts = line.split(' ');
        let head = parts
            .next()
            .and_then(|sequence| sequence.parse().ok())
            .zip(parts.next().and_then(|mac| hex::decode(mac).ok()));
        let (sequence, mac) =
            head.ok_or_else(|| anyhow!("line {} of {} is not SEQUENCE MAC TIME", number + 1, path.display()))?;
        heads.entry(sequence).or_default().push(mac);
    }
    Ok(heads)
}
