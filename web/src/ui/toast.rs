//! What has just happened, said for a moment at the edge of the page.
use super::Icon;
use crate::i18n::*;
use leptos::prelude::*;
use std::time::Duration;

#[derive(Clone)]
struct Toast {
    number: u32,
    text: String,
    undo: Option<Callback<()>>,
}

/// The way to say something; from context.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    last: StoredValue<u32>,
}

/// Makes [`Toasts`] reachable for all below.
pub fn provide_toasts() -> Toasts {
    let toasts = Toasts {
        shown: RwSignal::new(Vec::new()),
        last: StoredValue::new(0),
    };
    provide_context(toasts);
    toasts
}

impl Toasts {
    /// Says that something is done, for eight seconds.
    pub fn say(self, text: impl Into<String>) {
        self.push(text.into(), None, Duration::from_secs(8));
    }

    /// Says that something is done and offers to take it back, for twenty seconds.
    pub fn say_with_undo(self, text: impl Into<String>, undo: Callback<()>) {
        self.push(text.into(), Some(undo), Duration::from_secs(20));
    }

    fn push(self, text: String, undo: Option<Callback<()>>, for_time: Duration) {
        self.last.update_value(|last| *last += 1);
        let number = self.last.get_value();
        self.shown.update(|all| all.push(Toast { number, text, undo }));
        set_timeout(move || self.close(number), for_time);
    }

    fn close(self, number: u32) {
        self.shown.update(|all| all.retain(|toast| toast.number != number));
    }
}

/// Where toasts appear.
#[component]
pub fn ToastRegion(
    /// What is shown.
    toasts: Toasts,
) -> AnyView {
    let i18n = use_i18n();
    let toast = move |toast: Toast| {
        let number = toast.number;
        view! {
            <div class="toast">
                <span>{toast.text}</span>
                {toast.undo.map(|undo| view! {
                    <button type="button" on:click=move |_| { undo.run(()); toasts.close(number); }>{t!(i18n, ui.undo)}</button>
                })}
                <button type="button" class="only" on:click=move |_| toasts.close(number)>
                    <Icon name="close" />
                    <span class="away">{t!(i18n, ui.close)}</span>
                </button>
            </div>
        }
    };
    view! {
        <div class="toasts" role="status">
            <For each=move || toasts.shown.get() key=|toast| toast.number children=toast />
        </div>
    }
    .into_any()
}
