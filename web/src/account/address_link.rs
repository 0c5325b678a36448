//! Where the links lead that confirm an address or take its change back. Opening the page changes nothing; only the
//! button does (security F04).
use super::operations::{AddressLink, address_link, confirm_address, undo_change};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    locale::Words,
    refusal,
    session::{self, Entrance, use_session},
    ui::{Button, Heading, Notice, Tone, live},
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_location};
use shared::{error::Reason, link::LinkPurpose};

/// The page of a link out of a mail about an address; which one it is, its token says.
#[component]
pub fn AddressLinkPage() -> AnyView {
    let hash = use_location().hash;
    let token = Memo::new(move |_| hash.read().trim_start_matches('#').to_owned());
    let found = load(move || {
        let token = token.get();
        async move {
            match address_link(token).await {
                Ok(link) => Ok(Some(link)),
                Err(error) if error.reason() == Some(Reason::LinkInvalid) => Ok(None),
                Err(error) => Err(error),
            }
        }
    });
    view! {
        <Entrance>
            <Loaded resource=found page=true rows=4 let:found>
                {match found {
                    None => view! { <InvalidLink /> }.into_any(),
                    Some(link) => view! { <Question link token=token.get_untracked() /> }.into_any(),
                }}
            </Loaded>
        </Entrance>
    }
    .into_any()
}

#[component]
fn InvalidLink() -> AnyView {
    let i18n = use_i18n();
    view! {
        <Heading text=t!(i18n, link.invalid_title) />
        <p class="lead">{t!(i18n, account.link_invalid)}</p>
        <p><A href="/account" attr:class="button">{t!(i18n, account.to_account)}</A></p>
    }
    .into_any()
}

/// Whether a link takes something back.
fn undoes(purpose: LinkPurpose) -> bool {
    matches!(purpose, LinkPurpose::EmailUndo | LinkPurpose::BillingEmailUndo)
}

fn lead(i18n: Words, link: &AddressLink) -> String {
    let account = link.account_name.clone().unwrap_or_default();
    match link.purpose {
        LinkPurpose::EmailUndo => t_string!(i18n, account.undo_email).to_owned(),
        LinkPurpose::BillingEmail => t_string!(i18n, account.confirm_billing, account = account).to_string(),
        LinkPurpose::BillingEmailUndo => t_string!(i18n, account.undo_billing, account = account).to_string(),
        _ => t_string!(i18n, account.confirm_email).to_owned(),
    }
}

/// What has happened, in a sentence.
fn outcome(i18n: Words, done: &AddressLink) -> String {
    let email = done.email.clone();
    match done.purpose {
        LinkPurpose::EmailUndo => t_string!(i18n, account.undone_email, email = email).to_string(),
        LinkPurpose::BillingEmail => t_string!(i18n, account.confirmed_billing, email = email).to_string(),
        LinkPurpose::BillingEmailUndo => t_string!(i18n, account.undone_billing).to_owned(),
        _ => t_string!(i18n, account.confirmed_email, email = email).to_string(),
    }
}

#[component]
fn Question(link: AddressLink, token: String) -> AnyView {
    let i18n = use_i18n();
    let session = use_session();
    let done = RwSignal::new(None::<AddressLink>);
    let undoes = undoes(link.purpose);
    let send = Action::new_local(move |(): &()| {
        let token = token.clone();
        async move {
            let answer = if undoes {
                undo_change(token).await?
            } else {
                confirm_address(token).await?
            };
            // Who is signed in may be so no longer, or be called otherwise.
            session::load(session, i18n);
            let _ = done.try_set(Some(answer));
            Ok::<_, ApiError>(())
        }
    });
    let refused = move || {
        let error = send.value().get()?.err()?;
        (!send.pending().get())
            .then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let link = StoredValue::new(link);
    let question = move || {
        let AddressLink {
            account_name, email, ..
        } = link.get_value();
        let account = account_name.map(|name| view! { <div><dt>{t!(i18n, account.account)}</dt><dd>{name}</dd></div> });
        let look = if undoes { "danger primary" } else { "primary" };
        let title = move || {
            if undoes {
                t_string!(i18n, account.undo_title)
            } else {
                t_string!(i18n, account.confirm_title)
            }
        };
        let words = move || {
            if undoes {
                t_string!(i18n, account.undo)
            } else {
                t_string!(i18n, account.confirm)
            }
        };
        view! {
            <Heading text=title />
            <p class="lead">{text(move || lead(i18n, &link.get_value()))}</p>
            <dl class="facts">
                <div><dt>{t!(i18n, account.sent_to)}</dt><dd>{email}</dd></div>
                {account}
            </dl>
            <div class="form">
                {refused}
                <Button look busy=send.pending() on_press=move |()| { send.dispatch(()); }>
                    {words}
                </Button>
            </div>
        }
        .into_any()
    };
    let said = move |answer: AddressLink| {
        let answer = StoredValue::new(answer);
        let title = move || {
            if undoes {
                t_string!(i18n, account.undone_title)
            } else {
                t_string!(i18n, account.confirmed_title)
            }
        };
        view! {
            <Heading text=title />
            <Notice tone=Tone::Good live=true>
                <p>{text(move || outcome(i18n, &answer.get_value()))}</p>
            </Notice>
            <p><A href="/" attr:class="button">{t!(i18n, ui.home)}</A></p>
        }
        .into_any()
    };
    live(move || match done.get() {
        None => question(),
        Some(answer) => said(answer),
    })
}
