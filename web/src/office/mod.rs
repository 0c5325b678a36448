//! Customers as staff brings them in: the list, making and importing them, sending access, and one customer.
mod customer;
mod desk;
mod desk_operations;
mod form;
mod import;
mod letter;
mod list;
mod operations;
mod people;
mod people_operations;
mod query;
mod recent;
mod recent_operations;
mod search;
mod send;
mod waves;

use crate::later::{Page, fetched};
use customer::CustomerPage;
use desk::Desk;
use form::NewCustomerPage;
use import::ImportPage;
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{
    components::{Outlet, ParentRoute, Route},
    path,
};
use list::CustomersPage;
use search::SearchBox;

/// The pages of this subject.
#[component(transparent)]
pub fn OfficeRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("") view=Outlet>
            <Route path=path!("customers") view=fetched(|| Box::pin(customers_page())) />
            <Route path=path!("customers/new") view=fetched(|| Box::pin(new_customer_page())) />
            <Route path=path!("customers/import") view=fetched(|| Box::pin(import_page())) />
            <Route path=path!("customers/:id") view=fetched(|| Box::pin(customer_page())) />
        </ParentRoute>
    }
    .into_inner()
}

/// What the start page of staff shows.
#[wasm_split(office, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn desk() -> Page {
    Ok(view! { <Desk /> }.into_any())
}

/// The search in the bar of staff.
#[wasm_split(search, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn search_box() -> Page {
    Ok(view! { <SearchBox /> }.into_any())
}

#[wasm_split(office, wasm_split_path = ::leptos::wasm_split, fallible)]
fn customers_page() -> Page {
    Ok(view! { <CustomersPage /> }.into_any())
}

#[wasm_split(office, wasm_split_path = ::leptos::wasm_split, fallible)]
fn new_customer_page() -> Page {
    Ok(view! { <NewCustomerPage /> }.into_any())
}

#[wasm_split(office, wasm_split_path = ::leptos::wasm_split, fallible)]
fn import_page() -> Page {
    Ok(view! { <ImportPage /> }.into_any())
}

#[wasm_split(office, wasm_split_path = ::leptos::wasm_split, fallible)]
fn customer_page() -> Page {
    Ok(view! { <CustomerPage /> }.into_any())
}
