//! What became of each row of a list, as CSV.
use super::get;
use crate::{actor::Actor, app::App, entity::assignment_row, error::Result, spreadsheet};
use chrono::NaiveDate;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use shared::{account::Language, device::AssignmentVerdict, id::AssignmentImportId};
use std::borrow::Cow;

/// A row for each row of the list, with its verdict and whether its right was given.
///
/// # Errors
/// Those of [`get`].
pub async fn csv(app: &App, actor: &Actor, id: AssignmentImportId, language: Language) -> Result<Vec<u8>> {
    let import = get(&app.db, app, actor, id).await?;
    let rows = assignment_row::Entity::find()
        .filter(assignment_row::COLUMN.import_id.eq(import.id))
        .order_by_asc(assignment_row::Column::Position)
        .all(&app.db)
        .await?;
    let heads = match language {
        Language::De => [
            "Zeile",
            "Seriennummer",
            "E-Mail",
            "Von",
            "Bis",
            "Nur prüfen",
            "Notiz",
            "Ergebnis",
        ],
        Language::En => [
            "Line",
            "Serial number",
            "E-mail",
            "From",
            "Until",
            "Verify only",
            "Note",
            "Result",
        ],
    };
    let cells = rows.iter().map(|row| cells(row, language));
    spreadsheet::lines(std::iter::once(heads.map(Cow::Borrowed).to_vec()).chain(cells))
}

fn cells(row: &assignment_row::Model, language: Language) -> Vec<Cow<'_, str>> {
    let word = |german: &'static str, english: &'static str| match language {
        Language::De => german,
        Language::En => english,
    };
    let day = |day: Option<NaiveDate>| Cow::Owned(day.map(|day| day.to_string()).unwrap_or_default());
    let result = match row.verdict {
        AssignmentVerdict::New if row.assignment_id.is_some() => word("zugeordnet", "assigned"),
        AssignmentVerdict::New => word("wird zugeordnet", "will be assigned"),
        AssignmentVerdict::AlreadyAssigned => word("schon zugeordnet", "assigned already"),
        AssignmentVerdict::UnknownDevice => word("Gerät unbekannt", "unknown device"),
        AssignmentVerdict::AmbiguousDevice => word("Gerät nicht eindeutig", "ambiguous device"),
        AssignmentVerdict::LostZeros => word("führende Nullen fehlen", "leading zeros are missing"),
        AssignmentVerdict::NotAnEmail => word("keine E-Mail-Adresse", "not an e-mail address"),
        AssignmentVerdict::Duplicate => word("doppelt in der Liste", "twice in the list"),
        AssignmentVerdict::ImpossibleDates => word("Datum unmöglich", "impossible date"),
        AssignmentVerdict::Malformed => word("nicht lesbar", "unreadable"),
    };
    vec![
        Cow::Owned(row.position.to_string()),
        Cow::Borrowed(&row.device),
        Cow::Borrowed(&row.email),
        day(row.starts_on),
        day(row.until),
        Cow::Borrowed(if row.verify_only {
            word("ja", "yes")
        } else {
            word("nein", "no")
        }),
        Cow::Borrowed(row.note.as_deref().unwrap_or_default()),
        Cow::Borrowed(result),
    ]
}
