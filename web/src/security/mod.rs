//! The page "Sicherheit": how the viewer proves who he is, and who else acts in his name. Each part of it is a file.
mod token_operations;
mod tokens;

use crate::{
    i18n::*,
    later::{Page, later},
    ui::PageHead,
};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{components::Route, path};
use tokens::TokensPart;

/// The page of this subject.
#[component(transparent)]
pub fn SecurityRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! { <Route path=path!("security") view=|| later(security_page) /> }.into_inner()
}

#[wasm_split(settings, wasm_split_path = ::leptos::wasm_split, fallible)]
fn security_page() -> Page {
    Ok(view! { <SecurityPage /> }.into_any())
}

/// The page, part by part.
#[component]
fn SecurityPage() -> AnyView {
    let i18n = use_i18n();
    view! {
        <div class="page">
            <PageHead title=t!(i18n, nav.security) />
            <TokensPart />
        </div>
    }
    .into_any()
}
