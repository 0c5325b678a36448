//! Registering, getting in again and getting in for the first time: the pages before signing in.
mod ask;
mod letter;
mod mail_link;
mod operations;
mod password;
mod registration;

pub use mail_link::GoneLink;

use crate::later::{Page, fetched};
use ask::ForgottenPage;
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{
    components::{Outlet, ParentRoute, Route},
    path,
};
use letter::LetterPage;
use password::PasswordPage;
use registration::RegistrationPage;

/// The pages of this subject.
#[component(transparent)]
pub fn UserRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("") view=Outlet>
            <Route path=path!("registration") view=fetched(|| Box::pin(registration_page())) />
            <Route path=path!("forgotten") view=fetched(|| Box::pin(forgotten_page())) />
            <Route path=path!("letter") view=fetched(|| Box::pin(letter_page())) />
            <Route path=path!("password") view=fetched(|| Box::pin(password_page())) />
        </ParentRoute>
    }
    .into_inner()
}

#[wasm_split(entrance, wasm_split_path = ::leptos::wasm_split, fallible)]
fn registration_page() -> Page {
    Ok(view! { <RegistrationPage /> }.into_any())
}

#[wasm_split(entrance, wasm_split_path = ::leptos::wasm_split, fallible)]
fn forgotten_page() -> Page {
    Ok(view! { <ForgottenPage /> }.into_any())
}

#[wasm_split(entrance, wasm_split_path = ::leptos::wasm_split, fallible)]
fn letter_page() -> Page {
    Ok(view! { <LetterPage /> }.into_any())
}

#[wasm_split(entrance, wasm_split_path = ::leptos::wasm_split, fallible)]
fn password_page() -> Page {
    Ok(view! { <PasswordPage /> }.into_any())
}
