//! The log as a table for spreadsheets.
use super::list::{self, Filter, Shown};
use crate::{actor::Actor, app::App, entity::user, error::Result, page::Page, spreadsheet};
use chrono::SecondsFormat;
use futures::stream::{self, Stream};
use sea_orm::{EntityTrait, prelude::Uuid};
use shared::{account::Language, audit::Doer, id::AccountId};
use std::borrow::Cow;

/// The most rows of one export; the newest come first, and a filter reaches the older ones.
pub const EXPORT_MAX: u64 = 50_000;

/// Rows read at once.
const STEP: u64 = 500;

/// The log as CSV in the viewer's language, newest first, read as it is sent.
///
/// # Errors
/// As with [`list::entries`], before anything is sent.
pub async fn csv(
    app: App,
    actor: Actor,
    account: Option<AccountId>,
    filter: Filter,
) -> Result<impl Stream<Item = Result<Vec<u8>>>> {
    let language = user::Entity::find_by_id(actor.user)
        .one(&app.db)
        .await?
        .map(|row| row.language)
        .unwrap_or_default();
    let page = |after| Page { first: STEP, after };
    let (first, _) = list::entries(&app, &actor, account, &filter, &page(None)).await?;
    let head = spreadsheet::lines([head(language)])?;
    // what was read, how much was sent, whether the head went out
    let begin = (first, 0, Some(head));
    Ok(stream::try_unfold(begin, move |(rows, sent, head)| {
        let (app, actor, filter) = (app.clone(), actor.clone(), filter.clone());
        async move {
            if rows.is_empty() && head.is_none() {
                return Ok(None);
            }
            let part: Vec<Shown> = rows
                .iter()
                .take(usize::try_from(STEP).unwrap_or(usize::MAX))
                .cloned()
                .collect();
            let mut bytes = head.unwrap_or_default();
            bytes.extend(spreadsheet::lines(part.iter().map(|entry| line(entry, language)))?);
            let sent = sent + part.len() as u64;
            let last: Option<Uuid> = part.last().map(|entry| entry.row.id);
            let next = if rows.len() as u64 > STEP && sent < EXPORT_MAX {
                list::entries(&app, &actor, account, &filter, &page(last)).await?.0
            } else {
                Vec::new()
            };
            Ok(Some((bytes, (next, sent, None))))
        }
    }))
}

fn head(language: Language) -> Vec<Cow<'static, str>> {
    let words = match language {
        Language::De => [
            "Zeit (UTC)",
            "Wer",
            "Name",
            "Vorgang",
            "Gegenstand",
            "Ergebnis",
            "IP-Adresse",
            "Gerät",
            "Grund",
        ],
        Language::En => [
            "Time (UTC)",
            "Who",
            "Name",
            "Act",
            "Object",
            "Result",
            "IP address",
            "Device",
            "Reason",
        ],
    };
    words.map(Cow::Borrowed).to_vec()
}

fn line(entry: &Shown, language: Language) -> Vec<Cow<'_, str>> {
    let row = &entry.row;
    let or_empty = |text: &Option<String>| Cow::Owned(text.clone().unwrap_or_default());
    let result = match (&row.code, language) {
        (Some(code), _) => Cow::Owned(code.clone()),
        (None, Language::De) => Cow::Borrowed("erledigt"),
        (None, Language::En) => Cow::Borrowed("done"),
    };
    vec![
        Cow::Owned(row.at.to_rfc3339_opts(SecondsFormat::Secs, true)),
        Cow::Borrowed(who(entry.doer, language)),
        or_empty(&entry.name),
        Cow::Borrowed(row.act.as_str()),
        or_empty(&row.object),
        result,
        or_empty(&row.ip),
        or_empty(&row.user_agent),
        or_empty(&row.reason),
    ]
}

fn who(doer: Doer, language: Language) -> &'static str {
    match (doer, language) {
        (Doer::You, Language::De) => "Sie",
        (Doer::You, Language::En) => "You",
        (Doer::Member, Language::De) => "Mitglied",
        (Doer::Member, Language::En) => "Member",
        (Doer::Provider, Language::De) => "Anbieter",
        (Doer::Provider, Language::En) => "Provider",
        (Doer::Other, Language::De) => "Andere",
        (Doer::Other, Language::En) => "Others",
        (Doer::Operator, Language::De) => "Betreiber (Befehlszeile)",
        (Doer::Operator, Language::En) => "Operator (command line)",
        (Doer::Nobody, Language::De) => "Unbekannt",
        (Doer::Nobody, Language::En) => "Unknown",
    }
}
