//! Completing a registration from a link: the password policy is ticked off while typing.
use super::{
    NewPassword,
    link::offer as offer_words,
    operations::{CompleteRegistrationInput, Link, complete_registration},
    set_viewer, use_session,
};
use crate::{
    api::ApiError,
    i18n::*,
    locale, refusal,
    ui::{Button, Heading, Notice, TextField, Toasts, Tone},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_navigate;
use std::time::Duration;

/// Name, password twice, and the policy beside them.
#[component]
pub fn RegisterForm(
    /// The address that the link was sent to.
    email: String,
    /// What the link gives, if it gives anything.
    offer: Option<Link>,
    /// Out of the link.
    token: String,
) -> AnyView {
    let i18n = use_i18n();
    let session = use_session();
    let toasts = expect_context::<Toasts>();
    let name = RwSignal::new(String::new());
    let local = email.split('@').next().unwrap_or_default().to_owned();
    let chosen = NewPassword::new(name.into(), vec![local], false);

    let navigate = use_navigate();
    // to what was given, or to the beginning
    let to = if offer.is_some() { "/devices" } else { "/" };
    let register = Action::new_local(move |input: &CompleteRegistrationInput| {
        let (input, navigate) = (input.clone(), navigate.clone());
        async move {
            let viewer = complete_registration(input).await?;
            set_viewer(session, i18n, viewer);
            toasts.say(tu_string!(i18n, register.done));
            // Once this action has told the page that it is done: the page goes with all that listens to it.
            set_timeout(move || navigate(to, Default::default()), Duration::ZERO);
            Ok::<_, ApiError>(())
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(password) = chosen.take().filter(|_| !register.pending().get_untracked()) else {
            return;
        };
        let given = name.get_untracked().trim().to_owned();
        register.dispatch(CompleteRegistrationInput {
            language: locale::language_of(i18n.get_locale_untracked()),
            name: (!given.is_empty()).then_some(given),
            password,
            token: token.clone(),
        });
    };
    let refusal = Signal::derive(move || register.value().get()?.err());
    let refused = move || {
        let error = refusal.get().filter(|error| !NewPassword::is_about(error))?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };

    let words = offer.map(|link| text(move || offer_words(i18n, &link)));
    view! {
        <Steps />
        <Heading text=t!(i18n, register.title) />
        <p class="lead">{t!(i18n, register.for_email)} " " <b>{email.clone()}</b> ". " {words}</p>
        <form class="form beside" novalidate on:submit=submit>
            // Password managers file the password under this name.
            <input type="text" name="username" autocomplete="username" value=email hidden readonly />
            <TextField
                id="name"
                label=t!(i18n, register.name)
                value=name
                autocomplete="name"
                optional=true
            />
            {chosen.fields(refusal)}
            {refused}
            <Button look="primary" submit=true busy=register.pending()>{t!(i18n, register.submit)}</Button>
        </form>
    }
    .into_any()
}

#[component]
fn Steps() -> AnyView {
    let i18n = use_i18n();
    view! {
        <ol class="steps" aria-label=t!(i18n, register.steps)>
            <li data-tone="good">{t!(i18n, register.step_email)}<span class="away">" " {t!(i18n, register.step_done)}</span></li>
            <li data-tone="good">{t!(i18n, register.step_link)}<span class="away">" " {t!(i18n, register.step_done)}</span></li>
            <li aria-current="step">{t!(i18n, register.step_password)}</li>
        </ol>
    }
    .into_any()
}
