//! The dealer's page "Leserechte": what was given to whom, offering it again, and taking it back.
use super::{
    operations::{Assignment, AssignmentConnection, assignments, resend_read_rights},
    query::{RightsQuery, STATES, state_of, state_word},
    revoke::RevokeDialog,
};
use crate::{
    address::address,
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    locale,
    meter::digits,
    place::{Place, Query, use_place},
    refusal,
    ui::{
        Badge, Button, Empty, Hits, Icon, Notice, PageHead, Pager, SelectField, SelectionBar, TextField, TickCell,
        Toasts, Tone, live,
    },
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::components::A;
use shared::{account::Language, device::ReadRightState};

/// The most rights that are selected at once.
const MOST: usize = 100;

/// What a state is called.
pub fn state_words(i18n: Words, state: ReadRightState) -> &'static str {
    match state {
        ReadRightState::Pending => t_string!(i18n, access.pending),
        ReadRightState::Upcoming => t_string!(i18n, access.upcoming),
        ReadRightState::Active => t_string!(i18n, access.active),
        ReadRightState::Ended => t_string!(i18n, access.ended),
        ReadRightState::Revoked => t_string!(i18n, access.taken),
    }
}

/// How a state looks.
pub fn state_tone(state: ReadRightState) -> Tone {
    match state {
        ReadRightState::Pending | ReadRightState::Upcoming => Tone::Wait,
        ReadRightState::Active => Tone::Good,
        ReadRightState::Ended | ReadRightState::Revoked => Tone::Off,
    }
}

/// Whether nothing can be changed any more.
pub fn is_over(state: ReadRightState) -> bool {
    matches!(state, ReadRightState::Ended | ReadRightState::Revoked)
}

/// The page "Leserechte". What the list shows is in its address.
#[component]
pub fn ReadRightsPage() -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let place = use_place::<RightsQuery>();
    let changed = RwSignal::new(0_u32);
    let selected = RwSignal::new(Vec::<Assignment>::new());
    let asked = RwSignal::new(Vec::<Assignment>::new());
    let found = load(move || {
        changed.track();
        let rows = place.rows.get();
        async move { assignments(rows).await }
    });
    let done = Callback::new(move |()| {
        selected.set(Vec::new());
        changed.update(|times| *times += 1);
    });
    let resend = Action::new_local(move |ids: &Vec<_>| {
        let ids = ids.clone();
        async move {
            let count = resend_read_rights(ids).await?;
            toasts.say(t_string!(i18n, access.resent, count = count).to_string());
            done.run(());
            Ok::<_, ApiError>(())
        }
    });
    let refused = move || {
        let error = resend.value().get()?.err()?;
        (!resend.pending().get())
            .then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let all_pending = Memo::new(move |_| selected.read().iter().all(|row| row.state == ReadRightState::Pending));
    let words = move || t_string!(i18n, access.selected_rights, count = selected.read().len());
    let file = move || {
        let mut pairs = place.query.read().pairs();
        let language = match locale::language_of(i18n.get_locale()) {
            Language::De => "DE",
            Language::En => "EN",
        };
        pairs.push(("language", language.to_owned()));
        address("/download/read-rights.csv", pairs)
    };
    view! {
        <div class="page wide">
            <PageHead title=t!(i18n, nav.read_rights) help="/read-rights" lead=t!(i18n, access.lead)>
                <a href=file download rel="external" class="button"><Icon name="download" />{t!(i18n, access.csv)}</a>
                <A href="/read-rights/list" attr:class="button"><Icon name="upload" />{t!(i18n, access.from_list)}</A>
            </PageHead>
            <RightsFilters place />
            {live(move || refused().into_any())}
            <Loaded resource=found rows=8 let:list><Given list asked selected place /></Loaded>
        </div>
        <SelectionBar
            shown=Signal::derive(move || !selected.read().is_empty())
            text=words
            on_clear=move |()| selected.set(Vec::new())
        >
            <Button
                look="s"
                busy=resend.pending()
                disabled=Signal::derive(move || !all_pending.get())
                on_press=move |()| { resend.dispatch(selected.read_untracked().iter().map(|row| row.id).collect()); }
            >
                {t!(i18n, access.resend)}
            </Button>
            <Button look="primary s" on_press=move |()| asked.set(selected.get_untracked())>{t!(i18n, access.revoke)}</Button>
        </SelectionBar>
        <RevokeDialog asked done />
    }
    .into_any()
}

