//! What the editor of the provider's face asks the server.
use crate::api::{self, ApiError, Instant, schema};
use cynic::{MutationBuilder, QueryBuilder};
use shared::{
    id::FileId,
    legal::{FaceGap, LegalKind},
};

/// How many versions the page shows.
#[derive(cynic::QueryVariables)]
pub struct FaceVariables {
    first: Option<i32>,
}

/// What the page shows.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Query", variables = "FaceVariables")]
pub struct FaceState {
    /// What is missing.
    pub face_gaps: Vec<FaceGap>,
    /// The newest versions.
    #[arguments(first: $first)]
    pub face_versions: FaceVersions,
    /// What counts now.
    pub provider_face: ProviderFace,
}

/// Former versions.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "ProviderFaceConnection")]
pub struct FaceVersions {
    /// Newest first.
    pub nodes: Vec<ProviderFace>,
}

/// What is said of the provider.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct ProviderFace {
    /// The colour on dark pages.
    pub accent_dark: Option<String>,
    /// The colour on light pages.
    pub accent_light: Option<String>,
    /// The postal address in one line.
    pub address: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When it was written.
    pub edited_at: Option<Instant>,
    /// When somebody answers.
    pub hours: Option<String>,
    /// The same in English.
    pub hours_en: Option<String>,
    /// Where the logo is.
    pub logo: Option<String>,
    /// Where mails come from.
    pub mail_sender: Option<String>,
    /// The name of the company.
    pub name: String,
    /// The telephone number.
    pub phone: Option<String>,
    /// Where questions go.
    pub support_email: Option<String>,
    /// Which version.
    pub version: i32,
}

/// What is said of the provider, and what is missing.
pub async fn face() -> Result<FaceState, ApiError> {
    api::send(FaceState::build(FaceVariables { first: Some(20) })).await
}

/// All that staff says of the provider.
#[derive(cynic::InputObject, Clone, Debug)]
pub struct ChangeFaceInput {
    /// The colour on dark pages.
    pub accent_dark: Option<String>,
    /// The colour on light pages.
    pub accent_light: Option<String>,
    /// The postal address in one line.
    pub address: Option<String>,
    /// When somebody answers.
    pub hours: Option<String>,
    /// The same in English.
    pub hours_en: Option<String>,
    /// A new logo.
    pub logo_file_id: Option<FileId>,
    /// Where mails come from.
    pub mail_sender: Option<String>,
    /// The name of the company.
    pub name: String,
    /// The telephone number.
    pub phone: Option<String>,
    /// Whether the logo goes.
    pub removes_logo: bool,
    /// Where questions go.
    pub support_email: Option<String>,
    /// The version that was edited.
    pub version: i32,
}

#[derive(cynic::QueryVariables)]
struct ChangeFaceVariables {
    input: ChangeFaceInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ChangeFaceVariables")]
struct ChangeFace {
    #[arguments(input: $input)]
    change_face: ChangeFacePayload,
}

#[derive(cynic::QueryFragment)]
struct ChangeFacePayload {
    face: ProviderFace,
}

/// Says anew who the provider is.
pub async fn change_face(input: ChangeFaceInput) -> Result<ProviderFace, ApiError> {
    let operation = ChangeFace::build(ChangeFaceVariables { input });
    Ok(api::send(operation).await?.change_face.face)
}

/// Which text, and how many versions of it the page shows.
#[derive(cynic::QueryVariables)]
pub struct DraftVariables {
    kind: LegalKind,
    first: Option<i32>,
}

/// A legal text as its editor finds it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Query", variables = "DraftVariables")]
pub struct DraftState {
    /// The newest text.
    #[arguments(kind: $kind)]
    pub legal_draft: LegalDraft,
    /// The versions.
    #[arguments(kind: $kind, first: $first)]
    pub legal_versions: LegalVersionConnection,
}

/// Both languages of a text.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct LegalDraft {
    /// In Markdown.
    pub english: String,
    /// In Markdown.
    pub german: String,
    /// Which version; 0 for the neutral text.
    pub version: i32,
}

/// The versions of a text.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct LegalVersionConnection {
    /// Newest first.
    pub nodes: Vec<LegalVersion>,
}

/// A version of a text.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct LegalVersion {
    /// Who wrote it.
    pub author: Option<String>,
    /// When.
    pub edited_at: Instant,
    /// Which.
    pub version: i32,
}

/// A legal text as its editor finds it.
pub async fn draft(kind: LegalKind) -> Result<DraftState, ApiError> {
    let variables = DraftVariables { kind, first: Some(20) };
    api::send(DraftState::build(variables)).await
}

#[derive(cynic::InputObject)]
struct ChangeLegalTextInput {
    english: String,
    german: String,
    kind: LegalKind,
    version: i32,
}

#[derive(cynic::QueryVariables)]
struct ChangeTextVariables {
    input: ChangeLegalTextInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "ChangeTextVariables")]
struct ChangeText {
    #[arguments(input: $input)]
    change_legal_text: ChangeLegalTextPayload,
}

#[derive(cynic::QueryFragment)]
struct ChangeLegalTextPayload {
    version: LegalVersion,
}

/// Writes a new version of a text.
pub async fn change_text(kind: LegalKind, draft: LegalDraft) -> Result<LegalVersion, ApiError> {
    let input = ChangeLegalTextInput {
        english: draft.english,
        german: draft.german,
        kind,
        version: draft.version,
    };
    let operation = ChangeText::build(ChangeTextVariables { input });
    Ok(api::send(operation).await?.change_legal_text.version)
}

#[derive(cynic::QueryVariables)]
struct PreviewVariables {
    text: String,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "PreviewVariables")]
struct Preview {
    #[arguments(text: $text)]
    markdown_preview: String,
}

/// Markdown as a legal text would show it.
pub async fn preview(text: String) -> Result<String, ApiError> {
    Ok(api::send(Preview::build(PreviewVariables { text }))
        .await?
        .markdown_preview)
}
