//! The page "Sicherheit": how the viewer proves who he is, and who else acts in his name. Each part of it is a file.
mod codes;
mod for_all;
mod history;
mod operations;
mod password;
mod second_factor;
mod second_factor_operations;
mod sessions;
mod token_operations;
mod tokens;

use crate::{
    i18n::*,
    later::{Page, fetched},
    ui::{PageHead, live},
};
use codes::CodesPage;
pub use for_all::ForAllRow;
use history::HistoryPart;
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{components::Route, path};
use password::PasswordPart;
use second_factor::SecondFactorPart;
use sessions::SessionsPart;
use tokens::TokensPart;

/// The page of this subject.
#[component(transparent)]
pub fn SecurityRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! { <Route path=path!("security") view=fetched(|| Box::pin(security_page())) /> }.into_inner()
}

#[wasm_split(settings, wasm_split_path = ::leptos::wasm_split, fallible)]
fn security_page() -> Page {
    Ok(view! { <SecurityPage /> }.into_any())
}

/// The page, part by part.
#[component]
fn SecurityPage() -> AnyView {
    let i18n = use_i18n();
    let changed = Trigger::new();
    let codes = RwSignal::new(None::<Vec<String>>);
    let is_new = RwSignal::new(false);
    let parts = move || {
        view! {
            <div class="page">
                <PageHead title=t!(i18n, nav.security) help="/security" />
                <SecondFactorPart codes is_new />
                <PasswordPart changed />
                <SessionsPart changed />
                <HistoryPart />
                <TokensPart />
            </div>
        }
        .into_any()
    };
    let is_shown = Memo::new(move |_| codes.read().is_some());
    view! {
        {live(move || if is_shown.get() {
            view! { <CodesPage codes is_new=is_new.get_untracked() /> }.into_any()
        } else {
            parts()
        })}
    }
    .into_any()
}
