//! Search and filters above a list of devices.
use super::{
    list_operations::device_facets,
    query::{DeviceQuery, assigned_of, assigned_word, digits},
    words::{self, PROOFS, SORTS, of_word, word_of},
};
use crate::{
    i18n::*,
    loading::load,
    place::{Place, Query},
    ui::{Button, Icon, SelectField, TextField},
};
use leptos::{ev::SubmitEvent, prelude::*};

/// Serial number, order, model, what it is, whether somebody may read it, and how its keys stand.
#[component]
pub fn DeviceFilters(
    /// Where the list stands.
    place: Place<DeviceQuery>,
    /// Whether the devices are held by who looks, so that others have rights on them.
    is_held: bool,
) -> AnyView {
    let i18n = use_i18n();
    let facets = load(device_facets);
    let serial = place.typed(|query| &query.serial, |query, typed| query.serial = digits(typed));
    let all = move || (String::new(), t_string!(i18n, meter.all).to_owned());
    let same = |value: &String| (value.clone(), value.clone());
    let orders = Signal::derive(move || {
        let known = facets
            .get()
            .and_then(Result::ok)
            .map(|facets| facets.order_numbers)
            .unwrap_or_default();
        std::iter::once(all()).chain(known.iter().map(same)).collect::<Vec<_>>()
    });
    let models = Signal::derive(move || {
        let known = facets
            .get()
            .and_then(Result::ok)
            .map(|facets| facets.models)
            .unwrap_or_default();
        std::iter::once(all()).chain(known.iter().map(same)).collect::<Vec<_>>()
    });
    let states = Signal::derive(move || {
        vec![
            all(),
            ("free".to_owned(), t_string!(i18n, meter.free).to_owned()),
            ("pending".to_owned(), t_string!(i18n, meter.pending).to_owned()),
            ("active".to_owned(), t_string!(i18n, meter.active).to_owned()),
        ]
    });
    let sorts = Signal::derive(move || {
        let known = SORTS.map(|(word, sort)| (word.to_owned(), words::sort(i18n, sort).to_owned()));
        std::iter::once(all()).chain(known).collect::<Vec<_>>()
    });
    let proofs = Signal::derive(move || {
        let known = PROOFS.map(|(word, proof)| (word.to_owned(), words::proof(i18n, proof).to_owned()));
        std::iter::once(all()).chain(known).collect::<Vec<_>>()
    });
    let is_open = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        serial.search.run(());
    };
    view! {
        <search>
            <form class="filters" on:submit=submit>
                <TextField
                    id="serial"
                    label=t!(i18n, meter.serial_number)
                    value=serial.value
                    kind="search"
                    icon="search"
                    input_class="id"
                    class="grow"
                />
                <button
                    type="button"
                    aria-expanded=move || if is_open.get() { "true" } else { "false" }
                    on:click=move |_| is_open.update(|open| *open = !*open)
                >
                    <Icon name="filter" />
                    {t!(i18n, meter.filter)}
                </button>
                <SelectField
                    id="order"
                    label=t!(i18n, meter.order)
                    value=Signal::derive(move || place.query.read().order.clone())
                    on_change=move |order: String| place.filter(|query| query.order = order)
                    options=orders
                />
                <SelectField
                    id="model"
                    label=t!(i18n, meter.device)
                    value=Signal::derive(move || place.query.read().model.clone())
                    on_change=move |model: String| place.filter(|query| query.model = model)
                    options=models
                />
                <SelectField
                    id="kind"
                    label=t!(i18n, meter.sort)
                    value=Signal::derive(move || word_of(&SORTS, place.query.read().sort).to_owned())
                    on_change=move |word: String| place.filter(|query| query.sort = of_word(&SORTS, &word))
                    options=sorts
                />
                {is_held.then(|| view! {
                    <SelectField
                        id="assigned"
                        label=t!(i18n, meter.right)
                        value=Signal::derive(move || assigned_word(place.query.read().assigned).to_owned())
                        on_change=move |word: String| place.filter(|query| query.assigned = assigned_of(&word))
                        options=states
                    />
                    <SelectField
                        id="proof"
                        label=t!(i18n, meter.keys)
                        value=Signal::derive(move || word_of(&PROOFS, place.query.read().proof).to_owned())
                        on_change=move |word: String| place.filter(|query| query.proof = of_word(&PROOFS, &word))
                        options=proofs
                    />
                })}
            </form>
        </search>
        {crate::ui::live(move || place.query.read().is_filtered().then(|| view! {
            <p><Button look="quiet s" on_press=move |()| place.filter(|query| *query = Default::default())>
                {t!(i18n, meter.clear)}
            </Button></p>
        }).into_any())}
    }
    .into_any()
}
