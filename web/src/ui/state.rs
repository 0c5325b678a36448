//! Loading, empty and failed.
use super::{Button, Icon, live, shown};
use crate::i18n::*;
use leptos::prelude::*;
use std::time::Duration;

/// Nothing for 300 ms, then its children: what loads fast does not flicker.
#[component]
pub fn Delayed(
    /// What is shown when it takes longer.
    children: ChildrenFn,
) -> AnyView {
    let late = RwSignal::new(false);
    let timer = set_timeout_with_handle(
        move || {
            let _gone = late.try_set(true);
        },
        Duration::from_millis(300),
    )
    .ok();
    on_cleanup(move || {
        if let Some(timer) = timer {
            timer.clear();
        }
    });
    view! { {live(move || late.get().then(|| children()).into_any())} }.into_any()
}

/// Lines that stand for what is loading.
#[component]
pub fn SkeletonRows(
    /// How many.
    #[prop(default = 5)]
    rows: usize,
) -> AnyView {
    let i18n = use_i18n();
    const WIDTHS: [&str; 4] = ["skeleton w4", "skeleton w3", "skeleton w5", "skeleton w2"];
    view! {
        <div class="stack-5" role="status">
            <span class="away">{t!(i18n, ui.loading)}</span>
            {(0..rows).map(|row| view! { <span class=WIDTHS[row % WIDTHS.len()] aria-hidden="true"></span> }).collect_view()}
        </div>
    }
    .into_any()
}

/// What will be here, and the one next step.
#[component]
pub fn Empty(
    /// A sign.
    icon: &'static str,
    /// What is the case.
    #[prop(into)]
    title: TextProp,
    /// What can be done, or when something will be here.
    #[prop(optional, into)]
    text: Option<TextProp>,
    /// The next step.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    view! {
        <div class="empty">
            <Icon name=icon />
            <h2>{shown(title)}</h2>
            {text.map(|text| view! { <p>{shown(text)}</p> })}
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </div>
    }
    .into_any()
}

/// A part that could not be loaded: what to do, and a number to tell.
#[component]
pub fn Failed(
    /// What is the case.
    #[prop(into)]
    title: TextProp,
    /// What can be done.
    #[prop(into)]
    text: TextProp,
    /// The number of the request.
    #[prop(default = None)]
    number: Option<String>,
    /// Tries again.
    #[prop(optional, into)]
    on_retry: Option<Callback<()>>,
) -> AnyView {
    let i18n = use_i18n();
    view! {
        <div class="empty" data-tone="bad" role="alert">
            <Icon name="stop" />
            <h2>{shown(title)}</h2>
            <p>
                {shown(text)}
                {number.map(|number| view! {
                    " " {t!(i18n, ui.tell_number)} " " <span class="id">{number}</span> "."
                })}
            </p>
            {on_retry.map(|on_retry| view! {
                <div class="actions"><Button on_press=on_retry>{t!(i18n, ui.retry)}</Button></div>
            })}
        </div>
    }
    .into_any()
}
