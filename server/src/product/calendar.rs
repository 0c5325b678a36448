//! The dates of contracts as a calendar file (iCalendar, RFC 5545): the last day for notice with a reminder, and the end.
use super::{dates::Dates, terms};
use crate::{
    actor::Actor,
    app::App,
    entity::{contract, product, user},
    error::{Error, Result},
};
use chrono::{Duration, NaiveDate};
use icalendar::{Alarm, Calendar, Component, Event, EventLike, Trigger};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::{
    account::{Language, Right},
    id::ContractId,
    product::ContractState,
};
use std::collections::HashMap;

/// How many contracts a calendar holds at most.
const CONTRACTS_MAX: u64 = 1_000;
/// How long before the last day for notice calendars remind of it.
const REMINDER_DAYS: i64 = 14;

/// The calendar of one contract of the account in view, or of all, in the actor's language. An entry keeps its UID, so
/// that a calendar that is read again is brought up to date rather than doubled.
///
/// # Errors
/// [`Error::Forbidden`] for who may not manage contracts; [`Error::NotFound`] for a contract that is not there or
/// another account's.
pub async fn calendar(app: &App, actor: &Actor, only: Option<ContractId>) -> Result<String> {
    let account = actor.require(Right::ManageContracts)?;
    let contracts = match only {
        Some(id) => vec![super::get_contract(app, actor, id).await?],
        None => {
            contract::Entity::find()
                .filter(contract::COLUMN.account_id.eq(account.id))
                .filter(contract::COLUMN.state.ne(ContractState::Ended))
                .order_by_asc(contract::COLUMN.number)
                .limit(CONTRACTS_MAX)
                .all(&app.db)
                .await?
        }
    };
    let user = user::Entity::find_by_id(actor.user).one(&app.db).await?;
    let language = user.ok_or(Error::Unauthenticated)?.language;
    let names: HashMap<_, _> = product::Entity::find()
        .filter(
            product::COLUMN
                .id
                .is_in(contracts.iter().map(|contract| contract.product_id)),
        )
        .all(&app.db)
        .await?
        .into_iter()
        .map(|row| {
            let name = match language {
                Language::De => row.name_de,
                Language::En => row.name_en,
            };
            (row.id, name)
        })
        .collect();
    let mut calendar = Calendar::new();
    for contract in &contracts {
        let name = names.get(&contract.product_id).map_or("", String::as_str);
        for event in events(app, contract, name, language)? {
            calendar.push(event);
        }
    }
    Ok(calendar.done().to_string())
}

fn events(app: &App, contract: &contract::Model, name: &str, language: Language) -> Result<Vec<Event>> {
    let Dates {
        next_end, notice_by, ..
    } = terms::dates(contract, terms::today(app))?;
    let host = app.settings.origin.split("://").last().unwrap_or_default();
    let about = match &contract.label {
        Some(label) => format!("{name}, {label} ({})", contract.number),
        None => format!("{name} ({})", contract.number),
    };
    let event = |what: &str, day: NaiveDate, summary: String| {
        let mut event = Event::new();
        event
            .uid(&format!("contract-{}-{what}@{host}", contract.id))
            .timestamp(app.clock.now())
            .summary(&summary)
            .url(&format!("{}/products/{}", app.settings.origin, contract.id))
            .all_day(day);
        event
    };
    let mut events = Vec::new();
    if let Some(day) = notice_by {
        let summary = match language {
            Language::De => format!("Letzter Tag für die Kündigung: {about}"),
            Language::En => format!("Last day for notice: {about}"),
        };
        let mut event = event("notice", day, summary.clone());
        event.alarm(Alarm::display(
            &summary,
            Trigger::before_start(Duration::days(REMINDER_DAYS)),
        ));
        events.push(event);
    }
    if let Some(day) = next_end {
        let is_certain = contract.ends_on.is_some();
        let summary = match (language, is_certain) {
            (Language::De, true) => format!("Vertrag endet: {about}"),
            (Language::De, false) => format!("Nächstes mögliches Ende: {about}"),
            (Language::En, true) => format!("Contract ends: {about}"),
            (Language::En, false) => format!("Next possible end: {about}"),
        };
        events.push(event("end", day, summary));
    }
    Ok(events)
}
