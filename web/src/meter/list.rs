//! The devices that a dealer holds: search, selection, and giving read rights.
use super::{
    approvals::ApprovalsLink,
    filters::DeviceFilters,
    list_operations::{Device, DeviceConnection, ListedRight, devices},
    query::DeviceQuery,
    take::TakeDialog,
    use_operations::Wanted,
    words,
};
use crate::{
    access::{AssignDialog, wire},
    i18n::*,
    loading::{Loaded, load},
    locale,
    place::{Place, Query, use_place},
    selection::Selection,
    transfer::OfferDialog,
    ui::{Badge, Button, Empty, Icon, PageHead, Pager, SelectionBar, TickCell, Tone},
};
use leptos::prelude::*;
use leptos_router::components::A;
use shared::{device::ReadRightState, id::DeviceId};

/// From so many days on, an end is a warning.
const SOON: i64 = 14;

/// The page "Geräte".
#[component]
pub fn DevicesPage() -> AnyView {
    let i18n = use_i18n();
    let place = use_place::<DeviceQuery>();
    let assigning = RwSignal::new(false);
    let taking = RwSignal::new(false);
    let offering = RwSignal::new(false);
    let assigned = RwSignal::new(0_u32);
    let selection = RwSignal::new(Selection::<DeviceId>::default());
    let found = load(move || {
        assigned.track();
        let rows = place.rows.get();
        async move { devices(rows).await }
    });
    // "All that match" is about the filter that held when it was said.
    Effect::watch(
        move || place.query.get(),
        move |_, _, _| {
            if selection.read_untracked().is_all {
                selection.set(Selection::default());
            }
        },
        false,
    );
    let total = Signal::derive(move || match found.get() {
        Some(Ok(list)) => usize::try_from(list.total_count).unwrap_or_default(),
        _ => 0,
    });
    let page = Signal::derive(move || match found.get() {
        Some(Ok(list)) => list.nodes.iter().map(|device| device.id).collect(),
        _ => Vec::<DeviceId>::new(),
    });
    let selected = move || selection.read().count(total.get());
    let words = move || {
        t_string!(
            i18n,
            meter.selected,
            count = locale::count(i18n, small(selected())),
            total = locale::count(i18n, small(total.get()))
        )
    };
    let more = move || {
        view! {
            <Button look="quiet s" on_press=move |()| select_page(selection, &page.get_untracked(), true)>
                {text(move || t_string!(i18n, meter.select_page, count = page.read().len()))}
            </Button>
            <Button
                look="quiet s"
                on_press=move |()| selection.set(Selection::all())
            >
                {text(move || t_string!(i18n, meter.select_all, count = locale::count(i18n, small(total.get()))))}
            </Button>
        }
    };
    let done = Callback::new(move |()| {
        selection.set(Selection::default());
        assigned.update(|times| *times += 1);
    });
    let wanted = Signal::derive(move || Wanted::Selection(wire(&selection.read(), &place.query.read())));
    view! {
        <div class="page wide">
            <PageHead title=t!(i18n, nav.devices) help="/devices">
                <A href="/prove" attr:class="button">{t!(i18n, prove.title)}</A>
                <ApprovalsLink />
                <A href="/imports" attr:class="button"><Icon name="upload" />{t!(i18n, meter.import)}</A>
            </PageHead>
            <DeviceFilters place is_held=true />
            <Loaded resource=found rows=12 let:list><Listed list place selection page /></Loaded>
        </div>
        <SelectionBar
            shown=Signal::derive(move || selected() > 0)
            text=words
            more
            on_clear=move |()| selection.set(Selection::default())
        >
            <Button look="s" icon="download" on_press=move |()| taking.set(true)>{t!(i18n, key_use.take_keys)}</Button>
            <Button look="s" on_press=move |()| offering.set(true)>{t!(i18n, transfer.offer)}</Button>
            <Button look="primary s" on_press=move |()| assigning.set(true)>{t!(i18n, meter.edit_rights)}</Button>
        </SelectionBar>
        <AssignDialog open=assigning selection filter=place.query done />
        <OfferDialog open=offering selection filter=place.query done />
        <TakeDialog open=taking wanted selected=words />
    }
    .into_any()
}

