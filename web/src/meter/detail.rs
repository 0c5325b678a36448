//! One device: what is known of it, and its keys, which are shown one at a time.
use super::{
    detail_operations::{DeviceDetail, DeviceReadRight, StoredKey, device, reveal_key},
    history::History,
    prove::ProveForm,
    take::{Refused, TakeKeys},
    use_operations::Wanted,
    words,
};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    locale,
    ui::{Badge, Button, CopyButton, Crumbs, Icon, PageHead, Tone, live},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::{device::ReadRightState, error::ErrorCode, id::DeviceId};
use std::time::Duration;

/// How long a key stays in sight.
const SHOWN: Duration = Duration::from_secs(60);

/// The page of one device.
#[component]
pub fn DevicePage() -> AnyView {
    let params = use_params_map();
    let found = load(move || {
        let id = params.read().get("id").and_then(|id| id.parse().ok()).map(DeviceId);
        async move {
            match id {
                Some(id) => device(id).await,
                None => Err(ApiError::refused(ErrorCode::NotFound)),
            }
        }
    });
    view! {
        <div class="page">
            <Loaded resource=found page=true rows=8 let:device><Detail device /></Loaded>
        </div>
    }
    .into_any()
}

#[component]
fn Detail(device: DeviceDetail) -> AnyView {
    let i18n = use_i18n();
    let is_held = device.readable_through.is_none();
    let model = device.model.clone().unwrap_or_else(|| device.manufacturer.clone());
    let title = format!("{model} {}", device.serial_number);
    let top = if is_held {
        t_string!(i18n, nav.devices)
    } else {
        t_string!(i18n, nav.meters)
    };
    let keys = device
        .key_names
        .iter()
        .map(|name| view! { <KeyBox device=device.id name=name.clone() /> })
        .collect_view();
    let has_keys = !device.key_names.is_empty();
    let no_keys = (!has_keys).then(|| view! { <p>{t!(i18n, device.no_keys)}</p> });
    let wanted = Signal::stored(Wanted::Device(device.id));
    view! {
        <Crumbs way=vec![("/devices".to_owned(), top.into())] />
        <PageHead title=title help="/devices" />
        {device.viewer_can_reveal.then(|| view! {
            <section class="part" aria-labelledby="keys">
                <div class="part-head">
                    <h2 id="keys">{t!(i18n, device.keys)}</h2>
                    <p>{t!(i18n, device.keys_text)}</p>
                </div>
                <div class="stack-5">
                    {keys}
                    {no_keys}
                    <p class="notice calm"><Icon name="log" /><span>{t!(i18n, device.recorded)}</span></p>
                </div>
            </section>
        })}
        {(device.viewer_can_reveal && has_keys).then(|| view! {
            <section class="part" aria-labelledby="take">
                <div class="part-head">
                    <h2 id="take">{t!(i18n, key_use.take)}</h2>
                    <p>{t!(i18n, key_use.take_text)}</p>
                </div>
                <TakeKeys wanted />
            </section>
        })}
        <section class="part" aria-labelledby="prove">
            <div class="part-head">
                <h2 id="prove">{t!(i18n, prove.here)}</h2>
                <p>{t!(i18n, prove.here_text)}</p>
            </div>
            <ProveForm device=device.id />
        </section>
        {(!is_held).then(|| view! { <OwnRight device=device.clone() /> })}
        <Facts device=device.clone() />
        {is_held.then(|| view! {
            <Origins keys=device.keys />
            <Readers rights=device.read_rights />
        })}
        <History device=device.id />
    }
    .into_any()
}

