//! Devices: the list, one device with its keys, and imports.
mod detail;
mod detail_operations;
mod import_operations;
mod imports;

use crate::later::later;
use detail::DevicePage;
use imports::ImportsPage;
use leptos::prelude::*;
use leptos_router::{
    MatchNestedRoutes,
    components::{Outlet, ParentRoute, Route},
    path,
};

/// The pages of this subject.
#[component(transparent)]
pub fn MeterRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("") view=Outlet>
            <Route path=path!("devices/:id") view=|| later(device_page) />
            <Route path=path!("imports") view=|| later(imports_page) />
        </ParentRoute>
    }
    .into_inner()
}

#[lazy]
fn device_page() -> AnyView {
    view! { <DevicePage /> }.into_any()
}

#[lazy]
fn imports_page() -> AnyView {
    view! { <ImportsPage /> }.into_any()
}
