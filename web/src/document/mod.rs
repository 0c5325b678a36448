//! Dokumente, and the agreement on a product's page.
mod agreement;
mod list;
mod operations;
mod query;

pub use agreement::AgreementPart;

use crate::later::{Page, later};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{components::Route, path};
use list::DocumentsPage;

/// The pages of this subject.
#[component(transparent)]
pub fn DocumentRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! { <Route path=path!("documents") view=|| later(documents_page) /> }.into_inner()
}

#[wasm_split(customer, wasm_split_path = ::leptos::wasm_split, fallible)]
fn documents_page() -> Page {
    Ok(view! { <DocumentsPage /> }.into_any())
}
