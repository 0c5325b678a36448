//! The pages of this subject.
use crate::{i18n::*, ui::PageHead};
use leptos::prelude::*;
use leptos_router::{MatchNestedRoutes, components::Route, path};

/// The pages of this subject.
#[component(transparent)]
pub fn InvoiceRoutes() -> impl MatchNestedRoutes + Clone {
    view! { <Route path=path!("invoices") view=InvoicePage /> }.into_inner()
}

#[component]
fn InvoicePage() -> AnyView {
    let i18n = use_i18n();
    view! { <div class="page"><PageHead title=t!(i18n, nav.invoices) /></div> }.into_any()
}
