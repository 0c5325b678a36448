//! Devices that go from one dealer to another: offered from the list of devices, answered and given back here.
mod list;
mod offer;
mod operations;

use crate::later::{Page, fetched};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{components::Route, path};
use list::TransfersPage;
pub use offer::OfferDialog;

/// The page of this subject.
#[component(transparent)]
pub fn TransferRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! { <Route path=path!("transfers") view=fetched(|| Box::pin(transfers_page())) /> }.into_inner()
}

#[wasm_split(settings, wasm_split_path = ::leptos::wasm_split, fallible)]
fn transfers_page() -> Page {
    Ok(view! { <TransfersPage /> }.into_any())
}