/// One key: hidden, then shown for a while.
#[component]
fn KeyBox(device: DeviceId, name: String) -> AnyView {
    let i18n = use_i18n();
    let key = RwSignal::new(None::<String>);
    // Which time it is that the key is shown: the end of an earlier one hides no later one.
    let time = StoredValue::new(0_u32);
    let wanted = name.clone();
    let reveal = Action::new_local(move |(): &()| {
        let name = wanted.clone();
        async move {
            let shown = reveal_key(device, name).await?;
            // Gone with the page: then there is nobody to show it to.
            drop(key.try_set(Some(shown)));
            let this = time.try_get_value().unwrap_or_default() + 1;
            let _gone = time.try_set_value(this);
            let hide = move || {
                if time.try_get_value() == Some(this) {
                    drop(key.try_set(None));
                }
            };
            set_timeout(hide, SHOWN);
            Ok::<_, ApiError>(())
        }
    });
    let error = Signal::derive(move || (!reveal.pending().get()).then(|| reveal.value().get()?.err()).flatten());
    let label = name.clone();
    let shown = move |value: String| {
        let groups: Vec<String> = value
            .as_bytes()
            .chunks(4)
            .map(|part| String::from_utf8_lossy(part).into_owned())
            .collect();
        let what = name.clone();
        view! {
            <p class="keycode" role="group" aria-label=t_string!(i18n, device.key_of, name = name.clone())>
                {groups.into_iter().map(|group| view! { <span>{group}</span> }).collect_view()}
            </p>
            <div class="actions">
                <CopyButton text=value what=what />
                <Button look="quiet" icon="eye-off" on_press=move |()| key.set(None)>{t!(i18n, ui.hide)}</Button>
            </div>
        }
        .into_any()
    };
    view! {
        <div class="keybox">
            <h3>{label}</h3>
            {live(move || match key.get() {
                Some(value) => shown(value),
                None => view! {
                    <div class="actions">
                        <Button look="primary" icon="eye" busy=reveal.pending() on_press=move |()| { reveal.dispatch(()); }>
                            {t!(i18n, device.reveal)}
                        </Button>
                    </div>
                }.into_any(),
            })}
            <Refused error wanted=Signal::stored(Wanted::Device(device)) />
        </div>
    }
    .into_any()
}

#[component]
fn Facts(device: DeviceDetail) -> AnyView {
    let i18n = use_i18n();
    let id = |value: String| view! { <span class="id">{value}</span> }.into_any();
    let (kind, medium) = (device.kind, device.medium);
    let sort = text(move || words::of_device(i18n, kind, medium).to_owned());
    let manufacturer = match device.manufacturer_field {
        Some(field) => format!("{} ({field:04X})", device.manufacturer),
        None => device.manufacturer,
    };
    let fact = |term: AnyView, value: AnyView| view! { <div><dt>{term}</dt><dd>{value}</dd></div> }.into_any();
    view! {
        <section class="part" aria-labelledby="about">
            <div class="part-head"><h2 id="about">{t!(i18n, device.about)}</h2></div>
            <dl class="facts">
                {fact(t!(i18n, device.serial).into_any(), id(device.serial_number))}
                {fact(t!(i18n, meter.sort).into_any(), sort.into_any())}
                {fact(t!(i18n, device.manufacturer).into_any(), id(manufacturer))}
                {device.model.map(|model| fact(t!(i18n, device.model).into_any(), model.into_any()))}
                {device.version.map(|version| fact(t!(i18n, device.version).into_any(), id(version.to_string())))}
                {device.own_number.map(|number| fact(t!(i18n, device.own_number).into_any(), id(number)))}
                {device.order_number.map(|number| fact(t!(i18n, device.order).into_any(), id(number)))}
                {device.type_number.map(|number| fact(t!(i18n, device.type_number).into_any(), id(number)))}
                {device.config_number.map(|number| fact(t!(i18n, device.config_number).into_any(), id(number)))}
            </dl>
        </section>
    }
    .into_any()
}

