//! What tables are made of: sorting, paging, filters that hold, and what to do with the selection.
use super::{Button, Icon, shown};
use crate::i18n::*;
use leptos::prelude::*;

/// A cell with a checkbox; the whole cell can be hit.
#[component]
pub fn TickCell(
    /// Whether it is ticked.
    #[prop(into)]
    checked: Signal<bool>,
    /// Ticked in part, for the head of a column.
    #[prop(optional, into)]
    partly: Signal<bool>,
    /// Hears the new state.
    #[prop(into)]
    on_change: Callback<bool>,
    /// What is selected, read aloud.
    #[prop(into)]
    label: TextProp,
    /// Stands in the head of the table.
    #[prop(optional)]
    head: bool,
) -> AnyView {
    let control = view! {
        <label>
            <input
                type="checkbox"
                prop:checked=move || checked.get()
                prop:indeterminate=move || partly.get()
                on:change:target=move |event| on_change.run(event.target().checked())
            />
            <span class="away">{shown(label)}</span>
        </label>
    };
    if head {
        view! { <th role="columnheader" scope="col" class="tick">{control}</th> }.into_any()
    } else {
        view! { <td role="cell" class="tick">{control}</td> }.into_any()
    }
}

/// How many were found, and the filters that hold.
#[component]
pub fn Hits(
    /// "24 Rechnungen".
    #[prop(into)]
    text: TextProp,
    /// Chips and what stands at the end.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    view! {
        <div class="hits">
            <p role="status"><b>{shown(text)}</b></p>
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}

/// How much of a list is shown, and a step to either side. A list knows what comes next, not how many pages there are.
#[component]
pub fn Pager(
    /// "1 bis 25 von 148".
    #[prop(into)]
    text: TextProp,
    /// Goes back; nothing on the first page.
    #[prop(into)]
    previous: Signal<Option<Callback<()>>>,
    /// Goes on; nothing on the last page.
    #[prop(into)]
    next: Signal<Option<Callback<()>>>,
    /// The next page is on its way.
    #[prop(optional, into)]
    busy: Signal<bool>,
) -> AnyView {
    let i18n = use_i18n();
    let run = |to: Signal<Option<Callback<()>>>| {
        move |()| {
            if let Some(go) = to.get_untracked() {
                go.run(());
            }
        }
    };
    view! {
        <nav class="pager" aria-label=t!(i18n, ui.pages)>
            <p>{shown(text)}</p>
            <div class="actions">
                <Button look="s" icon="left" disabled=Signal::derive(move || previous.read().is_none()) on_press=run(previous)>
                    {t!(i18n, ui.previous)}
                </Button>
                <Button look="s" busy disabled=Signal::derive(move || next.read().is_none()) on_press=run(next)>
                    {t!(i18n, ui.next)} <Icon name="right" />
                </Button>
            </div>
        </nav>
    }
    .into_any()
}

/// What is selected and what to do with it: docked below the page, never over a row.
#[component]
pub fn SelectionBar(
    /// Whether something is selected.
    #[prop(into)]
    shown: Signal<bool>,
    /// "7 Geräte ausgewählt".
    #[prop(into)]
    text: TextProp,
    /// Takes the selection back.
    #[prop(into)]
    on_clear: Callback<()>,
    /// A button that selects more, such as all that match.
    #[prop(optional, into)]
    more: ViewFn,
    /// What can be done.
    children: ChildrenFn,
) -> AnyView {
    let i18n = use_i18n();
    view! {
        <Show when=move || shown.get()>
            <div class="selection" role="region" aria-label=t!(i18n, ui.selection)>
                <p role="status"><b>{let text = text.clone(); move || text.get()}</b></p>
                {more.run()}
                <div class="selection-end">
                    <Button look="quiet s" on_press=on_clear>{t!(i18n, ui.clear_selection)}</Button>
                    {children()}
                </div>
            </div>
        </Show>
    }
    .into_any()
}
