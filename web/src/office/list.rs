//! The page "Kunden": who has come how far, and the way to send access.
use super::{
    operations::{CustomerConnection, Customers, ListedCustomer, customers, waves},
    query::{CustomerQuery, state_of, state_word, state_words, tone},
    send::SendDialog,
    waves::Waves,
};
use crate::{
    i18n::*,
    loading::{Loaded, load},
    locale,
    place::{Place, Query, use_place},
    selection::Selection,
    ui::{Badge, Button, Empty, Icon, PageHead, Pager, SelectField, SelectionBar, TextField, TickCell, live},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::components::A;
use shared::{customer::CustomerState, id::AccountId};

/// The page "Kunden". What it shows is in its address.
#[component]
pub fn CustomersPage() -> AnyView {
    let i18n = use_i18n();
    let place = use_place::<CustomerQuery>();
    let sending = RwSignal::new(false);
    let sent = RwSignal::new(0_u32);
    let selection = RwSignal::new(Selection::<AccountId>::default());
    let found = load(move || {
        sent.track();
        let rows = place.rows.get();
        async move { customers(rows).await }
    });
    let sent_waves = load(move || {
        sent.track();
        waves()
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
        Some(Ok(found)) => found.page.total_count,
        _ => 0,
    });
    let page = Signal::derive(move || match found.get() {
        Some(Ok(found)) => found.page.nodes.iter().map(|customer| customer.account_id).collect(),
        _ => Vec::<AccountId>::new(),
    });
    let selected = move || selection.read().count(usize::try_from(total.get()).unwrap_or_default());
    let words = move || {
        t_string!(
            i18n,
            office.selected,
            count = locale::count(i18n, small(selected())),
            total = locale::count(i18n, total.get())
        )
    };
    let more = move || {
        view! {
            <Button
                look="quiet s"
                on_press=move |()| selection.update(|selection| selection.set_each(&page.get_untracked(), true))
            >
                {text(move || t_string!(i18n, office.select_page, count = page.read().len()))}
            </Button>
            <Button look="quiet s" on_press=move |()| selection.set(Selection::all())>
                {text(move || t_string!(i18n, office.select_all, count = locale::count(i18n, total.get())))}
            </Button>
        }
    };
    let done = Callback::new(move |()| {
        selection.set(Selection::default());
        sent.update(|times| *times += 1);
    });
    view! {
        <div class="page wide">
            <PageHead title=t!(i18n, nav.customers) lead=t!(i18n, office.lead)>
                <A href="/customers/import" attr:class="button"><Icon name="upload" />{t!(i18n, office.import)}</A>
                <A href="/customers/new" attr:class="button"><Icon name="plus" />{t!(i18n, office.create)}</A>
            </PageHead>
            <Filters place />
            <Loaded resource=found rows=10 let:found><Listed found place selection page sending /></Loaded>
            <section class="start-part" aria-labelledby="waves">
                <div class="block-head"><h2 id="waves">{t!(i18n, office.waves)}</h2></div>
                <Loaded resource=sent_waves rows=3 let:waves><Waves waves /></Loaded>
            </section>
        </div>
        <SelectionBar
            shown=Signal::derive(move || selected() > 0)
            text=words
            more
            on_clear=move |()| selection.set(Selection::default())
        >
            <Button look="primary s" icon="send" on_press=move |()| sending.set(true)>{t!(i18n, office.send)}</Button>
        </SelectionBar>
        <SendDialog open=sending selection filter=place.query done />
    }
    .into_any()
}

/// A count as the API writes it.
fn small(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

#[component]
fn Filters(place: Place<CustomerQuery>) -> AnyView {
    let i18n = use_i18n();
    let typed = place.typed(|query| &query.text, |query, typed| query.text = typed.trim().to_owned());
    let states = Signal::derive(move || {
        let all = (String::new(), t_string!(i18n, office.all_states).to_owned());
        let state = |state| (state_word(Some(state)).to_owned(), state_words(i18n, state).to_owned());
        std::iter::once(all)
            .chain(CustomerState::ALL.map(state))
            .collect::<Vec<_>>()
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        typed.search.run(());
    };
    view! {
        <search>
            <form class="filters" on:submit=submit>
                <TextField
                    id="customer-text"
                    label=t!(i18n, office.search)
                    value=typed.value
                    kind="search"
                    icon="search"
                    class="grow"
                />
                <SelectField
                    id="customer-state"
                    label=t!(i18n, office.state)
                    value=Signal::derive(move || state_word(place.query.read().state).to_owned())
                    on_change=move |word: String| place.filter(|query| query.state = state_of(&word))
                    options=states
                />
            </form>
        </search>
        {live(move || place.query.read().is_filtered().then(|| view! {
            <p><Button look="quiet s" on_press=move |()| place.filter(|query| *query = CustomerQuery::default())>
                {t!(i18n, office.clear)}
            </Button></p>
        }).into_any())}
    }
    .into_any()
}

#[component]
fn Listed(
    found: Customers,
    place: Place<CustomerQuery>,
    selection: RwSignal<Selection<AccountId>>,
    page: Signal<Vec<AccountId>>,
    sending: RwSignal<bool>,
) -> AnyView {
    let i18n = use_i18n();
    let Customers { page: list, counts } = found;
    if list.nodes.is_empty() {
        return view! { <Nothing place /> }.into_any();
    }
    let all = Signal::derive(move || page.read().iter().all(|id| selection.read().has(*id)));
    let some = Signal::derive(move || !all.get() && page.read().iter().any(|id| selection.read().has(*id)));
    let send_to_all = move |()| {
        selection.set(Selection::default());
        sending.set(true);
    };
    let total = list.total_count;
    let words = text(move || match total {
        1 => t_string!(i18n, office.customer_one).to_owned(),
        count => t_string!(i18n, office.customer_many, count = locale::count(i18n, count)),
    });
    let sums = text(move || {
        let part = |entry: &super::operations::CustomerCount| {
            format!(
                "{} {}",
                locale::count(i18n, entry.count),
                state_words(i18n, entry.state)
            )
        };
        counts
            .iter()
            .filter(|entry| entry.count > 0)
            .map(part)
            .collect::<Vec<_>>()
            .join(", ")
    });
    let rows = list
        .nodes
        .iter()
        .cloned()
        .map(|customer| view! { <CustomerRow customer selection /> })
        .collect_view();
    view! {
        <div class="hits">
            <p role="status"><b>{words}</b> " " <span class="soft">{sums}</span></p>
            <Button look="s" icon="send" on_press=send_to_all>{t!(i18n, office.send_to_all)}</Button>
        </div>
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, office.caption)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <TickCell
                        head=true
                        checked=all
                        partly=some
                        label=t!(i18n, office.select_this_page)
                        on_change=move |is_selected| {
                            selection.update(|selection| selection.set_each(&page.get_untracked(), is_selected));
                        }
                    />
                    <th role="columnheader" scope="col">{t!(i18n, office.customer)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, office.email)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, office.mailed_at)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, office.state)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
        <ListPager list place />
    }
    .into_any()
}

