//! Pages whose code is fetched when they are shown first, so that sign-in and start need not wait for it.
use leptos::prelude::*;

/// Shows the page as soon as its code is here. There is no `Suspense` around it: that would take the whole page away
/// whenever something on it loads again, an open dialog included.
pub fn later<P>(page: impl Fn() -> P + Copy + Send + Sync + 'static) -> AnyView
where
    P: Future<Output = AnyView> + Send + 'static,
{
    view! { {move || Suspend::new(page())} }.into_any()
}
