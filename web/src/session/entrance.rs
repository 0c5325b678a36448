//! What stands around the pages before signing in.
use super::{SessionStoreFields, use_session};
use crate::{
    help::PageFoot,
    i18n::*,
    locale,
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
    let body = if broad { "entrance-body broad" } else { "entrance-body" };
    view! {
        <div class="entrance">
            {panel.then(|| view! { <Panel /> })}
            <div class="entrance-main">
                <header class="entrance-top">
                    <A href="/sign-in" attr:class="brand"><Brand /></A>
                    <nav aria-label=t!(i18n, frame.language)><ul><LanguageLinks /></ul></nav>
                </header>
                <main class=body id="main">{children()}</main>
                <footer class="entrance-foot"><PageFoot /></footer>
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

/// The provider's logo, else the portal's own sign.
#[component]
pub fn Brand() -> AnyView {
    let session = use_session();
    live(move || {
        let portal = session.portal().get();
        match portal.and_then(|portal| Some((portal.provider_logo?, portal.provider_name))) {
            Some((src, alt)) => view! { <img class="logo" src=src alt=alt /> }.into_any(),
            None => view! { <Mark />"Keyhaus" }.into_any(),
        }
    })
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
