//! What a page of a link shows before the link does anything: what it is for, or that it no longer counts.
use super::operations::{MailLink, mail_link, renew_link};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    refusal,
    session::Entrance,
    ui::{Button, Heading, Notice, Tone, live},
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_location};
use shared::error::{ErrorCode, Reason};

/// The token behind the `#` of the address, which browsers keep to themselves, so that no log of a server has it.
pub fn token_in_address() -> Memo<String> {
    let hash = use_location().hash;
    Memo::new(move |_| hash.read().trim_start_matches('#').to_owned())
}

/// Shows the page of a link that counts; otherwise what to do about it. Opening changes nothing (security F04).
#[component]
pub fn WithLink(
    /// The link's token.
    token: Memo<String>,
    /// The page of a link that counts: link and token.
    page: fn(MailLink, String) -> AnyView,
) -> AnyView {
    let found = load(move || find(token.get()));
    view! {
        <Entrance broad=true>
            <Loaded resource=found page=true rows=6 let:found>
                {match found {
                    None => view! { <DeadLink /> }.into_any(),
                    Some(link) if link.is_over => view! { <OverLink token=token.get_untracked() /> }.into_any(),
                    Some(link) => page(link, token.get_untracked()),
                }}
            </Loaded>
        </Entrance>
    }
    .into_any()
}

async fn find(token: String) -> Result<Option<MailLink>, ApiError> {
    match mail_link(token).await {
        Ok(link) => Ok(Some(link)),
        Err(error) if error.code() == Some(ErrorCode::NotFound) => Ok(None),
        Err(error) if error.reason() == Some(Reason::LinkInvalid) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A link that gives nothing any more: another one is sent where it is only too old.
#[component]
pub fn GoneLink(
    /// The link's token.
    token: String,
) -> AnyView {
    let asked = token.clone();
    let found = load(move || find(asked.clone()));
    view! {
        <Loaded resource=found page=true rows=3 let:found>
            {match found {
                Some(link) if link.is_over => view! { <OverLink token=token.clone() /> }.into_any(),
                _ => view! { <DeadLink /> }.into_any(),
            }}
        </Loaded>
    }
    .into_any()
}

/// A link that was used already, or never was one.
#[component]
fn DeadLink() -> AnyView {
    let i18n = use_i18n();
    view! {
        <Heading text=t!(i18n, link.invalid_title) />
        <p class="lead">{t!(i18n, user.dead_text)}</p>
        <p>
            <A href="/sign-in" attr:class="button primary">{t!(i18n, user.to_sign_in)}</A> " "
            <A href="/forgotten" attr:class="button">{t!(i18n, user.forgotten_title)}</A>
        </p>
    }
    .into_any()
}

/// A link that is too old, and a button that sends another one to the same address.
#[component]
fn OverLink(
    /// The link's token.
    token: String,
) -> AnyView {
    let i18n = use_i18n();
    let renew = Action::new_local(move |(): &()| {
        let token = token.clone();
        async move { renew_link(token).await }
    });
    let press = move |()| {
        if !renew.pending().get_untracked() {
            renew.dispatch(());
        }
    };
    let refused = move || {
        let error: ApiError = renew.value().get()?.err()?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let is_sent = Memo::new(move |_| matches!(&*renew.value().read(), Some(Ok(_))));
    view! {
        <Heading text=t!(i18n, user.over_title) />
        {live(move || if is_sent.get() {
            view! { <p class="lead" role="status">{t!(i18n, user.over_sent)}</p> }.into_any()
        } else {
            view! {
                <p class="lead">{t!(i18n, user.over_text)}</p>
                {refused}
                <p><Button look="primary" busy=renew.pending() on_press=press>{t!(i18n, user.over_submit)}</Button></p>
            }.into_any()
        })}
    }
    .into_any()
}
