//! Members of an account: who they are, what they may do, inviting them and accepting an invitation.
mod accept;
mod add;
mod change;
mod invitation_operations;
mod invited;
mod list;
mod operations;
mod rights;

pub use accept::InvitationPage;
pub use rights::{of_kind as rights_of_kind, words as words_of_right};

use crate::later::{Page, fetched};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{components::Route, path};
use list::UsersPage;

/// The page of this subject.
#[component(transparent)]
pub fn MemberRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! { <Route path=path!("users") view=fetched(|| Box::pin(users_page())) /> }.into_inner()
}

#[wasm_split(settings, wasm_split_path = ::leptos::wasm_split, fallible)]
fn users_page() -> Page {
    Ok(view! { <UsersPage /> }.into_any())
}
