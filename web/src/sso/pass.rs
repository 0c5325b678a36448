//! Between the portal and another place: what has to happen first, then on.
use crate::{
    i18n::*,
    session::step_up,
    ui::{Button, PageHead},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{components::A, hooks::use_query_map};

/// The page to which the server sends a browser that cannot go on yet. Signing in, and the second factor that an
/// account asks for, have happened when this page is shown.
#[component]
pub fn PassPage() -> AnyView {
    let i18n = use_i18n();
    let query = use_query_map().get_untracked();
    // Sealed by the server in base64url; nothing else leads anywhere from here.
    let is_sealed = |text: &String| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let Some(request) = query.get("request").filter(is_sealed) else {
        return page(t!(i18n, sso.lost_title).into(), t!(i18n, sso.lost).into(), None);
    };
    match query.get("first").as_deref() {
        Some("factor") => {
            let way = view! { <A href="/security" attr:class="button primary">{t!(i18n, sso.factor_way)}</A> };
            page(
                t!(i18n, sso.factor_title).into(),
                t!(i18n, sso.factor).into(),
                Some(way.into_any()),
            )
        }
        Some("proof") => {
            let ask = move || {
                let request = request.clone();
                spawn_local(async move {
                    if step_up::confirm().await {
                        go_on(&request);
                    }
                });
            };
            ask();
            let again = Callback::new(move |()| ask());
            let way = view! { <Button look="primary" on_press=again>{t!(i18n, sso.proof_way)}</Button> };
            page(
                t!(i18n, sso.proof_title).into(),
                t!(i18n, sso.proof).into(),
                Some(way.into_any()),
            )
        }
        _ => {
            go_on(&request);
            page(t!(i18n, sso.on_title).into(), t!(i18n, sso.on).into(), None)
        }
    }
}

/// Back to the server, which answers the request that waited.
fn go_on(request: &str) {
    let address = format!("/authorize?continue={request}");
    // An address of our own origin is never refused.
    window().location().replace(&address).ok();
}

fn page(title: TextProp, text: TextProp, way: Option<AnyView>) -> AnyView {
    let i18n = use_i18n();
    view! {
        <div class="page">
            <PageHead title lead=text />
            <div class="actions">
                {way}
                <A href="/" attr:class="button">{t!(i18n, ui.home)}</A>
            </div>
        </div>
    }
    .into_any()
}
