//! Devices: the list, one device with its keys, and imports.
mod detail;
mod detail_operations;
mod import_operations;
mod imports;

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
            <Route path=path!("devices/:id") view=DevicePage />
            <Route path=path!("imports") view=ImportsPage />
        </ParentRoute>
    }
    .into_inner()
}