#[component]
fn RightsFilters(place: Place<RightsQuery>) -> AnyView {
    let i18n = use_i18n();
    let email = place.typed(
        |query| &query.email,
        |query, typed| query.email = typed.trim().to_owned(),
    );
    let serial = place.typed(|query| &query.serial, |query, typed| query.serial = digits(typed));
    let options = Signal::derive(move || {
        let all = (String::new(), t_string!(i18n, meter.all).to_owned());
        let states = STATES.map(|(state, word)| (word.to_owned(), state_words(i18n, state).to_owned()));
        std::iter::once(all).chain(states).collect::<Vec<_>>()
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        email.search.run(());
        serial.search.run(());
    };
    view! {
        <search>
            <form class="filters" on:submit=submit>
                <TextField
                    id="email"
                    label=t!(i18n, access.address)
                    value=email.value
                    kind="search"
                    autocapitalize="none"
                    icon="search"
                    class="grow"
                />
                <TextField
                    id="serial"
                    label=t!(i18n, meter.serial_number)
                    value=serial.value
                    kind="search"
                    input_class="id"
                />
                <SelectField
                    id="state"
                    label=t!(i18n, access.state)
                    value=Signal::derive(move || state_word(place.query.read().state).to_owned())
                    on_change=move |word: String| place.filter(|query| query.state = state_of(&word))
                    options
                />
            </form>
        </search>
    }
    .into_any()
}

#[component]
fn Given(
    list: AssignmentConnection,
    asked: RwSignal<Vec<Assignment>>,
    selected: RwSignal<Vec<Assignment>>,
    place: Place<RightsQuery>,
) -> AnyView {
    let i18n = use_i18n();
    let AssignmentConnection {
        nodes,
        page_info,
        total_count,
    } = list;
    if nodes.is_empty() {
        return if place.query.get_untracked().is_filtered() {
            view! {
                <Empty icon="search" title=t!(i18n, access.none_found) text=t!(i18n, access.none_found_text)>
                    <Button on_press=move |()| place.filter(|query| *query = Default::default())>{t!(i18n, meter.clear)}</Button>
                </Empty>
            }
            .into_any()
        } else {
            view! {
                <Empty icon="key" title=t!(i18n, access.none) text=t!(i18n, access.none_text)>
                    <A href="/devices" attr:class="button">{t!(i18n, access.to_devices)}</A>
                </Empty>
            }
            .into_any()
        };
    }
    let words = move || match total_count {
        1 => t_string!(i18n, access.count_one).to_owned(),
        count => t_string!(i18n, access.count_many, count = locale::count(i18n, count)),
    };
    let head = move |words: fn(locale::Words) -> &'static str, class: &'static str| {
        view! { <th role="columnheader" scope="col" class=class>{follow(i18n, words)}</th> }
    };
    let open: StoredValue<Vec<Assignment>> =
        StoredValue::new(nodes.iter().filter(|row| !is_over(row.state)).cloned().collect());
    let has = move |row: &Assignment| selected.read().iter().any(|other| other.id == row.id);
    let all = Signal::derive(move || open.with_value(|rows| !rows.is_empty() && rows.iter().all(has)));
    let some = Signal::derive(move || !all.get() && open.with_value(|rows| rows.iter().any(has)));
    let tick_all = move |is_selected: bool| {
        open.with_value(|rows| rows.iter().for_each(|row| tick(selected, row, is_selected)));
    };
    let (skipped, count) = (place.skipped(), nodes.len());
    let previous = (skipped > 0).then(|| Callback::new(move |()| place.previous()));
    let end = page_info.end_cursor;
    let next = page_info
        .has_next_page
        .then(|| Callback::new(move |()| place.next(count, end.clone())));
    let is_paged = previous.is_some() || next.is_some();
    view! {
        <Hits text=words />
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, access.caption)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <TickCell
                        head=true
                        checked=all
                        partly=some
                        label=t!(i18n, meter.select_this_page)
                        on_change=tick_all
                    />
                    {head(|i18n| t_string!(i18n, access.to), "")}
                    {head(|i18n| t_string!(i18n, access.given_on), "tablet-away")}
                    {head(|i18n| t_string!(i18n, access.devices), "num")}
                    {head(|i18n| t_string!(i18n, access.state), "")}
                    {head(|i18n| t_string!(i18n, access.until), "")}
                    <th role="columnheader" scope="col" class="fit"><span class="away">{t!(i18n, access.revoke)}</span></th>
                </tr>
            </thead>
            <tbody role="rowgroup">
                {nodes.into_iter().map(|assignment| view! { <Row assignment asked selected /> }).collect_view()}
            </tbody>
        </table>
        {is_paged.then(|| view! {
            <Pager text=words previous=Signal::stored(previous) next=Signal::stored(next) />
        })}
    }
    .into_any()
}

