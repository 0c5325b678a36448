//! Devices: the list, one device with its keys, and imports.
mod approvals;
mod detail;
mod detail_operations;
mod filters;
mod history;
mod history_operations;
mod import_operations;
mod imports;
mod layout;
mod list;
mod list_operations;
mod mine;
mod prove;
mod query;
mod staged;
mod staged_operations;
mod staged_rows;
mod take;
mod use_operations;
mod words;

pub use list_operations::DeviceFilter;
pub use query::{DeviceQuery, digits};

use crate::{
    later::{Page, fetched, later},
    session::use_viewer,
    ui::live,
};
use approvals::ApprovalsPage;
use detail::DevicePage;
use imports::ImportsPage;
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{
    components::{Outlet, ParentRoute, Route},
    path,
};
use list::DevicesPage;
use mine::MetersPage;
use prove::ProvePage;
use shared::account::AccountKind;

/// The list of devices: those that a dealer holds, or those that a customer may read.
#[component]
fn ListPage() -> AnyView {
    let viewer = use_viewer();
    let holds = Memo::new(move |_| {
        let viewer = viewer.read();
        let account = viewer.as_ref().and_then(|viewer| viewer.account.as_ref());
        account.is_some_and(|account| account.kind == AccountKind::Dealer)
    });
    live(move || {
        if holds.get() {
            later(devices_page)
        } else {
            later(meters_page)
        }
    })
}

/// The pages of this subject.
#[component(transparent)]
pub fn MeterRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("") view=Outlet>
            <Route path=path!("devices") view=ListPage />
            <Route path=path!("devices/:id") view=fetched(|| Box::pin(device_page())) />
            <Route path=path!("prove") view=fetched(|| Box::pin(prove_page())) />
            <Route path=path!("approvals") view=fetched(|| Box::pin(approvals_page())) />
            <Route path=path!("imports") view=fetched(|| Box::pin(imports_page())) />
        </ParentRoute>
    }
    .into_inner()
}

#[wasm_split(meters, wasm_split_path = ::leptos::wasm_split, fallible)]
fn devices_page() -> Page {
    Ok(view! { <DevicesPage /> }.into_any())
}

#[wasm_split(meters, wasm_split_path = ::leptos::wasm_split, fallible)]
fn meters_page() -> Page {
    Ok(view! { <MetersPage /> }.into_any())
}

#[wasm_split(meters, wasm_split_path = ::leptos::wasm_split, fallible)]
fn device_page() -> Page {
    Ok(view! { <DevicePage /> }.into_any())
}

#[wasm_split(meters, wasm_split_path = ::leptos::wasm_split, fallible)]
fn imports_page() -> Page {
    Ok(view! { <ImportsPage /> }.into_any())
}

#[wasm_split(meters, wasm_split_path = ::leptos::wasm_split, fallible)]
fn prove_page() -> Page {
    Ok(view! { <ProvePage /> }.into_any())
}

#[wasm_split(meters, wasm_split_path = ::leptos::wasm_split, fallible)]
fn approvals_page() -> Page {
    Ok(view! { <ApprovalsPage /> }.into_any())
}
