//! What is the case: badges in a word, notices in a sentence.
use super::Icon;
use leptos::prelude::*;

/// The state that a part shows, by shape and colour; the word stands beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// In order.
    Good,
    /// Waiting.
    Wait,
    /// Soon.
    Warn,
    /// Wrong.
    Bad,
    /// Over.
    Off,
}

impl Tone {
    /// As style sheets name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Wait => "wait",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Off => "off",
        }
    }
}

/// A state in one word.
#[component]
pub fn Badge(
    /// Which state.
    tone: Tone,
    /// The word.
    children: Children,
) -> AnyView {
    view! { <span class="badge" data-tone=tone.as_str()>{children()}</span> }.into_any()
}

/// Something to know, in a sentence.
#[component]
pub fn Notice(
    /// Its state; without one it is plain information.
    #[prop(optional, into)]
    tone: Option<Tone>,
    /// Its sign; the one of its tone where none is named.
    #[prop(optional)]
    icon: Option<&'static str>,
    /// Read aloud when it appears.
    #[prop(optional)]
    live: bool,
    /// The sentence.
    children: Children,
) -> AnyView {
    let icon = icon.unwrap_or(match tone {
        Some(Tone::Good) => "done",
        Some(Tone::Warn) => "warn",
        Some(Tone::Bad) => "stop",
        _ => "info",
    });
    let role = live.then_some(if tone == Some(Tone::Bad) { "alert" } else { "status" });
    view! {
        <div class="notice" role=role data-tone=tone.map(Tone::as_str)>
            <Icon name=icon />
            {children()}
        </div>
    }
    .into_any()
}
