//! The provider's own face: what mails, papers and pages say of who runs the portal.
pub mod change;
pub mod gaps;
pub mod graphql;
pub mod legal;
pub mod logo;
pub mod markdown;

use crate::{actor::Actor, app::App, entity::face, error::Result, paper::letterhead::Letterhead};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use shared::{
    account::{AccountKind, Language, Right},
    colour::{Colour, Pair},
    id::UserId,
};
use std::sync::Arc;

/// What is said of the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// Which version; 0 for what the settings say, as long as staff has written none.
    pub version: i32,
    /// The name of the company.
    pub name: String,
    /// Its postal address in one line.
    pub address: Option<String>,
    /// Its telephone number.
    pub phone: Option<String>,
    /// When somebody answers.
    pub hours: Option<String>,
    /// The same in English; where there is none, the German words are shown.
    pub hours_en: Option<String>,
    /// Where customers ask for help.
    pub support_email: Option<String>,
    /// The address that mails come from; none for that of the settings.
    pub mail_sender: Option<String>,
    /// The colour of what can be acted on; none for the portal's own.
    pub accent: Option<Pair>,
    /// The logo; none for the portal's own sign.
    pub logo: Option<Logo>,
    /// Who wrote this version, and when.
    pub edited: Option<(UserId, DateTime<Utc>)>,
}

/// A logo, kept among the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// The SHA-256 of its bytes, as 64 hexadecimal digits.
    pub sha256: String,
    /// `image/svg+xml` or `image/png`.
    pub media_type: String,
}

impl Logo {
    /// Where browsers find it: an address for these bytes alone.
    pub fn address(&self) -> String {
        format!("/face/logo/{}", self.sha256)
    }
}

impl Face {
    /// When somebody answers, in a language.
    pub fn hours_in(&self, language: Language) -> Option<&str> {
        let english = self.hours_en.as_deref().filter(|_| language == Language::En);
        english.or(self.hours.as_deref())
    }

    /// How it shows on paper. The logo was drawn once before it was taken, so that papers can rely on it.
    ///
    /// # Errors
    /// If the logo is not among the files.
    pub async fn letterhead(&self, app: &App) -> Result<Letterhead> {
        let logo = match &self.logo {
            Some(logo) => Some(logo::on_paper(
                &logo.media_type,
                app.files.get(&logo.sha256).await?.into(),
            )),
            None => None,
        };
        Ok(Letterhead {
            accent: self.accent.map(|pair| pair.light),
            logo,
        })
    }
}

/// What is said of the provider now. Inside a transaction use [`current_in`]: it asks over the same connection.
///
/// # Errors
/// If the database refuses.
pub async fn current(app: &App) -> Result<Arc<Face>> {
    current_in(&app.db, app).await
}

/// As [`current`], over this connection.
///
/// # Errors
/// If the database refuses.
pub async fn current_in(db: &impl ConnectionTrait, app: &App) -> Result<Arc<Face>> {
    let newest = face::Entity::find()
        .order_by_desc(face::Column::Version)
        .one(db)
        .await?;
    Ok(Arc::new(newest.map_or_else(|| of_settings(app), of_row)))
}

/// That the actor may say who the provider is.
fn require_editor(actor: &Actor) -> Result<()> {
    actor.require_in(AccountKind::Provider, Right::Administer).map(|_| ())
}

/// A logo that the provider has or had, by the SHA-256 of its bytes.
///
/// # Errors
/// If the database refuses.
pub async fn logo_of(app: &App, sha256: &str) -> Result<Option<Logo>> {
    let row = face::Entity::find()
        .filter(face::COLUMN.logo_sha256.eq(Some(sha256.to_owned())))
        .one(&app.db)
        .await?;
    Ok(row.and_then(|row| of_row(row).logo))
}

fn of_settings(app: &App) -> Face {
    let provider = &app.settings.provider;
    Face {
        version: 0,
        name: provider.name.clone(),
        address: provider.address.clone(),
        phone: provider.phone.clone(),
        hours: provider.hours.clone(),
        hours_en: provider.hours_en.clone(),
        support_email: provider.support_email.clone(),
        mail_sender: None,
        accent: None,
        logo: None,
        edited: None,
    }
}

fn of_row(row: face::Model) -> Face {
    let colour = |text: Option<String>| Colour::parse(&text?);
    let accent = colour(row.accent_light).zip(colour(row.accent_dark));
    Face {
        version: row.version,
        name: row.name,
        address: row.address,
        phone: row.phone,
        hours: row.hours,
        hours_en: row.hours_en,
        support_email: row.support_email,
        mail_sender: row.mail_sender,
        accent: accent.map(|(light, dark)| Pair { light, dark }),
        logo: row
            .logo_sha256
            .zip(row.logo_media_type)
            .map(|(sha256, media_type)| Logo { sha256, media_type }),
        edited: Some((row.user_id, row.created_at)),
    }
}
