//! Pages whose code is fetched when they are shown first, so that sign-in and start need not wait for it.
use leptos::prelude::*;

/// Shows the page as soon as its code is here.
pub fn later<P>(page: impl Fn() -> P + Copy + Send + Sync + 'static) -> AnyView
where
    P: Future<Output = AnyView> + Send + 'static,
{
    view! { <Suspense>{move || Suspend::new(page())}</Suspense> }.into_any()
}
