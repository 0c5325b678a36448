//! Whom the provider turns to about the contracts.
use super::operations::{ChangeContactPersonInput, ContactPerson, change_contact};
use crate::{
    api::ApiError,
    i18n::*,
    refusal,
    ui::{Button, FieldError, Notice, TextField, Toasts, Tone},
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::name::EmailAddress;

/// The fields that say themselves what is wrong with them.
const FIELDS: [&str; 7] = ["name", "position", "email", "phone", "street", "postalCode", "city"];

/// A form with what is kept. What was typed stays when it is refused.
#[component]
pub fn ContactPart(
    /// Who it is now.
    contact: Option<ContactPerson>,
) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let ContactPerson {
        city,
        email,
        name,
        phone,
        position,
        postal_code,
        street,
    } = contact.unwrap_or_default();
    let typed = |kept: Option<String>| RwSignal::new(kept.unwrap_or_default());
    let (name, position, email, phone) = (RwSignal::new(name), typed(position), typed(email), typed(phone));
    let (street, postal_code, city) = (typed(street), typed(postal_code), typed(city));
    let was_tried = RwSignal::new(false);
    let change = Action::new_local(move |input: &ChangeContactPersonInput| {
        let input = input.clone();
        async move {
            change_contact(input).await?;
            toasts.say(tu_string!(i18n, account.contact_saved).to_owned());
            Ok::<_, ApiError>(())
        }
    });
    let has_wrong_email = move || {
        let email = email.read();
        !email.trim().is_empty() && EmailAddress::parse(&email).is_err()
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        was_tried.set(true);
        if name.read_untracked().trim().is_empty() || untrack(has_wrong_email) || change.pending().get_untracked() {
            return;
        }
        let set =
            |typed: RwSignal<String>| Some(typed.get_untracked().trim().to_owned()).filter(|text| !text.is_empty());
        change.dispatch(ChangeContactPersonInput {
            city: set(city),
            email: set(email),
            name: name.get_untracked().trim().to_owned(),
            phone: set(phone),
            position: set(position),
            postal_code: set(postal_code),
            street: set(street),
        });
    };
    let refused = move |field: &'static str| {
        let error = change.value().get()?.err()?;
        (!change.pending().get() && error.field() == Some(field)).then(|| refusal::words(i18n, &error))
    };
    let of = move |field: &'static str| -> FieldError { Signal::derive(move || refused(field)) };
    let name_error: FieldError = Signal::derive(move || {
        let is_missing = was_tried.get() && name.read().trim().is_empty();
        is_missing
            .then(|| t_string!(i18n, refusal.missing).to_owned())
            .or_else(|| refused("name"))
    });
    let email_error: FieldError = Signal::derive(move || {
        (was_tried.get() && has_wrong_email())
            .then(|| t_string!(i18n, refusal.not_an_email).to_owned())
            .or_else(|| refused("email"))
    });
    let other = move || {
        let error = change.value().get()?.err()?;
        let has_field = error.field().is_some_and(|field| FIELDS.contains(&field));
        (!change.pending().get() && !has_field)
            .then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    view! {
        <section class="part" aria-labelledby="contact">
            <div class="part-head">
                <h2 id="contact">{t!(i18n, account.contact)}</h2>
                <p>{t!(i18n, account.contact_text)}</p>
            </div>
            <form class="form" novalidate on:submit=submit>
                <div class="field-row">
                    <TextField id="contact-name" label=t!(i18n, account.contact_name) value=name required=true error=name_error />
                    <TextField
                        id="contact-position"
                        label=t!(i18n, account.position)
                        value=position
                        optional=true
                        error=of("position")
                    />
                </div>
                <div class="field-row">
                    <TextField
                        id="contact-email"
                        label=t!(i18n, account.email)
                        value=email
                        kind="email"
                        autocapitalize="none"
                        optional=true
                        error=email_error
                    />
                    <TextField id="contact-phone" label=t!(i18n, account.phone) value=phone kind="tel" optional=true error=of("phone") />
                </div>
                <TextField id="contact-street" label=t!(i18n, account.street) value=street optional=true error=of("street") />
                <div class="field-row">
                    <TextField
                        id="contact-postal-code"
                        label=t!(i18n, account.postal_code)
                        value=postal_code
                        optional=true
                        error=of("postalCode")
                    />
                    <TextField id="contact-city" label=t!(i18n, account.city) value=city optional=true error=of("city") />
                </div>
                {other}
                <Button submit=true busy=change.pending()>{t!(i18n, account.save_contact)}</Button>
            </form>
        </section>
    }
    .into_any()
}
