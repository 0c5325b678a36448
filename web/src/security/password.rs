//! The part "Passwort": when it was chosen, and choosing another.
use super::operations::{ChangePasswordInput, OwnPassword, change_password, own_password};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, Loading, load},
    locale, refusal,
    session::{NewPassword, use_viewer},
    ui::{Button, Notice, PasswordField, Toasts, Tone, live},
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::{error::Reason, password::PasswordMode};

/// The viewer's password.
#[component]
pub fn PasswordPart(
    /// Is notified when the other devices were signed out with the change.
    changed: Trigger,
) -> AnyView {
    let i18n = use_i18n();
    let found = load(own_password);
    view! {
        <section class="part" aria-labelledby="password">
            <div class="part-head"><h2 id="password">{t!(i18n, security.password)}</h2></div>
            <div><Loaded resource=found rows=1 let:own><Own own found changed /></Loaded></div>
        </section>
    }
    .into_any()
}

#[component]
fn Own(own: OwnPassword, found: Loading<OwnPassword>, changed: Trigger) -> AnyView {
    let i18n = use_i18n();
    let is_open = RwSignal::new(false);
    let at = own.changed_at;
    view! {
        {live(move || if is_open.get() {
            view! { <ChangeForm min_length=own.min_length is_open found changed /> }.into_any()
        } else {
            let at = at.clone();
            let title = text(move || match &at {
                Some(at) => t_string!(i18n, security.password_changed_at, time = locale::stamp(i18n, at)).to_string(),
                None => t_string!(i18n, security.password_is_set).to_owned(),
            });
            view! {
                <ul class="rows">
                    <li>
                        <div>
                            <p class="rows-title">{title}</p>
                            <p class="rows-text">{t!(i18n, security.password_lead)}</p>
                        </div>
                        <Button look="s" on_press=move |()| is_open.set(true)>{t!(i18n, security.change_password)}</Button>
                    </li>
                </ul>
            }
            .into_any()
        })}
    }
    .into_any()
}

#[component]
fn ChangeForm(min_length: i32, is_open: RwSignal<bool>, found: Loading<OwnPassword>, changed: Trigger) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let viewer = use_viewer().get_untracked();
    let email = viewer
        .as_ref()
        .and_then(|viewer| viewer.email.clone())
        .unwrap_or_default();
    let local = email.split('@').next().unwrap_or_default().to_owned();
    let number = viewer
        .as_ref()
        .and_then(|viewer| viewer.account.as_ref())
        .map(|account| account.number.clone());
    let name = viewer.and_then(|viewer| viewer.name).unwrap_or_default();
    let names = std::iter::once(local).chain(number).collect();
    // The server alone knows whether a second factor shortens what is asked for.
    let is_shorter = min_length < shared::password::min_length(PasswordMode::Standard, false) as i32;
    let chosen = NewPassword::new(Signal::stored(name), names, is_shorter).instead();
    let ends_tokens = RwSignal::new(true);
    let current = RwSignal::new(String::new());
    let is_missing = RwSignal::new(false);
    let change = Action::new_local(move |input: &ChangePasswordInput| {
        let input = input.clone();
        async move {
            change_password(input).await?;
            toasts.say(t_string!(i18n, security.password_done).to_owned());
            let _ = is_open.try_set(false);
            found.refetch();
            changed.notify();
            Ok::<_, ApiError>(())
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let given = current.get_untracked();
        is_missing.set(given.is_empty());
        let Some(new) = chosen.take() else { return };
        if !given.is_empty() && !change.pending().get_untracked() {
            change.dispatch(ChangePasswordInput {
                current_password: given,
                end_tokens: Some(ends_tokens.get_untracked()),
                new_password: new,
            });
        }
    };
    let refusal = Signal::derive(move || {
        if change.pending().get() {
            None
        } else {
            change.value().get()?.err()
        }
    });
    let is_about_current = |error: &ApiError| error.reason() == Some(Reason::WrongPassword);
    let current_error = Signal::derive(move || {
        if is_missing.get() {
            return Some(t_string!(i18n, sign_in.missing_password).to_owned());
        }
        let error = refusal.get().filter(is_about_current)?;
        Some(refusal::words(i18n, &error))
    });
    let other = move || {
        let error = refusal
            .get()
            .filter(|error| !NewPassword::is_about(error) && !is_about_current(error))?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    view! {
        <form class="form beside" novalidate on:submit=submit>
            // Password managers file the password under this name.
            <input type="text" name="username" autocomplete="username" value=email hidden readonly />
            <PasswordField
                id="current-password"
                label=t!(i18n, security.current_password)
                value=current
                autocomplete="current-password"
                error=current_error
            />
            {chosen.fields(refusal)}
            <label class="check">
                <input id="end-tokens" type="checkbox" bind:checked=ends_tokens />
                " "
                <span>{t!(i18n, security.end_tokens)}</span>
            </label>
            {other}
            <div class="actions">
                <Button look="primary" submit=true busy=change.pending()>{t!(i18n, security.change_password)}</Button>
                <Button look="quiet" on_press=move |()| is_open.set(false)>{t!(i18n, ui.cancel)}</Button>
            </div>
        </form>
    }
    .into_any()
}
