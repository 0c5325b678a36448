//! What everybody may read, signed in or not: the help, the provider's legal texts, and the foot that leads there.
mod foot;
mod legal;
mod operations;
mod page;

use crate::later::{NotFetched, Page, fetched};
use foot::Foot;
use legal::LegalPage;
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{
    components::{Outlet, ParentRoute, Route},
    path,
};
use page::HelpPage;

/// The pages of this subject.
#[component(transparent)]
pub fn HelpRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("") view=Outlet>
            <Route path=path!("help") view=fetched(|| Box::pin(help_page())) />
            <Route path=path!("help/:slug") view=fetched(|| Box::pin(help_page())) />
            <Route path=path!("legal/:kind") view=fetched(|| Box::pin(legal_page())) />
        </ParentRoute>
    }
    .into_inner()
}

/// The foot of every page. Its code comes after the page's; without it the page stands all the same.
#[component]
pub fn PageFoot() -> AnyView {
    view! { {Suspend::new(async { foot().await.unwrap_or_else(|NotFetched| ().into_any()) })} }.into_any()
}

#[wasm_split(help, wasm_split_path = ::leptos::wasm_split, fallible)]
fn help_page() -> Page {
    Ok(view! { <HelpPage /> }.into_any())
}

#[wasm_split(help, wasm_split_path = ::leptos::wasm_split, fallible)]
fn legal_page() -> Page {
    Ok(view! { <LegalPage /> }.into_any())
}

#[wasm_split(help, wasm_split_path = ::leptos::wasm_split, fallible)]
fn foot() -> Page {
    Ok(view! { <Foot /> }.into_any())
}
