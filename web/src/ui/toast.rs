//! What has just happened, said for a moment at the edge of the page.
use super::Icon;
use crate::i18n::*;
use leptos::prelude::*;
use std::time::Duration;

#[derive(Clone)]
struct Toast {
    number: u32,
    text: String,
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
        self.last.update_value(|last| *last += 1);
        let (number, text) = (self.last.get_value(), text.into());
        self.shown.update(|all| all.push(Toast { number, text }));
        set_timeout(move || self.close(number), Duration::from_secs(8));
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