fn small(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn select_page(selection: RwSignal<Selection<DeviceId>>, page: &[DeviceId], is_selected: bool) {
    selection.update(|selection| selection.set_each(page, is_selected));
}

#[component]
fn Listed(
    list: DeviceConnection,
    place: Place<DeviceQuery>,
    selection: RwSignal<Selection<DeviceId>>,
    page: Signal<Vec<DeviceId>>,
) -> AnyView {
    let i18n = use_i18n();
    if list.nodes.is_empty() {
        return view! { <Nothing place /> }.into_any();
    }
    let all = Signal::derive(move || page.read().iter().all(|id| selection.read().has(*id)));
    let some = Signal::derive(move || !all.get() && page.read().iter().any(|id| selection.read().has(*id)));
    let head = move |words: fn(locale::Words) -> &'static str, class: &'static str| {
        view! { <th role="columnheader" scope="col" class=class>{follow(i18n, words)}</th> }
    };
    let total = list.total_count;
    let found = text(move || match total {
        1 => t_string!(i18n, meter.device_one).to_owned(),
        count => t_string!(i18n, meter.device_many, count = locale::count(i18n, count)),
    });
    let rows = list
        .nodes
        .iter()
        .cloned()
        .map(|device| view! { <DeviceRow device selection /> })
        .collect_view();
    view! {
        <p class="hits" role="status"><b>{found}</b></p>
        <table role="table" class="cards dense">
            <caption class="away">{t!(i18n, meter.caption)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <TickCell
                        head=true
                        checked=all
                        partly=some
                        label=t!(i18n, meter.select_this_page)
                        on_change=move |is_selected| select_page(selection, &page.get_untracked(), is_selected)
                    />
                    {head(|i18n| t_string!(i18n, meter.serial), "")}
                    {head(|i18n| t_string!(i18n, meter.device), "")}
                    {head(|i18n| t_string!(i18n, meter.sort), "broad-only")}
                    {head(|i18n| t_string!(i18n, meter.order), "desk-only")}
                    {head(|i18n| t_string!(i18n, meter.readers), "")}
                    {head(|i18n| t_string!(i18n, meter.state), "")}
                    {head(|i18n| t_string!(i18n, meter.until), "tablet-away")}
                    {head(|i18n| t_string!(i18n, meter.keys), "")}
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
        <DevicePager list place />
    }
    .into_any()
}

/// How much of the list is shown, and the steps to either side.
#[component]
pub fn DevicePager(
    /// The page of the list.
    list: DeviceConnection,
    /// Where the list stands.
    place: Place<DeviceQuery>,
) -> AnyView {
    let i18n = use_i18n();
    let skipped = place.skipped();
    let (rows, total) = (list.nodes.len(), list.total_count);
    let words = move || {
        t_string!(
            i18n,
            meter.range,
            from = locale::count(i18n, small(skipped + 1)),
            to = locale::count(i18n, small(skipped + rows)),
            total = locale::count(i18n, total)
        )
    };
    let previous = (skipped > 0).then(|| Callback::new(move |()| place.previous()));
    let end = list.page_info.end_cursor;
    let next = list
        .page_info
        .has_next_page
        .then(|| Callback::new(move |()| place.next(rows, end.clone())));
    view! {
        <Pager text=words previous=Signal::stored(previous) next=Signal::stored(next) />
    }
    .into_any()
}

#[component]
fn Nothing(place: Place<DeviceQuery>) -> AnyView {
    let i18n = use_i18n();
    if place.query.get_untracked().is_filtered() {
        view! {
            <Empty icon="search" title=t!(i18n, meter.none_found) text=t!(i18n, meter.none_found_text)>
                <Button on_press=move |()| place.filter(|query| *query = Default::default())>{t!(i18n, meter.clear)}</Button>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <Empty icon="meter" title=t!(i18n, meter.none) text=t!(i18n, meter.none_text)>
                <A href="/imports" attr:class="button">{t!(i18n, meter.import)}</A>
            </Empty>
        }
        .into_any()
    }
}

/// What the row says about who may read.
fn foremost(rights: Vec<ListedRight>) -> Option<ListedRight> {
    let rank = |right: &ListedRight| match right.state {
        ReadRightState::Active => 0,
        ReadRightState::Upcoming => 1,
        ReadRightState::Pending => 2,
        ReadRightState::Ended | ReadRightState::Revoked => 3,
    };
    rights.into_iter().min_by_key(rank)
}

#[component]
fn DeviceRow(device: Device, selection: RwSignal<Selection<DeviceId>>) -> AnyView {
    let i18n = use_i18n();
    let Device {
        id,
        kind,
        manufacturer,
        medium,
        model,
        order_number,
        proof,
        read_rights,
        serial_number,
        ..
    } = device;
    let others = read_rights.len().saturating_sub(1);
    let right = foremost(read_rights);
    let state = right.as_ref().map(|right| right.state);
    let until = right.as_ref().and_then(|right| right.until.clone());
    let is_soon = state == Some(ReadRightState::Active)
        && until
            .as_ref()
            .and_then(locale::days_until)
            .is_some_and(|days| (0..=SOON).contains(&days));
    let tone = match state {
        Some(ReadRightState::Active) if is_soon => Tone::Warn,
        Some(ReadRightState::Active) => Tone::Good,
        Some(ReadRightState::Pending | ReadRightState::Upcoming) => Tone::Wait,
        Some(ReadRightState::Ended | ReadRightState::Revoked) | None => Tone::Off,
    };
    let word = text(move || {
        let word = match state {
            Some(ReadRightState::Active) if is_soon => t_string!(i18n, meter.ends_soon),
            Some(ReadRightState::Active) => t_string!(i18n, meter.active),
            Some(ReadRightState::Pending) => t_string!(i18n, meter.pending),
            Some(ReadRightState::Upcoming) => t_string!(i18n, access.upcoming),
            Some(ReadRightState::Ended | ReadRightState::Revoked) | None => t_string!(i18n, meter.free),
        };
        word.to_owned()
    });
    let has_right = right.is_some();
    let email = right.map(|right| right.email);
    let who = text(move || match (&email, others) {
        (None, _) => "–".to_owned(),
        (Some(email), 0) => email.clone(),
        (Some(email), others) => t_string!(i18n, meter.and_more, email = email.clone(), count = others),
    });
    let end = text(move || match (&until, has_right) {
        (Some(day), _) => locale::date(i18n, day),
        (None, true) => t_string!(i18n, meter.no_end).to_owned(),
        (None, false) => "–".to_owned(),
    });
    let sort = text(move || words::of_device(i18n, kind, medium).to_owned());
    let keys = proof.map(|proof| {
        let word = text(move || words::proof(i18n, proof).to_owned());
        view! { <Badge tone=words::proof_tone(proof)>{word}</Badge> }
    });
    let label = serial_number.clone();
    let (who_class, end_class) = if has_right {
        ("who", "tablet-away")
    } else {
        ("who phone-away", "tablet-away phone-away")
    };
    view! {
        <tr role="row">
            <TickCell
                checked=Signal::derive(move || selection.read().has(id))
                label=move || t_string!(i18n, meter.select, serial = label.clone())
                on_change=move |is_selected| selection.update(|selection| selection.set(id, is_selected))
            />
            <th role="rowheader" scope="row" class="lead-cell">
                <A href=format!("/devices/{id}") attr:class="id">{serial_number}</A>
            </th>
            <td role="cell" class="sub-cell" data-label=t!(i18n, meter.device)>{model.unwrap_or(manufacturer)}</td>
            <td role="cell" class="soft broad-only">{sort}</td>
            <td role="cell" class="id soft desk-only">{order_number.unwrap_or_else(|| "–".to_owned())}</td>
            <td role="cell" class=who_class data-label=t!(i18n, meter.readers)>{who}</td>
            <td role="cell" class="end-cell"><Badge tone>{word}</Badge></td>
            <td role="cell" class=end_class data-label=t!(i18n, meter.until)>{end}</td>
            <td role="cell" class="sub-end-cell" data-label=t!(i18n, meter.keys)>{keys}</td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_in_force_stands_before_a_pending_one() {
        let right = |email: &str, state| ListedRight {
            email: email.into(),
            state,
            until: None,
        };
        let rights = vec![
            right("new@a.example", ReadRightState::Pending),
            right("old@a.example", ReadRightState::Active),
        ];
        assert_eq!(
            foremost(rights).map(|right| right.email),
            Some("old@a.example".to_owned())
        );
        assert_eq!(foremost(Vec::new()), None);
    }
}
