//! Choosing a password with a link: for the first sign-in, or in place of a forgotten one.
use super::{
    mail_link::{WithLink, token_in_address},
    operations::{MailLink, choose_password},
};
use crate::{
    api::ApiError,
    i18n::*,
    refusal,
    session::{NewPassword, set_viewer, use_session},
    ui::{Button, Heading, Notice, Toasts, Tone},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_navigate;
use shared::link::LinkPurpose;
use std::time::Duration;

/// The page of such a link.
#[component]
pub fn PasswordPage() -> AnyView {
    view! { <WithLink token=token_in_address() page=|link, token| view! { <ChooseForm link token /> }.into_any() /> }
        .into_any()
}

#[component]
fn ChooseForm(link: MailLink, token: String) -> AnyView {
    let i18n = use_i18n();
    let session = use_session();
    let toasts = expect_context::<Toasts>();
    let is_first = link.purpose == LinkPurpose::FirstSignIn;
    let address = link.email.unwrap_or_default();
    let local = address.split('@').next().unwrap_or_default().to_owned();
    let chosen = NewPassword::new(Signal::stored(String::new()), vec![local], false);
    let navigate = use_navigate();
    let choose = Action::new_local(move |password: &String| {
        let (token, password, navigate) = (token.clone(), password.clone(), navigate.clone());
        async move {
            let to = match choose_password(token, password).await? {
                Some(viewer) => {
                    set_viewer(session, i18n, viewer);
                    toasts.say(untrack(|| t_string!(i18n, user.chosen_first).to_owned()));
                    "/"
                }
                None => {
                    toasts.say(untrack(|| t_string!(i18n, user.chosen).to_owned()));
                    "/sign-in"
                }
            };
            // Once this action has told the page that it is done: the page goes with all that listens to it.
            set_timeout(move || navigate(to, Default::default()), Duration::ZERO);
            Ok::<_, ApiError>(())
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(password) = chosen.take().filter(|_| !choose.pending().get_untracked()) {
            choose.dispatch(password);
        }
    };
    let refusal = Signal::derive(move || choose.value().get()?.err());
    let refused = move || {
        let error = refusal.get().filter(|error| !NewPassword::is_about(error))?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let title = follow(
        i18n,
        if is_first {
            |i18n| t_string!(i18n, user.first_title)
        } else {
            |i18n| t_string!(i18n, user.choose_title)
        },
    );
    let lead = follow(
        i18n,
        if is_first {
            |i18n| t_string!(i18n, user.first_lead)
        } else {
            |i18n| t_string!(i18n, user.choose_lead)
        },
    );
    view! {
        <Heading text=title />
        <p class="lead">{lead}</p>
        <form class="form beside" novalidate on:submit=submit>
            // Password managers file the password under this name.
            <input type="text" name="username" autocomplete="username" value=address hidden readonly />
            {chosen.fields(refusal)}
            {refused}
            <Button look="primary" submit=true busy=choose.pending()>{t!(i18n, user.choose_submit)}</Button>
        </form>
    }
    .into_any()
}
