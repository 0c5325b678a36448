//! Accepting an invitation: by becoming a user, or as the user who has its address.
use super::{
    invitation_operations::{
        CompleteInvitationInput, InvitationOffer, accept_invitation, complete_invitation, invitation,
    },
    rights,
};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    locale, refusal,
    session::{NewPassword, SessionStoreFields, is_signed_in, set_viewer, sign_in_address, sign_out, use_session},
    ui::{Button, Heading, Notice, TextField, Toasts, Tone, live},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::{components::A, hooks::use_navigate};
use shared::error::Reason;
use std::time::Duration;

/// What the link of an invitation opens. Opening it changes nothing; only the button does (security F04).
#[component]
pub fn InvitationPage(
    /// Out of the link.
    token: String,
    /// What is shown if the link counts no longer.
    #[prop(into)]
    invalid: ViewFn,
) -> AnyView {
    let token = StoredValue::new(token);
    let found = load(move || async move {
        match invitation(token.get_value()).await {
            Ok(offer) => Ok(Some(offer)),
            Err(error) if error.reason() == Some(Reason::LinkInvalid) => Ok(None),
            Err(error) => Err(error),
        }
    });
    view! {
        <Loaded resource=found page=true rows=6 let:found>
            {match found {
                None => invalid.run(),
                Some(offer) if offer.needs_registration => view! { <Complete offer token=token.get_value() /> }.into_any(),
                Some(offer) => view! { <Accept offer token=token.get_value() /> }.into_any(),
            }}
        </Loaded>
    }
    .into_any()
}

/// Who invites, into which account, and to what.
#[component]
fn Offer(offer: InvitationOffer) -> AnyView {
    let i18n = use_i18n();
    let InvitationOffer {
        account_name,
        account_number,
        from,
        rights: granted,
        until,
        user_name,
        ..
    } = offer;
    let account = account_name.clone();
    let lead = text(move || match from.clone() {
        Some(from) => t_string!(i18n, member.offer_from, from = from, account = account.clone()),
        None => t_string!(i18n, member.offer, account = account.clone()),
    });
    let may = text(move || {
        let words: Vec<_> = granted.iter().map(|right| rights::words(i18n, *right)).collect();
        words.join(", ")
    });
    let end = until.map(|day| {
        view! {
            <div><dt>{t!(i18n, member.until)}</dt><dd>{text(move || locale::day_in_text(i18n, &day))}</dd></div>
        }
    });
    view! {
        <p class="lead">{lead}</p>
        <dl class="facts">
            <div><dt>{t!(i18n, member.account)}</dt><dd>{account_name} " " <span class="id">{account_number}</span></dd></div>
            <div><dt>{t!(i18n, member.rights)}</dt><dd>{may}</dd></div>
            {end}
            <div><dt>{t!(i18n, member.user_name)}</dt><dd class="id">{user_name}</dd></div>
        </dl>
    }
    .into_any()
}

/// Goes to the start page once this action has told the page that it is done: the page goes with all that listens.
fn go_home(navigate: impl Fn(&str, leptos_router::NavigateOptions) + 'static) {
    set_timeout(move || navigate("/", Default::default()), Duration::ZERO);
}

