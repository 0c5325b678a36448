//! Taking keys in a file, and asking a second person where the quota is used up.
use super::use_operations::{ExportKeysPayload, Wanted, export_keys, request_keys};
use crate::{
    api::ApiError,
    download,
    i18n::*,
    refusal,
    ui::{Button, CopyButton, Dialog, Icon, Notice, Tone, live},
};
use leptos::prelude::*;
use leptos_router::components::A;
use shared::{
    device::KeyExportFormat,
    error::{ErrorCode, Reason},
};

/// The forms, each with its sign, its name where that is the same in all languages, and the answer of the help that
/// tells how it is used.
const FORMS: [(KeyExportFormat, &str, &str, Option<&str>); 6] = [
    (
        KeyExportFormat::Wmbusmeters,
        "signal",
        "wmbusmeters",
        Some("use-wmbusmeters"),
    ),
    (
        KeyExportFormat::HomeAssistant,
        "start",
        "Home Assistant",
        Some("use-home-assistant"),
    ),
    (KeyExportFormat::Esphome, "net", "ESPHome", Some("use-home-assistant")),
    (KeyExportFormat::Kem, "lock", "KEM", Some("use-ready")),
    (KeyExportFormat::Csv, "document", "CSV", None),
    (KeyExportFormat::Json, "document", "JSON", None),
];

/// The forms in which keys are downloaded, each with what it is for. The password of a key file is shown once, here.
#[component]
pub fn TakeKeys(
    /// Which keys.
    #[prop(into)]
    wanted: Signal<Wanted>,
) -> AnyView {
    let i18n = use_i18n();
    let taken = RwSignal::new(None::<ExportKeysPayload>);
    let under_way = RwSignal::new(None::<KeyExportFormat>);
    let take = Action::new_local(move |format: &KeyExportFormat| {
        let (format, wanted) = (*format, wanted.get_untracked());
        async move {
            let made = export_keys(wanted, format).await?;
            let fetched = download::save(&format!("/download/keys/{}", made.id), &made.file_name).await;
            drop(taken.try_set(Some(made)));
            fetched
        }
    });
    let press = move |format: KeyExportFormat| {
        if !take.pending().get_untracked() {
            taken.set(None);
            under_way.set(Some(format));
            take.dispatch(format);
        }
    };
    let row = move |(format, icon, name, help): (KeyExportFormat, &'static str, &'static str, Option<&'static str>)| {
        let busy = Signal::derive(move || take.pending().get() && under_way.get() == Some(format));
        let how = help.map(|slug| {
            view! { " " <A href=format!("/help/{slug}")>{t!(i18n, key_use.how)}<span class="away">" "{name}</span></A> }
        });
        view! {
            <li>
                <Icon name=icon />
                <div>
                    <p class="rows-title">{name}</p>
                    <p class="rows-text">{text(move || about(i18n, format).to_owned())}{how}</p>
                </div>
                <Button look="s" icon="download" busy on_press=move |()| press(format)>
                    {t!(i18n, key_use.take)}
                    <span class="away">" "{name}</span>
                </Button>
            </li>
        }
    };
    let error = Signal::derive(move || (!take.pending().get()).then(|| take.value().get()?.err()).flatten());
    view! {
        <div class="stack-5">
            <ul class="rows">{FORMS.map(row).into_iter().collect_view()}</ul>
            {live(move || match taken.get().and_then(|made| made.password) {
                Some(password) => view! { <Password password /> }.into_any(),
                None => ().into_any(),
            })}
            <Refused error wanted />
        </div>
    }
    .into_any()
}

#[component]
fn Password(password: String) -> AnyView {
    let i18n = use_i18n();
    view! {
        <Notice tone=Tone::Warn live=true>
            <div>
                <p>{t!(i18n, key_use.password)}</p>
                <p class="id" role="group" aria-label=t_string!(i18n, key_use.password_label)>{password.clone()}</p>
                <CopyButton text=password what=t!(i18n, key_use.password_label) />
            </div>
        </Notice>
    }
    .into_any()
}

/// The dialog "Schlüssel herunterladen": the keys of what is selected in the list.
#[component]
pub fn TakeDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Which keys.
    wanted: Signal<Wanted>,
    /// "7 von 638 ausgewählt".
    #[prop(into)]
    selected: TextProp,
    /// Hears that it was closed.
    #[prop(optional, into)]
    on_close: Option<Callback<()>>,
) -> AnyView {
    let i18n = use_i18n();
    let foot = move || view! { <Button on_press=move |()| open.set(false)>{t!(i18n, ui.close)}</Button> };
    let closed = move |()| {
        if let Some(on_close) = on_close {
            on_close.run(());
        }
    };
    view! {
        <Dialog id="take" open title=t!(i18n, key_use.take_title) on_submit=move |()| () on_close=closed foot>
            <p>{let selected = selected.clone(); move || selected.get()}</p>
            <p>{t!(i18n, key_use.take_text)}</p>
            <TakeKeys wanted />
        </Dialog>
    }
    .into_any()
}

/// Why there is no key, and the way on.
#[component]
pub fn Refused(
    /// The refusal.
    error: Signal<Option<ApiError>>,
    /// Which keys it is about.
    #[prop(into)]
    wanted: Signal<Wanted>,
) -> AnyView {
    let i18n = use_i18n();
    live(move || {
        let Some(error) = error.get() else { return ().into_any() };
        let way = match (error.reason(), error.code(), wanted.get()) {
            (Some(Reason::KeyQuota), _, wanted @ (Wanted::Device(_) | Wanted::Selection(_))) => {
                view! { <Ask wanted /> }.into_any()
            }
            (_, Some(ErrorCode::SecondFactorRequired), _) => {
                view! { <p><A href="/security">{t!(i18n, nav.security)}</A></p> }.into_any()
            }
            _ => ().into_any(),
        };
        view! { <Notice tone=Tone::Bad live=true><div><p>{refusal::words(i18n, &error)}</p>{way}</div></Notice> }
            .into_any()
    })
}

/// Asks for approval.
#[component]
fn Ask(wanted: Wanted) -> AnyView {
    let i18n = use_i18n();
    let ask = Action::new_local(move |(): &()| request_keys(wanted.clone()));
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

fn about(i18n: Words, format: KeyExportFormat) -> &'static str {
    match format {
        KeyExportFormat::Csv => t_string!(i18n, key_use.csv),
        KeyExportFormat::Json => t_string!(i18n, key_use.json),
        KeyExportFormat::Kem => t_string!(i18n, key_use.kem),
        KeyExportFormat::Wmbusmeters => t_string!(i18n, key_use.wmbusmeters),
        KeyExportFormat::HomeAssistant => t_string!(i18n, key_use.home_assistant),
        KeyExportFormat::Esphome => t_string!(i18n, key_use.esphome),
    }
}
