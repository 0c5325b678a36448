//! The documents of a contract, as the page of its product has them.
use super::{
    operations::{Document, documents},
    query::{DocumentQuery, kind_words},
};
use crate::{
    i18n::*,
    loading::{Loaded, load},
    locale,
    place::Rows,
    ui::{Badge, Icon, Tone},
};
use leptos::prelude::*;
use leptos_router::components::A;
use shared::id::ContractId;

/// How many of them the page of the product shows.
const SHOWN: usize = 5;

/// The newest documents of a contract, and the way to all of them.
#[component]
pub fn ContractDocuments(id: ContractId) -> AnyView {
    let i18n = use_i18n();
    let found = load(move || {
        let language = locale::language_of(i18n.get_locale());
        let rows = Rows {
            query: DocumentQuery {
                contract: Some(id),
                ..DocumentQuery::default()
            },
            ..Rows::default()
        };
        async move { documents(language, rows).await }
    });
    view! {
        <section class="part" aria-labelledby="documents">
            <div class="part-head">
                <h2 id="documents">{t!(i18n, document.title)}</h2>
                <p><A href=format!("/documents?contract={id}")>{t!(i18n, document.of_contract)}</A></p>
            </div>
            <Loaded resource=found rows=2 let:list>
                {if list.nodes.is_empty() {
                    view! { <p class="soft">{t!(i18n, document.none)}</p> }.into_any()
                } else {
                    view! { <ul class="rows">{list.nodes.into_iter().take(SHOWN).map(row).collect_view()}</ul> }.into_any()
                }}
            </Loaded>
        </section>
    }
    .into_any()
}

fn row(document: Document) -> AnyView {
    let i18n = use_i18n();
    let Document {
        title,
        kind,
        created_at,
        path,
        withdrawal_reason,
        ..
    } = document;
    let name = title.clone();
    let file = match path {
        Some(path) => view! {
            <a class="button s" href=path download="" rel="external">
                <Icon name="download" />{t!(i18n, document.fetch)}<span class="away">" "{name}</span>
            </a>
        }
        .into_any(),
        None => view! { <Badge tone=Tone::Off>{t!(i18n, document.withdrawn)}</Badge> }.into_any(),
    };
    view! {
        <li>
            <div>
                <p class="rows-title">{title}</p>
                <p class="rows-text">
                    {text(move || format!("{} · {}", kind_words(i18n, kind), locale::stamp(i18n, &created_at)))}
                    {withdrawal_reason.map(|reason| format!(" · {reason}"))}
                </p>
            </div>
            <div class="rows-end">{file}</div>
        </li>
    }
    .into_any()
}
