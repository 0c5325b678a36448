//! The page "Meine Daten": what the provider keeps of the account, and what the viewer says of himself; and where the
//! links lead that confirm an address or take its change back.
mod address_link;
mod billing;
mod contact;
mod invoice_mail;
mod kept;
mod operations;
mod own_email;
mod person;

pub use address_link::AddressLinkPage;

use crate::{
    i18n::*,
    later::{Page, fetched},
    loading::{Loaded, load},
    session::use_viewer,
    ui::PageHead,
};
use billing::BillingPart;
use contact::ContactPart;
use kept::KeptPart;
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{components::Route, path};
use operations::details;
use own_email::OwnEmailPart;
use person::{PersonPart, PreferencesPart};
use shared::account::{AccountKind, Right};

/// The page of this subject.
#[component(transparent)]
pub fn AccountRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! { <Route path=path!("account") view=fetched(|| Box::pin(account_page())) /> }.into_inner()
}

#[wasm_split(settings, wasm_split_path = ::leptos::wasm_split, fallible)]
fn account_page() -> Page {
    Ok(view! { <AccountPage /> }.into_any())
}

/// The page, part by part. What the account is about is there for those who manage its contracts.
#[component]
fn AccountPage() -> AnyView {
    let i18n = use_i18n();
    let viewer = use_viewer().get_untracked();
    let manages = viewer.as_ref().is_some_and(|viewer| {
        let kind = viewer.account.as_ref().map(|account| account.kind);
        viewer.may(Right::ManageContracts) && kind != Some(AccountKind::Provider)
    });
    view! {
        <div class="page">
            <PageHead title=t!(i18n, nav.account) help="/account" />
            {manages.then(|| view! { <OfAccount /> })}
            {viewer.map(|viewer| view! { <PersonPart viewer=viewer.clone() /> <OwnEmailPart /> <PreferencesPart viewer /> })}
        </div>
    }
    .into_any()
}

/// The parts about the account. A list that changes loads by itself, so that nothing typed beside it is lost.
#[component]
fn OfAccount() -> AnyView {
    let found = load(details);
    view! {
        <Loaded resource=found rows=8 let:details>
            <KeptPart details=details.clone() />
            <ContactPart contact=details.contact_person />
        </Loaded>
        <BillingPart />
    }
    .into_any()
}
