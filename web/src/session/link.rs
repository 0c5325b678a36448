//! Where a link out of a mail leads: to registration, or to accepting what was given.
use super::{
    Entrance, SessionStoreFields, is_signed_in,
    operations::{Link, accept_read_rights, link},
    register::RegisterForm,
    sign_in_address, use_session,
};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    locale,
    member::InvitationPage,
    refusal,
    ui::{Button, Heading, Notice, Toasts, Tone, live},
    user::GoneLink,
};
use leptos::prelude::*;
use leptos_router::{
    components::A,
    hooks::{use_location, use_navigate},
};
use shared::error::{ErrorCode, Reason};
use std::time::Duration;

/// The page of a link. Opening it changes nothing; only the button does (security F04). The token stands behind the
/// `#`, which browsers keep to themselves, so that no log of a server has it.
#[component]
pub fn LinkPage() -> AnyView {
    let hash = use_location().hash;
    let token = Memo::new(move |_| hash.read().trim_start_matches('#').to_owned());
    let found = load(move || {
        let token = token.get();
        async move {
            match link(token).await {
                Ok(link) => Ok(Some(link)),
                Err(error) if is_invalid(&error) => Ok(None),
                Err(error) => Err(error),
            }
        }
    });
    view! {
        <Entrance broad=true>
            <Loaded resource=found page=true rows=6 let:found>
                {match found {
                    None => view! {
                        <InvitationPage
                            token=token.get_untracked()
                            invalid=move || view! { <GoneLink token=token.get_untracked() /> }
                        />
                    }.into_any(),
                    Some(link) if link.needs_registration => view! { <RegisterForm email=link.email.clone() offer=Some(link) token=token.get_untracked() /> }.into_any(),
                    Some(link) => view! { <Accept link token=token.get_untracked() /> }.into_any(),
                }}
            </Loaded>
        </Entrance>
    }
    .into_any()
}

fn is_invalid(error: &ApiError) -> bool {
    error.code() == Some(ErrorCode::NotFound) || error.reason() == Some(Reason::LinkInvalid)
}

/// What the link gives, in a sentence.
pub fn offer(i18n: locale::Words, link: &Link) -> String {
    let from = link.from.clone();
    let mut text = match link.device_count {
        1 => t_string!(i18n, register.offer_one, from = from),
        count => t_string!(
            i18n,
            register.offer_many,
            from = from,
            count = locale::count(i18n, count)
        ),
    };
    if let Some(until) = &link.until {
        text.push(' ');
        text.push_str(&t_string!(
            i18n,
            register.until,
            date = locale::day_in_text(i18n, until)
        ));
    }
    text
}

#[component]
fn Accept(link: Link, token: String) -> AnyView {
    let i18n = use_i18n();
    let session = use_session();
    let toasts = expect_context::<Toasts>();
    let navigate = use_navigate();
    let accept = Action::new_local(move |token: &String| {
        let (token, navigate) = (token.clone(), navigate.clone());
        async move {
            let accepted = accept_read_rights(token).await?;
            super::set_viewer(session, i18n, accepted.viewer);
            toasts.say(untrack(|| match accepted.device_count {
                1 => t_string!(i18n, link.accepted_one).to_owned(),
                count => t_string!(i18n, link.accepted_many, count = locale::count(i18n, count)),
            }));
            // Once this action has told the page that it is done: the page goes with all that listens to it.
            set_timeout(move || navigate("/devices", Default::default()), Duration::ZERO);
            Ok::<_, ApiError>(())
        }
    });
    let token = StoredValue::new(token);
    let refused = move || {
        let error = accept.value().get()?.err()?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let account = move || session.viewer().get().and_then(|viewer| viewer.account);
    let signed_in = move || {
        view! {
        {live(move || account().map(|account| view! {
            <p>{t!(i18n, link.for_account)} " " <b>{account.name}</b> " " <span class="id">{account.number}</span></p>
        }).into_any())}
        {refused}
        <Button
            look="primary"
            busy=accept.pending()
            on_press=move |()| { accept.dispatch(token.get_value()); }
        >
            {t!(i18n, link.accept)}
        </Button>
    }
    .into_any()
    };
    let signed_out = move || {
        view! {
            <p>{t!(i18n, link.sign_in_first)}</p>
            <p><A href=sign_in_address() attr:class="button primary">{t!(i18n, link.sign_in)}</A></p>
        }
        .into_any()
    };
    if session.failure().get_untracked().is_some() {
        super::load(session, i18n);
    }
    view! {
        <Heading text=t!(i18n, link.accept_title) />
        <p class="lead">{text(move || offer(i18n, &link))}</p>
        <div class="form">
            {live(move || (match is_signed_in(session) {
                Some(true) => signed_in(),
                Some(false) => signed_out(),
                None => ().into_any(),
            }).into_any())}
        </div>
    }
    .into_any()
}
