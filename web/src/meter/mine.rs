//! The devices that a customer may read: who gave the right, and until when.
use super::{
    approvals::ApprovalsLink,
    filters::DeviceFilters,
    list::DevicePager,
    list_operations::{Device, DeviceConnection, PAGE, devices},
    query::DeviceQuery,
};
use crate::{
    i18n::*,
    loading::{Loaded, load},
    locale,
    place::{Place, Query, use_place},
    ui::{Badge, Empty, PageHead, Tone, live},
};
use leptos::prelude::*;
use leptos_router::components::A;

/// From so many days on, an end is a warning.
const SOON: i64 = 14;

/// The page "Zähler & Schlüssel".
#[component]
pub fn MetersPage() -> AnyView {
    let i18n = use_i18n();
    let place = use_place::<DeviceQuery>();
    let found = load(move || {
        let rows = place.rows.get();
        async move { devices(rows).await }
    });
    let lead = move || match found.get() {
        Some(Ok(list)) if list.total_count == 1 => t_string!(i18n, meter.count_one).to_owned(),
        Some(Ok(list)) if list.total_count > 1 => {
            t_string!(i18n, meter.count_many, count = locale::count(i18n, list.total_count))
        }
        _ => "\u{a0}".to_owned(),
    };
    // A list of one page needs no search.
    let has_filters = Memo::new(move |former| {
        let is_long = || matches!(found.get(), Some(Ok(list)) if list.total_count > PAGE);
        former == Some(&true) || place.query.read().is_filtered() || is_long()
    });
    view! {
        <div class="page">
            <PageHead title=t!(i18n, nav.meters) help="/devices" lead>
                <A href="/prove" attr:class="button">{t!(i18n, prove.title)}</A>
                <ApprovalsLink />
            </PageHead>
            {live(move || has_filters.get().then(|| view! { <DeviceFilters place is_held=false /> }).into_any())}
            <Loaded resource=found rows=6 let:list><Readable list place /></Loaded>
            <p class="soft"><A href="/access-request">{t!(i18n, dealer.are_you)}</A></p>
        </div>
    }
    .into_any()
}

#[component]
fn Readable(list: DeviceConnection, place: Place<DeviceQuery>) -> AnyView {
    let i18n = use_i18n();
    if list.nodes.is_empty() && place.query.get_untracked().is_filtered() {
        return view! {
            <Empty icon="search" title=t!(i18n, meter.none_found) text=t!(i18n, meter.none_found_text) />
        }
        .into_any();
    }
    if list.nodes.is_empty() {
        return view! {
            <Empty icon="key" title=t!(i18n, meter.none_given) text=t!(i18n, meter.none_given_text) />
        }
        .into_any();
    }
    let rows = list
        .nodes
        .iter()
        .cloned()
        .map(|device| view! { <MeterRow device /> })
        .collect_view();
    view! {
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, meter.caption)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{t!(i18n, meter.serial_number)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, meter.device)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, meter.given_by)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, meter.readable_until)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
        <DevicePager list place />
    }
    .into_any()
}

#[component]
fn MeterRow(device: Device) -> AnyView {
    let i18n = use_i18n();
    let Device {
        id,
        manufacturer,
        model,
        readable_through,
        readable_until,
        serial_number,
        ..
    } = device;
    let is_soon = readable_until
        .as_ref()
        .and_then(locale::days_until)
        .is_some_and(|days| (0..=SOON).contains(&days));
    let is_own = readable_through.is_none();
    let end = text(move || match &readable_until {
        Some(day) => locale::date(i18n, day),
        None if is_own => "–".to_owned(),
        None => t_string!(i18n, meter.no_end).to_owned(),
    });
    let end = if is_soon {
        view! { <Badge tone=Tone::Warn>{end}</Badge> }.into_any()
    } else {
        view! { {end} }.into_any()
    };
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="lead-cell">
                <A href=format!("/devices/{id}") attr:class="id">{serial_number}</A>
            </th>
            <td role="cell" class="end-cell">{model.unwrap_or(manufacturer)}</td>
            <td role="cell" data-label=t!(i18n, meter.given_by)>{readable_through.unwrap_or_else(|| "–".to_owned())}</td>
            <td role="cell" data-label=t!(i18n, meter.readable_until)>{end}</td>
        </tr>
    }
    .into_any()
}
