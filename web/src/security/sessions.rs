//! The part "Angemeldete Geräte": where the viewer is signed in, and signing out elsewhere.
use super::operations::{Device, Session, end, sessions};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, Loading, load},
    locale::{self, Words},
    refusal,
    ui::{Badge, Button, Icon, Notice, Toasts, Tone},
};
use leptos::prelude::*;
use shared::id::SessionId;

/// What a device is called.
pub fn device_words(i18n: Words, device: Option<&Device>) -> String {
    let (browser, system) = device.map_or((None, None), |device| (device.browser.clone(), device.system.clone()));
    match (browser, system) {
        (Some(browser), Some(system)) => t_string!(i18n, security.device, browser = browser, system = system),
        (Some(name), None) | (None, Some(name)) => name,
        (None, None) => t_string!(i18n, security.unknown_device).to_owned(),
    }
}

fn icon(device: Option<&Device>) -> &'static str {
    match device.and_then(|device| device.system.as_deref()) {
        Some("iPhone" | "iPad" | "Android") => "phone",
        _ => "laptop",
    }
}

/// The signed-in devices.
#[component]
pub fn SessionsPart(
    /// Is notified when a device was signed out elsewhere on the page.
    changed: Trigger,
) -> AnyView {
    let i18n = use_i18n();
    let found = load(move || {
        changed.track();
        sessions()
    });
    view! {
        <section class="part" aria-labelledby="sessions">
            <div class="part-head">
                <h2 id="sessions">{t!(i18n, security.sessions)}</h2>
                <p>{t!(i18n, security.sessions_lead)}</p>
            </div>
            <div><Loaded resource=found rows=3 let:list><List list found /></Loaded></div>
        </section>
    }
    .into_any()
}

#[component]
fn List(list: Vec<Session>, found: Loading<Vec<Session>>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let has_others = list.len() > 1;
    let ending = Action::new_local(move |id: &Option<SessionId>| {
        let id = *id;
        async move {
            end(id).await?;
            toasts.say(t_string!(i18n, security.ended).to_owned());
            found.refetch();
            Ok::<_, ApiError>(())
        }
    });
    let ask = Callback::new(move |id: Option<SessionId>| {
        if !ending.pending().get_untracked() {
            ending.dispatch(id);
        }
    });
    let refused = move || {
        let error = ending.value().get()?.err()?;
        (!ending.pending().get())
            .then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    view! {
        {refused}
        <ul class="rows">{list.into_iter().map(|session| row(i18n, session, ask)).collect_view()}</ul>
        {has_others.then(|| view! {
            <p class="block-foot">
                <Button look="danger s" busy=ending.pending() on_press=move |()| ask.run(None)>
                    {t!(i18n, security.end_others)}
                </Button>
            </p>
        })}
    }
    .into_any()
}

fn row(i18n: Words, session: Session, ask: Callback<Option<SessionId>>) -> AnyView {
    let Session {
        created_at,
        device,
        id,
        ip,
        is_current,
        last_seen_at,
    } = session;
    let sign = icon(device.as_ref());
    let name = text({
        let device = device.clone();
        move || device_words(i18n, device.as_ref())
    });
    let whose = text(move || device_words(i18n, device.as_ref()));
    let when = text(move || {
        if is_current {
            t_string!(i18n, security.since, time = locale::stamp(i18n, &created_at)).to_string()
        } else {
            t_string!(i18n, security.last_seen, time = locale::stamp(i18n, &last_seen_at)).to_string()
        }
    });
    let place = ip.map(|ip| view! { <span class="id">{ip}</span> ", " });
    let end = if is_current {
        view! { <Badge tone=Tone::Good>{t!(i18n, security.this_device)}</Badge> }.into_any()
    } else {
        view! {
            <Button look="s" on_press=move |()| ask.run(Some(id))>
                {t!(i18n, security.end)} <span class="away">" " {whose}</span>
            </Button>
        }
        .into_any()
    };
    view! {
        <li>
            <Icon name=sign />
            <div>
                <p class="rows-title">{name}</p>
                <p class="rows-text">{place} {when}</p>
            </div>
            <div class="rows-end">{end}</div>
        </li>
    }
    .into_any()
}
