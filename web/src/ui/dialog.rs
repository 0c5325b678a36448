//! The modal dialog; a sheet from below on a phone.
use super::{Icon, shown};
use crate::i18n::*;
use leptos::{ev::SubmitEvent, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// A native modal dialog with a form in it. The focus goes back by itself when it closes.
#[component]
pub fn Dialog(
    /// The id of the dialog.
    id: &'static str,
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What it is about.
    #[prop(into)]
    title: TextProp,
    /// Narrow, for one question.
    #[prop(optional)]
    small: bool,
    /// Hears that the form was sent.
    #[prop(into)]
    on_submit: Callback<()>,
    /// Hears that it was closed, by whatever way.
    #[prop(optional, into)]
    on_close: Option<Callback<()>>,
    /// The buttons at the foot.
    #[prop(into)]
    foot: ViewFn,
    /// What is in it; made anew each time it opens.
    children: ChildrenFn,
) -> AnyView {
    let i18n = use_i18n();
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        if !open.get() {
            dialog.close();
        } else if !dialog.open() {
            // One frame later the content is there, and its first field gets the focus.
            request_animation_frame(move || show(&dialog));
        }
    });
    let closed = move |_| {
        if open.get_untracked() {
            open.set(false);
        }
        if let Some(on_close) = on_close {
            on_close.run(());
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        on_submit.run(());
    };
    let title_id = format!("{id}-title");
    let content = StoredValue::new((title, foot, children, title_id.clone()));
    view! {
        <dialog
            id=id
            class=if small { "dialog s" } else { "dialog" }
            aria-labelledby=title_id
            node_ref=node
            on:close=closed
        >
            <Show when=move || open.get()>
                <form novalidate on:submit=submit>
                    {content.with_value(|(title, foot, children, title_id)| {
                        let title = title.clone();
                        view! {
                            <div class="dialog-head">
                                <h2 id=title_id.clone()>{shown(title)}</h2>
                                <button type="button" class="quiet only s" on:click=move |_| open.set(false)>
                                    <Icon name="close" />
                                    <span class="away">{t!(i18n, ui.close)}</span>
                                </button>
                            </div>
                            <div class="dialog-body">{children()}</div>
                            <div class="dialog-foot">{foot.run()}</div>
                        }
                    })}
                </form>
            </Show>
        </dialog>
    }
    .into_any()
}

fn show(dialog: &web_sys::HtmlDialogElement) {
    if dialog.show_modal().is_err() {
        return; // it has left the page, or is open already
    }
    let fields = ".dialog-body :is(input:not([hidden]), select, textarea)";
    let first = dialog
        .query_selector(fields)
        .ok()
        .flatten()
        .and_then(|field| field.dyn_into::<HtmlElement>().ok());
    if let Some(first) = first {
        // What is shown takes the focus.
        first.focus().ok();
    }
}
