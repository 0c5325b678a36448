//! Registering: an address first, then the link of the mail and a password.
use super::{
    ask::{AskForm, Asking},
    mail_link::{WithLink, token_in_address},
    operations::register,
};
use crate::{
    i18n::*,
    locale,
    session::{Entrance, RegisterForm},
    ui::live,
};
use leptos::prelude::*;

/// The page "Registrieren": with a token behind the address its second half.
#[component]
pub fn RegistrationPage() -> AnyView {
    let token = token_in_address();
    let has_token = Memo::new(move |_| !token.read().is_empty());
    let asking = Asking {
        title: |i18n| t_string!(i18n, user.register_title),
        lead: |i18n| t_string!(i18n, user.register_lead),
        label: |i18n| t_string!(i18n, user.email),
        missing: |i18n| t_string!(i18n, user.missing_email),
        submit: |i18n| t_string!(i18n, user.register_submit),
        done_title: |i18n| t_string!(i18n, user.sent_title),
        done: |i18n| t_string!(i18n, user.register_done),
        kind: "email",
        autocomplete: "email",
        send: |i18n, email| Box::pin(register(email, locale::language_of(i18n.get_locale_untracked()))),
    };
    view! {
        {live(move || if has_token.get() {
            view! {
                <WithLink
                    token
                    page=|link, token| {
                        let email = link.email.unwrap_or_default();
                        view! { <RegisterForm email offer=None token /> }.into_any()
                    }
                />
            }.into_any()
        } else {
            view! { <Entrance><AskForm asking /></Entrance> }.into_any()
        })}
    }
    .into_any()
}
