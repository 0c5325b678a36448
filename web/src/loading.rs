//! A part of a page that is loaded: waiting, failed, forbidden, there.
use crate::{
    api::ApiError,
    i18n::*,
    ui::{Delayed, Empty, Failed, Heading, SkeletonRows, live},
};
use leptos::prelude::*;
use leptos_router::components::A;
use shared::error::ErrorCode;
use std::{any::Any, marker::PhantomData, pin::Pin, sync::Arc};

type Kept = Arc<dyn Any + Send + Sync>;
type Fetching = Pin<Box<dyn Future<Output = Result<Kept, ApiError>>>>;

/// What a page has loaded: a [`LocalResource`] that is in the program once, whatever it holds. Of each type of its
/// own, a resource takes eight kilobytes.
pub struct Loading<T> {
    resource: LocalResource<Result<Kept, ApiError>>,
    holds: PhantomData<fn() -> T>,
}

impl<T> Clone for Loading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Loading<T> {}

/// Loads, and loads again when a signal changes that `fetch` reads before it waits.
pub fn load<T, F, Fut>(fetch: F) -> Loading<T>
where
    T: Send + Sync + 'static,
    F: Fn() -> Fut + 'static,
    Fut: Future<Output = Result<T, ApiError>> + 'static,
{
    let fetch: Box<dyn Fn() -> Fetching> = Box::new(move || {
        let fetching = fetch();
        Box::pin(async move { fetching.await.map(|value| Arc::new(value) as Kept) })
    });
    Loading {
        resource: LocalResource::new(fetch),
        holds: PhantomData,
    }
}

impl<T: Clone + 'static> Loading<T> {
    /// What is there; nothing while it loads for the first time.
    pub fn get(self) -> Option<Result<T, ApiError>> {
        self.resource.get().map(|kept| {
            // Only `load` makes one, with the type that it says.
            kept.and_then(|kept| kept.downcast_ref::<T>().cloned().ok_or(ApiError::Unreachable))
        })
    }

    /// Loads again.
    pub fn refetch(self) {
        self.resource.refetch();
    }
}

/// Shows what was loaded. While it loads for the first time, lines of skeleton after 300 ms; while it loads
/// again, what was there; when it fails, only this part says so.
#[component]
pub fn Loaded<T, F, V>(
    /// What is loaded.
    resource: Loading<T>,
    /// How many lines of skeleton.
    #[prop(default = 5)]
    rows: usize,
    /// It is a page with a heading of its own: what stands instead of it has one too.
    #[prop(optional)]
    page: bool,
    /// Shows what is there.
    children: F,
) -> AnyView
where
    T: Clone + 'static,
    F: Fn(T) -> V + Send + 'static,
    V: IntoView + 'static,
{
    let retry = Callback::new(move |()| resource.refetch());
    live(move || match resource.get() {
        None => waiting(rows),
        Some(Ok(value)) => children(value).into_any(),
        Some(Err(error)) => refused(error, page, retry),
    })
}

fn waiting(rows: usize) -> AnyView {
    view! { <Delayed><SkeletonRows rows /></Delayed> }.into_any()
}

/// A part or page that was refused. What is foreign and what does not exist look the same.
fn refused(error: ApiError, page: bool, on_retry: Callback<()>) -> AnyView {
    let i18n = use_i18n();
    let code = error.code();
    let title = move || match code {
        Some(ErrorCode::NotFound) => t_string!(i18n, failed.not_found_title),
        Some(ErrorCode::Forbidden) => t_string!(i18n, failed.forbidden_title),
        Some(_) => t_string!(i18n, failed.title),
        None => t_string!(i18n, failed.unreachable_title),
    };
    let heading = page.then(|| view! { <div class="away"><Heading text=title /></div> });
    let said = match error {
        ApiError::Refused {
            code: ErrorCode::NotFound,
            ..
        } => view! {
            <Empty icon="document" title text=t!(i18n, failed.not_found)><HomeLink /></Empty>
        }
        .into_any(),
        ApiError::Refused {
            code: ErrorCode::Forbidden,
            ..
        } => view! {
            <Empty icon="lock" title text=t!(i18n, failed.forbidden)><HomeLink /></Empty>
        }
        .into_any(),
        ApiError::Refused { request_id, .. } => view! {
            <Failed title text=t!(i18n, failed.ours) number=request_id on_retry />
        }
        .into_any(),
        ApiError::Unreachable | ApiError::NotConfirmed => view! {
            <Failed title text=t!(i18n, failed.unreachable) on_retry />
        }
        .into_any(),
    };
    view! { {heading}{said} }.into_any()
}

#[component]
fn HomeLink() -> AnyView {
    let i18n = use_i18n();
    view! { <A href="/" attr:class="button">{t!(i18n, ui.home)}</A> }.into_any()
}
