//! Taking keys in a file, and asking a second person where the quota is used up.
use super::use_operations::{ExportKeysPayload, Wanted, export_keys, request_keys};
use crate::{
    api::ApiError,
    download,
    i18n::*,
    refusal,
    ui::{Button, CopyButton, Notice, SelectField, Tone, live},
};
use leptos::prelude::*;
use leptos_router::components::A;
use shared::{device::KeyExportFormat, error::Reason, id::DeviceId};

const FORMATS: [(&str, KeyExportFormat); 6] = [
    ("wmbusmeters", KeyExportFormat::Wmbusmeters),
    ("home-assistant", KeyExportFormat::HomeAssistant),
    ("esphome", KeyExportFormat::Esphome),
    ("kem", KeyExportFormat::Kem),
    ("csv", KeyExportFormat::Csv),
    ("json", KeyExportFormat::Json),
];

/// Choosing a form and downloading. The password of a key file is shown once, here.
#[component]
pub fn TakeKeys(
    /// Which keys.
    wanted: Wanted,
    /// Hears that the file is made.
    #[prop(optional, into)]
    done: Option<Callback<()>>,
) -> AnyView {
    let i18n = use_i18n();
    let chosen = RwSignal::new("wmbusmeters".to_owned());
    let options = Signal::derive(move || {
        FORMATS
            .iter()
            .map(|(word, format)| ((*word).to_owned(), format_words(i18n, *format).to_owned()))
            .collect::<Vec<_>>()
    });
    let taken = RwSignal::new(None::<ExportKeysPayload>);
    let take = Action::new_local(move |format: &KeyExportFormat| {
        let format = *format;
        async move {
            let made = export_keys(wanted, format).await?;
            let fetched = download::save(&format!("/download/keys/{}", made.id), &made.file_name).await;
            drop(taken.try_set(Some(made)));
            if let Some(done) = done {
                done.run(());
            }
            fetched
        }
    });
    let press = move |()| {
        let word = chosen.get_untracked();
        if let Some((_, format)) = FORMATS.iter().find(|(known, _)| *known == word) {
            taken.set(None);
            take.dispatch(*format);
        }
    };
    let error = Signal::derive(move || (!take.pending().get()).then(|| take.value().get()?.err()).flatten());
    view! {
        <div class="stack-5">
            <SelectField
                id="key-format"
                label=t!(i18n, key_use.format)
                value=chosen
                on_change=move |value| chosen.set(value)
                options
            />
            <div class="actions">
                <Button icon="download" busy=take.pending() on_press=press>{t!(i18n, key_use.take)}</Button>
            </div>
            {live(move || match taken.get().and_then(|made| made.password) {
                Some(password) => view! {
                    <Notice tone=Tone::Warn live=true>
                        <p>{t!(i18n, key_use.password)}</p>
                        <p class="keycode" role="group" aria-label=t_string!(i18n, key_use.password_label)>
                            <span>{password.clone()}</span>
                        </p>
                        <CopyButton text=password what=t!(i18n, key_use.password_label) />
                    </Notice>
                }.into_any(),
                None => ().into_any(),
            })}
            <Refused error wanted />
        </div>
    }
    .into_any()
}

/// Why there is no key, and the way on.
#[component]
pub fn Refused(
    /// The refusal.
    error: Signal<Option<ApiError>>,
    /// Which keys it is about.
    wanted: Wanted,
) -> AnyView {
    let i18n = use_i18n();
    live(move || {
        let Some(error) = error.get() else { return ().into_any() };
        let way = match (error.reason(), wanted) {
            (Some(Reason::KeyQuota), Wanted::Device(device)) => view! { <Ask device /> }.into_any(),
            _ => ().into_any(),
        };
        view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p>{way}</Notice> }.into_any()
    })
}

/// Asks for approval.
#[component]
fn Ask(device: DeviceId) -> AnyView {
    let i18n = use_i18n();
    let ask = Action::new_local(move |(): &()| async move { request_keys(device).await });
    live(move || {
        match ask.value().get() {
        Some(Ok(_)) => view! {
            <p>{t!(i18n, key_use.asked)}" "<A href="/approvals">{t!(i18n, key_use.approvals)}</A></p>
        }
        .into_any(),
        other => view! {
            {other.and_then(Result::err).map(|error| view! { <p>{refusal::words(i18n, &error)}</p> })}
            <Button look="s" busy=ask.pending() on_press=move |()| { ask.dispatch(()); }>{t!(i18n, key_use.ask)}</Button>
        }
        .into_any(),
    }
    })
}

fn format_words(i18n: Words, format: KeyExportFormat) -> &'static str {
    match format {
        KeyExportFormat::Csv => t_string!(i18n, key_use.csv),
        KeyExportFormat::Json => t_string!(i18n, key_use.json),
        KeyExportFormat::Kem => t_string!(i18n, key_use.kem),
        KeyExportFormat::Wmbusmeters => t_string!(i18n, key_use.wmbusmeters),
        KeyExportFormat::HomeAssistant => t_string!(i18n, key_use.home_assistant),
        KeyExportFormat::Esphome => t_string!(i18n, key_use.esphome),
    }
}