/// The right by which the viewer reads the device: who gave it, to whom, and until when.
#[component]
fn OwnRight(device: DeviceDetail) -> AnyView {
    let i18n = use_i18n();
    let (until, given_at) = (device.readable_until, device.read_right_given_at);
    let until = text(move || match &until {
        Some(day) => locale::date(i18n, day),
        None => t_string!(i18n, device.no_end).to_owned(),
    });
    let email = device.read_right_email.unwrap_or_default();
    let about = given_at.map(|at| {
        text(move || {
            t_string!(
                i18n,
                device.given_on,
                time = locale::stamp(i18n, &at),
                email = email.clone()
            )
            .to_string()
        })
    });
    let may = if device.viewer_can_reveal {
        t!(i18n, device.may_see).into_any()
    } else {
        t!(i18n, device.may_prove).into_any()
    };
    view! {
        <section class="part" aria-labelledby="right">
            <div class="part-head"><h2 id="right">{t!(i18n, device.right)}</h2></div>
            <dl class="facts">
                <div><dt>{t!(i18n, device.state)}</dt><dd><Badge tone=Tone::Good>{t!(i18n, device.active)}</Badge></dd></div>
                <div><dt>{t!(i18n, device.allows)}</dt><dd>{may}</dd></div>
                <div><dt>{t!(i18n, device.given_by)}</dt><dd>{device.readable_through} <small>{about}</small></dd></div>
                <div><dt>{t!(i18n, device.until)}</dt><dd>{until}</dd></div>
            </dl>
        </section>
    }
    .into_any()
}

/// Where the keys came from, for those who hold the device.
#[component]
fn Origins(keys: Vec<StoredKey>) -> AnyView {
    let i18n = use_i18n();
    let row = move |key: StoredKey| {
        let StoredKey {
            file_name,
            file_sha256,
            imported_at,
            imported_by,
            name,
        } = key;
        let who = imported_by.unwrap_or_default();
        let when = text(move || {
            t_string!(
                i18n,
                device.imported,
                time = locale::stamp(i18n, &imported_at),
                name = who.clone()
            )
            .to_string()
        });
        view! {
            <div>
                <dt class="id">{name}</dt>
                <dd>
                    {when}
                    {file_name.map(|file| view! { <small>{file}</small> })}
                    {file_sha256.map(|sum| view! { <small>"SHA-256 " <code>{sum}</code></small> })}
                </dd>
            </div>
        }
    };
    view! {
        <section class="part" aria-labelledby="origins">
            <div class="part-head">
                <h2 id="origins">{t!(i18n, device.origins)}</h2>
                <p>{t!(i18n, device.origins_text)}</p>
            </div>
            {if keys.is_empty() {
                view! { <p>{t!(i18n, device.no_keys)}</p> }.into_any()
            } else {
                view! { <dl class="facts">{keys.into_iter().map(row).collect_view()}</dl> }.into_any()
            }}
        </section>
    }
    .into_any()
}

/// Who may read the device, for those who hold it.
#[component]
fn Readers(rights: Vec<DeviceReadRight>) -> AnyView {
    let i18n = use_i18n();
    let row = move |right: DeviceReadRight| {
        let (tone, word) = match right.state {
            ReadRightState::Pending => (Tone::Wait, t_string!(i18n, device.pending)),
            ReadRightState::Upcoming => (Tone::Wait, t_string!(i18n, access.upcoming)),
            ReadRightState::Active => (Tone::Good, t_string!(i18n, device.active)),
            ReadRightState::Ended | ReadRightState::Revoked => (Tone::Off, t_string!(i18n, device.ended)),
        };
        let until = right
            .until
            .map(|day| text(move || t_string!(i18n, device.until_day, date = locale::date(i18n, &day))));
        view! {
            <li>
                <Icon name="person" />
                <div><p class="rows-title">{right.email}</p><p class="rows-text">{until}</p></div>
                <Badge tone>{word}</Badge>
            </li>
        }
    };
    view! {
        <section class="part" aria-labelledby="readers">
            <div class="part-head"><h2 id="readers">{t!(i18n, device.readers)}</h2></div>
            {if rights.is_empty() {
                view! { <p>{t!(i18n, device.no_readers)}</p> }.into_any()
            } else {
                view! { <ul class="rows">{rights.into_iter().map(row).collect_view()}</ul> }.into_any()
            }}
        </section>
    }
    .into_any()
}
