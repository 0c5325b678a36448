//! The start page: what is owed, what there is, and what was invoiced.
use crate::{i18n::*, ui::PageHead};
use leptos::prelude::*;

/// The page "Start".
#[component]
pub fn StartPage() -> AnyView {
    let i18n = use_i18n();
    view! { <div class="page"><PageHead title=move || t_string!(i18n, nav.start) /></div> }.into_any()
}
