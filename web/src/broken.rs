//! What people see when the program itself breaks: it stops for good, and only loading the page again helps.
use crate::i18n::*;
use web_sys::{console, window};

/// Says from now on why the program breaks, to developers on the console and to people on the page.
pub fn watch() {
    std::panic::set_hook(Box::new(|panic| {
        console::error_1(&panic.to_string().into());
        say();
    }));
}

/// Shows a notice without any of the program's own parts, which may be what is broken. Nothing where there is no page.
fn say() -> Option<()> {
    let document = window()?.document()?;
    if document.get_element_by_id("broken").is_some() {
        return None; // it is said already
    }
    let language = document.document_element()?.get_attribute("lang");
    let locale = if language.as_deref() == Some("en") {
        Locale::en
    } else {
        Locale::de
    };
    let region = document.create_element("div").ok()?;
    region.set_class_name("toasts");
    let notice = document.create_element("p").ok()?;
    notice.set_id("broken");
    notice.set_class_name("toast");
    notice.set_attribute("role", "alert").ok()?;
    notice.set_text_content(Some(leptos_i18n::td_string!(locale, failed.broken)));
    region.append_child(&notice).ok()?;
    // Above an open dialog only what is in it can be seen.
    let place = match document.query_selector("dialog[open]").ok()? {
        Some(dialog) => dialog,
        None => document.body()?.into(),
    };
    place.append_child(&region).ok().map(drop)
}
