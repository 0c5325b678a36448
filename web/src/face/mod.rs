//! The provider's own face, as staff edits it: who runs the portal, its colours and logo, and the legal texts.
mod colours;
mod form;
mod operations;
mod text;

use crate::{
    i18n::*,
    later::{Page, fetched},
    loading::{Loaded, load},
    locale::{self, Words},
    ui::{BlockHead, Icon, Notice, PageHead, Tone},
};
use form::FaceForm;
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{
    components::{A, Outlet, ParentRoute, Route},
    path,
};
use operations::{ProviderFace, face};
use shared::legal::{FaceGap, LegalKind};
pub use text::Side;
use text::TextPage;

/// The pages of this subject.
#[component(transparent)]
pub fn FaceRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("") view=Outlet>
            <Route path=path!("office/face") view=fetched(|| Box::pin(face_page())) />
            <Route path=path!("office/face/:kind") view=fetched(|| Box::pin(text_page())) />
        </ParentRoute>
    }
    .into_inner()
}

#[wasm_split(office, wasm_split_path = ::leptos::wasm_split, fallible)]
fn face_page() -> Page {
    Ok(view! { <FacePage /> }.into_any())
}

#[wasm_split(office, wasm_split_path = ::leptos::wasm_split, fallible)]
fn text_page() -> Page {
    Ok(view! { <TextPage /> }.into_any())
}

/// What a legal text is called.
fn kind_words(i18n: Words, kind: LegalKind) -> &'static str {
    match kind {
        LegalKind::Imprint => t_string!(i18n, foot.imprint),
        LegalKind::Privacy => t_string!(i18n, foot.privacy),
        LegalKind::Terms => t_string!(i18n, foot.terms),
        LegalKind::Accessibility => t_string!(i18n, foot.accessibility),
    }
}

/// What is missing, in words.
fn gap_words(i18n: Words, gap: FaceGap) -> &'static str {
    match gap {
        FaceGap::Address => t_string!(i18n, face.address),
        FaceGap::Phone => t_string!(i18n, face.phone),
        FaceGap::Hours => t_string!(i18n, face.hours),
        FaceGap::SupportEmail => t_string!(i18n, face.support_email),
        FaceGap::MailSender => t_string!(i18n, face.mail_sender),
        FaceGap::Logo => t_string!(i18n, face.logo),
        FaceGap::Accent => t_string!(i18n, face.accent_light),
        FaceGap::Imprint => t_string!(i18n, foot.imprint),
        FaceGap::Privacy => t_string!(i18n, foot.privacy),
        FaceGap::Terms => t_string!(i18n, foot.terms),
        FaceGap::Accessibility => t_string!(i18n, foot.accessibility),
    }
}

/// The page "Auftritt".
#[component]
fn FacePage() -> AnyView {
    let i18n = use_i18n();
    let found = load(face);
    let done = Callback::new(move |()| found.refetch());
    view! {
        <div class="page">
            <PageHead title=t!(i18n, nav.face) lead=t!(i18n, face.lead) />
            <Loaded resource=found rows=8 let:state>
                <div class="stack-6">
                    <Gaps gaps=state.face_gaps />
                    <FaceForm face=state.provider_face done />
                    <Texts />
                    <Versions versions=state.face_versions.nodes />
                </div>
            </Loaded>
        </div>
    }
    .into_any()
}

#[component]
fn Gaps(gaps: Vec<FaceGap>) -> AnyView {
    let i18n = use_i18n();
    if gaps.is_empty() {
        return view! { <Notice tone=Tone::Good><p>{t!(i18n, face.complete)}</p></Notice> }.into_any();
    }
    let words = text(move || {
        let names = gaps.iter().map(|gap| gap_words(i18n, *gap));
        names.collect::<Vec<_>>().join(", ")
    });
    view! { <Notice tone=Tone::Warn><p>{t!(i18n, face.missing)} " " {words} "."</p></Notice> }.into_any()
}

#[component]
fn Texts() -> AnyView {
    let i18n = use_i18n();
    let link = move |kind: LegalKind| {
        view! {
            <li>
                <A href=format!("/office/face/{}", kind.slug()) attr:class="button quiet"><Icon name="document" /> {move || kind_words(i18n, kind)}</A>
            </li>
        }
    };
    view! {
        <section class="part" aria-labelledby="face-texts">
            <div class="part-head">
                <h2 id="face-texts">{t!(i18n, face.texts)}</h2>
                <p>{t!(i18n, face.texts_text)}</p>
            </div>
            <ul class="stack-3">{LegalKind::ALL.map(link).into_iter().collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// Who wrote a version and when.
fn edition(i18n: Words, version: i32, author: Option<String>, at: Option<crate::api::Instant>) -> String {
    let time = at.map(|at| locale::stamp(i18n, &at)).unwrap_or_default();
    let edition = t_string!(i18n, foot.edition, version = version, time = time).to_string();
    match author {
        Some(author) => format!("{edition}, {author}"),
        None => edition,
    }
}

#[component]
fn Versions(versions: Vec<ProviderFace>) -> AnyView {
    let i18n = use_i18n();
    if versions.is_empty() {
        return ().into_any();
    }
    let row = move |of: ProviderFace| {
        let said: Vec<_> = [
            Some(of.name),
            of.address,
            of.phone,
            of.hours,
            of.hours_en,
            of.support_email,
            of.mail_sender,
            of.accent_light,
            of.accent_dark,
        ]
        .into_iter()
        .flatten()
        .collect();
        let said = said.join(", ");
        let (author, at) = (of.author, of.edited_at);
        view! {
            <li>
                <b>{text(move || edition(i18n, of.version, author.clone(), at.clone()))}</b>
                <p class="soft small">{said}</p>
            </li>
        }
    };
    view! {
        <section aria-labelledby="face-versions">
            <BlockHead id="face-versions" title=t!(i18n, foot.editions) />
            <ul class="stack-3">{versions.into_iter().map(row).collect_view()}</ul>
        </section>
    }
    .into_any()
}
