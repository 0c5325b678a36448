//! Icons and drawings out of the sprite files, by their hashed addresses.
use leptos::prelude::*;
use std::cell::RefCell;

thread_local! {
    static ASSETS: RefCell<Vec<(&'static str, String)>> = const { RefCell::new(Vec::new()) };
}

/// The address of a file whose name carries a hash; the page says it in `<meta name="asset-…">`.
pub fn asset(name: &'static str) -> String {
    let known = ASSETS.with_borrow(|all| all.iter().find(|(n, _)| *n == name).map(|(_, url)| url.clone()));
    known.unwrap_or_else(|| {
        let url = document()
            .query_selector(&format!("meta[name=asset-{name}]"))
            .ok()
            .flatten()
            .and_then(|meta| meta.get_attribute("content"))
            .unwrap_or_default();
        ASSETS.with_borrow_mut(|all| all.push((name, url.clone())));
        url
    })
}

/// A sign of the icon set. It is always beside a word, so it is not read aloud.
#[component]
pub fn Icon(
    /// Its name in icons.svg.
    name: &'static str,
    /// 16 px instead of 20.
    #[prop(optional)]
    small: bool,
    /// More classes, such as `yes` and `no` of a matrix.
    #[prop(optional)]
    class: &'static str,
) -> AnyView {
    let href = format!("{}#{name}", asset("icons"));
    let class = format!("{} {class}", if small { "icon s" } else { "icon" });
    view! { <svg class=class aria-hidden="true"><use_ href=href /></svg> }.into_any()
}

/// The key whose bow is a house.
#[component]
pub fn Mark() -> AnyView {
    let href = format!("{}#mark", asset("icons"));
    view! { <svg aria-hidden="true"><use_ href=href /></svg> }.into_any()
}
