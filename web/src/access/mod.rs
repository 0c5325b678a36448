//! Read rights: giving them, and what was given.
mod assign;
mod import;
mod import_operations;
mod operations;
mod query;
mod readers;
mod receipt;
mod revoke;
mod rights;

pub use assign::{AssignDialog, wire};
pub use operations::{DeviceSelection, device_selection};

use crate::later::{Page, later};
use import::RightsListPage;
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{
    components::{Outlet, ParentRoute, Route},
    path,
};
use receipt::ReceiptPage;
use rights::ReadRightsPage;

/// The pages of this subject.
#[component(transparent)]
pub fn AccessRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("") view=Outlet>
            <Route path=path!("read-rights") view=|| later(read_rights_page) />
            <Route path=path!("read-rights/list") view=|| later(rights_list_page) />
            <Route path=path!("read-rights/:id") view=|| later(receipt_page) />
        </ParentRoute>
    }
    .into_inner()
}

#[wasm_split(meters, wasm_split_path = ::leptos::wasm_split, fallible)]
fn read_rights_page() -> Page {
    Ok(view! { <ReadRightsPage /> }.into_any())
}

#[wasm_split(meters, wasm_split_path = ::leptos::wasm_split, fallible)]
fn rights_list_page() -> Page {
    Ok(view! { <RightsListPage /> }.into_any())
}

#[wasm_split(meters, wasm_split_path = ::leptos::wasm_split, fallible)]
fn receipt_page() -> Page {
    Ok(view! { <ReceiptPage /> }.into_any())
}
