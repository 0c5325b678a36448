//! What stands around every page of somebody who is signed in.
mod menu;
mod nav;
mod scroll;

use crate::{
    help::PageFoot,
    i18n::*,
    later::later,
    locale,
    office::search_box,
    session::{
        Brand, Entrance, SessionStoreFields, second_factor::needed_page, step_up::StepUpDialog, use_session, use_viewer,
    },
    ui::{Heading, live},
};
use leptos::{html, prelude::*};
use leptos_router::{
    components::{A, Outlet},
    hooks::use_location,
};
use menu::AccountMenu;
use nav::{Drawer, Rail};
use scroll::keep_scroll;
use shared::account::Right;

/// Bar on top, navigation at the side or below, the page between.
#[component]
pub fn Frame() -> AnyView {
    let i18n = use_i18n();
    let viewer = use_viewer();
    let main = NodeRef::<html::Main>::new();
    let scrolled = keep_scroll();
    let account = move || viewer.get().and_then(|viewer| viewer.account);
    let skip = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        if let Some(main) = main.get_untracked() {
            // The element is there and takes the focus.
            main.focus().ok();
        }
    };
    let searches = Memo::new(move |_| {
        viewer
            .read()
            .as_ref()
            .is_some_and(|viewer| viewer.may(Right::ManageCustomers))
    });
    let path = use_location().pathname;
    // Where a second factor is needed, the page on which it is set up is open and no other.
    let is_closed = Memo::new(move |_| {
        let needs = viewer.read().as_ref().is_some_and(|viewer| viewer.needs_second_factor);
        needs && *path.read() != "/security"
    });
    let page = move || {
        if is_closed.get() {
            later(needed_page)
        } else {
            view! { <Outlet /> }.into_any()
        }
    };
    view! {
        <a class="skip" href="#main" on:click=skip>{t!(i18n, frame.skip)}</a>
        <div class="frame">
            <header class="topbar">
                <A href="/" attr:class="brand"><Brand /></A>
                {live(move || account().map(|account| view! {
                    <p class="topbar-account">
                        <b>{account.name}</b>
                        <span class="soft">{t!(i18n, frame.customer_number)} " " <span class="id">{account.number}</span></span>
                    </p>
                }).into_any())}
                {live(move || searches.get().then(|| later(search_box)).into_any())}
                <div class="topbar-end">
                    <A href="/help">{t!(i18n, help.title)}</A>
                    <button type="button" class="avatar" popovertarget="account">
                        <span aria-hidden="true">{live(move || viewer.get().map(|viewer| viewer.initials()).into_any())}</span>
                        <span class="away">
                            {t!(i18n, frame.your_account)} " " {live(move || viewer.get().map(|viewer| viewer.display_name()).into_any())}
                        </span>
                    </button>
                    <AccountMenu />
                </div>
            </header>
            <Rail />
            <main class="sheet" id="main" tabindex="-1" node_ref=main on:scroll:capture=scrolled>{live(page)}<PageFoot /></main>
        </div>
        <Drawer />
        <StepUpDialog />
    }
    .into_any()
}

/// The foot of the rail: whom to call.
#[component]
fn ProviderFoot() -> AnyView {
    let i18n = use_i18n();
    let session = use_session();
    view! {
        <div class="rail-foot">
            {live(move || session.portal().get().map(|portal| {
                let hours = portal.hours_in(locale::language_of(i18n.get_locale()));
                view! {
                {portal.provider_name} <br />
                {portal.provider_phone.map(|phone| {
                    let href = format!("tel:{}", phone.replace(' ', ""));
                    view! {
                        <a href=href><span class="away">{t!(i18n, frame.call_us)} " "</span>{phone}</a> <br />
                    }
                })}
                {hours}
                }
            }).into_any())}
        </div>
    }
    .into_any()
}

/// An address that leads nowhere.
#[component]
pub fn NotFoundPage() -> AnyView {
    let i18n = use_i18n();
    view! {
        <Entrance>
            <Heading text=t!(i18n, failed.not_found_title) />
            <p class="lead">{t!(i18n, failed.not_found)}</p>
            <p><A href="/" attr:class="button">{t!(i18n, ui.home)}</A></p>
        </Entrance>
    }
    .into_any()
}
