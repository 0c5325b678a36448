//! Imprint, privacy statement, terms and accessibility statement: neutral texts until staff writes its own.
use super::{Face, current_in, markdown, require_editor};
use crate::{
    actor::Actor,
    app::App,
    audit,
    entity::legal_text,
    error::{Error, Result},
    page::Page,
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use shared::{account::Language, error::Reason, legal::LegalKind};

/// The longest text, in characters.
pub const TEXT_MAX: usize = 60_000;

/// How many versions the page of a text names.
const VERSIONS_SHOWN: u64 = 100;

/// A text as everybody reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Which text.
    pub kind: LegalKind,
    /// Which version; 0 for the neutral text.
    pub version: i32,
    /// Since when it counts; none for the neutral text.
    pub changed_at: Option<DateTime<Utc>>,
    /// The text as HTML, from the second level of headings down.
    pub html: String,
    /// The versions that there are, newest first, with their times.
    pub versions: Vec<(i32, DateTime<Utc>)>,
}

/// A text in a language, the newest version or a former one. Everybody may read them, signed in or not.
///
/// # Errors
/// [`Error::NotFound`] for a version that never was.
pub async fn show(app: &App, kind: LegalKind, language: Language, version: Option<i32>) -> Result<Shown> {
    let versions: Vec<(i32, DateTime<Utc>)> = of_kind(kind)
        .select_only()
        .column(legal_text::Column::Version)
        .column(legal_text::Column::CreatedAt)
        .limit(VERSIONS_SHOWN)
        .into_tuple()
        .all(&app.db)
        .await?;
    let newest = versions.first().map_or(0, |(version, _)| *version);
    let wanted = version.unwrap_or(newest);
    if wanted == 0 && (newest == 0 || version.is_none()) {
        let face = current_in(&app.db, app).await?;
        let html = markdown::to_html(&neutral(&face, kind, language));
        return Ok(Shown {
            kind,
            version: 0,
            changed_at: None,
            html,
            versions,
        });
    }
    let row = legal_text::Entity::find_by_id((kind, wanted))
        .one(&app.db)
        .await?
        .ok_or(Error::NotFound("legalText"))?;
    let text = match language {
        Language::De => &row.german,
        Language::En => &row.english,
    };
    Ok(Shown {
        kind,
        version: row.version,
        changed_at: Some(row.created_at),
        html: markdown::to_html(text),
        versions,
    })
}

fn of_kind(kind: LegalKind) -> sea_orm::Select<legal_text::Entity> {
    legal_text::Entity::find()
        .filter(legal_text::COLUMN.kind.eq(kind))
        .order_by_desc(legal_text::Column::Version)
}

/// A text as its editor finds it: the newest version, or the neutral text as version 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Which text.
    pub kind: LegalKind,
    /// What it is based on.
    pub version: i32,
    /// Markdown.
    pub german: String,
    /// Markdown.
    pub english: String,
}

/// What the editor of a text begins with.
///
/// # Errors
/// As with [`versions`].
pub async fn draft(app: &App, actor: &Actor, kind: LegalKind) -> Result<Draft> {
    require_editor(actor)?;
    let newest = of_kind(kind).one(&app.db).await?;
    if let Some(row) = newest {
        return Ok(Draft {
            kind,
            version: row.version,
            german: row.german,
            english: row.english,
        });
    }
    let face = current_in(&app.db, app).await?;
    Ok(Draft {
        kind,
        version: 0,
        german: neutral(&face, kind, Language::De),
        english: neutral(&face, kind, Language::En),
    })
}

/// The versions of a text, newest first, and how many there are.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff with the right ADMINISTER.
pub async fn versions(
    app: &App,
    actor: &Actor,
    kind: LegalKind,
    page: &Page<i32>,
) -> Result<(Vec<legal_text::Model>, u64)> {
    require_editor(actor)?;
    let total = of_kind(kind).count(&app.db).await?;
    let rows = match page.after {
        Some(after) => of_kind(kind).filter(legal_text::COLUMN.version.lt(after)),
        None => of_kind(kind),
    };
    Ok((rows.limit(page.limit()).all(&app.db).await?, total))
}

