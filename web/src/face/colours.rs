//! The accent colour while it is chosen: how it looks on light and dark pages, and whether it can be read there.
use crate::{
    i18n::*,
    locale,
    ui::{Field, FieldError, describe, live},
};
use leptos::prelude::*;
use shared::colour::{CONTRAST_MIN, Colour, Scheme, contrast_on_pages, ink_on};

/// A colour as text, with its contrast beside it.
#[component]
pub fn ColourField(
    /// The id of the input.
    id: &'static str,
    /// What it is.
    #[prop(into)]
    label: TextProp,
    /// What is typed.
    value: RwSignal<String>,
    /// On which pages it stands.
    scheme: Scheme,
    /// What stands in for it while nothing is typed.
    #[prop(into)]
    instead: Signal<Option<Colour>>,
    /// Why the server refused it.
    #[prop(into)]
    error: FieldError,
) -> AnyView {
    let i18n = use_i18n();
    let typed = Memo::new(move |_| value.get().trim().to_owned());
    let colour = Signal::derive(move || {
        if typed.read().is_empty() {
            instead.get()
        } else {
            Colour::parse(&typed.read())
        }
    });
    let ratio = move || colour.get().map(|colour| contrast_on_pages(colour, scheme));
    let words = move || match ratio() {
        None if typed.read().is_empty() => t_string!(i18n, face.own_colour).to_owned(),
        None => t_string!(i18n, refusal.not_a_colour).to_owned(),
        Some(ratio) => {
            // down, so that what is below never reads as if it sufficed
            let shown = locale::number(i18n, &format!("{:.2}", (ratio * 100.0).floor() / 100.0));
            if ratio >= CONTRAST_MIN {
                t_string!(i18n, face.contrast_good, ratio = shown).to_string()
            } else {
                t_string!(i18n, face.contrast_bad, ratio = shown).to_string()
            }
        }
    };
    let theme = match scheme {
        Scheme::Light => "light",
        Scheme::Dark => "dark",
    };
    let set = move |of: fn(Colour) -> Colour| move || colour.get().map(|colour| of(colour).to_string());
    view! {
        <Field id label error hint=words>
            <input
                id=id
                type="text"
                class="id"
                autocomplete="off"
                spellcheck="false"
                placeholder="#000000"
                bind:value=value
                aria-invalid=move || error.read().is_some().then_some("true")
                aria-describedby=describe(id, true, error)
            />
        </Field>
        {live(move || ratio().filter(|ratio| *ratio >= CONTRAST_MIN).map(|_| view! {
            <p
                class="colour-sample"
                data-theme=theme
                aria-hidden="true"
                style:--accent=set(|colour| colour)
                style:--on-accent=set(ink_on)
            >
                <span class="avatar">"Aa"</span>
                <span class="linked">{t!(i18n, face.sample)}</span>
            </p>
        }).into_any())}
    }
    .into_any()
}
