//! Dealer access: asked for by a customer, decided in the office.
mod ask;
mod decide;
mod office;
mod office_operations;
mod operations;
mod query;

use crate::later::{Page, fetched};
use ask::AccessRequestPage;
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{
    components::{Outlet, ParentRoute, Route},
    path,
};
use office::DealerRequestsPage;

/// The pages of this subject.
#[component(transparent)]
pub fn DealerRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("") view=Outlet>
            <Route path=path!("access-request") view=fetched(|| Box::pin(access_request_page())) />
            <Route path=path!("office/requests") view=fetched(|| Box::pin(dealer_requests_page())) />
        </ParentRoute>
    }
    .into_inner()
}

#[wasm_split(settings, wasm_split_path = ::leptos::wasm_split, fallible)]
fn access_request_page() -> Page {
    Ok(view! { <AccessRequestPage /> }.into_any())
}

#[wasm_split(office, wasm_split_path = ::leptos::wasm_split, fallible)]
fn dealer_requests_page() -> Page {
    Ok(view! { <DealerRequestsPage /> }.into_any())
}
