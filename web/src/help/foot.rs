//! The foot of every page: who runs the portal, what the law asks for, and the help of the page in view.
use super::legal::kind_words;
use crate::{
    address::address,
    i18n::*,
    locale,
    session::{SessionStoreFields, use_session},
    ui::live,
};
use leptos::{html, prelude::*};
use leptos_router::{components::A, hooks::use_location};
use shared::legal::LegalKind;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, MutationObserver, MutationObserverInit};

/// Provider, legal texts, help.
#[component]
pub fn Foot() -> AnyView {
    let i18n = use_i18n();
    let session = use_session();
    let node = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if let Some(foot) = node.get() {
            stay_at_the_end(foot.into());
        }
    });
    let path = use_location().pathname;
    let help = move || address("/help", [("place", path.get())]);
    let provider = move || {
        session.portal().get().map(|portal| {
            let hours = portal.hours_in(locale::language_of(i18n.get_locale()));
            let phone = portal.provider_phone.map(|phone| {
                let href = format!("tel:{}", phone.replace(' ', ""));
                view! { <li><a href=href>{phone}</a> {hours.map(|hours| format!(" ({hours})"))}</li> }
            });
            let mail = portal.support_email.map(|address| {
                let href = format!("mailto:{address}");
                view! { <li><a href=href>{address}</a></li> }
            });
            let who = [Some(portal.provider_name), portal.provider_address];
            let who = who.into_iter().flatten().collect::<Vec<_>>().join(", ");
            let demo = portal
                .is_demo
                .then(|| view! { <li><A href="/demo/mails">{t!(i18n, entrance.demo_mails)}</A></li> });
            view! { <ul><li>{who}</li>{phone}{mail}{demo}</ul> }.into_any()
        })
    };
    let has_consumers = move || {
        session
            .portal()
            .read()
            .as_ref()
            .is_some_and(|portal| portal.has_consumers)
    };
    let text = move |kind: LegalKind| {
        view! { <li><A href=format!("/legal/{}", kind.slug())>{move || kind_words(i18n, kind)}</A></li> }
    };
    view! {
        <div class="foot" node_ref=node>
            {live(move || provider().into_any())}
            <ul>
                <li><A href=help>{t!(i18n, help.title)}</A></li>
                {live(move || has_consumers().then(|| view! {
                    <li><A href="/cancel">{t!(i18n, legal.cancel)}</A></li>
                    <li><A href="/withdraw">{t!(i18n, legal.withdraw)}</A></li>
                }).into_any())}
                {LegalKind::ALL.map(text).into_iter().collect_view()}
            </ul>
        </div>
    }
    .into_any()
}

/// Within the frame, where only the page scrolls, the foot lies at the end of whichever page is shown.
fn stay_at_the_end(foot: Element) {
    let Ok(Some(sheet)) = foot.closest(".sheet") else {
        return; // before signing in it stands where it is
    };
    place(&sheet, &foot);
    let heard = {
        let (sheet, foot) = (sheet.clone(), foot.clone());
        Closure::<dyn Fn()>::new(move || place(&sheet, &foot))
    };
    let Ok(observer) = MutationObserver::new(heard.as_ref().unchecked_ref()) else {
        return;
    };
    let options = MutationObserverInit::new();
    options.set_child_list(true);
    // An element of the page can be observed.
    observer.observe_with_options(&sheet, &options).ok();
    let kept = StoredValue::new_local((observer, heard));
    on_cleanup(move || {
        kept.try_with_value(|(observer, _)| observer.disconnect());
    });
}

/// Moves the foot into the page that is shown.
fn place(sheet: &Element, foot: &Element) {
    let Ok(Some(page)) = sheet.query_selector(":scope > .page") else {
        return;
    };
    if foot.parent_element().as_ref() != Some(&page) {
        // A page takes another child.
        page.append_child(foot).ok();
    }
}
