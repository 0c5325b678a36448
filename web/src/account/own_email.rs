//! The viewer's own e-mail address: which one counts, which one waits, asking for another.
use super::operations::{OwnEmail, change_email, own_email, withdraw_email_change};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, Loading, load},
    refusal,
    ui::{Badge, Button, FieldError, Icon, Notice, TextField, Toasts, Tone},
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::name::EmailAddress;

/// The own address and a form to change it.
#[component]
pub fn OwnEmailPart() -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let found = load(own_email);
    let email = RwSignal::new(String::new());
    let was_tried = RwSignal::new(false);
    let change = Action::new_local(move |typed: &String| {
        let typed = typed.clone();
        async move {
            let pending = change_email(typed).await?;
            toasts.say(tu_string!(i18n, account.email_asked, email = pending).to_string());
            drop(email.try_set(String::new()));
            let _ = was_tried.try_set(false);
            found.refetch();
            Ok::<_, ApiError>(())
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        was_tried.set(true);
        if EmailAddress::parse(&email.read_untracked()).is_ok() && !change.pending().get_untracked() {
            change.dispatch(email.get_untracked().trim().to_owned());
        }
    };
    let error: FieldError = Signal::derive(move || {
        if was_tried.get() && EmailAddress::parse(&email.read()).is_err() {
            return Some(t_string!(i18n, refusal.not_an_email).to_owned());
        }
        let error = change.value().get()?.err()?;
        (!change.pending().get() && error.field() == Some("email")).then(|| refusal::words(i18n, &error))
    });
    let other = move || {
        let error = change.value().get()?.err()?;
        (!change.pending().get() && error.field() != Some("email"))
            .then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    view! {
        <section class="part" aria-labelledby="own-email">
            <div class="part-head">
                <h2 id="own-email">{t!(i18n, account.own_email)}</h2>
                <p>{t!(i18n, account.own_email_text)}</p>
            </div>
            <div class="stack-5">
                <Loaded resource=found rows=1 let:own>
                    {own.map(|own| view! { <Own own found /> })}
                </Loaded>
                <form class="form" novalidate on:submit=submit>
                    <TextField
                        id="new-email"
                        label=t!(i18n, account.new_email)
                        value=email
                        kind="email"
                        autocomplete="email"
                        autocapitalize="none"
                        required=true
                        hint=t!(i18n, account.new_email_hint)
                        error
                    />
                    {other}
                    <Button submit=true busy=change.pending()>{t!(i18n, account.change_email)}</Button>
                </form>
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Own(own: OwnEmail, found: Loading<Option<OwnEmail>>) -> AnyView {
    let i18n = use_i18n();
    let withdraw = Action::new_local(move |(): &()| async move {
        withdraw_email_change().await?;
        found.refetch();
        Ok::<_, ApiError>(())
    });
    let refused = move || {
        let error = withdraw.value().get()?.err()?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let counts = own.email.map(|email| {
        view! {
            <li>
                <Icon name="mail" />
                <div><p class="rows-title break">{email}</p></div>
                <div class="rows-end"><Badge tone=Tone::Good>{t!(i18n, account.counts)}</Badge></div>
            </li>
        }
    });
    let waits = own.pending_email.map(|email| {
        view! {
            <li>
                <Icon name="clock" />
                <div>
                    <p class="rows-title break">{email}</p>
                    <p class="rows-text">{t!(i18n, account.email_waits)}</p>
                </div>
                <div class="rows-end actions">
                    <Badge tone=Tone::Wait>{t!(i18n, account.waits)}</Badge>
                    <Button look="s" busy=withdraw.pending() on_press=move |()| { withdraw.dispatch(()); }>
                        {t!(i18n, member.withdraw)}
                    </Button>
                </div>
            </li>
        }
    });
    view! { <ul class="rows">{counts}{waits}</ul> {refused} }.into_any()
}
