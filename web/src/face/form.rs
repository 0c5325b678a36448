//! Who the provider is: the form.
use super::{
    colours::ColourField,
    operations::{ChangeFaceInput, ProviderFace, change_face},
};
use crate::{
    api::ApiError,
    i18n::*,
    refusal,
    session::{load as load_session, use_session},
    ui::{Button, Field, FieldError, Notice, TextField, Toasts, Tone, describe},
    upload::upload,
};
use leptos::{ev::SubmitEvent, html, prelude::*};
use shared::colour::{Colour, Scheme};

/// The fields that say themselves what is wrong with them.
const FIELDS: [&str; 10] = [
    "name",
    "address",
    "phone",
    "hours",
    "hoursEn",
    "supportEmail",
    "mailSender",
    "accentLight",
    "accentDark",
    "logoFileId",
];

/// Asks for what is said of the provider. What was typed stays when it is refused.
#[component]
pub fn FaceForm(
    /// What counts now.
    face: ProviderFace,
    /// Hears when another version counts.
    done: Callback<()>,
) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let session = use_session();
    let known = |text: &Option<String>| RwSignal::new(text.clone().unwrap_or_default());
    let name = RwSignal::new(face.name.clone());
    let (address, phone, hours) = (known(&face.address), known(&face.phone), known(&face.hours));
    let hours_en = known(&face.hours_en);
    let (support_email, mail_sender) = (known(&face.support_email), known(&face.mail_sender));
    let (light, dark) = (known(&face.accent_light), known(&face.accent_dark));
    let removes_logo = RwSignal::new(false);
    let file = NodeRef::<html::Input>::new();
    let version = face.version;
    let save = Action::new_local(move |(): &()| {
        let set =
            |typed: RwSignal<String>| Some(typed.get_untracked().trim().to_owned()).filter(|text| !text.is_empty());
        let chosen = file
            .get_untracked()
            .and_then(|input| input.files())
            .and_then(|files| files.get(0));
        let mut input = ChangeFaceInput {
            accent_dark: set(dark),
            accent_light: set(light),
            address: set(address),
            hours: set(hours),
            hours_en: set(hours_en),
            logo_file_id: None,
            mail_sender: set(mail_sender),
            name: name.get_untracked(),
            phone: set(phone),
            removes_logo: removes_logo.get_untracked(),
            support_email: set(support_email),
            version,
        };
        async move {
            if let Some(chosen) = chosen {
                input.logo_file_id = Some(upload(&chosen, |_| ()).await?);
            }
            change_face(input).await
        }
    });
    Effect::new(move |_| {
        if let Some(Ok(_)) = save.value().get() {
            toasts.say(tu_string!(i18n, face.saved));
            show_accent();
            load_session(session, i18n);
            done.run(());
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !save.pending().get_untracked() {
            save.dispatch(());
        }
    };
    let refused = move || save.value().get()?.err().filter(|_| !save.pending().get());
    let error_of = move |field: &'static str| -> FieldError {
        Signal::derive(move || {
            let error = refused().filter(|error| error.field() == Some(field))?;
            Some(refusal::words(i18n, &error))
        })
    };
    let other = move || {
        let error: ApiError = refused().filter(|error| !error.field().is_some_and(|field| FIELDS.contains(&field)))?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let proposed = Signal::derive(move || Colour::parse(&light.read()).map(Colour::for_dark_pages));
    let logo_error = error_of("logoFileId");
    let (has_logo, shown_logo) = (face.logo.is_some(), face.logo);
    view! {
        <form class="form" novalidate on:submit=submit>
            <TextField id="face-name" label=t!(i18n, face.name) value=name required=true error=error_of("name") />
            <TextField
                id="face-address"
                label=t!(i18n, face.address)
                value=address
                optional=true
                hint=t!(i18n, face.address_hint)
                error=error_of("address")
            />
            <TextField id="face-phone" kind="tel" label=t!(i18n, face.phone) value=phone optional=true error=error_of("phone") />
            <div class="field-row">
                <TextField id="face-hours" label=t!(i18n, face.hours) value=hours optional=true error=error_of("hours") />
                <TextField id="face-hours-en" label=t!(i18n, face.hours_en) value=hours_en optional=true error=error_of("hoursEn") />
            </div>
            <TextField
                id="face-support-email"
                kind="email"
                label=t!(i18n, face.support_email)
                value=support_email
                optional=true
                error=error_of("supportEmail")
            />
            <TextField
                id="face-mail-sender"
                kind="email"
                label=t!(i18n, face.mail_sender)
                value=mail_sender
                optional=true
                hint=t!(i18n, face.mail_sender_hint)
                error=error_of("mailSender")
            />
            <ColourField
                id="face-accent-light"
                label=t!(i18n, face.accent_light)
                value=light
                scheme=Scheme::Light
                instead=Signal::derive(|| None)
                error=error_of("accentLight")
            />
            <ColourField
                id="face-accent-dark"
                label=t!(i18n, face.accent_dark)
                value=dark
                scheme=Scheme::Dark
                instead=proposed
                error=error_of("accentDark")
            />
            <Field id="face-logo" label=t!(i18n, face.logo) hint=t!(i18n, face.logo_hint) error=logo_error>
                {shown_logo.map(|src| view! { <img class="logo" src=src alt=t_string!(i18n, face.logo) /> })}
                <div class="drop">
                    <input
                        id="face-logo"
                        type="file"
                        accept=".svg,.png"
                        node_ref=file
                        aria-invalid=move || logo_error.read().is_some().then_some("true")
                        aria-describedby=describe("face-logo", true, logo_error)
                    />
                </div>
            </Field>
            {has_logo.then(|| view! {
                <label class="tick">
                    <input type="checkbox" bind:checked=removes_logo />
                    {t!(i18n, face.remove_logo)}
                </label>
            })}
            {other}
            <Button look="primary" submit=true busy=save.pending()>{t!(i18n, face.save)}</Button>
        </form>
    }
    .into_any()
}

/// Fetches the style sheet with the accent again: this window shows the new one at once.
fn show_accent() {
    let Ok(Some(sheet)) = document().query_selector("link[href^='/face.css']") else {
        return;
    };
    let address = format!("/face.css?{}", js_sys::Date::now());
    // A link takes any address.
    sheet.set_attribute("href", &address).ok();
}
