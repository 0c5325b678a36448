//! What a user says of himself: what he is called, the language and the zone in which the portal speaks to him.
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::user,
    error::{Error, Result},
    member::name::NAME_MAX,
};
use chrono_tz::Tz;
use sea_orm::{ActiveModelTrait, Set};
use shared::{account::Language, error::Reason};

/// Sets what the actor wants to be called; nothing takes the name away.
///
/// # Errors
/// [`Error::Forbidden`] for personal access tokens; [`Error::Invalid`] at `name` with `TOO_LONG`.
pub async fn change(app: &App, actor: &Actor, name: Option<String>) -> Result<()> {
    actor.require_session()?;
    let name = name
        .map(|name| name.replace(char::is_control, " ").trim().to_owned())
        .filter(|name| !name.is_empty());
    if name.as_ref().is_some_and(|name| name.chars().count() > NAME_MAX) {
        return Err(Error::invalid(
            "name",
            Reason::TooLong,
            format!("a name has at most {NAME_MAX} characters"),
        ));
    }
    let row = user::ActiveModel {
        id: Set(actor.user),
        name: Set(name),
        ..Default::default()
    };
    save(app, actor, row, "changeProfile").await
}

/// Sets language and zone; what is left out stays.
///
/// # Errors
/// [`Error::Invalid`] at `timeZone` with `NOT_A_TIME_ZONE`.
pub async fn change_preferences(
    app: &App,
    actor: &Actor,
    language: Option<Language>,
    time_zone: Option<String>,
) -> Result<()> {
    let time_zone = time_zone.map(|name| zone(&name)).transpose()?;
    if language.is_none() && time_zone.is_none() {
        return Ok(());
    }
    let mut row = user::ActiveModel {
        id: Set(actor.user),
        ..Default::default()
    };
    if let Some(language) = language {
        row.language = Set(language);
    }
    if let Some(zone) = time_zone {
        row.time_zone = Set(zone.name().to_owned());
    }
    save(app, actor, row, "changePreferences").await
}

async fn save(app: &App, actor: &Actor, row: user::ActiveModel, act: &'static str) -> Result<()> {
    let tx = app.begin().await?;
    row.update(&tx).await?;
    audit::record(&tx, app, Some(actor), act, Some(actor.user.to_string()), true).await?;
    Ok(tx.commit().await?)
}

/// A zone by its name in the IANA database.
fn zone(name: &str) -> Result<Tz> {
    name.parse().map_err(|_| {
        Error::invalid(
            "timeZone",
            Reason::NotATimeZone,
            "not a name of the IANA time zone database",
        )
    })
}