#[component]
fn ListPager(list: CustomerConnection, place: Place<CustomerQuery>) -> AnyView {
    let i18n = use_i18n();
    let skipped = place.skipped();
    let (rows, total) = (list.nodes.len(), list.total_count);
    let small = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    let words = move || {
        t_string!(
            i18n,
            office.range,
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
    view! { <Pager text=words previous=Signal::stored(previous) next=Signal::stored(next) /> }.into_any()
}

#[component]
fn CustomerRow(customer: ListedCustomer, selection: RwSignal<Selection<AccountId>>) -> AnyView {
    let i18n = use_i18n();
    let ListedCustomer {
        account_id,
        bounce_reason,
        email,
        mailed_at,
        name,
        number,
        state,
        unused_email,
    } = customer;
    let word = text(move || state_words(i18n, state).to_owned());
    let email = match (email, unused_email) {
        (Some(email), _) => view! { {email} }.into_any(),
        (None, Some(unused)) => view! { {unused} <span class="sub">{t!(i18n, office.in_use)}</span> }.into_any(),
        (None, None) => view! { <span class="soft">"–"</span> }.into_any(),
    };
    let label = {
        let name = name.clone();
        move || t_string!(i18n, office.select_one, name = name.as_str())
    };
    let at = text(move || {
        mailed_at
            .as_ref()
            .map_or_else(|| "–".to_owned(), |at| locale::stamp(i18n, at))
    });
    view! {
        <tr role="row">
            <TickCell
                checked=Signal::derive(move || selection.read().has(account_id))
                label=label
                on_change=move |is_selected| selection.update(|selection| selection.set(account_id, is_selected))
            />
            <th role="rowheader" scope="row" class="lead-cell">
                <A href=format!("/customers/{account_id}")>{name}</A>
                <span class="sub"><span class="id">{number}</span></span>
            </th>
            <td role="cell" data-label=t!(i18n, office.email)>{email}</td>
            <td role="cell" data-label=t!(i18n, office.mailed_at)>{at}</td>
            <td role="cell" class="end-cell">
                <Badge tone=tone(state)>{word}</Badge>
                {bounce_reason.map(|reason| view! { <span class="sub" lang="en">{reason}</span> })}
            </td>
        </tr>
    }
    .into_any()
}

#[component]
fn Nothing(place: Place<CustomerQuery>) -> AnyView {
    let i18n = use_i18n();
    if place.query.get_untracked().is_filtered() {
        view! { <Empty icon="search" title=t!(i18n, office.none_found) text=t!(i18n, office.none_found_text) /> }
            .into_any()
    } else {
        view! { <Empty icon="office" title=t!(i18n, office.none) text=t!(i18n, office.none_text) /> }.into_any()
    }
}
