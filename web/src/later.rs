//! Pages whose code is fetched when they are shown first, so that sign-in and start need not wait for it.
use crate::{
    i18n::*,
    ui::{Failed, Heading},
};
use leptos::{prelude::*, wasm_split::SplitLoaderError};
use std::pin::Pin;

/// The code of a page did not arrive: the connection is gone, or the server has a newer client by now.
#[derive(Clone, Copy, Debug)]
pub struct NotFetched;

impl From<SplitLoaderError> for NotFetched {
    fn from(_: SplitLoaderError) -> Self {
        Self // the loader has written the cause to the console
    }
}

/// What a function marked `#[wasm_split(…, fallible)]` gives.
pub type Page = Result<AnyView, NotFetched>;

/// A page on its way.
pub type Fetching = Pin<Box<dyn Future<Output = Page> + Send>>;

/// What a route shows: a page whose code is fetched when it is shown first. It takes a plain function, so that all
/// routes are of one type: the router's code for a route is in the first load once, not once for each page.
pub fn fetched(fetch: fn() -> Fetching) -> impl Fn() -> AnyView + Clone + Send + Sync + 'static {
    move || show(Box::new(fetch))
}

/// Shows the page as soon as its code is here, or that it cannot be fetched, and a way to try again. There is no
/// `Suspense` around it: that would take the whole page away whenever something on it loads again, an open dialog
/// included.
pub fn later<P>(page: impl Fn() -> P + Send + Sync + 'static) -> AnyView
where
    P: Future<Output = Page> + Send + 'static,
{
    let fetch: Box<dyn Fn() -> Fetching + Send + Sync> = Box::new(move || Box::pin(page()));
    show(fetch)
}

fn show(fetch: Box<dyn Fn() -> Fetching + Send + Sync>) -> AnyView {
    let again = Trigger::new();
    let retry = Callback::new(move |()| again.notify());
    view! {
        {move || {
            again.track();
            let page = fetch();
            Suspend::new(async move { page.await.unwrap_or_else(|NotFetched| not_fetched(retry)) })
        }}
    }
    .into_any()
}

fn not_fetched(on_retry: Callback<()>) -> AnyView {
    let i18n = use_i18n();
    let title = t!(i18n, failed.unreachable_title);
    view! {
        <div class="page">
            <div class="away"><Heading text=title /></div>
            <Failed title text=t!(i18n, failed.not_fetched) on_retry />
        </div>
    }
    .into_any()
}
