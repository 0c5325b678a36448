//! The log of who did what, as those see it whom it concerns.
mod list;
mod operations;
mod query;
mod words;

use crate::later::{Page, fetched};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{components::Route, path};
use list::LogPage;
pub use words::act_words;

/// The page of this subject.
#[component(transparent)]
pub fn AuditRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! { <Route path=path!("log") view=fetched(|| Box::pin(log_page())) /> }.into_inner()
}

#[wasm_split(settings, wasm_split_path = ::leptos::wasm_split, fallible)]
fn log_page() -> Page {
    Ok(view! { <LogPage /> }.into_any())
}
