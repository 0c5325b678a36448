//! The provider's face and legal texts, as the API offers them.
use super::{
    Face,
    change::{self, LogoChange, NewFace},
    gaps, legal, markdown,
};
use crate::{
    actor::RequestActor,
    app::App,
    entity::legal_text,
    error::Result,
    page::{Connection, Page},
    user::graphql::UsersById,
};
use async_graphql::{Context, InputObject, Object, SimpleObject, dataloader::DataLoader};
use chrono::{DateTime, Utc};
use shared::{
    account::Language,
    id::{FileId, UserId},
    legal::{FaceGap, LegalKind},
};

/// The queries of this subject.
#[derive(Debug, Default)]
pub struct FaceQuery;

#[Object]
impl FaceQuery {
    /// What is said of the provider, for its editor. Only for staff with the right ADMINISTER.
    async fn provider_face(&self, ctx: &Context<'_>) -> Result<ProviderFace> {
        super::require_editor(ctx.actor()?)?;
        let face = super::current(ctx.data_unchecked()).await?;
        Ok(ProviderFace(std::sync::Arc::unwrap_or_clone(face)))
    }

    /// What the provider has not said yet. As with `providerFace`.
    async fn face_gaps(&self, ctx: &Context<'_>) -> Result<Vec<FaceGap>> {
        gaps::list(ctx.data_unchecked(), ctx.actor()?).await
    }

    /// What was said of the provider, newest first. As with `providerFace`.
    async fn face_versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<ProviderFace>> {
        let page = Page::read(first, after)?;
        let (rows, total) = change::versions(ctx.data_unchecked(), ctx.actor()?, &page).await?;
        let rows = rows.into_iter().map(ProviderFace).collect();
        Ok(Connection::new(&page, rows, total, |row| row.0.version))
    }

    /// One of the provider's legal texts. Everybody may read them.
    async fn legal_text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which text.")] kind: LegalKind,
        #[graphql(desc = "In which language.")] language: Language,
        #[graphql(desc = "Which version; the newest if it is not given.")] version: Option<i32>,
    ) -> Result<LegalText> {
        let shown = legal::show(ctx.data_unchecked(), kind, language, version).await?;
        Ok(shown.into())
    }

    /// A legal text as its editor finds it. As with `providerFace`.
    async fn legal_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which text.")] kind: LegalKind,
    ) -> Result<LegalDraft> {
        let draft = legal::draft(ctx.data_unchecked(), ctx.actor()?, kind).await?;
        Ok(LegalDraft {
            version: draft.version,
            german: draft.german,
            english: draft.english,
        })
    }

    /// The versions of a legal text, newest first. As with `providerFace`.
    async fn legal_versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which text.")] kind: LegalKind,
        #[graphql(desc = "How many, 1 to 100; 25 if it is not given.")] first: Option<i32>,
        #[graphql(desc = "The cursor of the row before the first.")] after: Option<String>,
    ) -> Result<Connection<LegalVersion>> {
        let page = Page::read(first, after)?;
        let (rows, total) = legal::versions(ctx.data_unchecked(), ctx.actor()?, kind, &page).await?;
        let rows = rows.into_iter().map(LegalVersion).collect();
        Ok(Connection::new(&page, rows, total, |row| row.0.version))
    }

    /// Markdown as a legal text would show it: HTML without scripts, pictures and styles. As with `providerFace`.
    async fn markdown_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The Markdown.")] text: String,
    ) -> Result<String> {
        super::require_editor(ctx.actor()?)?;
        Ok(markdown::to_html(&text))
    }
}

/// The mutations of this subject.
#[derive(Debug, Default)]
pub struct FaceMutation;

