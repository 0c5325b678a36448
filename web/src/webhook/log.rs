//! What became of the events: the list of deliveries.
use super::{
    operations::{Delivery, DeliveryConnection, deliveries, replay},
    query::{DeliveryQuery, kind_words, state_of, state_word, state_words, tone},
};
use crate::{
    api::ApiError,
    i18n::*,
    loading::{Loaded, load},
    locale,
    place::Place,
    refusal,
    ui::{Badge, Button, Empty, Notice, Pager, SelectField, Toasts, Tone, live},
};
use leptos::prelude::*;
use shared::{id::DeliveryId, webhook::DeliveryState};

/// The list of deliveries with its filter.
#[component]
pub fn Deliveries(
    /// What is shown.
    place: Place<DeliveryQuery>,
    /// Moves on when something else has changed them.
    changed: RwSignal<u32>,
    /// Hears that they have changed.
    done: Callback<()>,
) -> AnyView {
    let i18n = use_i18n();
    let toasts = expect_context::<Toasts>();
    let found = load(move || {
        changed.track();
        let rows = place.rows.get();
        async move { deliveries(rows).await }
    });
    let again = Action::new_local(move |id: &DeliveryId| {
        let id = *id;
        async move {
            replay(id).await?;
            toasts.say(t_string!(i18n, webhook.replayed).to_owned());
            done.run(());
            Ok::<_, ApiError>(())
        }
    });
    let refused = move || {
        let error = again.value().get()?.err().filter(|_| !again.pending().get())?;
        Some(view! { <Notice tone=Tone::Bad live=true><p>{refusal::words(i18n, &error)}</p></Notice> }.into_any())
    };
    let states = Signal::derive(move || {
        let all = (String::new(), t_string!(i18n, webhook.all_states).to_owned());
        let state = |state| (state_word(Some(state)).to_owned(), state_words(i18n, state).to_owned());
        std::iter::once(all)
            .chain(DeliveryState::ALL.map(state))
            .collect::<Vec<_>>()
    });
    view! {
        <section class="start-part" aria-labelledby="deliveries">
            <div class="block-head">
                <h2 id="deliveries">{t!(i18n, webhook.deliveries)}</h2>
                <Button look="s" on_press=done>{t!(i18n, webhook.refresh)}</Button>
            </div>
            <div class="filters">
                <SelectField
                    id="delivery-state"
                    label=t!(i18n, webhook.state)
                    value=Signal::derive(move || state_word(place.query.read().state).to_owned())
                    on_change=move |word: String| place.filter(|query| query.state = state_of(&word))
                    options=states
                />
            </div>
            {live(move || refused().into_any())}
            <Loaded resource=found rows=6 let:list><Listed list place again /></Loaded>
        </section>
    }
    .into_any()
}

#[component]
fn Listed(
    list: DeliveryConnection,
    place: Place<DeliveryQuery>,
    again: Action<DeliveryId, Result<(), ApiError>>,
) -> AnyView {
    let i18n = use_i18n();
    if list.nodes.is_empty() {
        return view! { <Empty icon="log" title=t!(i18n, webhook.no_deliveries) text=t!(i18n, webhook.no_deliveries_text) /> }
            .into_any();
    }
    let skipped = place.skipped();
    let (shown, total) = (list.nodes.len(), list.total_count);
    let small = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    let words = move || {
        t_string!(
            i18n,
            office.range,
            from = locale::count(i18n, small(skipped + 1)),
            to = locale::count(i18n, small(skipped + shown)),
            total = locale::count(i18n, total)
        )
    };
    let previous = (skipped > 0).then(|| Callback::new(move |()| place.previous()));
    let end = list.page_info.end_cursor;
    let next = list
        .page_info
        .has_next_page
        .then(|| Callback::new(move |()| place.next(shown, end.clone())));
    let rows = list
        .nodes
        .into_iter()
        .map(|row| view! { <Row row again /> })
        .collect_view();
    view! {
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, webhook.deliveries)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{t!(i18n, webhook.event)}</th>
                    <th role="columnheader" scope="col" class="num">{t!(i18n, webhook.tries)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, webhook.answer)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, webhook.state)}</th>
                    <th role="columnheader" scope="col"><span class="away">{t!(i18n, webhook.action)}</span></th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
        <Pager text=words previous=Signal::stored(previous) next=Signal::stored(next) />
    }
    .into_any()
}

#[component]
fn Row(row: Delivery, again: Action<DeliveryId, Result<(), ApiError>>) -> AnyView {
    let i18n = use_i18n();
    let Delivery {
        answer,
        attempts,
        created_at,
        customer_number,
        duration_ms,
        id,
        kind,
        next_try_at,
        problem,
        state,
        status,
        ..
    } = row;
    let about = text(move || {
        let at = locale::stamp(i18n, &created_at);
        match &customer_number {
            Some(number) => format!("{number}, {at}"),
            None => at,
        }
    });
    let said = match (status, duration_ms) {
        (Some(status), Some(duration)) => format!("{status}, {duration} ms"),
        (None, Some(duration)) => format!("{duration} ms"),
        _ => "–".to_owned(),
    };
    let next = next_try_at.map(|at| {
        let words = text(move || t_string!(i18n, webhook.next_try, time = locale::stamp(i18n, &at)).to_string());
        view! { <span class="sub">{words}</span> }
    });
    let word = text(move || state_words(i18n, state).to_owned());
    let title = text(move || kind_words(i18n, kind).to_owned());
    let of = text(move || kind_words(i18n, kind).to_owned());
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="lead-cell">
                {title}
                <span class="sub">{about}</span>
            </th>
            <td role="cell" class="num" data-label=t!(i18n, webhook.tries)>{text(move || locale::count(i18n, attempts))}</td>
            <td role="cell" data-label=t!(i18n, webhook.answer)>
                {said}
                {problem.map(|problem| view! { <span class="sub" lang="en">{problem}</span> })}
                {answer.map(|answer| view! { <span class="sub"><span class="id">{answer}</span></span> })}
            </td>
            <td role="cell" class="end-cell"><Badge tone=tone(state)>{word}</Badge>{next}</td>
            <td role="cell">
                <Button look="s" busy=again.pending() on_press=move |()| { again.dispatch(id); }>
                    {t!(i18n, webhook.replay)} <span class="away">" " {of}</span>
                </Button>
            </td>
        </tr>
    }
    .into_any()
}
