//! The pages of this subject.
use crate::{i18n::*, ui::PageHead};
use leptos::prelude::*;
use leptos_router::{MatchNestedRoutes, components::Route, path};

/// The pages of this subject.
#[component(transparent)]
pub fn MeterRoutes() -> impl MatchNestedRoutes + Clone {
    view! { <Route path=path!("meters") view=MeterPage /> }.into_inner()
}

#[component]
fn MeterPage() -> AnyView {
    let i18n = use_i18n();
    view! { <div class="page"><PageHead title=t!(i18n, nav.meters) /></div> }.into_any()
}
