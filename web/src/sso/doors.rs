//! The door to the contract administration, as the page of a product has it.
use super::operations::{Door, doors};
use crate::{
    i18n::*,
    loading::load,
    ui::{Icon, live},
};
use leptos::prelude::*;

/// The part of a page with the places that are open to the viewer; nothing where there are none.
#[component]
pub fn Doors() -> AnyView {
    let i18n = use_i18n();
    let found = load(doors);
    let shown = move || {
        let open = found.get()?.ok().filter(|doors| !doors.is_empty())?;
        Some(view! {
            <section class="part" aria-labelledby="door">
                <div class="part-head"><h2 id="door">{t!(i18n, sso.title)}</h2></div>
                {open.into_iter().map(door).collect_view()}
            </section>
        })
    };
    view! { {live(move || shown().into_any())} }.into_any()
}

fn door(door: Door) -> AnyView {
    let i18n = use_i18n();
    let Door { address, name } = door;
    view! {
        <div class="door">
            <p>{t!(i18n, sso.text)}</p>
            <a class="button" href=address rel="external">
                <Icon name="open" />
                {live(move || t_string!(i18n, sso.open, name = name.clone()).into_any())}
            </a>
        </div>
    }
    .into_any()
}
