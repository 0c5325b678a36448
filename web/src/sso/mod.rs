//! Going on to other places of the provider without signing in again.
mod doors;
mod operations;
mod pass;

pub use doors::Doors;

use crate::later::{Page, fetched};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{components::Route, path};
use pass::PassPage;

/// The pages of this subject.
#[component(transparent)]
pub fn SsoRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! { <Route path=path!("continue") view=fetched(|| Box::pin(pass_page())) /> }.into_inner()
}

#[wasm_split(entrance, wasm_split_path = ::leptos::wasm_split, fallible)]
fn pass_page() -> Page {
    Ok(view! { <PassPage /> }.into_any())
}
