//! Products: the contracts of the account in view, each with state, deadline and price.
mod detail;
mod list;
mod operations;
mod table;

pub use operations::contracts;
pub use table::ContractTable;

use detail::ProductPage;
use leptos::prelude::*;
use leptos_router::{
    MatchNestedRoutes,
    components::{Outlet, ParentRoute, Route},
    path,
};
use list::ProductsPage;

/// The pages of this subject.
#[component(transparent)]
pub fn ProductRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("products") view=Outlet>
            <Route path=path!("") view=ProductsPage />
            <Route path=path!(":id") view=ProductPage />
        </ParentRoute>
    }
    .into_inner()
}
