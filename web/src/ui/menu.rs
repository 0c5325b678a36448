//! The menu that opens over the page.
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A popover. A `<button popovertarget=id>` opens it; a press beside it or Escape closes it.
#[component]
pub fn Menu(
    /// Its id.
    id: &'static str,
    /// More classes, such as `drawer`.
    #[prop(optional)]
    class: &'static str,
    /// Its name, read aloud.
    #[prop(into)]
    label: TextProp,
    /// What is in it.
    children: Children,
) -> AnyView {
    view! {
        <div class=format!("menu {class}") id=id popover="auto" role="group" aria-label=move || label.get()>
            {children()}
        </div>
    }
    .into_any()
}

/// Closes a menu, after something in it was chosen.
pub fn close_menus() {
    let Ok(open) = document().query_selector_all(":popover-open") else {
        return;
    };
    for index in 0..open.length() {
        if let Some(menu) = open
            .get(index)
            .and_then(|node| node.dyn_into::<web_sys::HtmlElement>().ok())
        {
            // What is closed already need not be closed.
            menu.hide_popover().ok();
        }
    }
}
