//! The menu of the viewer: account in view, language, appearance, sign out.
use crate::{
    i18n::*,
    locale,
    session::{Membership, Viewer, choose_language, sign_out, switch_account, use_viewer},
    theme::Theme,
    ui::{Icon, Menu, Toasts, close_menus, live},
};
use leptos::{prelude::*, task::spawn_local};
use shared::{account::AccountKind, id::AccountId};

/// The menu behind the round sign.
#[component]
pub fn AccountMenu() -> AnyView {
    let i18n = use_i18n();
    let viewer = use_viewer();
    view! {
        <Menu id="account" label=t!(i18n, frame.your_account)>
            {live(move || viewer.get().map(|viewer| view! { <Who viewer=viewer.clone() /> <Accounts viewer /> }).into_any())}
            <ul><LanguageEntry /></ul>
            <ThemeChoice />
            <ul>
                <li>
                    <button type="button" on:click=move |_| leave()>
                        <Icon name="right" />
                        {t!(i18n, frame.sign_out)}
                    </button>
                </li>
            </ul>
        </Menu>
    }
    .into_any()
}

/// Ends the session and begins anew: nothing that was shown stays in memory (security D08).
fn leave() {
    spawn_local(async {
        // Who cannot be reached has no session to go on with either; the sign-in page tells.
        sign_out().await.ok();
        begin_anew("/sign-in");
    });
}

/// Loads the whole app again at an address.
fn begin_anew(address: &str) {
    // An own path is always a valid address.
    window().location().set_href(address).ok();
}

#[component]
fn Who(viewer: Viewer) -> AnyView {
    let (name, initials) = (viewer.display_name(), viewer.initials());
    let email = viewer.email.filter(|email| *email != name);
    view! {
        <p class="menu-who">
            <span class="avatar s" aria-hidden="true">{initials}</span>
            <span>{name}{email.map(|email| view! { <small>{email}</small> })}</span>
        </p>
    }
    .into_any()
}

#[component]
fn Accounts(viewer: Viewer) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let in_view = viewer.account.map(|account| account.id);
    let entry = move |Membership { account }: Membership| {
        let is_in_view = in_view == Some(account.id);
        let icon = if account.kind == AccountKind::Customer {
            "person"
        } else {
            "office"
        };
        view! {
            <li>
                <button
                    type="button"
                    aria-pressed=if is_in_view { "true" } else { "false" }
                    on:click=move |_| if is_in_view { close_menus() } else { switch(i18n, toasts, account.id) }
                >
                    <Icon name=icon />
                    <span>
                        {account.name}
                        <small>{t!(i18n, frame.customer_number)} " " {account.number}</small>
                    </span>
                    {is_in_view.then(|| view! { <Icon name="check" /> })}
                </button>
            </li>
        }
    };
    view! {
        <div>
            <h2>{t!(i18n, frame.you_see)}</h2>
            <ul>{viewer.memberships.into_iter().map(entry).collect_view()}</ul>
        </div>
    }
    .into_any()
}

/// Puts another account in view and begins anew, so that nothing of the former one stays on a page.
fn switch(i18n: locale::Words, toasts: Toasts, account: AccountId) {
    spawn_local(async move {
        match switch_account(account).await {
            Ok(_) => begin_anew("/"),
            Err(_) => toasts.say(tu_string!(i18n, frame.not_switched)),
        }
    });
}

/// The other language, in its own words.
#[component]
fn LanguageEntry() -> AnyView {
    let i18n = use_i18n();
    let other = move || match i18n.get_locale() {
        Locale::de => (Locale::en, "Language: English"),
        Locale::en => (Locale::de, "Sprache: Deutsch"),
    };
    let choose = move |_| {
        let (to, _) = untrack(other);
        locale::choose(i18n, to);
        spawn_local(async move {
            // Mails follow at the next change; the page is in the new language already.
            choose_language(locale::language_of(to)).await.ok();
        });
    };
    view! {
        <li>
            <button type="button" lang=move || locale::tag(other().0) on:click=choose>
                <Icon name="net" />
                {live(move || other().1.into_any())}
            </button>
        </li>
    }
    .into_any()
}

#[component]
fn ThemeChoice() -> AnyView {
    let i18n = use_i18n();
    let chosen = RwSignal::new(Theme::chosen());
    let words = move |theme: Theme| match theme {
        Theme::System => t_string!(i18n, frame.theme_system),
        Theme::Light => t_string!(i18n, frame.theme_light),
        Theme::Dark => t_string!(i18n, frame.theme_dark),
    };
    let option = move |theme: Theme| {
        view! {
            <label>
                <input
                    type="radio"
                    name="theme"
                    value=theme.as_str()
                    prop:checked=move || chosen.get() == theme
                    on:change=move |_| {
                        chosen.set(theme);
                        theme.choose();
                    }
                />
                {live(move || words(theme).into_any())}
            </label>
        }
    };
    view! {
        <fieldset>
            <legend class="away">{t!(i18n, frame.appearance)}</legend>
            <div class="segmented">{Theme::ALL.map(option).into_iter().collect_view()}</div>
        </fieldset>
    }
    .into_any()
}
