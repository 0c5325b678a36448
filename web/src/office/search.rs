//! The box in the bar that finds a customer: a combobox with a list (ARIA Authoring Practices, "Combobox Pattern").
use super::desk_operations::{OfficeSearch, SearchHit, office_search};
use crate::{
    i18n::*,
    locale::{self, Words},
    ui::{Icon, live},
};
use leptos::{ev, html, leptos_dom::helpers::TimeoutHandle, prelude::*};
use leptos_router::hooks::use_navigate;
use shared::office::SearchKind;
use std::time::Duration;
use wasm_bindgen::JsCast;

/// How long it is waited for the next letter.
const PAUSE: Duration = Duration::from_millis(200);

/// A shorter text is not searched for.
const TEXT_MIN: usize = 2;

/// The box; `/` brings one into it from anywhere but a field.
#[component]
pub fn SearchBox() -> AnyView {
    let i18n = use_i18n();
    let field = NodeRef::<html::Input>::new();
    let typed = RwSignal::new(String::new());
    let found = RwSignal::new(None::<OfficeSearch>);
    let is_open = RwSignal::new(false);
    let chosen = RwSignal::new(None::<usize>);
    let asked = StoredValue::new(0_u32);
    let ask = move || {
        let text = typed.try_get_untracked().unwrap_or_default().trim().to_owned();
        asked.update_value(|number| *number += 1);
        let number = asked.get_value();
        chosen.set(None);
        if text.chars().count() < TEXT_MIN {
            found.set(None);
            return;
        }
        leptos::task::spawn_local(async move {
            let answer = office_search(text).await;
            // what was asked before is not wanted any more
            if asked.try_get_value() == Some(number) {
                found.set(answer.ok());
            }
        });
    };
    Effect::watch(
        move || typed.get(),
        move |_, _, former: Option<Option<TimeoutHandle>>| {
            if let Some(timer) = former.flatten() {
                timer.clear();
            }
            set_timeout_with_handle(ask, PAUSE).ok()
        },
        false,
    );
    let slash = window_event_listener(ev::keydown, move |event| {
        if event.key() != "/" || event.ctrl_key() || event.meta_key() || event.alt_key() || is_typing(&event) {
            return;
        }
        if let Some(field) = field.get_untracked() {
            event.prevent_default();
            // The field is there and takes the focus.
            field.focus().ok();
        }
    });
    on_cleanup(move || slash.remove());
    let count = move || found.read().as_ref().map_or(0, |found| found.hits.len());
    let navigate = use_navigate();
    let go = Callback::new(move |index: usize| {
        let hit = found
            .read_untracked()
            .as_ref()
            .and_then(|found| found.hits.get(index).cloned());
        if let Some(hit) = hit {
            typed.set(String::new());
            found.set(None);
            is_open.set(false);
            navigate(
                &format!("/customers/{}", hit.account_id),
                leptos_router::NavigateOptions::default(),
            );
        }
    });
    let key = move |event: ev::KeyboardEvent| {
        let last = count().checked_sub(1);
        match (event.key().as_str(), last) {
            ("Escape", _) => {
                if is_open.get_untracked() {
                    is_open.set(false);
                } else {
                    typed.set(String::new());
                }
            }
            ("ArrowDown", Some(last)) => {
                event.prevent_default();
                is_open.set(true);
                chosen.update(|chosen| {
                    *chosen = Some(chosen.map_or(0, |index| if index >= last { 0 } else { index + 1 }))
                });
            }
            ("ArrowUp", Some(last)) => {
                event.prevent_default();
                is_open.set(true);
                chosen
                    .update(|chosen| *chosen = Some(chosen.map_or(last, |index| index.checked_sub(1).unwrap_or(last))));
            }
            ("Enter", Some(_)) => {
                event.prevent_default();
                go.run(chosen.get_untracked().unwrap_or_default());
            }
            _ => {}
        }
    };
    let is_shown = Memo::new(move |_| is_open.get() && found.read().is_some());
    let said = text(move || match (is_shown.get(), count()) {
        (false, _) => String::new(),
        (true, 0) => t_string!(i18n, desk.none).to_owned(),
        (true, 1) => t_string!(i18n, desk.hit_one).to_owned(),
        (true, count) => t_string!(
            i18n,
            desk.hit_many,
            count = locale::count(i18n, i32::try_from(count).unwrap_or(i32::MAX))
        ),
    });
    view! {
        <search class="search-box">
            <label class="away" for="office-search">{t!(i18n, desk.search)}</label>
            <div class="inset">
                <Icon name="search" />
                <input
                    id="office-search"
                    type="text"
                    role="combobox"
                    autocomplete="off"
                    spellcheck="false"
                    maxlength="100"
                    placeholder=move || t_string!(i18n, desk.search_hint)
                    aria-autocomplete="list"
                    aria-controls="office-hits"
                    aria-expanded=move || is_shown.get().to_string()
                    aria-activedescendant=move || is_shown.get().then(|| chosen.get().map(option_id)).flatten()
                    node_ref=field
                    prop:value=move || typed.get()
                    on:input:target=move |event| {
                        is_open.set(true);
                        typed.set(event.target().value());
                    }
                    on:focus=move |_| is_open.set(true)
                    on:blur=move |_| is_open.set(false)
                    on:keydown=key
                />
            </div>
            <p class="away" role="status">{said}</p>
            <div class="search-hits" id="office-hits" role="listbox" aria-label=t!(i18n, desk.hits) hidden=move || !is_shown.get()>
                {live(move || found.get().map(|found| view! { <Hits found chosen go /> }).into_any())}
            </div>
        </search>
    }
    .into_any()
}

