//! Read rights: giving them, and what was given.
mod assign;
mod operations;
mod rights;

pub use assign::{AssignDialog, wire};
pub use operations::DeviceSelection;

use crate::later::{Page, later};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{components::Route, path};
use rights::ReadRightsPage;

/// The pages of this subject.
#[component(transparent)]
pub fn AccessRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! { <Route path=path!("read-rights") view=|| later(read_rights_page) /> }.into_inner()
}

#[wasm_split(meters, wasm_split_path = ::leptos::wasm_split, fallible)]
fn read_rights_page() -> Page {
    Ok(view! { <ReadRightsPage /> }.into_any())
}
