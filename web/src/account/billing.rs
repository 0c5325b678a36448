//! Where the invoices go: the addresses with their state, sending a link again, taking one off, adding one.
use super::invoice_mail::InvoiceMailChoice;
use super::operations::{BillingEmail, add_billing_email, details, remove_billing_email, resend_billing_email};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    locale, refusal,
    ui::{Badge, Button, FieldError, Icon, Notice, TextField, Toasts, Tone},
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::name::EmailAddress;

/// What is done with the list.
#[derive(Clone, Debug)]
enum Act {
    Add(String),
    Resend(BillingEmail),
    Remove(BillingEmail),
}

/// The addresses, and a field for one more.
#[component]
pub fn BillingPart() -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let found = load(details);
    let email = RwSignal::new(String::new());
    let was_tried = RwSignal::new(false);
    let act = Action::new_local(move |act: &Act| {
        let act = act.clone();
        async move {
            let said = match act {
                Act::Add(typed) => {
                    let added = add_billing_email(typed).await?;
                    drop(email.try_set(String::new()));
                    let _ = was_tried.try_set(false);
                    tu_string!(i18n, account.billing_asked, email = added.email).to_string()
                }
                Act::Resend(row) => {
                    let sent = resend_billing_email(row.id).await?;
                    tu_string!(i18n, account.billing_asked, email = sent.email).to_string()
                }
                Act::Remove(row) => {
                    remove_billing_email(row.id).await?;
                    tu_string!(i18n, account.billing_removed, email = row.email).to_string()
                }
            };
            toasts.say(said);
            found.refetch();
            Ok::<_, ApiError>(())
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        was_tried.set(true);
        if EmailAddress::parse(&email.read_untracked()).is_ok() && !act.pending().get_untracked() {
            act.dispatch(Act::Add(email.get_untracked().trim().to_owned()));
        }
    };
    let error: FieldError = Signal::derive(move || {
        if was_tried.get() && EmailAddress::parse(&email.read()).is_err() {
            return Some(t_string!(i18n, refusal.not_an_email).to_owned());
        }
        let error = act.value().get()?.err()?;
        (!act.pending().get() && error.field() == Some("email")).then(|| refusal::words(i18n, &error))
    });
    let other = move || {
        let error = act.value().get()?.err()?;
        (!act.pending().get() && error.field() != Some("email"))
            .then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let row = move |row: BillingEmail| {
        let (resent, removed) = (row.clone(), row.clone());
        let (of_resend, of_remove) = (row.email.clone(), row.email.clone());
        let is_waiting = row.confirmed_at.is_none();
        let since = text(move || match &row.confirmed_at {
            Some(at) => t_string!(i18n, account.billing_since, time = locale::stamp(i18n, at)).to_string(),
            None => t_string!(i18n, account.billing_sent, time = locale::stamp(i18n, &row.sent_at)).to_string(),
        });
        let state = if is_waiting {
            view! { <Badge tone=Tone::Wait>{t!(i18n, account.waits)}</Badge> }
        } else {
            view! { <Badge tone=Tone::Good>{t!(i18n, account.counts)}</Badge> }
        };
        let resend = is_waiting.then(|| {
            view! {
                <Button look="s" busy=act.pending() on_press=move |()| { act.dispatch(Act::Resend(resent.clone())); }>
                    {t!(i18n, account.resend)}
                    <span class="away">" " {of_resend}</span>
                </Button>
            }
        });
        view! {
            <li>
                <Icon name="mail" />
                <div>
                    <p class="rows-title break">{row.email.clone()}</p>
                    <p class="rows-text">{state} " " {since}</p>
                </div>
                <div class="rows-end actions">
                    {resend}
                    <Button look="s danger" busy=act.pending() on_press=move |()| { act.dispatch(Act::Remove(removed.clone())); }>
                        {t!(i18n, account.remove)}
                        <span class="away">" " {of_remove}</span>
                    </Button>
                </div>
            </li>
        }
    };
    let list = move |emails: Vec<BillingEmail>| {
        if emails.is_empty() {
            view! { <p class="soft">{t!(i18n, account.billing_none)}</p> }.into_any()
        } else {
            view! { <ul class="rows">{emails.into_iter().map(row).collect_view()}</ul> }.into_any()
        }
    };
    view! {
        <section class="part" aria-labelledby="billing">
            <div class="part-head">
                <h2 id="billing">{t!(i18n, account.billing)}</h2>
                <p>{t!(i18n, account.billing_text)}</p>
            </div>
            <div class="stack-5">
                <Loaded resource=found rows=2 let:details>{list(details.billing_emails)}</Loaded>
                <InvoiceMailChoice />
                <form class="form" novalidate on:submit=submit>
                    <TextField
                        id="billing-email"
                        label=t!(i18n, account.billing_email)
                        value=email
                        kind="email"
                        autocapitalize="none"
                        required=true
                        hint=t!(i18n, account.billing_hint)
                        error
                    />
                    {other}
                    <Button icon="plus" submit=true busy=act.pending()>{t!(i18n, account.billing_add)}</Button>
                </form>
            </div>
        </section>
    }
    .into_any()
}
