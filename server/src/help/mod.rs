//! The help: each question that customers ask, answered for this portal.
pub mod articles;
pub mod graphql;

use articles::{ARTICLES, Article};
use shared::account::Language;

/// An article in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// The question.
    pub title: &'static str,
    /// Other words that people search for.
    pub keywords: &'static str,
    /// The answer, in Markdown.
    pub answer: &'static str,
}

impl Article {
    /// The article in a language.
    pub fn text(&self, language: Language) -> Text {
        let text = match language {
            Language::De => self.german,
            Language::En => self.english,
        };
        let (title, rest) = text.split_once('\n').unwrap_or((text, ""));
        let (keywords, answer) = rest.split_once("\n\n").unwrap_or((rest, ""));
        Text {
            title: title.trim_start_matches("# ").trim(),
            keywords: keywords.trim_start_matches("Keywords:").trim(),
            answer: answer.trim(),
        }
    }
}

/// All articles, in the order in which they are read.
pub fn articles() -> &'static [Article] {
    ARTICLES
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_article_has_a_question_key_words_and_an_answer_in_both_languages() {
        for article in articles() {
            for language in [Language::De, Language::En] {
                let text = article.text(language);
                let named = format!("{} {language:?}: {text:?}", article.slug);
                assert!(text.title.ends_with(['?']) && text.title.len() > 10, "{named}");
                assert!(
                    text.keywords.split(", ").count() >= 4 && !text.keywords.contains('\n'),
                    "{named}"
                );
                assert!(text.answer.len() > 150 && !text.answer.contains("Keywords:"), "{named}");
            }
            let (german, english) = (article.text(Language::De), article.text(Language::En));
            assert_ne!(german.title, english.title);
            let links = |text: &str| {
                text.split("](")
                    .skip(1)
                    .filter_map(|rest| rest.split(')').next().map(str::to_owned))
                    .collect::<BTreeSet<_>>()
            };
            assert_eq!(links(german.answer), links(english.answer), "{}", article.slug);
        }
    }

    #[test]
    fn a_slug_names_one_article() {
        let slugs: BTreeSet<_> = articles().iter().map(|article| article.slug).collect();
        assert_eq!(slugs.len(), articles().len());
    }
}
