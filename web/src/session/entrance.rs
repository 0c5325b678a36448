//! What stands around the pages before signing in.
use super::{Portal, SessionStoreFields, use_session};
use crate::{
    i18n::*,
    locale::{self, Words},
    ui::{Mark, asset, live},
};
use leptos::prelude::*;
use leptos_router::components::A;

/// A page before signing in: what the portal is beside it, languages above, help below.
#[component]
pub fn Entrance(
    /// In two halves, with the portal's claim on the left where there is room.
    #[prop(optional)]
    panel: bool,
    /// Wide enough for two columns.
    #[prop(optional)]
    broad: bool,
    /// The page.
    children: Children,
) -> AnyView {
    let i18n = use_i18n();
    let session = use_session();
    let body = if broad { "entrance-body broad" } else { "entrance-body" };
    view! {
        <div class="entrance">
            {panel.then(|| view! { <Panel /> })}
            <div class="entrance-main">
                <header class="entrance-top">
                    <A href="/sign-in" attr:class="brand"><Mark />"Keyhaus"</A>
                    <nav aria-label=t!(i18n, frame.language)><ul><LanguageLinks /></ul></nav>
                </header>
                <main class=body id="main">{children()}</main>
                <footer class="entrance-foot">{live(move || session.portal().get().map(|portal| foot(i18n, portal)).into_any())}</footer>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Panel() -> AnyView {
    let i18n = use_i18n();
    let session = use_session();
    let keyline = format!("{}#keyline", asset("keyline"));
    let provider = move || session.portal().get().map(|portal| portal.provider_name);
    view! {
        <aside class="entrance-panel" aria-label=t!(i18n, entrance.about)>
            <p class="brand"><Mark />"Keyhaus"</p>
            <svg class="keyline" aria-hidden="true"><use_ href=keyline /></svg>
            <p class="claim">{t!(i18n, entrance.claim)}</p>
            <p>{live(move || provider().map(|name| t_string!(i18n, entrance.portal_of, name = name)).into_any())}</p>
        </aside>
    }
    .into_any()
}

fn foot(i18n: Words, portal: Portal) -> AnyView {
    let phone = portal.provider_phone.map(|phone| {
        let href = format!("tel:{}", phone.replace(' ', ""));
        view! { <li><a href=href>{live(move || t_string!(i18n, entrance.support, contact = phone.clone()).into_any())}</a></li> }
    });
    let mail = portal.support_email.map(|address| {
        let href = format!("mailto:{address}");
        view! { <li><a href=href>{address}</a></li> }
    });
    let demo = portal
        .is_demo
        .then(|| view! { <li><A href="/demo/mails">{t!(i18n, entrance.demo_mails)}</A></li> });
    view! { <ul>{phone}{mail}{demo}</ul> }.into_any()
}

/// Both languages by their own names; the one in use is marked.
#[component]
fn LanguageLinks() -> AnyView {
    let i18n = use_i18n();
    let link = move |of: Locale, name: &'static str| {
        view! {
            <li>
                <a
                    href=""
                    lang=locale::tag(of)
                    hreflang=locale::tag(of)
                    aria-current=move || (i18n.get_locale() == of).then_some("true")
                    on:click=move |event| {
                        event.prevent_default();
                        locale::choose(i18n, of);
                    }
                >
                    {name}
                </a>
            </li>
        }
    };
    view! { {link(Locale::de, "Deutsch")}{link(Locale::en, "English")} }.into_any()
}
