//! What the help asks the server.
use crate::api::{self, ApiError, Instant, schema};
use cynic::QueryBuilder;
use shared::{account::Language, help::HelpTopic, legal::LegalKind};

#[derive(cynic::QueryVariables)]
struct HelpVariables {
    language: Language,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "HelpVariables")]
struct Help {
    #[arguments(language: $language)]
    help_articles: Vec<HelpArticle>,
}

/// A question with its answer.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct HelpArticle {
    /// The answer, as HTML without scripts.
    pub html: String,
    /// Other words that people search for.
    pub keywords: String,
    /// The page on which one does it.
    pub place: String,
    /// The last part of its address.
    pub slug: String,
    /// The question.
    pub title: String,
    /// What it is about.
    pub topic: HelpTopic,
}

/// All articles, in the order in which they are read.
pub async fn articles(language: Language) -> Result<Vec<HelpArticle>, ApiError> {
    Ok(api::send_once(Help::build(HelpVariables { language }))
        .await?
        .help_articles)
}

#[derive(cynic::QueryVariables)]
struct LegalVariables {
    kind: LegalKind,
    language: Language,
    version: Option<i32>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "LegalVariables")]
struct Legal {
    #[arguments(kind: $kind, language: $language, version: $version)]
    legal_text: LegalText,
}

/// A legal text.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct LegalText {
    /// The text, as HTML without scripts.
    pub html: String,
    /// Which version; 0 for the neutral text.
    pub version: i32,
    /// All versions, newest first.
    pub versions: Vec<LegalEdition>,
}

/// When a version was written.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct LegalEdition {
    /// Which version.
    pub version: i32,
    /// When.
    pub written_at: Instant,
}

/// A legal text, the newest version or a former one.
pub async fn legal_text(kind: LegalKind, language: Language, version: Option<i32>) -> Result<LegalText, ApiError> {
    let variables = LegalVariables {
        kind,
        language,
        version,
    };
    Ok(api::send_once(Legal::build(variables)).await?.legal_text)
}
