//! Imprint, privacy statement, terms and accessibility statement, as everybody reads them.
use super::operations::legal_text;
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    locale::{self, Words},
    session::Entrance,
    ui::{Heading, Notice, live},
};
use leptos::prelude::*;
use leptos_router::{
    components::A,
    hooks::{use_params_map, use_query_map},
};
use shared::{error::ErrorCode, legal::LegalKind};

/// What a text is called.
pub fn kind_words(i18n: Words, kind: LegalKind) -> &'static str {
    match kind {
        LegalKind::Imprint => t_string!(i18n, foot.imprint),
        LegalKind::Privacy => t_string!(i18n, foot.privacy),
        LegalKind::Terms => t_string!(i18n, foot.terms),
        LegalKind::Accessibility => t_string!(i18n, foot.accessibility),
    }
}

/// A legal text; its newest version, or the one that the address names.
#[component]
pub fn LegalPage() -> AnyView {
    let i18n = use_i18n();
    let (params, query) = (use_params_map(), use_query_map());
    let kind = Memo::new(move |_| LegalKind::of_slug(&params.read().get("kind").unwrap_or_default()));
    let version = Memo::new(move |_| {
        query
            .read()
            .get("version")
            .and_then(|version| version.parse::<i32>().ok())
    });
    let found = load(move || {
        let (kind, version, language) = (kind.get(), version.get(), locale::language_of(i18n.get_locale()));
        async move {
            let kind = kind.ok_or(ApiError::refused(ErrorCode::NotFound))?;
            legal_text(kind, language, version).await
        }
    });
    view! {
        <Entrance broad=true>
            <Loaded resource=found page=true let:shown>
                {live(move || {
                    let Some(kind) = kind.get() else { return ().into_any() };
                    let is_former = shown.versions.first().is_some_and(|newest| newest.version != shown.version);
                    let address = format!("/legal/{}", kind.slug());
                    let edition = {
                        let address = address.clone();
                        move |version: i32, at: String| {
                            let words = move || t_string!(i18n, foot.edition, version = version, time = at.clone());
                            view! { <li><A href=format!("{address}?version={version}")>{words}</A></li> }
                        }
                    };
                    let versions = shown.versions.clone();
                    view! {
                        <Heading text=move || kind_words(i18n, kind) />
                        {is_former.then(|| view! {
                            <Notice>
                                <p>{t!(i18n, foot.former)} " " <A href=address.clone()>{t!(i18n, foot.newest)}</A></p>
                            </Notice>
                        })}
                        <div class="prose" inner_html=shown.html.clone()></div>
                        {(!versions.is_empty()).then(|| view! {
                            <details>
                                <summary>{t!(i18n, foot.editions)}</summary>
                                <ul class="stack-3">
                                    {versions.into_iter().map(|of| edition(of.version, locale::stamp(i18n, &of.written_at))).collect_view()}
                                </ul>
                            </details>
                        })}
                    }
                    .into_any()
                })}
            </Loaded>
        </Entrance>
    }
    .into_any()
}
