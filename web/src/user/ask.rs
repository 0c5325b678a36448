//! Asking for a mail: forgotten sign-in details, and the form that registering begins with.
use super::operations::request_access;
use crate::{
    api::ApiError,
    i18n::*,
    locale::Words,
    refusal,
    session::Entrance,
    ui::{Button, Heading, Notice, TextField, Tone, live},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::components::A;
use shared::error::Reason;
use std::{future::Future, pin::Pin};

/// What is done with what was typed.
pub type Send = fn(Words, String) -> Pin<Box<dyn Future<Output = Result<bool, ApiError>>>>;

/// What a form asks and says.
#[derive(Clone, Copy)]
pub struct Asking {
    /// The heading.
    pub title: fn(Words) -> &'static str,
    /// What it is for.
    pub lead: fn(Words) -> &'static str,
    /// The field.
    pub label: fn(Words) -> &'static str,
    /// What the field says when it is empty.
    pub missing: fn(Words) -> &'static str,
    /// The button.
    pub submit: fn(Words) -> &'static str,
    /// The heading afterwards.
    pub done_title: fn(Words) -> &'static str,
    /// What happens now: the same for everybody.
    pub done: fn(Words) -> &'static str,
    /// `email` or `text`.
    pub kind: &'static str,
    /// What browsers fill in.
    pub autocomplete: &'static str,
    /// The request.
    pub send: Send,
}

/// One field, one button, and the same answer for everybody.
#[component]
pub fn AskForm(
    /// What it asks.
    asking: Asking,
) -> AnyView {
    let i18n = use_i18n();
    let value = RwSignal::new(String::new());
    let was_tried = RwSignal::new(false);
    let send = Action::new_local(move |typed: &String| (asking.send)(i18n, typed.clone()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        was_tried.set(true);
        let typed = value.get_untracked().trim().to_owned();
        if !typed.is_empty() && !send.pending().get_untracked() {
            send.dispatch(typed);
        }
    };
    let refusal = move || send.value().get()?.err();
    let is_about_field = |error: &ApiError| error.reason() == Some(Reason::NotAnEmail);
    let error = Signal::derive(move || {
        let missing = was_tried.get() && value.read().trim().is_empty();
        if missing {
            return Some((asking.missing)(i18n).to_owned());
        }
        refusal()
            .filter(is_about_field)
            .map(|error| refusal::words(i18n, &error))
    });
    let refused = move || {
        let error = refusal().filter(|error| !is_about_field(error))?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let form = move || {
        view! {
            <Heading text=follow(i18n, asking.title) />
            <p class="lead">{follow(i18n, asking.lead)}</p>
            <form class="form" novalidate on:submit=submit>
                <TextField
                    id="asked"
                    label=follow(i18n, asking.label)
                    value
                    kind=asking.kind
                    autocomplete=asking.autocomplete
                    autocapitalize="none"
                    required=true
                    error
                />
                {refused}
                <Button look="primary full" submit=true busy=send.pending()>{follow(i18n, asking.submit)}</Button>
                <p><A href="/sign-in">{t!(i18n, user.to_sign_in)}</A></p>
            </form>
        }
        .into_any()
    };
    let is_done = Memo::new(move |_| matches!(&*send.value().read(), Some(Ok(_))));
    view! {
        {live(move || if is_done.get() {
            view! {
                <Heading text=follow(i18n, asking.done_title) />
                <p class="lead" role="status">{follow(i18n, asking.done)}</p>
                <p class="soft">{t!(i18n, user.look_in_spam)}</p>
                <p><A href="/sign-in" attr:class="button">{t!(i18n, user.to_sign_in)}</A></p>
            }.into_any()
        } else {
            form()
        })}
    }
    .into_any()
}

/// The page "Zugangsdaten vergessen".
#[component]
pub fn ForgottenPage() -> AnyView {
    let i18n = use_i18n();
    let asking = Asking {
        title: |i18n| t_string!(i18n, user.forgotten_title),
        lead: |i18n| t_string!(i18n, user.forgotten_lead),
        label: |i18n| t_string!(i18n, sign_in.name),
        missing: |i18n| t_string!(i18n, sign_in.missing_name),
        submit: |i18n| t_string!(i18n, user.forgotten_submit),
        done_title: |i18n| t_string!(i18n, user.sent_title),
        done: |i18n| t_string!(i18n, user.forgotten_done),
        kind: "text",
        autocomplete: "username",
        send: |_, name| Box::pin(request_access(name)),
    };
    view! {
        <Entrance>
            <AskForm asking />
            <p class="soft">{t!(i18n, user.have_letter)} " " <A href="/letter">{t!(i18n, user.to_letter)}</A></p>
        </Entrance>
    }
    .into_any()
}