#[Object]
impl FaceMutation {
    /// Says anew who the provider is; former versions stay. Only for staff with the right ADMINISTER, with a recent
    /// step-up.
    async fn change_face(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "All of it, not only what changes.")] input: ChangeFaceInput,
    ) -> Result<ChangeFacePayload> {
        let app = ctx.data_unchecked::<App>();
        let actor = ctx.actor()?;
        let face = change::change(app, actor, input.into()).await?;
        Ok(ChangeFacePayload {
            face: ProviderFace(face),
            gaps: gaps::list(app, actor).await?,
        })
    }

    /// Writes a new version of a legal text; former versions stay. As with `changeFace`.
    async fn change_legal_text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The text in both languages.")] input: ChangeLegalTextInput,
    ) -> Result<ChangeLegalTextPayload> {
        let draft = legal::Draft {
            kind: input.kind,
            version: input.version,
            german: input.german,
            english: input.english,
        };
        let row = legal::change(ctx.data_unchecked(), ctx.actor()?, draft).await?;
        Ok(ChangeLegalTextPayload {
            version: LegalVersion(row),
        })
    }
}

/// What `changeFace` takes. Empty texts are left out.
#[derive(InputObject)]
pub struct ChangeFaceInput {
    /// The version that was edited: if it is not the newest any more, nothing is changed.
    pub version: i32,
    /// The name of the company.
    pub name: String,
    /// Its postal address in one line.
    pub address: Option<String>,
    /// Its telephone number.
    pub phone: Option<String>,
    /// When somebody answers.
    pub hours: Option<String>,
    /// The same in English; where there is none, `hours` is shown to all.
    pub hours_en: Option<String>,
    /// Where customers ask for help.
    pub support_email: Option<String>,
    /// The address that mails come from; that of the settings if it is not given. The mail server must be allowed to
    /// send for it.
    pub mail_sender: Option<String>,
    /// The colour of what can be acted on, on light pages: `#` and six hexadecimal digits, with a contrast of 4.5 to
    /// all that it is used on. The portal's own if it is not given.
    pub accent_light: Option<String>,
    /// The same on dark pages; made of that of light pages if it is not given.
    pub accent_dark: Option<String>,
    /// A new logo: an uploaded PNG or SVG of at most 256 KiB. Of a drawing only what draws is kept.
    pub logo_file_id: Option<FileId>,
    /// Whether the logo goes, if no new one is given.
    #[graphql(default)]
    pub removes_logo: bool,
}

impl From<ChangeFaceInput> for NewFace {
    fn from(input: ChangeFaceInput) -> Self {
        let logo = match (input.logo_file_id, input.removes_logo) {
            (Some(file), _) => LogoChange::Set(file),
            (None, true) => LogoChange::Remove,
            (None, false) => LogoChange::Keep,
        };
        Self {
            version: input.version,
            name: input.name,
            address: input.address,
            phone: input.phone,
            hours: input.hours,
            hours_en: input.hours_en,
            support_email: input.support_email,
            mail_sender: input.mail_sender,
            accent_light: input.accent_light,
            accent_dark: input.accent_dark,
            logo,
        }
    }
}

/// What `changeFace` gives.
#[derive(SimpleObject)]
pub struct ChangeFacePayload {
    /// The new version.
    pub face: ProviderFace,
    /// What is missing still.
    pub gaps: Vec<FaceGap>,
}

/// What `changeLegalText` takes.
#[derive(InputObject)]
pub struct ChangeLegalTextInput {
    /// Which text.
    pub kind: LegalKind,
    /// The version that was edited, 0 for the neutral text: if it is not the newest any more, nothing is changed.
    pub version: i32,
    /// The German text, in Markdown (CommonMark with tables, no HTML).
    pub german: String,
    /// The English text, in Markdown.
    pub english: String,
}

/// What `changeLegalText` gives.
#[derive(SimpleObject)]
pub struct ChangeLegalTextPayload {
    /// The new version.
    pub version: LegalVersion,
}

/// What is said of the provider: on pages, in mails and on papers.
#[derive(Clone)]
pub struct ProviderFace(pub Face);