#[component]
fn Complete(offer: InvitationOffer, token: String) -> AnyView {
    let i18n = use_i18n();
    let session = use_session();
    let toasts = expect_context::<Toasts>();
    let navigate = use_navigate();
    let name = RwSignal::new(offer.name.clone().unwrap_or_default());
    let names = vec![
        offer.email.split('@').next().unwrap_or_default().to_owned(),
        offer.account_number.clone(),
        offer.user_name.rsplit('/').next().unwrap_or_default().to_owned(),
    ];
    let chosen = NewPassword::new(name.into(), names, false);
    let account = StoredValue::new(offer.account_name.clone());
    let complete = Action::new_local(move |input: &CompleteInvitationInput| {
        let (input, navigate) = (input.clone(), navigate.clone());
        async move {
            let viewer = complete_invitation(input).await?;
            set_viewer(session, i18n, viewer);
            toasts.say(tu_string!(i18n, member.welcome, account = account.get_value()).to_string());
            go_home(navigate);
            Ok::<_, ApiError>(())
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(password) = chosen.take().filter(|_| !complete.pending().get_untracked()) else {
            return;
        };
        let given = name.get_untracked().trim().to_owned();
        complete.dispatch(CompleteInvitationInput {
            language: locale::language_of(i18n.get_locale_untracked()),
            name: (!given.is_empty()).then_some(given),
            password,
            token: token.clone(),
        });
    };
    let refusal = Signal::derive(move || complete.value().get()?.err());
    let refused = move || {
        let error = refusal.get().filter(|error| !NewPassword::is_about(error))?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let address = offer.email.clone();
    view! {
        <Heading text=t!(i18n, member.accept_title) />
        <div class="stack-6">
            <Offer offer />
            <form class="form beside" novalidate on:submit=submit>
                // Password managers file the password under this name.
                <input type="text" name="username" autocomplete="username" value=address hidden readonly />
                <TextField id="name" label=t!(i18n, register.name) value=name autocomplete="name" optional=true />
                {chosen.fields(refusal)}
                {refused}
                <Button look="primary" submit=true busy=complete.pending()>{t!(i18n, member.accept)}</Button>
            </form>
        </div>
    }
    .into_any()
}

#[component]
fn Accept(offer: InvitationOffer, token: String) -> AnyView {
    let i18n = use_i18n();
    let session = use_session();
    let toasts = expect_context::<Toasts>();
    let navigate = use_navigate();
    let token = StoredValue::new(token);
    let (account, email) = (offer.account_name.clone(), StoredValue::new(offer.email.clone()));
    let account = StoredValue::new(account);
    let accept = Action::new_local(move |(): &()| {
        let navigate = navigate.clone();
        async move {
            let viewer = accept_invitation(token.get_value()).await?;
            set_viewer(session, i18n, viewer);
            toasts.say(tu_string!(i18n, member.welcome, account = account.get_value()).to_string());
            go_home(navigate);
            Ok::<_, ApiError>(())
        }
    });
    let refused = move || {
        let error = accept.value().get()?.err()?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    // Whoever is signed in with another address signs out first: nothing is bound to him by accident (security F02).
    let is_addressee = move || session.viewer().get().and_then(|viewer| viewer.email) == Some(email.get_value());
    let leave = move |()| {
        leptos::task::spawn_local(async move {
            // Who cannot be reached has no session to go on with either; the sign-in page tells.
            sign_out().await.ok();
            let address = sign_in_address();
            // An own path is always a valid address.
            window().location().set_href(&address).ok();
        });
    };
    let addressed = move || {
        view! {
            {refused}
            <Button look="primary" busy=accept.pending() on_press=move |()| { accept.dispatch(()); }>
                {t!(i18n, member.accept)}
            </Button>
        }
        .into_any()
    };
    let other = move || {
        view! {
            <Notice tone=Tone::Warn><p>{t!(i18n, member.other_address, email = email.get_value())}</p></Notice>
            <Button look="primary" on_press=leave>{t!(i18n, member.sign_in_as)}</Button>
        }
        .into_any()
    };
    let signed_out = move || {
        view! {
            <p>{t!(i18n, member.sign_in_first, email = email.get_value())}</p>
            <p><A href=sign_in_address() attr:class="button primary">{t!(i18n, link.sign_in)}</A></p>
        }
        .into_any()
    };
    view! {
        <Heading text=t!(i18n, member.accept_title) />
        <div class="stack-6">
            <Offer offer />
            <div class="form">
                {live(move || match is_signed_in(session) {
                    Some(true) if is_addressee() => addressed(),
                    Some(true) => other(),
                    Some(false) => signed_out(),
                    None => ().into_any(),
                })}
            </div>
        </div>
    }
    .into_any()
}
