//! What happened with a device: the latest at once, the rest when it is asked for.
use super::history_operations::{DeviceEvent, DeviceEventConnection, history};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    locale, refusal,
    ui::{Button, Icon, Notice, Tone, live},
};
use leptos::prelude::*;
use shared::{device::DeviceEventKind, id::DeviceId};

/// How much is shown at first.
const FIRST: i32 = 5;

/// How much more is shown at a time.
const MORE: i32 = 25;

/// The history of a device, for its page.
#[component]
pub fn History(
    /// Which.
    device: DeviceId,
) -> AnyView {
    let i18n = use_i18n();
    let found = load(move || history(device, FIRST, None));
    view! {
        <section class="part" aria-labelledby="past">
            <div class="part-head">
                <h2 id="past">{t!(i18n, device.past)}</h2>
                <p>{t!(i18n, device.past_text)}</p>
            </div>
            <Loaded resource=found rows=3 let:start><Events device start /></Loaded>
        </section>
    }
    .into_any()
}

#[component]
fn Events(device: DeviceId, start: DeviceEventConnection) -> AnyView {
    let i18n = use_i18n();
    let next = |of: &DeviceEventConnection| {
        of.page_info
            .has_next_page
            .then(|| of.page_info.end_cursor.clone())
            .flatten()
    };
    let after = RwSignal::new(next(&start));
    let events = RwSignal::new(start.nodes);
    let more = Action::new_local(move |(): &()| async move {
        let found = history(device, MORE, after.get_untracked()).await?;
        after.set(next(&found));
        events.update(|events| events.extend(found.nodes));
        Ok::<_, ApiError>(())
    });
    let refused = move || {
        let error = more.value().get()?.err()?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let button = move || {
        after.read().is_some().then(|| {
            view! {
                <Button look="s" busy=more.pending() on_press=move |()| { more.dispatch(()); }>
                    {t!(i18n, device.past_more)}
                </Button>
            }
        })
    };
    view! {
        <div class="stack-5">
            {live(move || {
                let rows = events.get().into_iter().map(|event| view! { <Row event /> }).collect_view();
                view! { <ul class="rows">{rows}</ul> }.into_any()
            })}
            {live(move || refused().into_any())}
            {live(move || button().into_any())}
        </div>
    }
    .into_any()
}

#[component]
fn Row(event: DeviceEvent) -> AnyView {
    let i18n = use_i18n();
    let DeviceEvent {
        at,
        email,
        file_name,
        key_name,
        kind,
        who,
    } = event;
    let icon = match kind {
        DeviceEventKind::Added => "meter",
        DeviceEventKind::HandedOver => "send",
        DeviceEventKind::KeyAdded | DeviceEventKind::KeyReplaced => "key",
        DeviceEventKind::RightGiven | DeviceEventKind::RightAccepted => "person",
        DeviceEventKind::RightEnded | DeviceEventKind::RightRevoked => "stop",
        DeviceEventKind::KeyShown => "eye",
        DeviceEventKind::KeyExported => "download",
        DeviceEventKind::KeyProved => "signal",
    };
    let by = who.or_else(|| email.clone().filter(|_| key_name.is_some()));
    let title = text(move || {
        let name = key_name.clone().unwrap_or_default();
        let email = email.clone().unwrap_or_default();
        match kind {
            DeviceEventKind::Added => t_string!(i18n, device.past_added).to_owned(),
            DeviceEventKind::HandedOver => t_string!(i18n, device.past_handed).to_owned(),
            DeviceEventKind::KeyAdded => t_string!(i18n, device.past_key_added, name = name),
            DeviceEventKind::KeyReplaced => t_string!(i18n, device.past_key_replaced, name = name),
            DeviceEventKind::RightGiven => t_string!(i18n, device.past_given, email = email),
            DeviceEventKind::RightAccepted => t_string!(i18n, device.past_accepted, email = email),
            DeviceEventKind::RightEnded => t_string!(i18n, device.past_ended, email = email),
            DeviceEventKind::RightRevoked => t_string!(i18n, device.past_revoked, email = email),
            DeviceEventKind::KeyShown => t_string!(i18n, device.past_shown, name = name),
            DeviceEventKind::KeyExported => t_string!(i18n, device.past_exported, name = name),
            DeviceEventKind::KeyProved => t_string!(i18n, device.past_proved, name = name),
        }
    });
    let about = text(move || {
        let parts = [Some(locale::stamp(i18n, &at)), by.clone(), file_name.clone()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    });
    view! {
        <li>
            <Icon name=icon />
            <div><p class="rows-title">{title}</p><p class="rows-text">{about}</p></div>
        </li>
    }
    .into_any()
}
