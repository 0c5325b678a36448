//! Dokumente, and the agreement on a product's page.
mod agreement;
mod list;
mod of_contract;
mod office;
mod operations;
mod query;

pub use agreement::AgreementPart;
pub use of_contract::ContractDocuments;
pub use query::kind_words;

use crate::later::{Page, fetched};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{
    components::{Outlet, ParentRoute, Route},
    path,
};
use list::DocumentsPage;
use office::{agreements_page, draft_page, office_documents_page};

/// The pages of this subject.
#[component(transparent)]
pub fn DocumentRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("") view=Outlet>
            <Route path=path!("documents") view=fetched(|| Box::pin(documents_page())) />
            <Route path=path!("office/agreements") view=fetched(|| Box::pin(agreements_page())) />
            <Route path=path!("office/agreements/:id") view=fetched(|| Box::pin(draft_page())) />
            <Route path=path!("office/documents") view=fetched(|| Box::pin(office_documents_page())) />
        </ParentRoute>
    }
    .into_inner()
}

#[wasm_split(customer, wasm_split_path = ::leptos::wasm_split, fallible)]
fn documents_page() -> Page {
    Ok(view! { <DocumentsPage /> }.into_any())
}
