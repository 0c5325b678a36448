//! The dealer's page "Leserechte": what was given to whom, and taking it back.
use super::operations::{Assignment, AssignmentConnection, PAGE, assignments, revoke_assignment};
use crate::{
    address::address,
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    locale, refusal,
    ui::{Badge, Button, Dialog, Empty, Hits, Notice, PageHead, Pager, SelectField, Toasts, Tone},
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    components::A,
    hooks::{use_navigate, use_query_map},
};
use shared::device::ReadRightState;

fn state_of(word: &str) -> Option<ReadRightState> {
    match word {
        "pending" => Some(ReadRightState::Pending),
        "upcoming" => Some(ReadRightState::Upcoming),
        "active" => Some(ReadRightState::Active),
        "ended" => Some(ReadRightState::Ended),
        _ => None,
    }
}

/// The page "Leserechte". State and place of the list are in its address.
#[component]
pub fn ReadRightsPage() -> AnyView {
    let i18n = use_i18n();
    let query = use_query_map();
    let navigate = use_navigate();
    let state = Memo::new(move |_| query.read().get("state").unwrap_or_default());
    let after = Memo::new(move |_| query.read().get("after"));
    let go = Callback::new(move |(state, after): (String, Option<String>)| {
        let pairs = [("state", state), ("after", after.unwrap_or_default())];
        let options = NavigateOptions {
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&address("/read-rights", pairs), options);
    });
    let revoked = RwSignal::new(0_u32);
    let found = load(move || {
        revoked.track();
        let (state, after) = (state_of(&state.read()), after.get());
        async move { assignments(state, after).await }
    });
    let asked = RwSignal::new(None::<Assignment>);
    let options = Signal::derive(move || {
        vec![
            (String::new(), t_string!(i18n, meter.all).to_owned()),
            ("pending".to_owned(), t_string!(i18n, access.pending).to_owned()),
            ("upcoming".to_owned(), t_string!(i18n, access.upcoming).to_owned()),
            ("active".to_owned(), t_string!(i18n, access.active).to_owned()),
            ("ended".to_owned(), t_string!(i18n, access.ended).to_owned()),
        ]
    });
    view! {
        <div class="page wide">
            <PageHead title=t!(i18n, nav.read_rights) help="/read-rights" lead=t!(i18n, access.lead) />
            <form class="filters" on:submit=|event| event.prevent_default()>
                <SelectField
                    id="state"
                    label=t!(i18n, access.state)
                    value=state
                    on_change=move |word: String| go.run((word, None))
                    options
                />
            </form>
            <Loaded resource=found rows=8 let:list>
                <Given list asked is_first=after.get_untracked().is_none() state=state.get_untracked() go />
            </Loaded>
        </div>
        <RevokeDialog asked revoked />
    }
    .into_any()
}

