//! Buttons.
use super::{Icon, live, shown};
use crate::i18n::*;
use leptos::{ev::MouseEvent, prelude::*};
use std::time::Duration;

/// A button. While it is busy it keeps label and width and does nothing.
#[component]
pub fn Button(
    /// How it looks: `primary`, `quiet`, `danger`, `s`, `full`, `only` and what they add up to.
    #[prop(optional)]
    look: &'static str,
    /// A sign before the label.
    #[prop(optional)]
    icon: Option<&'static str>,
    /// Sends the form that it is in.
    #[prop(optional)]
    submit: bool,
    /// Work is under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Cannot be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What happens.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// The label.
    children: Children,
) -> AnyView {
    let press = move |event: MouseEvent| {
        if busy.get_untracked() {
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    view! {
        <button
            class=look
            type=if submit { "submit" } else { "button" }
            aria-busy=move || busy.get().then_some("true")
            disabled=move || disabled.get()
            on:click=press
        >
            {icon.map(|name| view! { <Icon name /> })}
            {children()}
        </button>
    }
    .into_any()
}

/// Puts a text on the clipboard and says so in its own place.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: TextProp,
    /// What it is, read aloud: "IBAN".
    #[prop(into)]
    what: TextProp,
    /// Shows the sign alone, where there is no room for the word.
    #[prop(optional)]
    only: bool,
) -> AnyView {
    let i18n = use_i18n();
    let copied = RwSignal::new(false);
    let copy = move |_| {
        let _promise = window().navigator().clipboard().write_text(&text.get());
        copied.set(true);
        set_timeout(
            move || {
                let _gone = copied.try_set(false);
            },
            Duration::from_secs(3),
        );
    };
    view! {
        <button type="button" class=if only { "quiet only s copy" } else { "quiet s copy" } data-tone=move || copied.get().then_some("good") on:click=copy>
            {live(move || (if copied.get() { view! { <Icon name="check" /> } } else { view! { <Icon name="copy" /> } }).into_any())}
            <span class=only.then_some("away") aria-live="polite">
                {live(move || (if copied.get() { t_string!(i18n, ui.copied) } else { t_string!(i18n, ui.copy) }).into_any())}
            </span>
            <span class="away">" " {shown(what)}</span>
        </button>
    }
    .into_any()
}
