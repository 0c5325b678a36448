//! Going back shows the former page where it was left.
use leptos::{ev, prelude::*};
use leptos_router::hooks::use_location;
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

/// How many frames a page has to become as long as it was: two seconds.
const FRAMES: u32 = 120;

thread_local! {
    static LEFT_AT: RefCell<HashMap<String, i32>> = RefCell::new(HashMap::new());
    static WENT_BACK: Cell<bool> = const { Cell::new(false) };
}

/// Watches where pages are scrolled to; gives what hears the scrolling of the sheet, in the capturing phase.
pub fn keep_scroll() -> impl Fn(Event) + 'static {
    let location = use_location();
    let address = Memo::new(move |_| format!("{}{}", location.pathname.get(), location.search.get()));
    let back = window_event_listener(ev::popstate, |_| WENT_BACK.set(true));
    on_cleanup(move || back.remove());
    Effect::new(move |_| {
        let left_at = address.with(|address| LEFT_AT.with_borrow(|all| all.get(address).copied()));
        // The router may hear of the step back before the listener above does.
        request_animation_frame(move || {
            if let (true, Some(top)) = (WENT_BACK.take(), left_at) {
                scroll(top, FRAMES);
            }
        });
    });
    move |event| {
        let page = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(page) = page.filter(|element| element.class_list().contains("page")) {
            LEFT_AT.with_borrow_mut(|all| all.insert(address.get_untracked(), page.scroll_top()));
        }
    }
}

/// Scrolls the page down to where it was as soon as it is long enough again.
fn scroll(top: i32, frames: u32) {
    request_animation_frame(move || {
        let Ok(Some(page)) = document().query_selector(".sheet > .page") else {
            return;
        };
        if page.scroll_height() - page.client_height() >= top {
            page.set_scroll_top(top);
        } else if frames > 0 {
            scroll(top, frames - 1);
        }
    });
}
