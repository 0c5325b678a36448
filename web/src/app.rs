//! The app: words, session, and which address shows which page.
use crate::{
    access::AccessRoutes,
    account::{AccountRoutes, AddressLinkPage},
    audit::AuditRoutes,
    dealer::DealerRoutes,
    document::DocumentRoutes,
    face::FaceRoutes,
    frame::{Frame, NotFoundPage},
    help::HelpRoutes,
    i18n::*,
    invoice::{InvoiceRoutes, OfficeInvoiceRoutes},
    later::{Page, fetched},
    locale,
    mail::DemoMailsPage,
    member::MemberRoutes,
    meter::MeterRoutes,
    office::OfficeRoutes,
    order::{LegalRoutes, OrderRoutes},
    product::ProductRoutes,
    security::SecurityRoutes,
    session::{
        LinkPage, SessionStoreFields, SignInPage, is_signed_in, load, provide_session, sign_in_address, use_session,
    },
    sso::SsoRoutes,
    start::StartPage,
    transfer::TransferRoutes,
    ui::{Failed, ToastRegion, live, provide_toasts},
    user::UserRoutes,
    webhook::WebhookRoutes,
};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{
    components::{ProtectedParentRoute, Route, Router, Routes},
    path,
};

/// All of it.
#[component]
pub fn App() -> AnyView {
    let words = provide_words(locale::first());
    let session = provide_session(words);
    let toasts = provide_toasts();
    // A page is made anew for another account or language, and stays when something else about the viewer changes.
    let shown_to = Memo::new(move |_| {
        let viewer = session.viewer().get();
        let seen = viewer.map(|viewer| (viewer.account.map(|account| account.id), viewer.language));
        (is_signed_in(session), seen)
    });
    view! {
        <Router>
            <Routes fallback=|| view! { <NotFoundPage /> }>
                <Route path=path!("/sign-in") view=SignInPage />
                <Route path=path!("/invitation") view=fetched(|| Box::pin(link_page())) />
                <UserRoutes />
                <HelpRoutes />
                <LegalRoutes />
                <Route path=path!("/confirmation") view=fetched(|| Box::pin(address_link_page())) />
                <Route path=path!("/undo") view=fetched(|| Box::pin(address_link_page())) />
                <Route path=path!("/demo/mails") view=fetched(|| Box::pin(demo_mails_page())) />
                <ProtectedParentRoute
                    path=path!("")
                    view=Frame
                    condition=move || shown_to.get().0
                    redirect_path=sign_in_address
                    fallback=Waiting
                >
                    <Route path=path!("") view=StartPage />
                    <ProductRoutes />
                    <OrderRoutes />
                    <DocumentRoutes />
                    <InvoiceRoutes />
                    <OfficeInvoiceRoutes />
                    <MeterRoutes />
                    <AccessRoutes />
                    <DealerRoutes />
                    <TransferRoutes />
                    <AuditRoutes />
                    <AccountRoutes />
                    <SecurityRoutes />
                    <SsoRoutes />
                    <MemberRoutes />
                    <OfficeRoutes />
                    <WebhookRoutes />
                    <FaceRoutes />
                </ProtectedParentRoute>
            </Routes>
        </Router>
        <ToastRegion toasts />
    }
    .into_any()
}

#[wasm_split(entrance, wasm_split_path = ::leptos::wasm_split, fallible)]
fn link_page() -> Page {
    Ok(view! { <LinkPage /> }.into_any())
}

#[wasm_split(entrance, wasm_split_path = ::leptos::wasm_split, fallible)]
fn address_link_page() -> Page {
    Ok(view! { <AddressLinkPage /> }.into_any())
}

#[wasm_split(entrance, wasm_split_path = ::leptos::wasm_split, fallible)]
fn demo_mails_page() -> Page {
    Ok(view! { <DemoMailsPage /> }.into_any())
}

/// What stands while the server has not said who is signed in: nothing, or why it cannot.
#[component]
fn Waiting() -> AnyView {
    let i18n = use_i18n();
    let session = use_session();
    let retry = Callback::new(move |()| load(session, i18n));
    view! {
        {live(move || session.failure().read().is_some().then(|| view! {
            <main class="entrance-main" id="main">
                <div class="entrance-body">
                    <Failed
                        title=t!(i18n, failed.unreachable_title)
                        text=t!(i18n, failed.unreachable)
                        on_retry=retry
                    />
                </div>
            </main>
        }).into_any())}
    }
    .into_any()
}
