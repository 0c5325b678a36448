//! The orders of a contract, as the page of its product has them.
use super::{
    operations::{ListedOrder, orders},
    query::{OrderQuery, kind_words, state_words, tone},
};
use crate::{
    i18n::*,
    loading::{Loaded, load},
    locale,
    place::Rows,
    ui::Badge,
};
use leptos::prelude::*;
use leptos_router::components::A;
use shared::id::ContractId;

/// How many of them the page of the product shows.
const SHOWN: usize = 5;

/// The newest orders of a contract; nothing where there are none.
#[component]
pub fn ContractOrders(id: ContractId) -> AnyView {
    let i18n = use_i18n();
    let found = load(move || {
        let language = locale::language_of(i18n.get_locale());
        let rows = Rows {
            query: OrderQuery {
                contract: Some(id),
                ..OrderQuery::default()
            },
            ..Rows::default()
        };
        async move { orders(rows, language).await }
    });
    view! {
        <Loaded resource=found rows=2 let:list>
            {(!list.nodes.is_empty()).then(|| view! {
                <ul class="rows linked">{list.nodes.into_iter().take(SHOWN).map(row).collect_view()}</ul>
            })}
        </Loaded>
    }
    .into_any()
}

fn row(order: ListedOrder) -> AnyView {
    let i18n = use_i18n();
    let ListedOrder {
        id,
        number,
        kind,
        state,
        placed_at,
        product,
    } = order;
    let words = text(move || match &product {
        Some(product) => format!("{}: {}", kind_words(i18n, kind), product.name),
        None => kind_words(i18n, kind).to_owned(),
    });
    view! {
        <li>
            <div>
                <p class="rows-title"><A href=format!("/orders/{id}")>{words}</A></p>
                <p class="rows-text"><span class="id">{number}</span> " · " {text(move || locale::stamp(i18n, &placed_at))}</p>
            </div>
            <div class="rows-end"><Badge tone=tone(state)>{text(move || state_words(i18n, state).to_owned())}</Badge></div>
        </li>
    }
    .into_any()
}
