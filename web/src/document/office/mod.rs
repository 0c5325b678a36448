//! Agreements and documents as the office looks after them.
mod agreements;
mod attach;
mod documents;
mod draft;
mod operations;
mod query;

use crate::later::Page;
use agreements::AgreementsPage;
use documents::OfficeDocumentsPage;
use draft::DraftPage;
use leptos::{prelude::*, wasm_split::wasm_split};

#[wasm_split(office, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn agreements_page() -> Page {
    Ok(view! { <AgreementsPage /> }.into_any())
}

#[wasm_split(office, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn draft_page() -> Page {
    Ok(view! { <DraftPage /> }.into_any())
}

#[wasm_split(office, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn office_documents_page() -> Page {
    Ok(view! { <OfficeDocumentsPage /> }.into_any())
}