/// Writes a new version of a text in both languages. The former ones stay.
///
/// # Errors
/// [`Error::Forbidden`] for all but staff with the right ADMINISTER; [`Error::StepUpRequired`]; [`Error::Invalid`] at
/// `german` or `english` with `MISSING` or `TOO_LONG`; [`Error::Conflict`] if somebody else wrote a version after the
/// one that this is based on.
pub async fn change(app: &App, actor: &Actor, new: Draft) -> Result<legal_text::Model> {
    require_editor(actor)?;
    actor.require_step_up(app.clock.now())?;
    let row = legal_text::Model {
        kind: new.kind,
        version: new.version + 1,
        german: text("german", &new.german)?,
        english: text("english", &new.english)?,
        user_id: actor.user,
        created_at: app.clock.now(),
    };
    let tx = app.begin().await?;
    let newest = of_kind(new.kind).one(&tx).await?;
    if newest.map_or(0, |newest| newest.version) != new.version {
        return Err(Error::Conflict("somebody else wrote this text in the meantime"));
    }
    row.clone().into_active_model().insert(&tx).await?;
    let object = format!("{}/{}", new.kind.slug(), row.version);
    audit::record(&tx, app, Some(actor), "changeLegalText", Some(object), true).await?;
    tx.commit().await?;
    Ok(row)
}

/// A text with line ends as on this system, and no control characters.
fn text(field: &'static str, typed: &str) -> Result<String> {
    let text: String = typed
        .replace("\r\n", "\n")
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid(field, Reason::Missing, "a text in both languages"));
    }
    if text.chars().count() > TEXT_MAX {
        return Err(Error::invalid(
            field,
            Reason::TooLong,
            format!("at most {TEXT_MAX} characters"),
        ));
    }
    Ok(text.to_owned())
}

/// Which texts staff has written.
///
/// # Errors
/// If the database refuses.
pub async fn written(db: &impl ConnectionTrait) -> Result<Vec<LegalKind>> {
    Ok(legal_text::Entity::find()
        .select_only()
        .column(legal_text::Column::Kind)
        .distinct()
        .into_tuple()
        .all(db)
        .await?)
}

/// The text that stands in, with what is known of the provider.
pub fn neutral(face: &Face, kind: LegalKind, language: Language) -> String {
    let text = match (kind, language) {
        (LegalKind::Imprint, Language::De) => include_str!("texts/imprint.de.md"),
        (LegalKind::Imprint, Language::En) => include_str!("texts/imprint.en.md"),
        (LegalKind::Privacy, Language::De) => include_str!("texts/privacy.de.md"),
        (LegalKind::Privacy, Language::En) => include_str!("texts/privacy.en.md"),
        (LegalKind::Terms, Language::De) => include_str!("texts/terms.de.md"),
        (LegalKind::Terms, Language::En) => include_str!("texts/terms.en.md"),
        (LegalKind::Accessibility, Language::De) => include_str!("texts/accessibility.de.md"),
        (LegalKind::Accessibility, Language::En) => include_str!("texts/accessibility.en.md"),
    };
    let unknown = match language {
        Language::De => "(noch nicht angegeben)",
        Language::En => "(not given yet)",
    };
    let known = |value: &Option<String>| value.clone().unwrap_or_else(|| unknown.to_owned());
    let address = known(&face.address).replace(", ", "\n");
    // each line of an address is a line: two blanks at its end (CommonMark, section 6.7)
    text.replace(
        "{name}\n{address}\n",
        &format!("{}\n{address}\n", face.name).replace('\n', "  \n"),
    )
    .replace("{name}", &face.name)
    .replace("{phone}", &known(&face.phone))
    .replace("{email}", &known(&face.support_email))
    .replace("\nE-Mail:", "  \nE-Mail:")
    .replace("\nE-mail:", "  \nE-mail:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_neutral_text_says_all_that_is_known_and_that_it_is_neutral() {
        let face = Face {
            version: 0,
            name: "Lindwerk Netze GmbH".to_owned(),
            address: Some("Hafenstraße 12, 46049 Oberhausen".to_owned()),
            phone: None,
            hours: None,
            hours_en: None,
            support_email: Some("hilfe@lindwerk.example".to_owned()),
            mail_sender: None,
            accent: None,
            logo: None,
            edited: None,
        };
        for kind in LegalKind::ALL {
            for (language, notice) in [(Language::De, "ausgeliefert"), (Language::En, "ships with")] {
                let text = neutral(&face, kind, language);
                assert!(!text.contains(['{', '}']), "{kind:?}: {text}");
                assert!(
                    text.contains("Lindwerk Netze GmbH") && text.contains(notice),
                    "{kind:?}: {text}"
                );
                let german = text.contains("Dies ist") || text.contains("Dieses Portal");
                assert_eq!(german, language == Language::De, "{kind:?}");
            }
        }
        let imprint = neutral(&face, LegalKind::Imprint, Language::De);
        assert!(
            imprint.contains("Lindwerk Netze GmbH  \nHafenstraße 12  \n46049 Oberhausen  \n"),
            "{imprint}"
        );
        assert!(imprint.contains("Telefon: (noch nicht angegeben)"), "{imprint}");
        assert!(imprint.contains("E-Mail: hilfe@lindwerk.example"), "{imprint}");
    }
}
