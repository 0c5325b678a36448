//! Products: the contracts of the account in view, each with state, deadline and price.
mod detail;
mod list;
mod operations;
mod query;
mod span;
mod table;
mod term;

pub use operations::contracts;
pub use span::span_words;
pub use table::{ContractTable, price_words, state_badge};

use crate::later::{Page, fetched};
use detail::ProductPage;
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{
    components::{Outlet, ParentRoute, Route},
    path,
};
use list::ProductsPage;

/// The pages of this subject.
#[component(transparent)]
pub fn ProductRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("products") view=Outlet>
            <Route path=path!("") view=fetched(|| Box::pin(products_page())) />
            <Route path=path!(":id") view=fetched(|| Box::pin(product_page())) />
        </ParentRoute>
    }
    .into_inner()
}

#[wasm_split(customer, wasm_split_path = ::leptos::wasm_split, fallible)]
fn products_page() -> Page {
    Ok(view! { <ProductsPage /> }.into_any())
}

#[wasm_split(customer, wasm_split_path = ::leptos::wasm_split, fallible)]
fn product_page() -> Page {
    Ok(view! { <ProductPage /> }.into_any())
}
