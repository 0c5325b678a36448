//! The page "Bestellungen": one's own orders and where each stands.
use super::{
    operations::{ListedOrder, OrderConnection, orders},
    query::{OrderQuery, kind_words, state_of, state_options, state_word, state_words, tone},
};
use crate::{
    i18n::*,
    loading::{Loaded, load},
    locale,
    place::{Place, use_place},
    ui::{Badge, Empty, Icon, PageHead, Pager, SelectField},
};
use leptos::prelude::*;
use leptos_router::components::A;

/// The page "Bestellungen". What it shows is in its address.
#[component]
pub fn OrdersPage() -> AnyView {
    let i18n = use_i18n();
    let place = use_place::<OrderQuery>();
    let found = load(move || {
        let rows = place.rows.get();
        let language = locale::language_of(i18n.get_locale());
        async move { orders(rows, language).await }
    });
    view! {
        <div class="page">
            <PageHead title=t!(i18n, order.title) lead=t!(i18n, order.lead) help="/orders/new">
                <A href="/orders/new" attr:class="button"><Icon name="plus" />{t!(i18n, order.new)}</A>
            </PageHead>
            <div class="filters">
                <SelectField
                    id="order-state"
                    label=t!(i18n, office.state)
                    value=Signal::derive(move || state_word(place.query.read().state).to_owned())
                    on_change=move |word: String| place.filter(|query| query.state = state_of(&word))
                    options=Signal::derive(move || state_options(i18n))
                />
            </div>
            <Loaded resource=found rows=6 let:list><Listed list place /></Loaded>
        </div>
    }
    .into_any()
}

#[component]
fn Listed(list: OrderConnection, place: Place<OrderQuery>) -> AnyView {
    let i18n = use_i18n();
    if list.nodes.is_empty() {
        return view! { <Empty icon="product" title=t!(i18n, order.none) text=t!(i18n, order.none_text) /> }.into_any();
    }
    let rows = list
        .nodes
        .iter()
        .cloned()
        .map(|order| view! { <OrderRow order /> })
        .collect_view();
    let skipped = place.skipped();
    let (count, total) = (list.nodes.len(), list.total_count);
    let small = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    let words = move || {
        t_string!(
            i18n,
            office.range,
            from = locale::count(i18n, small(skipped + 1)),
            to = locale::count(i18n, small(skipped + count)),
            total = locale::count(i18n, total)
        )
    };
    let previous = (skipped > 0).then(|| Callback::new(move |()| place.previous()));
    let end = list.page_info.end_cursor;
    let has_next = list.page_info.has_next_page;
    let next = has_next.then(|| Callback::new(move |()| place.next(count, end.clone())));
    view! {
        <table role="table" class="cards">
            <caption class="away">{t!(i18n, order.title)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{t!(i18n, order.one)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, product.name)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, order.placed_at)}</th>
                    <th role="columnheader" scope="col">{t!(i18n, office.state)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
        <Pager text=words previous=Signal::stored(previous) next=Signal::stored(next) />
    }
    .into_any()
}

#[component]
fn OrderRow(order: ListedOrder) -> AnyView {
    let i18n = use_i18n();
    let ListedOrder {
        id,
        number,
        kind,
        state,
        placed_at,
        product,
    } = order;
    let kind = text(move || kind_words(i18n, kind).to_owned());
    let word = text(move || state_words(i18n, state).to_owned());
    let at = text(move || locale::stamp(i18n, &placed_at));
    let name = product.map_or_else(|| "–".to_owned(), |product| product.name);
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="lead-cell">
                <A href=format!("/orders/{id}")>{kind}</A>
                <span class="sub"><span class="id">{number}</span></span>
            </th>
            <td role="cell" data-label=t!(i18n, product.name)>{name}</td>
            <td role="cell" data-label=t!(i18n, order.placed_at)>{at}</td>
            <td role="cell" class="end-cell"><Badge tone=tone(state)>{word}</Badge></td>
        </tr>
    }
    .into_any()
}
