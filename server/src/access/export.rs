//! The list of read rights as CSV: a row for each right, as the list is narrowed.
use super::{
    dealer,
    list::{Filter, matching},
    state, to_assignment,
};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::{assignment, device, read_right},
    error::{Error, Result},
    spreadsheet,
};
use chrono::NaiveDate;
use sea_orm::{ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use shared::{
    account::Language,
    device::ReadRightState,
    id::{AssignmentId, DeviceId},
};
use std::{borrow::Cow, collections::HashMap};

/// The most rights of a file.
pub const ROWS_MAX: usize = 100_000;

/// How many rows are read in one statement.
const STEP: u64 = 1000;

/// Assignment, device, serial number, manufacturer and model.
type Row = (AssignmentId, DeviceId, String, String, Option<String>);

/// The rights that match, newest first, no cell of which a spreadsheet reads as a formula.
///
/// # Errors
/// [`Error::Forbidden`] for all but dealers who manage keys; [`Error::TooLarge`] for more than [`ROWS_MAX`].
pub async fn csv(app: &App, actor: &Actor, filter: &Filter, language: Language) -> Result<Vec<u8>> {
    let dealer = dealer(actor)?;
    let today = app.clock.today();
    let word = |german: &'static str, english: &'static str| word(language, german, english);
    let heads = vec![
        Cow::Borrowed("E-Mail"),
        word("Seriennummer", "Serial number"),
        word("Hersteller", "Manufacturer"),
        word("Modell", "Model"),
        word("Stand", "State"),
        word("Von", "From"),
        word("Bis", "Until"),
        word("Nur prüfen", "Verify only"),
        word("Zugeordnet (UTC)", "Assigned (UTC)"),
        word("Angenommen (UTC)", "Accepted (UTC)"),
        word("Entzogen (UTC)", "Taken back (UTC)"),
        word("Notiz", "Note"),
    ];
    let mut lines = spreadsheet::lines([heads])?;
    let chosen = matching(dealer, filter, today)
        .select_only()
        .column(assignment::Column::Id)
        .into_query();
    let mut after: Option<(AssignmentId, DeviceId)> = None;
    let mut count = 0;
    loop {
        let mut part = read_right::Entity::find()
            .join(JoinType::InnerJoin, to_assignment())
            .join(JoinType::InnerJoin, super::list::to_device())
            .filter(assignment::COLUMN.account_id.eq(dealer))
            .filter(assignment::Column::Id.in_subquery(chosen.clone()));
        if let Some(prefix) = super::list::given(filter.serial_prefix.as_deref()) {
            part = part.filter(crate::meter::by_serial(prefix));
        }
        if let Some((assignment, device)) = after {
            let same = Condition::all()
                .add(read_right::COLUMN.assignment_id.eq(assignment))
                .add(read_right::COLUMN.device_id.gt(device));
            part = part.filter(
                Condition::any()
                    .add(read_right::COLUMN.assignment_id.lt(assignment))
                    .add(same),
            );
        }
        let part: Vec<Row> = part
            .select_only()
            .columns([read_right::Column::AssignmentId, read_right::Column::DeviceId])
            .columns([
                device::Column::SerialNumber,
                device::Column::Manufacturer,
                device::Column::Model,
            ])
            .order_by_desc(read_right::Column::AssignmentId)
            .order_by_asc(read_right::Column::DeviceId)
            .limit(STEP)
            .into_tuple()
            .all(&app.db)
            .await?;
        count += part.len();
        if count > ROWS_MAX {
            return Err(Error::TooLarge("a file has at most 100,000 rights; narrow the list"));
        }
        let assignments: HashMap<AssignmentId, assignment::Model> = assignment::Entity::find()
            .filter(assignment::COLUMN.account_id.eq(dealer))
            .filter(assignment::COLUMN.id.is_in(part.iter().map(|row| row.0)))
            .all(&app.db)
            .await?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        let cells = part
            .iter()
            .filter_map(|row| Some(cells(row, assignments.get(&row.0)?, today, language)));
        lines.extend(spreadsheet::lines(cells)?);
        match part.last().filter(|_| part.len() as u64 == STEP) {
            Some(last) => after = Some((last.0, last.1)),
            None => break,
        }
    }
    let tx = app.begin().await?;
    audit::record(&tx, app, Some(actor), "exportReadRights", Some(count.to_string()), true).await?;
    tx.commit().await?;
    Ok(lines)
}

fn word(language: Language, german: &'static str, english: &'static str) -> Cow<'static, str> {
    Cow::Borrowed(if language == Language::De { german } else { english })
}

fn cells<'a>(row: &'a Row, given: &'a assignment::Model, today: NaiveDate, language: Language) -> Vec<Cow<'a, str>> {
    let word = |german: &'static str, english: &'static str| word(language, german, english);
    let day = |day: Option<NaiveDate>| Cow::Owned(day.map(|day| day.to_string()).unwrap_or_default());
    let time = |time: Option<chrono::DateTime<chrono::Utc>>| {
        Cow::Owned(
            time.map(|time| time.format("%Y-%m-%d %H:%M").to_string())
                .unwrap_or_default(),
        )
    };
    vec![
        Cow::Borrowed(&given.email),
        Cow::Borrowed(&row.2),
        Cow::Borrowed(&row.3),
        Cow::Borrowed(row.4.as_deref().unwrap_or_default()),
        match state(given, today) {
            ReadRightState::Pending => word("ausstehend", "pending"),
            ReadRightState::Upcoming => word("beginnt später", "upcoming"),
            ReadRightState::Active => word("aktiv", "active"),
            ReadRightState::Ended => word("beendet", "ended"),
            ReadRightState::Revoked => word("entzogen", "taken back"),
        },
        day(given.starts_on),
        day(given.until),
        if given.verify_only {
            word("ja", "yes")
        } else {
            word("nein", "no")
        },
        time(Some(given.created_at)),
        time(given.accepted_at),
        time(given.revoked_at),
        Cow::Borrowed(given.note.as_deref().unwrap_or_default()),
    ]
}
