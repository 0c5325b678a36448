//! "Hilfe": all questions by topic, those that a search finds, those of a page, or one answer.
use super::operations::{HelpArticle, articles};
use crate::{
    address::address,
    i18n::*,
    loading::{Loaded, load},
    locale::{self, Words},
    session::Entrance,
    ui::{Crumbs, Empty, Heading, TextField, live},
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    components::A,
    hooks::{use_navigate, use_params_map, use_query_map},
};
use shared::help::{HelpTopic, fit};
use std::time::Duration;

/// The topics, in the order in which they are shown.
const TOPICS: [HelpTopic; 7] = [
    HelpTopic::Access,
    HelpTopic::Portal,
    HelpTopic::Contracts,
    HelpTopic::Invoices,
    HelpTopic::Account,
    HelpTopic::Security,
    HelpTopic::Keys,
];

/// How long after the last key the address follows the search.
const PAUSE: Duration = Duration::from_millis(300);

fn topic_words(i18n: Words, topic: HelpTopic) -> &'static str {
    match topic {
        HelpTopic::Access => t_string!(i18n, help.access),
        HelpTopic::Portal => t_string!(i18n, help.portal),
        HelpTopic::Contracts => t_string!(i18n, nav.products),
        HelpTopic::Invoices => t_string!(i18n, nav.invoices),
        HelpTopic::Account => t_string!(i18n, nav.account),
        HelpTopic::Security => t_string!(i18n, nav.security),
        HelpTopic::Keys => t_string!(i18n, nav.meters),
    }
}

/// The help.
#[component]
pub fn HelpPage() -> AnyView {
    let i18n = use_i18n();
    let found = load(move || articles(locale::language_of(i18n.get_locale())));
    let params = use_params_map();
    let slug = Memo::new(move |_| params.read().get("slug"));
    view! {
        <Entrance broad=true>
            <Loaded resource=found page=true let:articles>
                {live(move || match slug.get() {
                    Some(slug) => one(i18n, articles.clone(), &slug),
                    None => view! { <Questions articles=articles.clone() /> }.into_any(),
                })}
            </Loaded>
        </Entrance>
    }
    .into_any()
}

/// One answer, and the others of its topic.
fn one(i18n: Words, articles: Vec<HelpArticle>, slug: &str) -> AnyView {
    let Some(article) = articles.iter().find(|article| article.slug == slug).cloned() else {
        return view! {
            <Heading text=t!(i18n, failed.not_found_title) />
            <p class="lead">{t!(i18n, help.gone)}</p>
            <p><A href="/help" attr:class="button">{t!(i18n, help.all)}</A></p>
        }
        .into_any();
    };
    let others: Vec<_> = articles
        .into_iter()
        .filter(|other| other.topic == article.topic && other.slug != article.slug)
        .collect();
    view! {
        <Crumbs way=vec![("/help".to_owned(), t_string!(i18n, help.title).into())] />
        <Heading text=article.title.clone() />
        <Answer article />
        {(!others.is_empty()).then(|| view! {
            <section class="part">
                <h2 class="part-head">{t!(i18n, help.more)}</h2>
                {list(others)}
            </section>
        })}
    }
    .into_any()
}

/// The answer and the way to where one does it.
#[component]
fn Answer(article: HelpArticle) -> AnyView {
    let i18n = use_i18n();
    view! {
        <div class="prose" inner_html=article.html></div>
        <p><A href=article.place attr:class="button">{t!(i18n, help.there)}</A></p>
    }
    .into_any()
}

fn list(articles: Vec<HelpArticle>) -> AnyView {
    let link = |article: HelpArticle| {
        view! { <li><A href=format!("/help/{}", article.slug)>{article.title}</A></li> }
    };
    view! { <ul class="stack-3">{articles.into_iter().map(link).collect_view()}</ul> }.into_any()
}

