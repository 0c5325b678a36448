//! Invoices: the list, and one as paper.
mod detail;
mod detail_operations;
mod feed;
mod filters;
mod history;
mod list;
mod office;
mod operations;
mod paper;
mod query;
mod rules;
mod side;
mod words;

use crate::later::{Page, fetched};
use detail::InvoicePage;
use feed::FeedPage;
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{
    components::{Outlet, ParentRoute, Route},
    path,
};
use list::InvoicesPage;
use office::{IntakePage, OfficeInvoicePage, OfficeInvoicesPage, RulesPage};
pub use words::state_badge;

/// The pages of this subject.
#[component(transparent)]
pub fn InvoiceRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("invoices") view=Outlet>
            <Route path=path!("") view=fetched(|| Box::pin(invoices_page())) />
            <Route path=path!("feed") view=fetched(|| Box::pin(feed_page())) />
            <Route path=path!(":id") view=fetched(|| Box::pin(invoice_page())) />
        </ParentRoute>
    }
    .into_inner()
}

/// The pages of this subject for staff.
#[component(transparent)]
pub fn OfficeInvoiceRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("office/invoices") view=Outlet>
            <Route path=path!("") view=fetched(|| Box::pin(office_invoices_page())) />
            <Route path=path!("intake") view=fetched(|| Box::pin(intake_page())) />
            <Route path=path!("rules") view=fetched(|| Box::pin(rules_page())) />
            <Route path=path!(":id") view=fetched(|| Box::pin(office_invoice_page())) />
        </ParentRoute>
    }
    .into_inner()
}

#[wasm_split(office, wasm_split_path = ::leptos::wasm_split, fallible)]
fn office_invoices_page() -> Page {
    Ok(view! { <OfficeInvoicesPage /> }.into_any())
}

#[wasm_split(office, wasm_split_path = ::leptos::wasm_split, fallible)]
fn office_invoice_page() -> Page {
    Ok(view! { <OfficeInvoicePage /> }.into_any())
}

#[wasm_split(office, wasm_split_path = ::leptos::wasm_split, fallible)]
fn intake_page() -> Page {
    Ok(view! { <IntakePage /> }.into_any())
}

#[wasm_split(office, wasm_split_path = ::leptos::wasm_split, fallible)]
fn rules_page() -> Page {
    Ok(view! { <RulesPage /> }.into_any())
}

#[wasm_split(customer, wasm_split_path = ::leptos::wasm_split, fallible)]
fn invoices_page() -> Page {
    Ok(view! { <InvoicesPage /> }.into_any())
}

#[wasm_split(customer, wasm_split_path = ::leptos::wasm_split, fallible)]
fn invoice_page() -> Page {
    Ok(view! { <InvoicePage /> }.into_any())
}

#[wasm_split(customer, wasm_split_path = ::leptos::wasm_split, fallible)]
fn feed_page() -> Page {
    Ok(view! { <FeedPage /> }.into_any())
}
