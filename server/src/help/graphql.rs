//! The help, as the API offers it.
use super::articles::Article;
use crate::face::markdown;
use async_graphql::{Object, SimpleObject};
use shared::{account::Language, help::HelpTopic};

/// The queries of this subject.
#[derive(Debug, Default)]
pub struct HelpQuery;

#[Object]
impl HelpQuery {
    /// All articles of the help, in the order in which they are read. Everybody may read them.
    async fn help_articles(&self, #[graphql(desc = "In which language.")] language: Language) -> Vec<HelpArticle> {
        super::articles()
            .iter()
            .map(|article| shown(article, language))
            .collect()
    }
}

/// A question that customers ask, with its answer.
#[derive(SimpleObject)]
pub struct HelpArticle {
    /// Names the article: the last part of its address, in all languages.
    pub slug: &'static str,
    /// What it is about.
    pub topic: HelpTopic,
    /// The question.
    pub title: &'static str,
    /// Other words that people search for, with commas.
    pub keywords: &'static str,
    /// The path of the page on which one does what the answer tells.
    pub place: &'static str,
    /// The answer as HTML without scripts, pictures and styles; its links lead within the portal.
    pub html: String,
}

fn shown(article: &Article, language: Language) -> HelpArticle {
    let text = article.text(language);
    HelpArticle {
        slug: article.slug,
        topic: article.topic,
        title: text.title,
        keywords: text.keywords,
        place: article.place,
        html: markdown::to_html(text.answer),
    }
}