/// All questions, or those that are searched for, or those of a page.
#[component]
fn Questions(articles: Vec<HelpArticle>) -> AnyView {
    let i18n = use_i18n();
    let params = use_query_map();
    let place = Memo::new(move |_| params.read().get("place"));
    let searched = RwSignal::new(params.read_untracked().get("q").unwrap_or_default());
    let navigate = use_navigate();
    let pending = StoredValue::new(None::<TimeoutHandle>);
    let follow_search = Effect::watch(
        move || searched.get(),
        move |searched, former, _| {
            if former.is_none() {
                return;
            }
            if let Some(handle) = pending.get_value() {
                handle.clear();
            }
            let (navigate, to) = (navigate.clone(), address("/help", [("q", searched.clone())]));
            let go = move || {
                let options = NavigateOptions {
                    replace: true,
                    scroll: false,
                    ..Default::default()
                };
                navigate(&to, options);
            };
            pending.set_value(set_timeout_with_handle(go, PAUSE).ok());
        },
        true,
    );
    on_cleanup(move || {
        follow_search.stop();
        if let Some(handle) = pending.try_get_value().flatten() {
            handle.clear();
        }
    });
    let articles = StoredValue::new(articles);
    let results = move || {
        let typed = searched.get();
        if !typed.trim().is_empty() {
            return hits(i18n, articles.get_value(), &typed);
        }
        match place.get() {
            Some(place) => of_place(i18n, articles.get_value(), &place),
            None => by_topic(i18n, articles.get_value()),
        }
    };
    view! {
        <Heading text=t!(i18n, help.title) />
        <p class="lead">{t!(i18n, help.lead)}</p>
        <form role="search" class="form" on:submit=|event| event.prevent_default()>
            <TextField id="help-search" kind="search" icon="search" label=t!(i18n, help.search) value=searched />
        </form>
        <div aria-live="polite" class="stack-5">{live(results)}</div>
    }
    .into_any()
}

fn hits(i18n: Words, articles: Vec<HelpArticle>, typed: &str) -> AnyView {
    let mut found: Vec<_> = articles
        .into_iter()
        .map(|article| {
            (
                fit(typed, &article.title, &article.keywords, &words_of(&article.html)),
                article,
            )
        })
        .filter(|(fit, _)| *fit > 0)
        .collect();
    found.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit));
    if found.is_empty() {
        return view! { <Empty icon="search" title=t!(i18n, help.none) text=t!(i18n, help.none_text) /> }.into_any();
    }
    let count = found.len();
    let found = found.into_iter().map(|(_, article)| article).collect();
    view! {
        <h2>{text(move || match count {
            1 => t_string!(i18n, help.one).to_owned(),
            count => t_string!(i18n, help.many, count = count).to_string(),
        })}</h2>
        {list(found)}
    }
    .into_any()
}

/// A text without its tags.
fn words_of(html: &str) -> String {
    let mut is_tag = false;
    html.chars()
        .filter_map(|c| match c {
            '<' => {
                is_tag = true;
                Some(' ')
            }
            '>' => {
                is_tag = false;
                None
            }
            c => (!is_tag).then_some(c),
        })
        .collect()
}

/// All answers of a page, so that nobody has to click again.
fn of_place(i18n: Words, articles: Vec<HelpArticle>, place: &str) -> AnyView {
    let found: Vec<_> = articles
        .iter()
        .filter(|article| article.place == place)
        .cloned()
        .collect();
    if found.is_empty() {
        return by_topic(i18n, articles);
    }
    let answer = |article: HelpArticle| {
        view! {
            <details>
                <summary>{article.title.clone()}</summary>
                <Answer article />
            </details>
        }
    };
    view! {
        <h2>{t!(i18n, help.of_page)}</h2>
        {found.into_iter().map(answer).collect_view()}
        <p><A href="/help">{t!(i18n, help.all)}</A></p>
    }
    .into_any()
}

fn by_topic(i18n: Words, articles: Vec<HelpArticle>) -> AnyView {
    let section = move |topic: HelpTopic| {
        let of_topic: Vec<_> = articles
            .iter()
            .filter(|article| article.topic == topic)
            .cloned()
            .collect();
        view! {
            <section class="part">
                <h2 class="part-head">{topic_words(i18n, topic)}</h2>
                {list(of_topic)}
            </section>
        }
    };
    TOPICS.into_iter().map(section).collect_view().into_any()
}

#[cfg(test)]
mod tests {
    use super::words_of;

    #[test]
    fn tags_are_no_words() {
        assert_eq!(
            words_of("<p>Ein <strong>Wort</strong></p><p>mehr</p>").trim(),
            "Ein  Wort   mehr"
        );
    }
}
