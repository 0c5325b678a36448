//! What staff says of the provider, checked, as a new version.
use super::{Face, current_in, logo, of_row, require_editor};
use crate::{
    account::contact::{phone, text},
    actor::Actor,
    app::App,
    audit,
    entity::face,
    error::{Error, Result},
    file,
    page::Page,
    paper,
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use shared::{
    colour::{CONTRAST_MIN, Colour, Scheme, contrast_on_pages},
    error::Reason,
    id::FileId,
    name::EmailAddress,
};

/// The longest name, address or hours, in characters.
const LINE_MAX: usize = 150;

/// What becomes of the logo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogoChange {
    /// It stays.
    Keep,
    /// The portal's own sign stands in its place.
    Remove,
    /// This uploaded file stands in its place.
    Set(FileId),
}

/// What staff fills in. Empty texts are left out.
#[derive(Clone, Debug)]
pub struct NewFace {
    /// The version that this is based on.
    pub version: i32,
    /// The name of the company.
    pub name: String,
    /// Its postal address in one line.
    pub address: Option<String>,
    /// The number as typed.
    pub phone: Option<String>,
    /// When somebody answers.
    pub hours: Option<String>,
    /// The same in English.
    pub hours_en: Option<String>,
    /// Where customers ask for help, as typed.
    pub support_email: Option<String>,
    /// The address that mails come from, as typed.
    pub mail_sender: Option<String>,
    /// The accent on light pages, as typed.
    pub accent_light: Option<String>,
    /// The accent on dark pages, as typed; derived from that of light pages if it is left out.
    pub accent_dark: Option<String>,
    /// What becomes of the logo.
    pub logo: LogoChange,
}

/// Writes a new version of what is said of the provider. The former ones stay.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff with the right ADMINISTER; [`Error::StepUpRequired`]; [`Error::Invalid`] at
/// the field with `MISSING`, `TOO_LONG`, `NOT_AN_EMAIL`, `NOT_A_PHONE_NUMBER`, `NOT_A_COLOUR`, `LOW_CONTRAST` or, at
/// `logoFileId`, `NOT_A_LOGO`; [`Error::NotFound`] for a file of somebody else; [`Error::Conflict`] if somebody else
/// wrote a version after the one that this is based on.
pub async fn change(app: &App, actor: &Actor, new: NewFace) -> Result<Face> {
    require_editor(actor)?;
    actor.require_step_up(app.clock.now())?;
    let name = text("name", Some(new.name), LINE_MAX)?;
    let name = name.ok_or_else(|| Error::invalid("name", Reason::Missing, "the provider has a name"))?;
    let accent = accent(new.accent_light, new.accent_dark)?;
    let mut row = face::Model {
        version: new.version + 1,
        name,
        address: text("address", new.address, LINE_MAX)?,
        phone: phone(new.phone)?,
        hours: text("hours", new.hours, LINE_MAX)?,
        hours_en: text("hoursEn", new.hours_en, LINE_MAX)?,
        support_email: email("supportEmail", new.support_email)?,
        mail_sender: email("mailSender", new.mail_sender)?,
        accent_light: accent.map(|(light, _)| light.to_string()),
        accent_dark: accent.map(|(_, dark)| dark.to_string()),
        logo_sha256: None,
        logo_media_type: None,
        user_id: actor.user,
        created_at: app.clock.now(),
    };
    if let LogoChange::Set(id) = new.logo {
        let (_, bytes) = file::get(app, actor, id).await?;
        let picture = logo::read(&bytes)
            .ok_or_else(|| Error::invalid("logoFileId", Reason::NotALogo, "a PNG or SVG of at most 256 KiB"))?;
        let on_paper = logo::on_paper(picture.media_type, picture.bytes.as_slice().into());
        tokio::task::spawn_blocking(move || paper::check(on_paper))
            .await
            .map_err(|error| Error::from(anyhow::Error::new(error)))?
            .map_err(|error| {
                tracing::info!(cause = format!("{error:#}"), "a logo cannot stand on paper");
                Error::invalid("logoFileId", Reason::NotALogo, "a picture that can stand in a PDF")
            })?;
        row.logo_sha256 = Some(app.files.put(picture.bytes).await?);
        row.logo_media_type = Some(picture.media_type.to_owned());
    }
    let tx = app.begin().await?;
    let former = current_in(&tx, app).await?;
    if former.version != new.version {
        return Err(Error::Conflict("somebody else wrote this in the meantime"));
    }
    if new.logo == LogoChange::Keep
        && let Some(logo) = &former.logo
    {
        row.logo_sha256 = Some(logo.sha256.clone());
        row.logo_media_type = Some(logo.media_type.clone());
    }
    row.clone().into_active_model().insert(&tx).await?;
    let object = Some(format!("face/{}", row.version));
    audit::record(&tx, app, Some(actor), "changeFace", object, true).await?;
    tx.commit().await?;
    Ok(of_row(row))
}

/// The versions of what was said of the provider, newest first, and how many there are.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff with the right ADMINISTER.
pub async fn versions(app: &App, actor: &Actor, page: &Page<i32>) -> Result<(Vec<Face>, u64)> {
    require_editor(actor)?;
    let total = face::Entity::find().count(&app.db).await?;
    let rows = match page.after {
        Some(after) => face::Entity::find().filter(face::COLUMN.version.lt(after)),
        None => face::Entity::find(),
    };
    let rows = rows
        .order_by_desc(face::Column::Version)
        .limit(page.limit())
        .all(&app.db)
        .await?;
    Ok((rows.into_iter().map(of_row).collect(), total))
}

fn email(field: &'static str, typed: Option<String>) -> Result<Option<String>> {
    let typed = typed.filter(|typed| !typed.trim().is_empty());
    let parsed = typed.map(|typed| EmailAddress::parse(&typed)).transpose();
    let parsed = parsed.map_err(|_| Error::invalid(field, Reason::NotAnEmail, "not an e-mail address"))?;
    Ok(parsed.map(String::from))
}

fn accent(light: Option<String>, dark: Option<String>) -> Result<Option<(Colour, Colour)>> {
    let light = colour("accentLight", light, Scheme::Light)?;
    let dark = colour("accentDark", dark, Scheme::Dark)?;
    match (light, dark) {
        (Some(light), dark) => Ok(Some((light, dark.unwrap_or_else(|| light.for_dark_pages())))),
        (None, None) => Ok(None),
        (None, Some(_)) => Err(Error::invalid(
            "accentLight",
            Reason::Missing,
            "a colour for light pages, too",
        )),
    }
}

fn colour(field: &'static str, typed: Option<String>, scheme: Scheme) -> Result<Option<Colour>> {
    let Some(typed) = typed.filter(|typed| !typed.trim().is_empty()) else {
        return Ok(None);
    };
    let colour = Colour::parse(&typed)
        .ok_or_else(|| Error::invalid(field, Reason::NotAColour, "# and six hexadecimal digits"))?;
    let contrast = contrast_on_pages(colour, scheme);
    if contrast < CONTRAST_MIN {
        return Err(Error::invalid(
            field,
            Reason::LowContrast,
            format!("its contrast is {contrast:.2}, and {CONTRAST_MIN} is needed (WCAG 2.2, 1.4.3)"),
        ));
    }
    Ok(Some(colour))
}