#[component]
fn Given(
    list: AssignmentConnection,
    asked: RwSignal<Option<Assignment>>,
    is_first: bool,
    state: String,
    go: Callback<(String, Option<String>)>,
) -> AnyView {
    let i18n = use_i18n();
    let AssignmentConnection {
        nodes,
        page_info,
        total_count,
    } = list;
    if nodes.is_empty() {
        return if state.is_empty() {
            view! {
                <Empty icon="key" title=t!(i18n, access.none) text=t!(i18n, access.none_text)>
                    <A href="/devices" attr:class="button">{t!(i18n, access.to_devices)}</A>
                </Empty>
            }
            .into_any()
        } else {
            view! { <Empty icon="search" title=t!(i18n, access.none_found) text=t!(i18n, access.none_found_text) /> }
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
    let is_paged = !is_first || total_count > PAGE;
    let back = state.clone();
    let previous = (!is_first).then(|| Callback::new(move |()| go.run((back.clone(), None))));
    let end = page_info.end_cursor;
    let next = page_info
        .has_next_page
        .then(|| Callback::new(move |()| go.run((state.clone(), end.clone()))));
    view! {
        <Hits text=words />
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, access.caption)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    {head(|i18n| t_string!(i18n, access.to), "")}
                    {head(|i18n| t_string!(i18n, access.given_on), "tablet-away")}
                    {head(|i18n| t_string!(i18n, access.devices), "num")}
                    {head(|i18n| t_string!(i18n, access.state), "")}
                    {head(|i18n| t_string!(i18n, access.until), "")}
                    <th role="columnheader" scope="col" class="fit"><span class="away">{t!(i18n, access.revoke)}</span></th>
                </tr>
            </thead>
            <tbody role="rowgroup">
                {nodes.into_iter().map(|assignment| view! { <Row assignment asked /> }).collect_view()}
            </tbody>
        </table>
        {is_paged.then(|| view! {
            <Pager text=words previous=Signal::stored(previous) next=Signal::stored(next) />
        })}
    }
    .into_any()
}

#[component]
fn Row(assignment: Assignment, asked: RwSignal<Option<Assignment>>) -> AnyView {
    let i18n = use_i18n();
    let Assignment {
        created_at,
        device_count,
        email,
        note,
        state,
        until,
        ..
    } = assignment.clone();
    let tone = match state {
        ReadRightState::Pending | ReadRightState::Upcoming => Tone::Wait,
        ReadRightState::Active => Tone::Good,
        ReadRightState::Ended => Tone::Off,
    };
    let word = follow(
        i18n,
        match state {
            ReadRightState::Pending => |i18n| t_string!(i18n, access.pending),
            ReadRightState::Upcoming => |i18n| t_string!(i18n, access.upcoming),
            ReadRightState::Active => |i18n| t_string!(i18n, access.active),
            ReadRightState::Ended => |i18n| t_string!(i18n, access.ended),
        },
    );
    let end = text(move || match &until {
        Some(day) => locale::date(i18n, day),
        None => t_string!(i18n, meter.no_end).to_owned(),
    });
    let whose = email.clone();
    let revoke = (state != ReadRightState::Ended).then(|| {
        view! {
            <Button look="s" on_press=move |()| asked.set(Some(assignment.clone()))>
                {t!(i18n, access.revoke)} <span class="away">" " {whose}</span>
            </Button>
        }
    });
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="lead-cell">
                {email}
                {note.map(|note| view! { <span class="sub">{note}</span> })}
            </th>
            <td role="cell" class="tablet-away" data-label=t!(i18n, access.given_on)>
                {text(move || locale::stamp(i18n, &created_at))}
            </td>
            <td role="cell" class="num" data-label=t!(i18n, access.devices)>
                {text(move || locale::count(i18n, device_count))}
            </td>
            <td role="cell" class="end-cell"><Badge tone>{word}</Badge></td>
            <td role="cell" data-label=t!(i18n, access.until)>{end}</td>
            <td role="cell" class="fit">{revoke}</td>
        </tr>
    }
    .into_any()
}

/// Says what follows from taking rights back, and for how many devices, before it happens.
#[component]
fn RevokeDialog(asked: RwSignal<Option<Assignment>>, revoked: RwSignal<u32>) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(asked.read().is_some()));
    let revoke = Action::new_local(move |assignment: &Assignment| {
        let Assignment { id, email, .. } = assignment.clone();
        async move {
            revoke_assignment(id).await?;
            toasts.say(tu_string!(i18n, access.revoked, email = email).to_string());
            let _ = open.try_set(false);
            let _ = revoked.try_update(|times| *times += 1);
            Ok::<_, ApiError>(())
        }
    });
    let submit = Callback::new(move |()| {
        if let Some(assignment) = asked.get_untracked()
            && !revoke.pending().get_untracked()
        {
            revoke.dispatch(assignment);
        }
    });
    let closed = Callback::new(move |()| {
        asked.set(None);
        revoke.value().set(None);
    });
    let question = move || {
        let assignment = asked.get()?;
        let Assignment {
            device_count, email, ..
        } = assignment;
        Some(match device_count {
            1 => t_string!(i18n, access.question_one, email = email),
            count => t_string!(
                i18n,
                access.question_many,
                email = email,
                count = locale::count(i18n, count)
            ),
        })
    };
    let refused = move || {
        let error = revoke.value().get()?.err()?;
        (!revoke.pending().get())
            .then(|| view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> })
    };
    let foot = move || {
        view! {
            <Button on_press=move |()| open.set(false)>{t!(i18n, ui.cancel)}</Button>
            <Button look="danger primary" submit=true busy=revoke.pending()>{t!(i18n, access.revoke)}</Button>
        }
    };
    view! {
        <Dialog id="revoke" open small=true title=t!(i18n, access.revoke_title) on_submit=submit on_close=closed foot>
            <p>{question}</p>
            <p class="soft">{t!(i18n, access.revoke_text)}</p>
            {refused}
        </Dialog>
    }
    .into_any()
}