/// Whether a key is meant for a field.
fn is_typing(event: &ev::KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok());
    target.is_some_and(|element| {
        element.is_content_editable() || matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
    })
}

fn option_id(index: usize) -> String {
    format!("office-hit-{index}")
}

#[component]
fn Hits(found: OfficeSearch, chosen: RwSignal<Option<usize>>, go: Callback<usize>) -> AnyView {
    let i18n = use_i18n();
    if found.hits.is_empty() {
        return view! { <p class="search-none soft">{t!(i18n, desk.none)}</p> }.into_any();
    }
    let mut groups: Vec<(SearchKind, Vec<(usize, SearchHit)>)> = Vec::new();
    for (index, hit) in found.hits.into_iter().enumerate() {
        match groups.iter_mut().find(|(kind, _)| *kind == hit.kind) {
            Some((_, hits)) => hits.push((index, hit)),
            None => groups.push((hit.kind, vec![(index, hit)])),
        }
    }
    let more = found.more;
    groups
        .into_iter()
        .map(|(kind, hits)| {
            let has_more = more.contains(&kind);
            let hits = hits.into_iter().map(|(index, hit)| view! { <HitRow index hit chosen go /> }).collect_view();
            view! {
                <div role="group" aria-label=move || words(i18n, kind)>
                    <p class="search-kind" aria-hidden="true">{move || words(i18n, kind)}</p>
                    {hits}
                    {has_more.then(|| view! { <p class="search-none soft" aria-hidden="true">{t!(i18n, desk.more)}</p> })}
                </div>
            }
        })
        .collect_view()
        .into_any()
}

#[component]
fn HitRow(index: usize, hit: SearchHit, chosen: RwSignal<Option<usize>>, go: Callback<usize>) -> AnyView {
    let is_name = hit.text == hit.name;
    // Pressed before the field loses the focus, which closes the list.
    let press = move |event: ev::PointerEvent| {
        event.prevent_default();
        go.run(index);
    };
    view! {
        <div
            class="search-hit"
            role="option"
            id=option_id(index)
            aria-selected=move || (chosen.get() == Some(index)).to_string()
            on:pointerdown=press
        >
            <span>{hit.text}</span>
            <span class="sub">{(!is_name).then_some(hit.name)} " " <span class="id">{hit.number}</span></span>
        </div>
    }
    .into_any()
}

fn words(i18n: Words, kind: SearchKind) -> &'static str {
    match kind {
        SearchKind::Customer => t_string!(i18n, desk.kind_customer),
        SearchKind::Email => t_string!(i18n, desk.kind_email),
        SearchKind::Contract => t_string!(i18n, desk.kind_contract),
        SearchKind::Invoice => t_string!(i18n, desk.kind_invoice),
        SearchKind::Device => t_string!(i18n, desk.kind_device),
    }
}