/// What is said of the provider: on pages, in mails and on papers.
#[Object]
impl ProviderFace {
    /// Which version; 0 for what the settings say, as long as staff has written none.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The name of the company.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Its postal address in one line.
    async fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    /// Its telephone number.
    async fn phone(&self) -> Option<&str> {
        self.0.phone.as_deref()
    }

    /// When somebody answers.
    async fn hours(&self) -> Option<&str> {
        self.0.hours.as_deref()
    }

    /// The same in English; null where `hours` is shown to all.
    async fn hours_en(&self) -> Option<&str> {
        self.0.hours_en.as_deref()
    }

    /// Where customers ask for help.
    async fn support_email(&self) -> Option<&str> {
        self.0.support_email.as_deref()
    }

    /// The address that mails come from; null for that of the settings.
    async fn mail_sender(&self) -> Option<&str> {
        self.0.mail_sender.as_deref()
    }

    /// The colour of what can be acted on, on light pages; null for the portal's own.
    async fn accent_light(&self) -> Option<String> {
        self.0.accent.map(|accent| accent.light.to_string())
    }

    /// The same on dark pages.
    async fn accent_dark(&self) -> Option<String> {
        self.0.accent.map(|accent| accent.dark.to_string())
    }

    /// The address of the logo, on this origin; null for the portal's own sign.
    async fn logo(&self) -> Option<String> {
        self.0.logo.as_ref().map(super::Logo::address)
    }

    /// When this version was written; null for what the settings say.
    async fn edited_at(&self) -> Option<DateTime<Utc>> {
        self.0.edited.map(|(_, at)| at)
    }

    /// Who wrote this version.
    async fn author(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        match self.0.edited {
            Some((user, _)) => author(ctx, user).await,
            None => Ok(None),
        }
    }
}

/// What a member of the staff is called.
async fn author(ctx: &Context<'_>, user: UserId) -> Result<Option<String>> {
    let row = ctx.data_unchecked::<DataLoader<UsersById>>().load_one(user).await?;
    Ok(row.and_then(|row| row.name.or(row.email)))
}

/// A legal text as everybody reads it.
#[derive(SimpleObject)]
pub struct LegalText {
    /// Which text.
    pub kind: LegalKind,
    /// Which version; 0 for the neutral text that the portal ships with.
    pub version: i32,
    /// Since when it stands; null for the neutral text.
    pub changed_at: Option<DateTime<Utc>>,
    /// The text as HTML without scripts, pictures and styles; its headings begin at the second level.
    pub html: String,
    /// The latest hundred versions, newest first.
    pub versions: Vec<LegalEdition>,
}

/// When a version of a legal text was written.
#[derive(SimpleObject)]
pub struct LegalEdition {
    /// Which version.
    pub version: i32,
    /// When it was written.
    pub written_at: DateTime<Utc>,
}

impl From<legal::Shown> for LegalText {
    fn from(shown: legal::Shown) -> Self {
        let edition = |(version, written_at)| LegalEdition { version, written_at };
        Self {
            kind: shown.kind,
            version: shown.version,
            changed_at: shown.changed_at,
            html: shown.html,
            versions: shown.versions.into_iter().map(edition).collect(),
        }
    }
}

/// A legal text as its editor finds it.
#[derive(SimpleObject)]
pub struct LegalDraft {
    /// The newest version, 0 for the neutral text: give it to `changeLegalText`.
    pub version: i32,
    /// The German text, in Markdown.
    pub german: String,
    /// The English text, in Markdown.
    pub english: String,
}

/// A version of a legal text, with its author.
#[derive(Clone)]
pub struct LegalVersion(pub legal_text::Model);

/// A version of a legal text, with its author.
#[Object]
impl LegalVersion {
    /// Which version, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The German text, in Markdown.
    async fn german(&self) -> &str {
        &self.0.german
    }

    /// The English text, in Markdown.
    async fn english(&self) -> &str {
        &self.0.english
    }

    /// When it was written.
    async fn edited_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// Who wrote it.
    async fn author(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        author(ctx, self.0.user_id).await
    }
}
