//! Orders: further products, changes, cancellations; what became of them; the two buttons of the law; the office.
mod cancel;
mod detail;
mod form;
mod legal;
mod legal_operations;
mod list;
mod moved;
mod of_contract;
mod offer_operations;
mod office;
mod office_operations;
mod operations;
mod query;
mod receipt;

use crate::later::{Page, fetched};
use cancel::CancelContractPage;
use detail::OrderPage;
use form::NewOrderPage;
use legal::{CancelPage, WithdrawPage};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{
    components::{Outlet, ParentRoute, Route},
    path,
};
use list::OrdersPage;
pub use of_contract::ContractOrders;
use office::{OfficeOrderPage, OfficeOrdersPage};
pub use query::{kind_words, state_words, tone};

/// The pages of this subject for those who are signed in.
#[component(transparent)]
pub fn OrderRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("") view=Outlet>
            <Route path=path!("orders") view=fetched(|| Box::pin(orders_page())) />
            <Route path=path!("orders/new") view=fetched(|| Box::pin(new_order_page())) />
            <Route path=path!("orders/cancel") view=fetched(|| Box::pin(cancel_contract_page())) />
            <Route path=path!("orders/:id") view=fetched(|| Box::pin(order_page())) />
            <Route path=path!("office/orders") view=fetched(|| Box::pin(office_orders_page())) />
            <Route path=path!("office/orders/:id") view=fetched(|| Box::pin(office_order_page())) />
        </ParentRoute>
    }
    .into_inner()
}

/// The two buttons of the law, for everybody.
#[component(transparent)]
pub fn LegalRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("") view=Outlet>
            <Route path=path!("cancel") view=fetched(|| Box::pin(cancel_page())) />
            <Route path=path!("withdraw") view=fetched(|| Box::pin(withdraw_page())) />
        </ParentRoute>
    }
    .into_inner()
}

#[wasm_split(customer, wasm_split_path = ::leptos::wasm_split, fallible)]
fn orders_page() -> Page {
    Ok(view! { <OrdersPage /> }.into_any())
}

#[wasm_split(customer, wasm_split_path = ::leptos::wasm_split, fallible)]
fn new_order_page() -> Page {
    Ok(view! { <NewOrderPage /> }.into_any())
}

#[wasm_split(customer, wasm_split_path = ::leptos::wasm_split, fallible)]
fn cancel_contract_page() -> Page {
    Ok(view! { <CancelContractPage /> }.into_any())
}

#[wasm_split(customer, wasm_split_path = ::leptos::wasm_split, fallible)]
fn order_page() -> Page {
    Ok(view! { <OrderPage /> }.into_any())
}

#[wasm_split(office, wasm_split_path = ::leptos::wasm_split, fallible)]
fn office_orders_page() -> Page {
    Ok(view! { <OfficeOrdersPage /> }.into_any())
}

#[wasm_split(office, wasm_split_path = ::leptos::wasm_split, fallible)]
fn office_order_page() -> Page {
    Ok(view! { <OfficeOrderPage /> }.into_any())
}

#[wasm_split(entrance, wasm_split_path = ::leptos::wasm_split, fallible)]
fn cancel_page() -> Page {
    Ok(view! { <CancelPage /> }.into_any())
}

#[wasm_split(entrance, wasm_split_path = ::leptos::wasm_split, fallible)]
fn withdraw_page() -> Page {
    Ok(view! { <WithdrawPage /> }.into_any())
}