fn tick(selected: RwSignal<Vec<Assignment>>, row: &Assignment, is_selected: bool) {
    selected.update(|rows| {
        rows.retain(|other| other.id != row.id);
        if is_selected && rows.len() < MOST {
            rows.push(row.clone());
        }
    });
}

#[component]
fn Row(assignment: Assignment, asked: RwSignal<Vec<Assignment>>, selected: RwSignal<Vec<Assignment>>) -> AnyView {
    let i18n = use_i18n();
    let Assignment {
        created_at,
        device_count,
        email,
        id,
        note,
        state,
        until,
        verify_only,
        ..
    } = assignment.clone();
    let end = text(move || match &until {
        Some(day) => locale::date(i18n, day),
        None => t_string!(i18n, meter.no_end).to_owned(),
    });
    let whose = email.clone();
    let label = email.clone();
    let row = assignment.clone();
    let (tick_cell, last) = if is_over(state) {
        (view! { <td role="cell" class="tick"></td> }.into_any(), ().into_any())
    } else {
        let cell = view! {
            <TickCell
                checked=Signal::derive(move || selected.read().iter().any(|other| other.id == id))
                label=move || t_string!(i18n, meter.select, serial = label.clone())
                on_change=move |is_selected| tick(selected, &row, is_selected)
            />
        };
        let revoke = view! {
            <Button look="s" on_press=move |()| asked.set(vec![assignment.clone()])>
                {t!(i18n, access.revoke)} <span class="away">" " {whose}</span>
            </Button>
        };
        (cell.into_any(), revoke.into_any())
    };
    view! {
        <tr role="row">
            {tick_cell}
            <th role="rowheader" scope="row" class="lead-cell">
                <A href=format!("/read-rights/{id}")>{email}</A>
                {note.map(|note| view! { <span class="sub">{note}</span> })}
                {verify_only.then(|| view! { <span class="sub">{t!(i18n, access.verify_only)}</span> })}
            </th>
            <td role="cell" class="tablet-away" data-label=t!(i18n, access.given_on)>
                {text(move || locale::stamp(i18n, &created_at))}
            </td>
            <td role="cell" class="num" data-label=t!(i18n, access.devices)>
                {text(move || locale::count(i18n, device_count))}
            </td>
            <td role="cell" class="end-cell">
                <Badge tone=state_tone(state)>{text(move || state_words(i18n, state).to_owned())}</Badge>
            </td>
            <td role="cell" data-label=t!(i18n, access.until)>{end}</td>
            <td role="cell" class="fit">{last}</td>
        </tr>
    }
    .into_any()
}
