//! The head of a page: its heading takes the focus on navigation, and its words are the window's title.
use super::shown;
use crate::i18n::*;
use leptos::{html, prelude::*};
use leptos_router::{components::A, hooks::use_location};
use std::cell::RefCell;
use web_sys::HtmlElement;

thread_local! {
    // The address whose heading came last. The first one leaves the focus where the browser has it, and a heading
    // that is shown again at the same address takes it from nobody.
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Sets the title of the window.
fn set_title(title: &str) {
    document().set_title(&format!("{title} · Keyhaus"));
}

/// How many frames a heading has to come on the page: a second.
const FRAMES: u32 = 60;

/// Moves the focus to the heading of a new page, or of one whose focus was lost while it was put together.
fn focus_heading(heading: HtmlElement, is_new: bool, frames: u32) {
    request_animation_frame(move || {
        if !heading.is_connected() {
            if frames > 0 {
                focus_heading(heading, is_new, frames - 1);
            }
            return;
        }
        let is_nowhere = document()
            .active_element()
            .is_none_or(|element| element.tag_name() == "BODY");
        if is_new || is_nowhere {
            // What is shown takes the focus.
            heading.focus().ok();
        }
    });
}

/// The `h1` of a page. It has the focus after a navigation, and the window has its words as title.
#[component]
pub fn Heading(
    /// The words.
    #[prop(into)]
    text: TextProp,
    /// The title of the window, where it is another.
    #[prop(optional, into)]
    window_title: Option<TextProp>,
) -> AnyView {
    let node = NodeRef::<html::H1>::new();
    let title = window_title.unwrap_or_else(|| text.clone());
    Effect::new(move |_| set_title(&title.get()));
    let path = use_location().pathname;
    Effect::new(move |_| {
        let Some(heading) = node.get() else { return };
        let path = path.get_untracked();
        let last = LAST.replace(Some(path.clone()));
        if let Some(last) = last {
            focus_heading(heading.into(), last != path, FRAMES);
        }
    });
    view! { <h1 tabindex="-1" node_ref=node>{shown(text)}</h1> }.into_any()
}

/// Heading, what follows from it in a sentence, and what can be done with the whole page.
#[component]
pub fn PageHead(
    /// The heading.
    #[prop(into)]
    title: TextProp,
    /// The title of the window, where it is another.
    #[prop(optional, into)]
    window_title: Option<TextProp>,
    /// The sentence below the heading.
    #[prop(optional, into)]
    lead: Option<TextProp>,
    /// The path of the page whose answers the help has.
    #[prop(optional)]
    help: Option<&'static str>,
    /// Buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    let i18n = use_i18n();
    let window_title = window_title.unwrap_or_else(|| title.clone());
    view! {
        <div class="page-head">
            <div>
                <Heading text=title window_title=window_title />
                {lead.map(|lead| view! { <p class="lead">{shown(lead)}</p> })}
            </div>
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
            {help.map(|place| view! { <A href=format!("/help?place={place}") attr:class="small">{t!(i18n, help.title)}</A> })}
        </div>
    }
    .into_any()
}

/// The way back: address and words of each page above this one.
#[component]
pub fn Crumbs(
    /// From the top down.
    way: Vec<(String, TextProp)>,
) -> AnyView {
    let i18n = use_i18n();
    view! {
        <nav class="crumbs" aria-label=t!(i18n, ui.way)>
            <ol>
                {way.into_iter().map(|(href, words)| view! {
                    <li><A href=href>{shown(words)}</A></li>
                }).collect_view()}
            </ol>
        </nav>
    }
    .into_any()
}

/// The heading of a block, ruled in ink.
#[component]
pub fn BlockHead(
    /// The id of the heading, for `aria-labelledby`.
    id: &'static str,
    /// The words.
    #[prop(into)]
    title: TextProp,
    /// A link or a count at its end.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    view! {
        <div class="block-head">
            <h2 id=id>{shown(title)}</h2>
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}
