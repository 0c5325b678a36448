//! All contracts of the account in view: searched, narrowed and ordered by the page's address.
use super::{
    ContractTable,
    operations::{ContractConnection, listed},
    query::{ContractQuery, ORDERS, STATES, order_name, order_of, order_word, state_of, state_word},
};
use crate::{
    address::address,
    i18n::*,
    loading::{Loaded, load},
    locale,
    place::{Place, Query, use_place},
    ui::{Empty, Icon, PageHead, Pager, SelectField, TextField},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::components::A;
use shared::{
    account::Language,
    product::{ContractOrder, ContractState},
};

/// The page "Produkte". What it shows is in its address.
#[component]
pub fn ProductsPage() -> AnyView {
    let i18n = use_i18n();
    let place = use_place::<ContractQuery>();
    let found = load(move || {
        let (rows, language) = (place.rows.get(), locale::language_of(i18n.get_locale()));
        async move { listed(rows, language).await }
    });
    let lead = move || match found.get() {
        Some(Ok(list)) if list.total_count == 1 => t_string!(i18n, product.count_one).to_owned(),
        Some(Ok(list)) if list.total_count > 1 => {
            t_string!(i18n, product.count_many, count = locale::count(i18n, list.total_count))
        }
        _ => "\u{a0}".to_owned(),
    };
    let file = move || {
        let ContractQuery { text, state, order } = place.query.get();
        let language = match locale::language_of(i18n.get_locale()) {
            Language::De => "DE",
            Language::En => "EN",
        };
        let pairs = [
            ("text", text),
            ("state", state_word(state).to_uppercase()),
            ("order", order_name(order).to_owned()),
            ("language", language.to_owned()),
        ];
        address("/download/contracts.csv", pairs)
    };
    view! {
        <div class="page">
            <PageHead title=t!(i18n, product.title) help="/products" lead>
                <A href="/orders/new" attr:class="button primary"><Icon name="plus" />{t!(i18n, product.order_more)}</A>
                <a class="button" href=file download rel="external">
                    <Icon name="download" />{t!(i18n, product.as_csv)}
                </a>
            </PageHead>
            <Filters place />
            <Loaded resource=found rows=8 let:list><Listed list place /></Loaded>
        </div>
    }
    .into_any()
}

#[component]
fn Filters(place: Place<ContractQuery>) -> AnyView {
    let i18n = use_i18n();
    let typed = place.typed(|query| &query.text, |query, typed| query.text = typed.trim().to_owned());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        typed.search.run(());
    };
    let states = move || {
        let words = |state| match state {
            ContractState::Active => t_string!(i18n, product.active),
            ContractState::Ordered => t_string!(i18n, product.ordered),
            ContractState::Cancelled => t_string!(i18n, product.cancelled),
            ContractState::Ended => t_string!(i18n, product.ended),
        };
        let all = (String::new(), t_string!(i18n, product.all).to_owned());
        std::iter::once(all)
            .chain(STATES.map(|(state, word)| (word.to_owned(), words(state).to_owned())))
            .collect::<Vec<_>>()
    };
    let orders = move || {
        let words = |order| match order {
            ContractOrder::Number => t_string!(i18n, product.order_number),
            ContractOrder::NumberLast => t_string!(i18n, product.order_number_last),
            ContractOrder::Newest => t_string!(i18n, product.order_newest),
            ContractOrder::Oldest => t_string!(i18n, product.order_oldest),
        };
        ORDERS
            .map(|(order, word)| (word.to_owned(), words(order).to_owned()))
            .to_vec()
    };
    view! {
        <search>
            <form class="filters" on:submit=submit>
                <TextField id="contract-text" label=t!(i18n, product.search) value=typed.value kind="search" icon="search" class="grow" />
                <SelectField
                    id="contract-state"
                    label=t!(i18n, product.state)
                    value=Signal::derive(move || state_word(place.query.read().state).to_owned())
                    on_change=move |word: String| place.filter(|query| query.state = state_of(&word))
                    options=Signal::derive(states)
                />
                <SelectField
                    id="contract-order"
                    label=t!(i18n, product.order)
                    value=Signal::derive(move || order_word(place.query.read().order).to_owned())
                    on_change=move |word: String| place.filter(|query| query.order = order_of(&word))
                    options=Signal::derive(orders)
                />
            </form>
        </search>
    }
    .into_any()
}

#[component]
fn Listed(list: ContractConnection, place: Place<ContractQuery>) -> AnyView {
    let i18n = use_i18n();
    if list.nodes.is_empty() {
        return if place.query.read_untracked().is_filtered() {
            view! { <Empty icon="search" title=t!(i18n, product.none_found) text=t!(i18n, office.none_found_text) /> }
                .into_any()
        } else {
            view! { <Empty icon="product" title=t!(i18n, product.none) text=t!(i18n, product.none_text) /> }.into_any()
        };
    }
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
    let has_next = list.page_info.has_next_page;
    let end = list.page_info.end_cursor;
    let previous = (skipped > 0).then(|| Callback::new(move |()| place.previous()));
    let next = has_next.then(|| Callback::new(move |()| place.next(count, end.clone())));
    let is_paged = skipped > 0 || has_next;
    view! {
        <ContractTable contracts=list.nodes />
        {is_paged.then(|| view! { <Pager text=words previous=Signal::stored(previous) next=Signal::stored(next) /> })}
    }
    .into_any()
}
