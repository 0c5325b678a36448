//! Webhooks as staff looks after them: the endpoints, what became of each event, and files of the exchange.
mod dialogs;
mod exchange;
mod exchange_operations;
mod form;
mod log;
mod operations;
mod page;
mod query;

use crate::later::{Page, fetched};
use exchange::ExchangePage;
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{
    components::{Outlet, ParentRoute, Route},
    path,
};
use page::WebhooksPage;

/// The pages of this subject.
#[component(transparent)]
pub fn WebhookRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("") view=Outlet>
            <Route path=path!("office/webhooks") view=fetched(|| Box::pin(webhooks_page())) />
            <Route path=path!("office/exchange") view=fetched(|| Box::pin(exchange_page())) />
        </ParentRoute>
    }
    .into_inner()
}

#[wasm_split(office, wasm_split_path = ::leptos::wasm_split, fallible)]
fn webhooks_page() -> Page {
    Ok(view! { <WebhooksPage /> }.into_any())
}

#[wasm_split(office, wasm_split_path = ::leptos::wasm_split, fallible)]
fn exchange_page() -> Page {
    Ok(view! { <ExchangePage /> }.into_any())
}
